//go:build unix

package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// TestPlansFold holds that plans and refusals fit a terminal of 80 columns with
// every word whole, that commands are never folded, and that without a terminal
// nothing is.
func TestPlansFold(t *testing.T) {
	long := "a_network_with_quite_a_long_name_for_one"
	objects := func() []enginetest.Object {
		proxy := enginetest.Running("the_proxy_of_the_shop", enginetest.On("front", "172.20.0.2"), enginetest.Endpoint{
			Network: long, IPv4: "172.21.0.2", Static4: "172.21.0.2", Aliases: []string{"a_first_alias_of_it", "a_second_alias_of_it"},
		})
		proxy.Mode = long
		return []enginetest.Object{
			enginetest.Bridge("front", "172.20.0.0/16", ""), enginetest.Bridge(long, "172.21.0.0/16", ""),
			proxy, enginetest.Stopped("db", enginetest.On(long, "")),
		}
	}
	u := newUser(t, enginetest.Docker28, objects()...)
	for _, args := range [][]string{
		{"safe-rm", "--disconnect", long}, {"safe-rm", "--dry-run", long}, {"safe-rm", "--yes", long}, {"prune", "--dry-run"},
	} {
		d := u.talkOn(80, args...)
		_, shown := d.End(patience)
		plain := u.start(args...).end()
		known := map[string]bool{}
		for _, word := range strings.Fields(plain.stdout + plain.stderr + " --yes") {
			known[word] = true
		}
		folded := false
		for line := range strings.Lines(shown) {
			line = strings.TrimRight(line, "\r\n")
			if width := utf8.RuneCountInString(line); width > 80 && (!strings.HasPrefix(line, "  docker netkit ") || strings.Contains(line, "   ")) {
				t.Errorf("%q: %d columns: %s", args, width, line)
			}
			folded = folded || strings.HasPrefix(line, "    ")
			for _, word := range strings.Fields(line) {
				ascii := strings.NewReplacer("└─", "`-", "├─", "|-", "│", "|", "→", "->").Replace(word)
				if !known[ascii] {
					t.Errorf("%q: %q is no word of what is said without a terminal: %s", args, word, line)
				}
			}
		}
		if !folded {
			t.Errorf("%q: nothing is folded:\n%s", args, shown)
		}
		if strings.Contains(plain.stdout+plain.stderr, "\n    ") {
			t.Errorf("%q: it is folded without a terminal:\n%s%s", args, plain.stdout, plain.stderr)
		}
	}
}
