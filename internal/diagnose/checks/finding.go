package checks

import (
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Finding is one thing that is wrong, with the numbers that show it.
type Finding struct {
	Check    *Check
	Severity Severity
	// About are the objects that it is about, the one to be mended first. There are
	// none where it is about the engine as a whole.
	About []Ref
	// Says is what is wrong, and Also what else is to be known.
	Says Sentence
	Also []Sentence
	Fix  Fix
	// Followers are findings that are there because of this one, and go with it.
	Followers []*Finding

	// causes are what the finding makes happen, and cause what it comes from.
	causes []string
	cause  string
}

// Fix is the least destructive way to mend a finding.
type Fix struct {
	// Does says what is to be done, where commands do not say it all.
	Does Sentence
	// Commands are to be pasted one after the other.
	Commands []Command
	// Template is a command of which the user has to know a part: what a word in capitals
	// stands for, or the directory. It follows what Does says.
	Template Command
	// Mend is what netkit itself can do; nothing where it is the zero value.
	Mend Mend
}

// All are the commands and the template.
func (f *Fix) All() []Command {
	if len(f.Template) == 0 {
		return f.Commands
	}
	return append(slices.Clone(f.Commands), f.Template)
}

// Command is a docker command, without the word docker. Its words are texts and
// [Ref], for which the medium writes what cannot be taken for another object.
type Command []any

// Mend is a mending act that netkit can do safely.
type Mend struct {
	// Heal are containers that want a network which is gone.
	Heal []*topology.Container
	// Clear is a network with stale endpoints.
	Clear *topology.Network
}

// IsZero tells that there is none.
func (m Mend) IsZero() bool { return len(m.Heal) == 0 && m.Clear == nil }

// Touches tells that a finding, or one that follows from it, is about an object.
func (f *Finding) Touches(kind RefKind, id string) bool {
	for _, ref := range f.About {
		if ref.Kind == kind && ref.ID == id {
			return true
		}
	}
	for _, follower := range f.Followers {
		if follower.Touches(kind, id) {
			return true
		}
	}
	return false
}
