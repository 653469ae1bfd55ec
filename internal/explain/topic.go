package explain

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
)

// files are the texts of the topics: topics/LANGUAGE/NAME.md. The first line of
// each is "# NAME: SUMMARY".
//
//go:embed topics
var files embed.FS

// Group is what kind of thing a topic is about.
type Group string

// The groups, in the order in which they are listed.
const (
	GroupBasics   Group = "basics"
	GroupDrivers  Group = "drivers"
	GroupPaths    Group = "paths"
	GroupCommands Group = "operations"
)

// Groups are all of them, in order.
func Groups() []Group { return []Group{GroupBasics, GroupDrivers, GroupPaths, GroupCommands} }

// Topic is something that is explained apart from any engine.
type Topic struct {
	Name  string
	Group Group
	// Driver is the driver of which a user's networks belong beside the text,
	// as engines name it; empty where the topic is not one driver's.
	Driver string
	// aliases are further words for the topic.
	aliases []string
}

// topics are all of them, in the order in which they are listed and read well.
var topics = []Topic{
	{Name: "networks", Group: GroupBasics, aliases: []string{"network", "drivers", "driver", "redes", "rede"}},

	{Name: "bridge", Group: GroupDrivers, Driver: "bridge", aliases: []string{"user-defined", "internal", "subnet", "gateway"}},
	{Name: "default-bridge", Group: GroupDrivers, aliases: []string{"docker0"}},
	{Name: "host", Group: GroupDrivers, Driver: "host"},
	{Name: "none", Group: GroupDrivers, Driver: "null", aliases: []string{"null"}},
	{Name: "macvlan", Group: GroupDrivers, Driver: "macvlan"},
	{Name: "ipvlan", Group: GroupDrivers, Driver: "ipvlan"},
	{Name: "overlay", Group: GroupDrivers, Driver: "overlay", aliases: []string{"swarm", "ingress"}},
	{Name: "plugins", Group: GroupDrivers, aliases: []string{"plugin"}},

	{Name: "outside", Group: GroupPaths, aliases: []string{"external", "internet", "nat", "mtu", "proxy"}},
	{Name: "host-access", Group: GroupPaths, aliases: []string{"host.docker.internal", "host-gateway", "localhost", "127.0.0.1"}},
	{Name: "between", Group: GroupPaths, aliases: []string{"between-containers", "containers", "mysql", "compose"}},
	{Name: "ports", Group: GroupPaths, aliases: []string{"port", "publish", "published", "firewall", "portas", "porta"}},
	{Name: "dns", Group: GroupPaths, aliases: []string{"names", "aliases", "alias", "nomes"}},

	{Name: "ls", Group: GroupCommands, aliases: []string{"list"}},
	{Name: "create", Group: GroupCommands},
	{Name: "rm", Group: GroupCommands, aliases: []string{"remove"}},
	{Name: "prune", Group: GroupCommands},
	{Name: "connect", Group: GroupCommands},
	{Name: "disconnect", Group: GroupCommands},
	{Name: "inspect", Group: GroupCommands},
}

// Topics are all topics, group by group.
func Topics() []Topic { return slices.Clone(topics) }

// FindTopic finds the topic that a word names, in any case. For some there are
// further words: the driver null is explained in the topic none.
func FindTopic(word string) (topic Topic, ok bool) {
	word = strings.ToLower(word)
	for _, t := range topics {
		if t.Name == word || slices.Contains(t.aliases, word) {
			return t, true
		}
	}
	return Topic{}, false
}

// Words are the name of the topic, and what else it may be called.
func (t Topic) Words() []string { return append([]string{t.Name}, t.aliases...) }

// Markdown is the text of the topic. Every topic has one in every language.
func (t Topic) Markdown(lang Language) string {
	text, err := files.ReadFile(path.Join("topics", string(lang), t.Name+".md"))
	if err != nil {
		// The texts are part of the program, and a test holds that none is missing.
		panic(fmt.Sprintf("the topic %s has no text: %v", t.Name, err))
	}
	return string(text)
}

// Summary is what the topic is about, in a line.
func (t Topic) Summary(lang Language) string {
	title, _, _ := strings.Cut(t.Markdown(lang), "\n")
	_, summary, _ := strings.Cut(title, ": ")
	return summary
}
