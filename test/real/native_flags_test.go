//go:build real

package real

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestNativeFlags holds what the topics' test believes of docker's own flags against
// the clients that are there. An older client may lack flags, but has none that
// takes a value where the list says that it takes none.
func TestNativeFlags(t *testing.T) {
	text, err := os.ReadFile("../../internal/commands/testdata/native-flags.txt")
	if err != nil {
		t.Fatal(err)
	}
	option := regexp.MustCompile(`(?m)^ +(?:(-\w), )? *(--[a-z0-9-]+)(?: (\S+))?(?:  |$)`)
	for _, c := range clients(t) {
		t.Run("cli-"+c.version, func(t *testing.T) {
			checked := 0
			for line := range strings.Lines(string(text)) {
				name, flags, ok := strings.Cut(strings.TrimSpace(line), ":")
				if !ok || strings.HasPrefix(name, "#") {
					continue
				}
				listed := strings.Fields(flags)
				help := succeed(t, environment(), c.path, append(strings.Fields(name), "--help")...)
				_, options, hasOptions := strings.Cut(help, "Options:")
				var have []string
				for _, found := range option.FindAllStringSubmatch(options, -1) {
					for _, flag := range found[1:3] {
						if flag == "" {
							continue
						}
						if found[3] != "" {
							flag += "="
						}
						have = append(have, flag)
						checked++
						bare := strings.TrimSuffix(flag, "=")
						other := bare
						if bare == flag {
							other = bare + "="
						}
						if slices.Contains(listed, other) {
							t.Errorf("docker %s: the client has %s, and the list %s", name, flag, other)
						}
					}
				}
				if hasOptions && len(have) == 0 {
					t.Errorf("docker %s --help has options, of which none could be read", name)
				}
				for _, flag := range used[name] {
					if !slices.Contains(have, flag) {
						t.Errorf("docker %s has no %s, which the topics use", name, flag)
					}
				}
			}
			if checked == 0 {
				t.Error("nothing was held against the client")
			}
		})
	}
}

// used are the flags that the topics rest on, so that a client without them is told.
var used = map[string][]string{
	"network create":     {"--subnet=", "--gateway=", "--ip-range=", "--internal", "--ipv6", "-o=", "-d=", "--attachable", "--label="},
	"network connect":    {"--alias=", "--ip="},
	"network disconnect": {"--force"},
	"network prune":      {"--filter="},
	"run":                {"--network=", "-p=", "--add-host=", "--dns=", "--name=", "-d", "--rm"},
}
