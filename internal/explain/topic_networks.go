package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TopicNetworks are the networks of an engine that belong beside a topic.
func TopicNetworks(ix *topology.Index, topic Topic) []*topology.Network {
	var found []*topology.Network
	for i := range ix.Networks {
		n := &ix.Networks[i]
		if topic.covers(n) {
			found = append(found, n)
		}
	}
	return found
}

// HasNetworks tells that the topic is about networks of one kind, so that an
// engine's own belong beside it.
func (t Topic) HasNetworks() bool {
	return t.Driver != "" || t.Name == defaultBridge || t.Name == plugins
}

// The topics whose networks no driver tells.
const (
	defaultBridge = "default-bridge"
	plugins       = "plugins"
)

func (t Topic) covers(n *topology.Network) bool {
	switch t.Name {
	case defaultBridge:
		return n.Predefined() && n.Name == topology.NetworkBridge
	case plugins:
		// The drivers of engines on Windows are no plugins.
		return n.Driver != "" && !slices.Contains(windowsDrivers, n.Driver) &&
			!slices.ContainsFunc(topics, func(known Topic) bool { return known.Driver == n.Driver })
	}
	return t.Driver != "" && t.Driver == n.Driver
}

var windowsDrivers = []string{"nat", "transparent", "l2bridge", "l2tunnel", "ics", "internal", "private"}

type networkWords struct {
	title, offlineTitle         string
	none, offlineNone           string
	network, driver, subnets    string
	running, halted, more, each string
}

var networkTables = map[Language]networkWords{
	English: {
		title: "Your networks of this kind", offlineTitle: "Networks of this kind in the snapshot",
		none: "This engine has no network of this kind.", offlineNone: "The snapshot has no network of this kind.",
		network: "Network", driver: "Driver", subnets: "Subnets", running: "Running", halted: "Not running", more: "and %d more",
		each: "Everything about one of them: `%s netkit explain --network %s`",
	},
	Portuguese: {
		title: "Suas redes deste tipo", offlineTitle: "Redes deste tipo no snapshot",
		none: "Este engine não tem nenhuma rede deste tipo.", offlineNone: "O snapshot não tem nenhuma rede deste tipo.",
		network: "Rede", driver: "Driver", subnets: "Sub-redes", running: "Em execução", halted: "Parados", more: "e mais %d",
		each: "Tudo sobre uma delas: `%s netkit explain --network %s`",
	},
}

// TopicNetworksMarkdown lists the networks that belong beside a topic, with who is
// on them.
func TopicNetworksMarkdown(ix *topology.Index, topic Topic, lang Language, more Details) string {
	words := networkTables[lang]
	networks := TopicNetworks(ix, topic)
	title, none := words.title, words.none
	if more.Offline {
		title, none = words.offlineTitle, words.offlineNone
	}
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", title)
	if len(networks) == 0 {
		b.WriteString(none + "\n")
		return b.String()
	}
	columns := []string{words.network}
	if topic.Name == plugins {
		columns = append(columns, words.driver)
	}
	subnets := hasSubnets(networks)
	if subnets {
		columns = append(columns, words.subnets)
	}
	columns = append(columns, words.running, words.halted)
	b.WriteString("| " + strings.Join(columns, " | ") + " |\n|" + strings.Repeat("---|", len(columns)) + "\n")
	for _, n := range networks {
		cells := []string{cell(n.Name)}
		if topic.Name == plugins {
			cells = append(cells, cell(n.Driver))
		}
		if subnets {
			cells = append(cells, subnetsCell(n))
		}
		running, halted := members(ix, n, words.more)
		cells = append(cells, running, halted)
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	if word, ok := render.ShellWord(networks[0].Name); ok && more.Docker != "" && !more.Offline && word == networks[0].Name {
		fmt.Fprintf(&b, "\n"+words.each+"\n", more.Docker, word)
	}
	return b.String()
}

func hasSubnets(networks []*topology.Network) bool {
	for _, n := range networks {
		if subnetsCell(n) != "" {
			return true
		}
	}
	return false
}

func subnetsCell(n *topology.Network) string {
	var subnets []string
	for _, pool := range n.IPAM.Pools {
		if !pool.Subnet.IsZero() {
			subnets = append(subnets, cell(pool.Subnet))
		}
	}
	return strings.Join(subnets, ", ")
}

// members are the names of who is on a network: a few, and how many more.
func members(ix *topology.Index, n *topology.Network, more string) (running, halted string) {
	var up, down []string
	for _, a := range ix.On(n.ID) {
		c := ix.Container(a.ContainerID)
		switch {
		case c == nil:
		case c.State.Up():
			up = append(up, cell(c.Name))
		default:
			down = append(down, cell(c.Name))
		}
	}
	return few(up, more), few(down, more)
}

func few(names []string, more string) string {
	const most = 4
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + " " + fmt.Sprintf(more, len(names)-most)
}
