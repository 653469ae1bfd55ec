package render

import (
	"fmt"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// fixCommands are the commands that would make it work, the least destructive
// ones, each with what it does. There are none where it works, or where none is
// known.
func fixCommands(l *reach.Ladder, look *Look) []string {
	if l.Verdict == reach.Reached {
		return nil
	}
	return FixCommands(l.Index, l.From, l.Foreseen.Fix, look)
}

// FixCommands are the commands of a fix that was foreseen for a source; none where
// there is no fix, or none that can be pasted.
func FixCommands(ix *topology.Index, from *topology.Container, fix *diagnose.Fix, look *Look) []string {
	if fix == nil || look.Docker == "" {
		return nil
	}
	var commands []string
	for step := fix; step != nil; step = step.Then {
		words := fixWords(ix, from, step)
		if len(words) == 0 {
			break // what comes after it needs it
		}
		commands = append(commands, words...)
	}
	for i, words := range commands {
		commands[i] = look.command(words)
	}
	return commands
}

func fixWords(ix *topology.Index, from *topology.Container, fix *diagnose.Fix) []string {
	container := fixReference(ix, fix.Container)
	if container == "" {
		return nil
	}
	switch fix.Kind {
	case diagnose.FixHeal:
		return []string{"netkit restore --heal " + container}
	case diagnose.FixStart:
		return []string{"start " + container}
	case diagnose.FixUnpause:
		return []string{"unpause " + container}
	case diagnose.FixRestart:
		return []string{"restart " + container}
	case diagnose.FixConnect:
		network := fixNetwork(ix, fix.Network)
		if network == "" {
			return nil
		}
		return []string{"network connect " + network + " " + container}
	case diagnose.FixConnectNew:
		other := fixReference(ix, fix.Other)
		if other == "" {
			return nil
		}
		network := unusedName(ix, "shared")
		create := "network create "
		if fix.Internal {
			create += "--internal "
		}
		return []string{create + network, "network connect " + network + " " + container, "network connect " + network + " " + other}
	case diagnose.FixUsePublished:
		if fix.Address == nil {
			return nil
		}
		text := fmt.Sprintf("%s:%d", fix.Address.Address, fix.Address.Port)
		if fix.Address.Address.Is6() {
			text = fmt.Sprintf("[%s]:%d", fix.Address.Address, fix.Address.Port)
		}
		return again(ix, from, text)
	}
	return nil
}

// LogsCommand shows what a container wrote last; empty where it has no name that can be
// pasted, or is of another engine than the one at hand.
func LogsCommand(ix *topology.Index, c *topology.Container, look *Look) string {
	if reference := fixReference(ix, c); reference != "" && look.Docker != "" && !look.Offline {
		return look.Docker + " logs --tail 20 " + reference
	}
	return ""
}

// PingCommand tests what is foreseen between two containers; empty where one has no name
// that can be pasted.
func PingCommand(ix *topology.Index, from, to *topology.Container, look *Look) string {
	target := fixReference(ix, to)
	words := again(ix, from, target)
	if target == "" || look.Docker == "" || len(words) == 0 {
		return ""
	}
	return look.command(words[0])
}

// unusedName is a name that no network has.
func unusedName(ix *topology.Index, name string) string {
	for n, free := 2, name; ; n++ {
		if len(ix.FindNetworks(free)) == 0 {
			return free
		}
		free = fmt.Sprintf("%s%d", name, n)
	}
}

// again is the test with another target: what the source is to use.
func again(ix *topology.Index, from *topology.Container, target string) []string {
	source := fixReference(ix, from)
	word, ok := ShellWord(target)
	if source == "" || !ok || strings.HasPrefix(word, "-") {
		return nil
	}
	return []string{"netkit ping " + source + " " + word}
}

// fixReference names a container in a command; empty where there is none, or no
// name that can be pasted.
func fixReference(ix *topology.Index, c *topology.Container) string {
	if c == nil {
		return ""
	}
	return containerWord(ix, c)
}

func fixNetwork(ix *topology.Index, n *topology.Network) string {
	if n == nil {
		return ""
	}
	return reference(n.Name, n.ID, ix.MistakableNetwork(n.Name, n.ID))
}
