package checks

import (
	"fmt"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Ref names an object of the engine.
type Ref struct {
	// Kind is network or container.
	Kind RefKind `json:"kind"`
	// ID is empty where the object is known by its name only.
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
}

// RefKind is the kind of an object.
type RefKind string

// The kinds of objects.
const (
	KindNetwork   RefKind = "network"
	KindContainer RefKind = "container"
)

func network(n *topology.Network) Ref { return Ref{Kind: KindNetwork, ID: n.ID, Name: n.Name} }

func container(c *topology.Container) Ref {
	return Ref{Kind: KindContainer, ID: c.ID, Name: c.Name}
}

func containers(all []*topology.Container) []Ref {
	refs := make([]Ref, len(all))
	for i, c := range all {
		refs[i] = container(c)
	}
	return refs
}

func networks(all []*topology.Network) []Ref {
	refs := make([]Ref, len(all))
	for i, n := range all {
		refs[i] = network(n)
	}
	return refs
}

// Foreign is a text of an engine or a host that is no object's name.
type Foreign string

// Sentence is a text with the objects that it names apart, so that each medium can
// write names in its own way. Its arguments are [Ref], []Ref, [Foreign], and what
// fmt writes by itself: numbers, addresses.
type Sentence struct {
	format string
	args   []any
}

func say(format string, args ...any) Sentence { return Sentence{format, args} }

// IsZero tells that nothing is said.
func (s Sentence) IsZero() bool { return s.format == "" }

// Write gives the text, with the names as these functions write them.
func (s Sentence) Write(name func(Ref) string, list func([]Ref) string, foreign func(string) string) string {
	args := make([]any, len(s.args))
	for i, arg := range s.args {
		switch arg := arg.(type) {
		case Ref:
			args[i] = name(arg)
		case []Ref:
			args[i] = list(arg)
		case Foreign:
			args[i] = foreign(string(arg))
		case topology.Address:
			args[i] = foreign(arg.String())
		case topology.Subnet:
			args[i] = foreign(arg.String())
		default:
			args[i] = arg
		}
	}
	return fmt.Sprintf(s.format, args...)
}
