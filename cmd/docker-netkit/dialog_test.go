//go:build unix

package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
	"github.com/docker-netkit/docker-netkit/internal/terminaltest"
)

// dialog is the program on a terminal, with somebody who types.
type dialog struct {
	*terminaltest.Terminal
	t *testing.T
}

func (u *user) talk(args ...string) *dialog {
	u.t.Helper()
	const wide = 150
	return u.talkOn(wide, args...)
}

// talkOn is talk on a terminal of this width.
func (u *user) talkOn(width uint16, args ...string) *dialog {
	u.t.Helper()
	cmd := program(u.t, u.fake.Host(), args...)
	cmd.Env = append(cmd.Env, "DOCKER_CONFIG="+u.config, "NO_COLOR=1")
	return &dialog{terminaltest.Start(u.t, width, 30, cmd), u.t}
}

// await waits until the terminal got this text.
func (d *dialog) await(text string) {
	d.t.Helper()
	d.Await("what was asked", 0, patience, func(written string) bool { return strings.Contains(written, text) })
}

// ends waits for the end, holds the status, and gives all that was shown.
func (d *dialog) ends(want int) string {
	d.t.Helper()
	status, shown := d.End(patience)
	if status != want {
		d.t.Errorf("the status is %d, want %d:\n%s", status, want, shown)
	}
	return shown
}

// TestQuestion holds what safe-rm asks, and that only a yes is one.
func TestQuestion(t *testing.T) {
	const question, ctrlC, ctrlD = "[y/N] ", "\x03", "\x04"
	back := []string{"safe-rm", "back"}
	for name, c := range map[string]struct {
		args    []string
		asks    string
		keys    string
		status  int
		removed bool
	}{
		"nothing is no":       {back, "Detach 3 containers, and remove back?", "\n", 2, false},
		"n":                   {back, "", "n\n", 2, false},
		"anything else is no": {back, "", "yess\n", 2, false},
		"the end is no":       {back, "", ctrlD, 2, false},
		"Ctrl-C":              {back, "", ctrlC, 130, false},
		"y":                   {back, "", "y\n", 0, true},
		"Yes":                 {back, "", "Yes\n", 0, true},
		"allowed, n":          {[]string{"safe-rm", "--disconnect", "back"}, "Detach 3 containers, and remove back?", "n\n", 2, false},
		"allowed, y":          {[]string{"safe-rm", "--disconnect", "back"}, "", "y\n", 0, true},
		"two networks":        {[]string{"safe-rm", "back", "old_net"}, "Detach 3 containers, and remove back, old_net?", "y\n", 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUser(t, enginetest.Docker28, ward()...)
			before := u.places()
			d := u.talk(c.args...)
			d.await(question)
			d.Press(c.keys)
			shown := d.ends(c.status)
			if !strings.Contains(shown, c.asks) {
				t.Errorf("it does not ask %q, but\n%s", c.asks, shown)
			}
			if got := !u.hasNetwork("back"); got != c.removed {
				t.Errorf("removed: %t, want %t:\n%s", got, c.removed, shown)
			}
			if c.removed {
				u.run(0, "restore", "back")
			} else {
				u.changedNothing()
				u.noEntry()
			}
			u.asBefore(before)
		})
	}
}

// TestNoQuestion holds that nothing is asked where nothing stands against it,
// nor where no yes would help.
func TestNoQuestion(t *testing.T) {
	t.Parallel()
	u := newUser(t, enginetest.Docker28, ward()...)
	for status, args := range map[int][]string{0: {"safe-rm", "old_net"}, 2: {"safe-rm", "--disconnect", "front"}} {
		if shown := u.talk(args...).ends(status); strings.Contains(shown, "[y/N]") {
			t.Errorf("%q asks:\n%s", args, shown)
		}
	}
}

// TestRestoreQuestion holds the same of restore, where not all can be as it was.
func TestRestoreQuestion(t *testing.T) {
	for name, c := range map[string]struct {
		keys   string
		status int
	}{
		"nothing": {"\n", 2}, "Ctrl-C": {"\x03", 130}, "y": {"y\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUser(t, enginetest.Docker28, ward()...)
			u.run(0, "safe-rm", "old_net")
			u.fake.Create(enginetest.Bridge("taker", "172.22.0.0/16", ""))
			u.fake.Forget()
			d := u.talk("restore", "old_net")
			d.await("Go on? [y/N] ")
			d.Press(c.keys)
			d.ends(c.status)
			if u.hasNetwork("old_net") != (c.status == 0) {
				t.Errorf("the engine has %v", u.fake.Networks())
			}
			if c.status != 0 {
				u.changedNothing()
				u.entry()
			}
		})
	}
}

