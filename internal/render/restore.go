package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/removal"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// RestorePlans says what would be done to bring networks back.
func RestorePlans(w io.Writer, plans []*removal.RestorePlan, look *Look) error {
	t := newTreeWriter(w, look)
	for _, p := range plans {
		t.restorePlan(p, len(plans) > 1)
	}
	return t.out.Flush()
}

// restorePlan shows one of several plans; what a container lacks besides, another
// of them may bring back.
func (t *treeWriter) restorePlan(p *removal.RestorePlan, several bool) {
	name := piece{label(p.Network.Name, t.look.NoTrunc), inkNetwork}
	var lines []*branch
	line := func(mark string, ink ink, facts ...string) {
		b := &branch{columns: []piece{{mark, ink}}, flow: true}
		for _, fact := range facts {
			b.facts = append(b.facts, piece{fact, inkPlain})
		}
		lines = append(lines, b)
	}
	for _, step := range p.Steps {
		switch step.Kind {
		case removal.StepMake:
			line("make", inkUp, madeWords(p, t.look))
		case removal.StepConnect:
			state := "so that it starts"
			if step.Up {
				state = "it runs, and has its place at once"
			}
			if step.Moves {
				state = "it is taken off for a moment, to get the address that it had"
			}
			line("connect", inkUp, label(step.Name, t.look.NoTrunc), state)
		case removal.StepForget:
			line("forget", inkFaint, fmt.Sprintf("%s: what it holds of the network that is gone", label(step.Name, t.look.NoTrunc)))
		}
	}
	for i := range p.Lacks {
		mark := "cannot"
		if kind := p.Lacks[i].Kind; kind == removal.Different || kind == removal.OnItWithout {
			mark = "differs"
		}
		line(mark, inkWarning, LackWords(&p.Lacks[i], t.look))
	}
	for _, s := range p.Starts {
		another := s.Why == diagnose.NetworkGone || s.Why == diagnose.NameGone
		if !s.Starts && (!several || !another) && !saidMadeByID(p.Lacks, &s) {
			line("cannot", inkWarning, notStarting(&s, t.look))
		}
	}
	switch {
	case len(lines) == 0 && p.Into != "":
		t.sentence(name, piece{"is there, with all that was on it", inkPlain})
		return
	case p.Into != "" && p.Into != p.Network.ID:
		t.sentence(piece{"To restore", inkPlain}, piece{name.text + ",", inkNetwork}, piece{"into the network of that name that is there now (" + shortID(p.Into) + ")", inkPlain})
	default:
		t.sentence(piece{"To restore", inkPlain}, name)
	}
	t.siblings(lines, "  ", false)
}

func madeWords(p *removal.RestorePlan, look *Look) string {
	words := label(p.Network.Name, look.NoTrunc)
	if p.Network.Driver != "" {
		words += ", " + label(p.Network.Driver, false)
	}
	taken := false
	for _, l := range p.Lacks {
		taken = taken || l.Kind == removal.SubnetTaken
	}
	if len(p.Network.Subnets) > 0 && !taken {
		words += ", " + strings.Join(labels(p.Network.Subnets, look), ",")
	}
	if p.Guessed {
		words += "; what it was like is not known, but for what its containers hold"
	}
	return words
}

// LackWords says what could not be brought back as it was.
func LackWords(l *removal.Lack, look *Look) string {
	container, other, address := label(l.Container, look.NoTrunc), label(l.Other, look.NoTrunc), label(l.Address, false)
	switch l.Kind {
	case removal.ContainerGone:
		return container + " does not exist any more"
	case removal.MadeByID:
		return container + " cannot be connected: it was made with --network and the ID of the network that is gone; recreate it"
	case removal.MACLost:
		return fmt.Sprintf("%s gets another MAC than %s: this engine gives one only to a container that it makes", container, address)
	case removal.OnItWithout:
		return fmt.Sprintf("%s is on it already, without %s; to have that again, take it off and restore once more", container, joined(labels(l.Differs, look)))
	case removal.NameShared:
		return fmt.Sprintf("%s cannot be put back while another network is named %s: as it does not run, it would not start any more; start it, and restore again", container, other)
	case removal.NotRead:
		return container + " could not be read, so that it is not known whether it still exists"
	case removal.Different:
		return fmt.Sprintf("the network named %s that is there now is not what it was: %s", other, joined(l.Differs))
	case removal.SubnetTaken:
		if l.Other == "" {
			return fmt.Sprintf("the subnet %s is taken; the network gets another, and its containers other addresses", address)
		}
		return fmt.Sprintf("the subnet %s is taken by %s; the network gets another, and its containers other addresses", address, other)
	case removal.AddressTaken:
		return fmt.Sprintf("%s gets another address: %s has %s now", container, other, address)
	case removal.AddressOutside:
		return fmt.Sprintf("%s gets another address: the network does not have %s", container, address)
	case removal.NameTaken:
		return fmt.Sprintf("the name %s is taken, by several networks or by one that takes no containers", other)
	case removal.SourceGone:
		return fmt.Sprintf("its configuration came from %s, which is gone", other)
	}
	return string(l.Kind)
}

