package render

import (
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// diagramKeys gives every object an identifier that is unique in a diagram. It
// holds which object has which.
type diagramKeys map[string]string

func (k diagramKeys) network(id string) string { return k.of("n_", id) }

func (k diagramKeys) container(id string) string { return k.of("c_", id) }

// wanted is the key of a network that an attachment names in vain.
func (k diagramKeys) wanted(a *topology.Attachment) string {
	if a.NetworkID != "" {
		return k.network(a.NetworkID)
	}
	return k.of("w_", a.NetworkName)
}

// of makes an identifier of an ID or name. It is short, since Mermaid takes
// texts of some length only, and the same for the same object whatever else is
// drawn, so that two diagrams can be compared; only a second object whose ID
// begins in the same way gets a longer one.
func (k diagramKeys) of(kind, id string) string {
	full := kind + identifier(id)
	short := full[:min(len(full), len(kind)+12)]
	if taken, ok := k[short]; !ok || taken == full {
		k[short] = full
		return short
	}
	return full + "_" // no other identifier ends so
}

// identifier writes an ID with letters and digits only. An engine's IDs are
// made of those; a name, or a snapshot made by hand, may hold anything.
func identifier(id string) string {
	const digits = "0123456789abcdef"
	plain := !strings.ContainsFunc(id, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if plain {
		return id
	}
	var b strings.Builder
	b.WriteByte('_') // no plain ID begins so
	for i := range len(id) {
		b.WriteByte(digits[id[i]>>4])
		b.WriteByte(digits[id[i]&15])
	}
	return b.String()
}