// TestTicking holds that the list of prune removes just what is ticked.
func TestTicking(t *testing.T) {
	const untouched, down = "nothing is ticked", "\x1b[B"
	for _, count := range []int{3, 300} {
		for name, c := range map[string]struct {
			keys    string
			status  int
			removed []string
		}{
			"the first":  {" \r", 0, []string{"net0"}},
			"the second": {down + " \r", 0, []string{"net1"}},
			"all":        {"a\r", 0, nil},
			"q":          {" q", 2, []string{}},
			"Ctrl-C":     {" \x03", 130, []string{}},
		} {
			t.Run(fmt.Sprint(name, " of ", count), func(t *testing.T) {
				t.Parallel()
				u := newUser(t, enginetest.Docker28, unused(count)...)
				var all []string
				for i := range count {
					all = append(all, fmt.Sprint("net", i))
				}
				if c.removed == nil {
					c.removed = all
				}
				d := u.talk("prune")
				d.await(untouched)
				d.Press(c.keys)
				shown := d.ends(c.status)
				var gone []string
				for _, network := range all {
					if !u.hasNetwork(network) {
						gone = append(gone, network)
					}
				}
				if !slices.Equal(gone, c.removed) {
					t.Errorf("removed are %q, want %q", gone, c.removed)
				}
				if got := len(u.entries()); got != len(c.removed) {
					t.Errorf("there are %d entries", got)
				}
				if len(c.removed) == 0 {
					u.changedNothing()
				} else if list := "Deleted Networks:\r\n" + strings.Join(c.removed, "\r\n"); len(c.removed) == 1 && !strings.Contains(shown, list) {
					t.Errorf("it does not write %q, but\n%q", list, shown)
				}
			})
		}
	}
}

// TestNothingToTick holds that there is no list where there is nothing to tick.
func TestNothingToTick(t *testing.T) {
	t.Parallel()
	u := newUser(t, enginetest.Docker28, unused(0)...)
	shown := u.talk("prune").ends(0)
	if !strings.Contains(shown, "Nothing to remove.") || strings.Contains(shown, "\x1b") {
		t.Errorf("it shows %q", shown)
	}
}

// TestHostileNames holds that names never act on the terminal.
func TestHostileNames(t *testing.T) {
	hostile := func() []enginetest.Object {
		bad := enginetest.Network{Name: "red\x1b[31m\u009b31m\x1b]0;x\x07\u202e"}
		bad.ID = enginetest.ID("bad")
		idle := enginetest.Network{Name: "idle\x1b[31m\u009b31m\x1b]0;x\x07\u202e"}
		idle.ID = enginetest.ID("idle")
		return []enginetest.Object{
			bad, idle,
			enginetest.Running("evil\x1b[31m\x1b]0;x\x07", enginetest.On(bad.Name, "")),
			enginetest.Stopped("evil too\x1b[31m\x1b]0;x\x07", enginetest.On(bad.Name, "")),
		}
	}
	codes := []string{"\x1b[31m", "\u009b", "\x1b]0;", "\x07", "\u202e"}
	for name, c := range map[string]struct {
		args  []string
		await string
		keys  string
		bare  bool // the program itself sends no codes
	}{
		"refused":   {[]string{"safe-rm", enginetest.ID("bad")}, "[y/N] ", "n\n", true},
		"several":   {[]string{"safe-rm", enginetest.ID("bad"), enginetest.ID("idle")}, "[y/N] ", "y\n", true},
		"removed":   {[]string{"safe-rm", enginetest.ID("idle")}, "", "", true},
		"dry":       {[]string{"safe-rm", "--dry-run", enginetest.ID("bad")}, "", "", true},
		"JSON":      {[]string{"safe-rm", "--format", "json", enginetest.ID("idle")}, "", "", true},
		"unknown":   {[]string{"safe-rm", "re"}, "", "", true},
		"ticked":    {[]string{"prune"}, "nothing is ticked", " \r", false},
		"broken":    {[]string{"prune", "--include-stopped"}, "nothing is ticked", "a\r", false},
		"pruned":    {[]string{"prune", "--yes"}, "", "", true},
		"groups":    {[]string{"prune", "--dry-run"}, "", "", true},
		"all JSON":  {[]string{"prune", "--yes", "--format", "json"}, "", "", true},
		"no entry":  {[]string{"restore", "bad\x1b[31m"}, "", "", true},
		"no flag":   {[]string{"prune", "--filter", "bad\x1b[31m=x"}, "", "", true},
		"no target": {[]string{"safe-rm", "bad\x1b[31m"}, "", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUser(t, enginetest.Docker28, hostile()...)
			d := u.talk(c.args...)
			if c.await != "" {
				d.await(c.await)
				d.Press(c.keys)
			}
			_, shown := d.End(patience)
			clean(t, shown, codes, c.bare)
			if len(u.entries()) > 0 {
				for _, args := range [][]string{{"restore"}, {"restore", "--dry-run", u.entries()[0]}, {"restore", u.entries()[0]}} {
					clean(t, u.talk(args...).ends(0), codes, true)
				}
			}
		})
	}
}

func clean(t *testing.T, shown string, codes []string, bare bool) {
	t.Helper()
	for _, code := range codes {
		if strings.Contains(shown, code) {
			t.Errorf("%q reached the terminal:\n%q", code, shown)
		}
	}
	if at := strings.IndexFunc(shown, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 }); bare && at >= 0 {
		t.Errorf("%q reached the terminal", shown[at:min(at+20, len(shown))])
	}
}
