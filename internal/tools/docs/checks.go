package main

import (
	"fmt"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
)

const checkPages = "docs/checks"

// pagesOfChecks makes a page for each check of the doctor, and one that lists them.
func pagesOfChecks() map[string][]byte {
	pages := map[string][]byte{}
	var list strings.Builder
	list.WriteString(`# What docker netkit doctor looks at

An *error* does not work, or will not start again. A *warning* works now, and is about to
fail, or is open to whom it should not be. A *hint* is good to know. Each check names the
worst that it reports.

| check | worst | finds |
|---|---|---|
`)
	for _, check := range checks.All() {
		fmt.Fprintf(&list, "| [%s](%s.md) | %s | %s |\n", check.ID, check.ID, check.Severity, check.Title)
		pages[check.ID+".md"] = pageOfCheck(check)
	}
	pages["README.md"] = []byte(list.String())
	return pages
}

func pageOfCheck(check *checks.Check) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", check.ID)
	fmt.Fprintf(&b, "%s. Worst severity: %s.\n\n", check.Title, check.Severity)
	fmt.Fprintf(&b, "## Why it matters\n\n%s\n\n", fold(markdown.Replace(check.Why)))
	fmt.Fprintf(&b, "## How to mend it\n\n%s\n\n", fold(markdown.Replace(check.Mend)))
	fmt.Fprintf(&b, "## What it reads\n\n%s\n\n", fold(reads(&check.Needs)))
	block(&b, "console", "$ docker netkit doctor --severity hint --check "+check.ID)
	return []byte(strings.TrimRight(b.String(), "\n") + "\n")
}

// reads says in a sentence what a check asks for.
func reads(needs *checks.Needs) string {
	parts := []string{"the lists of networks and containers"}
	for _, need := range []struct {
		has  bool
		text string
	}{
		{needs.Settings != nil, "the inspects of the containers that it is about"},
		{needs.Endpoints != nil, "the inspects of the networks"},
		{needs.Info, "what the engine says of itself (`docker info`)"},
		{needs.Host, "the engine's host, where the engine runs on this machine; elsewhere it says that it could not look"},
	} {
		if need.has {
			parts = append(parts, need.text)
		}
	}
	text := strings.Join(parts, ", and ")
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// fold breaks a paragraph into lines of a width that reads well.
func fold(text string) string {
	const width = 88
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		if column > 0 && column+1+len(word) > width {
			b.WriteByte('\n')
			column = 0
		} else if column > 0 {
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}