// saidMadeByID tells that why a container does not start is said already.
func saidMadeByID(lacks []removal.Lack, s *removal.RestoredStart) bool {
	return s.Why == diagnose.ModeGone && slices.ContainsFunc(lacks, func(l removal.Lack) bool {
		return l.Kind == removal.MadeByID && l.Container == s.Name
	})
}

// UnhealableLine says why no network mends a container.
func UnhealableLine(c *topology.Container, look *Look) string {
	return notStarting(&removal.RestoredStart{Name: c.Name, Why: diagnose.ModeGone}, look)
}

func notStarting(s *removal.RestoredStart, look *Look) string {
	name := label(s.Name, look.NoTrunc)
	//exhaustive:ignore
	switch s.Why {
	case diagnose.ModeGone:
		if s.Mode != "" && !s.Mode.LooksLikeID() {
			return fmt.Sprintf("%s will not start: it was made with --network %s, and that network is gone, too; restore it as well", name, label(string(s.Mode), look.NoTrunc))
		}
		return name + " will not start: it was made with --network and the ID of a network that is gone; recreate it"
	case diagnose.NetworkGone, diagnose.NameGone:
		return name + " will not start: it wants another network, too, that is gone"
	case diagnose.NameAmbiguous:
		return name + " will not start: several networks have the name it wants"
	default:
		return fmt.Sprintf("%s will not start: %s", name, s.Why)
	}
}

// RestoredLines says what became of a plan to bring a network back.
func RestoredLines(r *removal.Restored, look *Look) []string {
	name := label(r.Network.Name, look.NoTrunc)
	var lines []string
	say := func(line string) { lines = append(lines, look.Fold(line)...) }
	for i := range r.Connected {
		a := &r.Connected[i]
		if a.Error != "" || len(a.Lacks) > 0 || a.Kept {
			say(attachedLine(a, name, look))
		}
	}
	for i := range r.Lacks {
		if r.Lacks[i].Kind != removal.MACLost { // said with the container
			say("! " + LackWords(&r.Lacks[i], look))
		}
	}
	if r.Guessed {
		say(fmt.Sprintf("! %s is a plain %s network: what it was like is not known, but for what its containers hold", name, label(r.Network.Driver, false)))
	}
	for i := range r.WillNotStart {
		if s := &r.WillNotStart[i]; !saidMadeByID(r.Lacks, s) {
			say("! " + notStarting(s, look))
		}
	}
	if r.Error != "" {
		say(fmt.Sprintf("%s is not restored: %s", name, foreignText(r.Error)))
	}
	if r.Interrupted {
		say(fmt.Sprintf("%s: interrupted; the rest is not done", name))
	}
	switch {
	case r.Entry == "" || r.Forgotten:
	case r.Failed():
		lines = append(lines, goOnLine("To go on", r.Entry, look))
	case r.Spent:
		say(fmt.Sprintf("All is as it was, but entry %s could not be dropped from the journal.", r.Entry))
	default:
		say(fmt.Sprintf("Entry %s is kept, since not all is as it was.", r.Entry))
		if look.Docker != "" {
			lines = append(lines, fmt.Sprintf("To drop it: %s netkit restore --forget %s", look.Docker, r.Entry))
		}
	}
	return lines
}

// RestoredSummary is one line for a network that is back.
func RestoredSummary(r *removal.Restored, look *Look) string {
	name := label(r.Network.Name, look.NoTrunc)
	connected := 0
	for _, c := range r.Connected {
		if c.Error == "" {
			connected++
		}
	}
	what := "is restored"
	if !r.Made {
		what = "is there"
	}
	if connected == 0 {
		return name + " " + what
	}
	return fmt.Sprintf("%s %s, with %s connected again", name, what, plural(connected, "container"))
}
