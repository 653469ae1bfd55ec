package render

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/reach"
)

// findingWords says what a finding means, and what to do about it.
func findingWords(l *reach.Ladder, f *reach.Finding, look *Look) string {
	target := label(l.Target.Text, look.NoTrunc)
	if c := l.Target.Container; c != nil {
		target = label(c.Name, look.NoTrunc)
	}
	source := label(l.From.Name, look.NoTrunc)
	switch f.Kind {
	case reach.LoopbackOnly:
		return fmt.Sprintf("%s listens on %s only, so its neighbours cannot connect: make it listen on %s",
			target, socketWords(f.Listeners), netip.AddrPortFrom(unspecified(f.Address), f.Port.Number))
	case reach.SocketsUnread:
		return fmt.Sprintf("no port of %s was tested, since what it listens on could not be read (%s): name one, as in %s",
			target, foreignText(f.Text), target+":80")
	case reach.ElsewhereOnly:
		return fmt.Sprintf("%s listens on %s only, and not on %s: make it listen on %s",
			target, socketWords(f.Listeners), netip.AddrPortFrom(f.Address, f.Port.Number), netip.AddrPortFrom(unspecified(f.Address), f.Port.Number))
	case reach.NotListening:
		if l.Target.Kind == reach.OfHost {
			return fmt.Sprintf("nothing on the host listens on %s at %s, or its firewall rejects it", f.Port, f.Address)
		}
		return fmt.Sprintf("nothing in %s listens on %s%s", target, f.Port, otherSockets(l, f.Port.Protocol))
	case reach.FirewallDrops:
		return droppedWords(l, f, target)
	case reach.NoWay:
		if f.Text == "" {
			return fmt.Sprintf("there is no way from %s to %s", source, f.Address)
		}
		words := fmt.Sprintf("there is no way from %s to %s: %s", source, f.Address, foreignText(f.Text))
		if l.Target.Kind == reach.OfInternet {
			words += "; look whether the host itself gets there"
		}
		return words
	case reach.FirewallRejects:
		return rejectedWords(l, f, target)
	case reach.ICMPBlocked:
		return fmt.Sprintf("TCP gets through, ICMP does not: %s drops it, or something on the way", target)
	case reach.LargeDropped:
		return fmt.Sprintf("packets of up to %d bytes arrive and larger ones do not, while the interface of %s sends %d: connections will hang on large data; make the network anew with --opt com.docker.network.driver.mtu=%d",
			f.Path, source, f.Interface, f.Path)
	case reach.WrongAnswer:
		of := "which is no address of " + target
		if f.Container != nil {
			of = "which is " + label(f.Container.Name, look.NoTrunc) + " and not " + target
		}
		return fmt.Sprintf("%s resolves to %s, %s", label(f.Name, look.NoTrunc), f.Address, of)
	case reach.NoSuchContainer:
		meant := ""
		if f.Text != "" {
			meant = "; did you mean " + f.Text + "?"
		}
		return fmt.Sprintf("no container, alias or service is called %s, and the DNS server of %s does not find it%s", label(f.Name, look.NoTrunc), source, meant)
	case reach.NoAnswer:
		if f.Outcome != wire.Silent {
			return fmt.Sprintf("the DNS server of %s (%s) cannot resolve %s: the server that it asks in turn is out of reach, or refuses", source, orUnknown(f.Text), label(f.Name, look.NoTrunc))
		}
		return fmt.Sprintf("the DNS server of %s (%s) gave no answer for %s: the server that it asks in turn is out of reach, or slow", source, orUnknown(f.Text), label(f.Name, look.NoTrunc))
	case reach.ByAddressOnly:
		return fmt.Sprintf("%s is reached by its address; its name does not resolve in %s", target, source)
	case reach.ByHostOnly:
		return fmt.Sprintf("%s is reached through the host's published port, as %s", target, netip.AddrPortFrom(f.Address, f.Port.Number))
	case reach.Unforeseen:
		why := ""
		if reasons := reasonLines(l, look); len(reasons) > 0 {
			why = ", since " + reasons[0]
		}
		return "it was not expected to be reached" + why + ": something on the host lets it through"
	case reach.Lossy:
		return fmt.Sprintf("%d%% of the echo requests were not answered", f.Percent)
	case reach.Frozen:
		return fmt.Sprintf("%s is paused: its kernel answers, its programs do not", target)
	case reach.Busy:
		return fmt.Sprintf("%s listens on %s, and %s there that its program has not taken: it is busy, or hangs",
			target, socketWords(f.Listeners), waitingWords(f.Listeners))
	case reach.ChangedMeanwhile:
		return fmt.Sprintf("%s was %s while it was tested: test again", label(f.Container.Name, look.NoTrunc), f.Text)
	case reach.ClosedAtOnce:
		return fmt.Sprintf("%s is opened and closed at once: a proxy is there, and nothing answers behind it", netip.AddrPortFrom(f.Address, f.Port.Number))
	case reach.UDPSilent:
		if len(f.Listeners) > 0 {
			return fmt.Sprintf("%s listens on %s and gave no answer; UDP programs need not give one", target, socketWords(f.Listeners))
		}
		return fmt.Sprintf("no answer from %s: a program there need not give one, and a firewall may drop it", f.Port)
	case reach.OneFamily:
		return fmt.Sprintf("programs that try %s first are slow", f.Address)
	case reach.Several:
		names := []string{target}
		for _, c := range l.Target.Alike {
			names = append(names, label(c.Name, look.NoTrunc))
		}
		return fmt.Sprintf("%s means %s: each look-up may give another", label(f.Name, look.NoTrunc), listing(names, mostNames))
	}
	return string(f.Kind)
}

