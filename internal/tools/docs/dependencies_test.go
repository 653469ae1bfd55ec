package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestDependenciesAreExplained holds docs/dependencies.md against go.mod: what
// is required directly has its reason there, and nothing else has.
func TestDependenciesAreExplained(t *testing.T) {
	required := map[string]bool{}
	for _, line := range strings.Split(read(t, "../../../go.mod"), "\n") {
		if module, version, ok := strings.Cut(strings.TrimSpace(line), " v"); ok && !strings.Contains(version, "// indirect") {
			required[strings.TrimPrefix(module, "require ")] = true
		}
	}
	if len(required) < 5 {
		t.Fatalf("found only %d requirements in go.mod", len(required))
	}
	explained := map[string]bool{}
	for _, line := range strings.Split(read(t, "../../../docs/dependencies.md"), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 3 {
			continue
		}
		for _, found := range regexp.MustCompile("`([a-z.]+/[^` ]+)`").FindAllStringSubmatch(cells[1], -1) {
			explained[found[1]] = true
		}
	}
	for module := range required {
		if !explained[module] {
			t.Errorf("docs/dependencies.md does not say why %s is required", module)
		}
	}
	for module := range explained {
		if !required[module] {
			t.Errorf("docs/dependencies.md explains %s, which go.mod does not require", module)
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
