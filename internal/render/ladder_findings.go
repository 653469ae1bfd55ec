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
		return fmt.Sprintf("%s listens on %s only, so its neighbours cannot connect. Make it listen on %s.",
			target, socketWords(f.Listeners), netip.AddrPortFrom(unspecified(f.Address), f.Port.Number))
	case reach.ElsewhereOnly:
		return fmt.Sprintf("%s listens on %s only, and not on %s. Make it listen on %s.",
			target, socketWords(f.Listeners), netip.AddrPortFrom(f.Address, f.Port.Number), netip.AddrPortFrom(unspecified(f.Address), f.Port.Number))
	case reach.NotListening:
		return fmt.Sprintf("nothing in %s listens on %s%s.", target, f.Port, otherSockets(l, f.Port.Protocol))
	case reach.FirewallDrops:
		return droppedWords(l, f, target)
	case reach.FirewallRejects:
		return fmt.Sprintf("%s says no although %s, so a firewall rejects it: look at iptables and nft in both containers and on the host.", describeLayer(f), listensWords(l, f, target))
	case reach.ICMPBlocked:
		return fmt.Sprintf("ICMP is dropped, by %s, %s or on the way; TCP gets through.", target, source)
	case reach.LargeDropped:
		return fmt.Sprintf("packets of up to %d bytes arrive and larger ones do not, while the interface of %s sends %d: connections will hang on large data. Make the network anew with --opt com.docker.network.driver.mtu=%d.",
			f.Path, source, f.Interface, f.Path)
	case reach.WrongAnswer:
		of := "which is no address of " + target
		if f.Container != nil {
			of = "which is " + label(f.Container.Name, look.NoTrunc) + " and not " + target
		}
		return fmt.Sprintf("%s resolves to %s, %s.", label(f.Name, look.NoTrunc), f.Address, of)
	case reach.NoSuchContainer:
		meant := ""
		if f.Text != "" {
			meant = " Did you mean " + f.Text + "?"
		}
		return fmt.Sprintf("no container, alias or service is called %s, and no DNS server knows the name.%s", label(f.Name, look.NoTrunc), meant)
	case reach.NoAnswer:
		return fmt.Sprintf("the DNS server of %s (%s) gave no answer for %s: the server that it asks in turn is out of reach, or slow.", source, orUnknown(f.Text), label(f.Name, look.NoTrunc))
	case reach.ByAddressOnly:
		return fmt.Sprintf("%s is reached by its address; its name does not resolve in %s.", target, source)
	case reach.ByHostOnly:
		return fmt.Sprintf("%s is reached through the host's published port, as %s.", target, netip.AddrPortFrom(f.Address, f.Port.Number))
	case reach.Unforeseen:
		return "it was not expected to be reached: something on the host lets it through that the engine does not."
	case reach.Lossy:
		return fmt.Sprintf("%d%% of the echo requests were not answered.", f.Percent)
	case reach.Frozen:
		return fmt.Sprintf("%s is paused: its kernel answers, its programs do not.", target)
	case reach.ClosedAtOnce:
		return fmt.Sprintf("%s is opened and closed at once: the host's proxy is there, and nothing answers behind it.", netip.AddrPortFrom(f.Address, f.Port.Number))
	case reach.UDPSilent:
		if len(f.Listeners) > 0 {
			return fmt.Sprintf("%s listens on %s and gave no answer; UDP programs need not give one.", target, socketWords(f.Listeners))
		}
		return fmt.Sprintf("no answer from %s: a program there need not give one, and a firewall may drop it.", f.Port)
	case reach.OneFamily:
		return fmt.Sprintf("the other address, %s, does not answer: programs that try it first are slow.", f.Address)
	case reach.Several:
		names := []string{target}
		for _, c := range l.Target.Alike {
			names = append(names, label(c.Name, look.NoTrunc))
		}
		return fmt.Sprintf("%s means %s: each look-up may give another.", label(f.Name, look.NoTrunc), listing(names, mostNames))
	}
	return string(f.Kind)
}

func droppedWords(l *reach.Ladder, f *reach.Finding, target string) string {
	why := "it should arrive, and neither an answer nor a refusal comes"
	if len(f.Listeners) > 0 {
		why = target + " listens on " + socketWords(f.Listeners) + ", and no answer comes"
	}
	if f.Text != "" {
		why += " (" + foreignText(f.Text) + ")"
	}
	if l.Target.Container == nil && l.Target.Kind != reach.OfHost {
		return fmt.Sprintf("%s: %s: the engine's host may have no way there, or a firewall on the way drops it.", describeLayer(f), why)
	}
	return fmt.Sprintf("%s: %s, so something drops it: look at iptables and nft in %s and on the host.", describeLayer(f), why, target)
}

func listensWords(l *reach.Ladder, f *reach.Finding, target string) string {
	if len(f.Listeners) > 0 {
		return target + " listens on " + socketWords(f.Listeners)
	}
	return "there is a path"
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
		return "; it listens on no port that others can reach"
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
