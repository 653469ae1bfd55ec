package render

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// sgr is how colours are switched; nothing else may act on the terminal.
var sgr = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// checkTree wants no line wider than the look allows, and no control byte.
// Commands are left in one piece, so that they can be pasted.
func checkTree(t *testing.T, text string, look *Look) {
	t.Helper()
	if !strings.HasSuffix(text, "\n") {
		t.Errorf("the last line does not end: %q", text)
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if !look.Colour && strings.Contains(line, "\x1b") {
			t.Errorf("colour where there is to be none: %q", line)
		}
		if colours := sgr.FindAllString(line, -1); len(colours) > 0 && colours[len(colours)-1] != "\x1b[0m" {
			t.Errorf("the colour goes on behind the line: %q", line)
		}
		bare := sgr.ReplaceAllString(line, "")
		if r, bad := unseen(bare); bad {
			t.Errorf("%U in %q", r, line)
		}
		if look.Width > 0 && Width(bare) > look.Width && !strings.HasPrefix(strings.TrimLeft(bare, " "), "docker ") {
			t.Errorf("%d columns wide, not %d: %q", Width(bare), look.Width, bare)
		}
		if strings.TrimRight(bare, " ") != bare {
			t.Errorf("spaces at the end of %q", bare)
		}
	}
}

func TestTreeFitsTheTerminal(t *testing.T) {
	for name, s := range map[string]*topology.Snapshot{"shop": shop(t), "town": town(), "odd": odd(), "hostile": hostile()} {
		for _, look := range []Look{{}, {ASCII: true}, {Colour: true}, {All: true}, {NoTrunc: true, Colour: true}} {
			t.Run(fmt.Sprintf("%s %+v", name, look), func(t *testing.T) {
				for width := 40; width <= 130; width += 6 {
					look.Width, look.Docker = width, "docker"
					ix := topology.NewIndex(s)
					checkTree(t, draw(t, func(w *strings.Builder) error { return Tree(w, ix, everything(ix), &look) }), &look)
				}
			})
		}
	}
}

// ASCII art stays within ASCII, as far as the names do.
func TestASCIITree(t *testing.T) {
	for name, s := range map[string]*topology.Snapshot{"shop": shop(t), "town": town(), "odd": odd()} {
		ix := topology.NewIndex(s)
		text := draw(t, func(w *strings.Builder) error {
			return Tree(w, ix, everything(ix), &Look{ASCII: true, Docker: "docker"})
		})
		for line := range strings.Lines(text) {
			if strings.ContainsFunc(line, func(r rune) bool { return r > '~' }) {
				t.Errorf("%s: %q is not ASCII", name, line)
			}
		}
	}
}

// scatter makes a snapshot of any shape with this name and others from it.
func scatter(seed uint64, name string) *topology.Snapshot {
	random := rand.New(rand.NewPCG(seed, 0))
	text := func() string {
		switch random.IntN(4) {
		case 0:
			return name
		case 1:
			return hostileNames[random.IntN(len(hostileNames))]
		case 2:
			return fmt.Sprint("plain", random.IntN(20))
		}
		return ""
	}
	b := newComposer()
	var networks []string
	for range random.IntN(6) {
		networks = append(networks, b.network(text(), text(), func(n *topology.Network) {
			n.Internal, n.Ingress, n.ConfigOnly, n.IPv6 = random.IntN(2) == 0, random.IntN(9) == 0, random.IntN(9) == 0, random.IntN(2) == 0
			if random.IntN(3) == 0 {
				n.Driver, n.Scope, n.ConfigFrom = text(), text(), text()
			}
			for range random.IntN(4) {
				n.IPAM.Pools = append(n.IPAM.Pools, topology.Pool{Subnet: topology.ParseSubnet(text()), Gateway: topology.ParseAddress(text())})
			}
		}))
	}
	states := []topology.ContainerState{topology.Running, topology.Exited, topology.Created, topology.Paused, topology.Dead, topology.ContainerState(name)}
	attached := []topology.AttachmentState{topology.Live, topology.Configured, topology.Dangling, topology.Ambiguous, topology.Unverified}
	for range random.IntN(8) {
		var on []string
		for _, id := range networks {
			if random.IntN(2) == 0 {
				on = append(on, id)
			}
		}
		c := b.container(text(), text(), on, make([]uint16, random.IntN(4))...)
		c.State, c.Task, c.SwarmService = states[random.IntN(len(states))], []string{"", text()}[random.IntN(2)], text()
		if random.IntN(3) == 0 {
			c.Mode = topology.NetworkMode("container:" + b.Containers[random.IntN(len(b.Containers))].ID)
		}
		if random.IntN(3) == 0 {
			b.Attachments = append(b.Attachments, topology.Attachment{
				NetworkID: []string{"", "0123456789abcdef", text()}[random.IntN(3)], NetworkName: text(), ContainerID: c.ID,
				State: attached[random.IntN(len(attached))], IPv4: topology.ParseAddress(text()), Static6: topology.ParseAddress(text()), Aliases: []string{text(), text()},
			})
		}
	}
	for range random.IntN(3) {
		b.Unread = append(b.Unread, topology.Gap{What: []string{"network", "container"}[random.IntN(2)], ID: text(), Name: text(), Field: text(), Text: text(), Reason: text()})
	}
	return b.snapshot()
}

func FuzzTree(f *testing.F) {
	for i, name := range hostileNames {
		f.Add(uint64(i), name, 40+i, i%8)
	}
	f.Fuzz(func(t *testing.T, seed uint64, name string, width, how int) {
		look := &Look{Width: 40 + max(0, width)%200, Colour: how&1 != 0, ASCII: how&2 != 0, All: how&4 != 0, NoTrunc: how&8 != 0, Docker: "docker"}
		ix := topology.NewIndex(scatter(seed, name))
		checkTree(t, draw(t, func(w *strings.Builder) error { return Tree(w, ix, everything(ix), look) }), look)
	})
}

// FuzzDiagrams wants every line of a diagram to have both ends.
func FuzzDiagrams(f *testing.F) {
	for i, name := range hostileNames {
		f.Add(uint64(i), name)
	}
	f.Fuzz(func(t *testing.T, seed uint64, name string) {
		s := scatter(seed, name)
		lines(t, diagramOf(s, &Look{All: seed%2 == 0}))
		ix := topology.NewIndex(s)
		for format, write := range formats() {
			if r, bad := unseen(strings.ReplaceAll(draw(t, func(w *strings.Builder) error { return write(w, ix) }), "\n", "")); bad {
				t.Errorf("%s holds %U", format, r)
			}
		}
	})
}
