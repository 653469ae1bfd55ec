package render

import (
	"fmt"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/removal"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// effectWords says what a container suffers, a consequence a piece.
func effectWords(e *removal.Effect, network string, look *Look) []string {
	var words []string
	say := func(format string, args ...any) { words = append(words, fmt.Sprintf(format, args...)) }
	name := func(text string) string { return label(text, look.NoTrunc) }
	if state := stateWord(e.State); state != "" {
		say("%s", state)
	}
	if e.Shares != "" {
		say("shares the network of %s", name(e.Shares))
	}
	if e.NotOnIt && e.State.Up() {
		say("it runs on")
	}
	switch {
	case e.Fate == removal.Break && e.Shares == "":
		say("%s", breakWords(e, network, look))
		return words
	case e.Fate == removal.Break:
		say("it will not start")
		return words
	case e.Task != "":
		say("a task of the swarm service %s", name(e.Task))
	case e.Fate == removal.Detach && len(e.Keeps) == 0:
		say("it will start with no network at all")
	case e.Fate == removal.Detach:
		say("it will start with %s only", listing(labels(e.Keeps, look), mostNames))
	case e.Shares == "" && len(e.Keeps) == 0:
		say("it is left with no network at all")
	case e.Shares == "":
		say("it keeps %s", listing(labels(e.Keeps, look), mostNames))
	}
	if lost := lostWords(&e.Loses, look); lost != "" {
		say("loses %s", lost)
	}
	if e.Loses.StaticUnknown && e.Loses.IPv4.IsZero() && e.Loses.IPv6.IsZero() {
		say("whether it has a static address, the engine does not tell: that would be lost")
	}
	if ports := published(e.Loses.Ports, look.strokes().arrow); len(ports) == 1 {
		say("%s stops answering", ports[0])
	} else if len(ports) > 1 {
		say("%s stop answering", listing(ports, mostNames))
	}
	if moved := published(e.Loses.MovedPorts, look.strokes().arrow); len(moved) > 0 {
		say("%s may get another port of the host", listing(moved, mostNames))
	}
	switch {
	case e.StartsNow && !e.StartsAfter:
		say("it will not start again: it was made with --network %s", modeWords(e, look))
	case e.ForGood:
		say("it was made with --network %s: on any network, it will not start again", modeWords(e, look))
	}
	return words
}

// modeWords names the network mode that keeps a container from starting.
func modeWords(e *removal.Effect, look *Look) string {
	if e.ForGood {
		return label(topology.ShortID(string(e.Mode)), false) + ", an ID that no network made anew will have"
	}
	return label(string(e.Mode), look.NoTrunc)
}

// mostNames is how many names are listed before the rest is counted.
const mostNames = 4

func labels(names []string, look *Look) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = label(name, look.NoTrunc)
	}
	return out
}

// breakWords says why a container that is not up does not start any more, and
// what would be in vain against it.
func breakWords(e *removal.Effect, network string, look *Look) string {
	switch {
	case e.Why == diagnose.ModeGone:
		return "it will not start again: it was made with --network " + modeWords(e, look)
	case e.Why == diagnose.NetworkGone && !e.HoldsName:
		return "it will not start again, even if a network of that name is made anew"
	case e.HoldsName:
		return fmt.Sprintf("it will not start until there is a network named %s again", label(network, look.NoTrunc))
	}
	return "it will not start"
}

// lostWords lists what goes with the network, apart from ports.
func lostWords(lost *removal.Lost, look *Look) string {
	var words []string
	for _, address := range []topology.Address{lost.IPv4, lost.IPv6} {
		if address.IsZero() {
			continue
		}
		text := label(address.String(), false)
		if lost.Static {
			text += " (static)"
		}
		words = append(words, text)
	}
	if lost.StaticMAC != "" {
		words = append(words, label(lost.StaticMAC, false))
	}
	switch quoted := quotedLabels(lost.Aliases, look); len(quoted) {
	case 0:
	case 1:
		words = append(words, "the alias "+quoted[0])
	default:
		words = append(words, "the aliases "+listing(quoted, mostNames))
	}
	return joined(words)
}

func quotedLabels(names []string, look *Look) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = label(name, look.NoTrunc)
		if !strings.HasPrefix(out[i], `"`) {
			out[i] = `"` + out[i] + `"`
		}
	}
	return out
}

// joined puts words into a row, as in "a, b and c".
func joined(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// objectionWords says what stands against a removal, apart from what the
// effects on containers say; empty where they say it all.
func objectionWords(o *removal.Objection, look *Look) string {
	names := listing(labels(o.Names, look), mostNames)
	switch o.Kind {
	case diagnose.IsPredefined:
		return "it is predefined: the engine makes it itself and does not remove it"
	case diagnose.IsIngress:
		return "it is the swarm's routing mesh, through which services publish their ports"
	case diagnose.IsSwarmGateway:
		return "through it, containers on overlay networks reach the outside; the engine needs it while it is in a swarm"
	case diagnose.Configures:
		return "it holds the configuration of " + names
	case diagnose.ServesServices:
		return "swarm services want it: " + names
	case diagnose.ServesNodes:
		return fmt.Sprintf("%s of the swarm have containers on it, which are not seen from here", plural(o.Count, "other node"))
	case diagnose.StoppedElsewhere:
		return fmt.Sprintf("stopped containers on %s of the swarm cannot be seen from here; any that want it would not start again", plural(o.Count, "other node"))
	case diagnose.NotHere:
		return "it is the swarm's, and this node is no manager; remove it from one"
	case diagnose.HasStale:
		return fmt.Sprintf("an endpoint %s, which no container has: the engine refuses to remove the network while it is there", names)
	case diagnose.HasStaleNamed:
		return fmt.Sprintf("an endpoint %s, which no container has, and a container of that name: clearing it would hit the container; rename that first", names)
	case diagnose.HasPaused:
		return fmt.Sprintf("%s paused, and this engine takes no paused container off a network; unpause first", isAre(names, len(o.Names)))
	case diagnose.NotKnown:
		if o.Gap != nil {
			return GapText(*o.Gap)
		}
		return "what depends on it could not be read"
	case removal.CannotReturn:
		return fmt.Sprintf("another network has the same name: %s cannot be put back once taken off, unless started first", names)
	case removal.Needed, removal.NeverAgain, removal.RunsTasks:
	}
	return ""
}

// isAre is a subject and its verb.
func isAre(names string, count int) string {
	if count == 1 {
		return names + " is"
	}
	return names + " are"
}

// objectionMark is the word before an objection.
func objectionMark(o *removal.Objection) string {
	//exhaustive:ignore
	switch o.Kind {
	case diagnose.NotKnown:
		return "unknown"
	case diagnose.HasStale, diagnose.HasStaleNamed:
		return "stale"
	default:
		return "blocked"
	}
}

// comebackWords says how compose treats the network once it is gone.
func comebackWords(c *removal.Comeback, look *Look) []string {
	var words []string
	if c == nil {
		return nil
	}
	if c.Project != "" {
		words = append(words, fmt.Sprintf("compose project %s makes it again on \"docker compose up --force-recreate\"", label(c.Project, look.NoTrunc)))
	}
	if len(c.External) > 0 {
		words = append(words, fmt.Sprintf("for compose project %s it is external: \"docker compose up\" fails there without it",
			listing(labels(c.External, look), mostNames)))
	}
	return words
}
