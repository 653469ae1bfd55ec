package hints

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Act is what a command of docker's does.
type Act string

const (
	// RemoveNetworks: docker network rm.
	RemoveNetworks Act = "network rm"
	// PruneNetworks: docker network prune, and docker system prune, which does
	// that too.
	PruneNetworks Act = "network prune"
	// StartContainers: docker start.
	StartContainers Act = "start"
)

// Command is a command of docker's own that was run.
type Command struct {
	Act Act
	// Names are the networks or containers that it was about, as they were typed.
	// NamesKnown is false where they could not be read.
	Names      []string
	NamesKnown bool
	// Failed tells that it did not do all that it was asked for.
	Failed bool
	// Flags tells that flags were given, by their long names.
	Flags map[string]string
}

// form is how a command looks on docker's command line.
type form struct {
	hooked string // as docker names it to a hook
	act    Act
	typed  [][]string // the words for it, some of which are other names of it
	plain  string     // letters of flags that take no value
	valued []string   // flags that take one
}

var forms = []form{
	{hooked: "network rm", act: RemoveNetworks, typed: [][]string{{"network", "rm"}, {"network", "remove"}}, plain: "f"},
	{hooked: "network prune", act: PruneNetworks},
	{hooked: "system prune", act: PruneNetworks},
	{hooked: "start", act: StartContainers, typed: [][]string{{"start"}}, plain: "ai", valued: []string{"checkpoint", "checkpoint-dir", "detach-keys"}},
	{hooked: "container start", act: StartContainers, typed: [][]string{{"container", "start"}}, plain: "ai", valued: []string{"checkpoint", "checkpoint-dir", "detach-keys"}},
}

// long are the flags that have a letter, too.
var long = map[rune]string{'f': "force", 'a': "attach", 'i': "interactive"}

// ParseCommand says what a command did, as docker names it to a hook. Words are
// those of the command line from the command on; nil where they are not known. It
// is nil where the command is none that there is something to say after.
func ParseCommand(hooked string, words []string, flags map[string]string, failed bool) *Command {
	at := slices.IndexFunc(forms, func(f form) bool { return f.hooked == hooked })
	if at < 0 {
		return nil
	}
	f := forms[at]
	c := &Command{Act: f.act, Failed: failed, Flags: flags}
	c.Names, c.NamesKnown = f.names(words)
	return c
}

// names reads the arguments of the command as docker does.
func (f *form) names(words []string) (names []string, known bool) {
	for _, typed := range f.typed {
		if len(words) < len(typed) || !slices.Equal(words[:len(typed)], typed) {
			continue
		}
		flags := pflag.NewFlagSet(f.hooked, pflag.ContinueOnError)
		flags.SetOutput(io.Discard)
		for _, letter := range f.plain {
			flags.BoolP(long[letter], string(letter), false, "")
		}
		for _, name := range f.valued {
			flags.String(name, "", "")
		}
		if err := flags.Parse(words[len(typed):]); err != nil {
			return nil, false
		}
		return slices.DeleteFunc(flags.Args(), func(name string) bool { return strings.TrimSpace(name) == "" }), true
	}
	return nil, false
}