func waitingWords(listeners []wire.Listener) string {
	n := 0
	for i := range listeners {
		n += listeners[i].Waiting
	}
	if n == 1 {
		return "1 connection waits"
	}
	return strconv.Itoa(n) + " connections wait"
}

// droppedWords says of all layers the same, so that it is said once.
func droppedWords(l *reach.Ladder, f *reach.Finding, target string) string {
	to := target
	if l.Verdict == reach.Reached && f.Address.IsValid() {
		to = f.Address.String() // another address answers
	}
	why := "packets should get to " + to + ", and nothing comes back"
	if len(f.Listeners) > 0 {
		why = target + " listens on " + socketWords(f.Listeners) + ", and yet nothing comes back"
	}
	said := ""
	if f.Text != "" {
		said = " (" + foreignText(f.Text) + ")"
	}
	switch {
	case l.Target.Container != nil:
		return why + said + ": a firewall drops it; look at iptables and nft in " + target + " and on the host"
	case l.Target.Kind == reach.OfHost:
		return "the host gives no answer" + said + ": its firewall drops it; look at iptables and nft there"
	}
	return "packets go out, and nothing comes back" + said + ": the engine's host may have no way there, or a firewall drops them"
}

func rejectedWords(l *reach.Ladder, f *reach.Finding, target string) string {
	where := "on the host"
	if l.Target.Container != nil {
		where = "in both containers and on the host"
	}
	why := describeLayer(f) + " is rejected although there is a way"
	if len(f.Listeners) > 0 {
		why = target + " listens on " + socketWords(f.Listeners) + ", and yet it is rejected"
	}
	return why + ": a firewall says no; look at iptables and nft " + where
}

func describeLayer(f *reach.Finding) string {
	if f.Layer == reach.ICMP {
		return "ICMP"
	}
	return f.Port.String()
}

// unspecified is the address to listen on for all of a family.
func unspecified(of netip.Addr) netip.Addr {
	if of.Unmap().Is4() {
		return netip.IPv4Unspecified()
	}
	return netip.IPv6Unspecified()
}

func socketWords(listeners []wire.Listener) string {
	var texts []string
	for _, l := range listeners {
		texts = append(texts, netip.AddrPortFrom(l.Address, l.Port).String())
	}
	const most = 3
	return listing(unique(texts), most)
}

// otherSockets names what the target does listen on.
func otherSockets(l *reach.Ladder, protocol string) string {
	if l.Listening == nil {
		return ""
	}
	var texts []string
	for _, s := range l.Listening.Listeners {
		if s.Protocol == protocol && !s.Address.IsLoopback() {
			texts = append(texts, strconv.Itoa(int(s.Port)))
		}
	}
	if texts = unique(texts); len(texts) == 0 {
		return "; it listens on no " + protocol + " port that others can reach"
	}
	const most = 6
	return "; it listens on " + listing(texts, most)
}

func orUnknown(text string) string {
	if text = strings.TrimSpace(text); text != "" {
		return label(text, false)
	}
	return "not known"
}
