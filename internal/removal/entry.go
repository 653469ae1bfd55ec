package removal

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Entry is what is kept of a network that is about to be removed: all that is
// needed to make it again and to connect its containers again.
type Entry struct {
	Schema int       `json:"schema"`
	ID     string    `json:"id"`
	Time   time.Time `json:"time"`
	// Command is what removed the network: safe-rm or prune.
	Command string    `json:"command"`
	Engine  EngineRef `json:"engine"`
	// Network is the whole definition.
	Network topology.Network `json:"network"`
	// Namesakes are the IDs of other networks that had its name then, so that
	// they are not taken for it later.
	Namesakes []string `json:"namesakes,omitempty"`
	// Records are the containers that were on it.
	Records []Record `json:"attachments"`

	also []string // older entries of the same network, whose records are taken in
}

// WithOlder is an entry that holds what older entries of the same network hold
// beside it: containers that a removal took off which was cut off then, so that
// the next one did not find them there.
func WithOlder(newest *Entry, entries []Entry) *Entry {
	whole := *newest
	whole.Records = slices.Clone(newest.Records)
	for _, older := range slices.Backward(entries) {
		if older.ID == newest.ID || older.Network.ID != newest.Network.ID || older.Time.After(newest.Time) {
			continue
		}
		whole.also = append(whole.also, older.ID)
		for _, r := range older.Records {
			if !slices.ContainsFunc(whole.Records, func(have Record) bool { return have.Container == r.Container }) {
				whole.Records = append(whole.Records, r)
			}
		}
	}
	return &whole
}

// EngineRef tells which engine an entry is of.
type EngineRef struct {
	// Key tells it from all others.
	Key string `json:"id"`
	// Name is that of its host; Endpoint and Context are how it was reached.
	Name     string `json:"name,omitempty"`
	Product  string `json:"product,omitempty"`
	Version  string `json:"version,omitempty"`
	Endpoint string `json:"endpoint,omitempty"`
	Context  string `json:"context,omitempty"`
}

// Record is a container on a network, as it was.
type Record struct {
	Container  string                  `json:"container_id"`
	Name       string                  `json:"container"`
	State      topology.ContainerState `json:"state"`
	Attachment topology.Attachment     `json:"attachment"`
}

func namesakes(ix *topology.Index, n *topology.Network) []string {
	var ids []string
	for i := range ix.Networks {
		if other := &ix.Networks[i]; other.Name == n.Name && other.ID != n.ID {
			ids = append(ids, other.ID)
		}
	}
	return ids
}

func records(ix *topology.Index, n *topology.Network) []Record {
	records := []Record{}
	for _, a := range ix.On(n.ID) {
		c := ix.Container(a.ContainerID)
		if c != nil && (!c.IsTask() || c.State.Up()) {
			records = append(records, Record{Container: c.ID, Name: c.Name, State: c.State, Attachment: *a})
		}
	}
	return records
}

// entryOf is the entry for a network that is about to be removed.
func entryOf(t *NetworkPlan, engine EngineRef, command string, now time.Time) (*Entry, error) {
	id := make([]byte, 6)
	if _, err := rand.Read(id); err != nil {
		return nil, fmt.Errorf("cannot make an ID: %w", err)
	}
	definition := t.network
	definition.Inspected, definition.Endpoints, definition.Peers, definition.Services = false, nil, 0, nil
	return &Entry{
		Schema: Schema, ID: hex.EncodeToString(id), Time: now.UTC().Round(0), Command: command,
		Engine: engine, Network: definition, Namesakes: t.namesakes, Records: t.record,
	}, nil
}

// Check finds what no removal writes: a damaged entry.
func (e *Entry) Check() error {
	switch {
	case e.Schema < 1 || e.ID == "":
		return fmt.Errorf("it is no entry of a removal")
	case e.Schema > Schema:
		return fmt.Errorf("it has schema %d, and this version reads up to %d; a newer docker netkit wrote it", e.Schema, Schema)
	case e.Network.ID == "" || e.Network.Name == "" || e.Engine.Key == "":
		return fmt.Errorf("it does not say which network of which engine it is of")
	}
	for _, r := range e.Records {
		if r.Container == "" {
			return fmt.Errorf("it has an attachment without a container")
		}
	}
	return nil
}
