package topology

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fvbommel/sortorder"
)

// Schema is the version of the JSON form of a snapshot. It is raised only
// when a reader of the older form would be misled.
const Schema = 1

// Snapshot is everything that is known of one engine's networks at one
// moment. It is sorted by [Snapshot.Sort] once, by whoever fills it, and not
// changed afterwards.
type Snapshot struct {
	Schema      int          `json:"schema"`
	TakenAt     time.Time    `json:"taken_at"`
	Engine      Engine       `json:"engine"`
	Networks    []Network    `json:"networks"`
	Containers  []Container  `json:"containers"`
	Attachments []Attachment `json:"attachments"`
	// Partial tells that this is a selection, so that what is not in it may
	// exist all the same.
	Partial bool `json:"partial,omitzero"`
	// Unread says what could not be read. What depends on it is not known;
	// it is never none.
	Unread []Gap `json:"unread,omitempty"`
}

// Engine tells which engine a snapshot is of.
type Engine struct {
	// Product is Docker or Podman, as far as the engine says.
	Product string `json:"product,omitempty"`
	Version string `json:"version,omitempty"`
	// API is the version of the API that was spoken.
	API string `json:"api,omitempty"`
	OS  string `json:"os,omitempty"`
	// Endpoint is where the engine was reached, and Context the docker
	// context that named it.
	Endpoint string `json:"endpoint,omitempty"`
	Context  string `json:"context,omitempty"`
	// Swarm is this node's part in a swarm.
	Swarm SwarmRole `json:"swarm,omitempty"`
	// SwarmNodes counts the swarm's nodes, this one too. It is asked for with
	// what only an inspect tells of networks of the swarm; 0 means not known.
	SwarmNodes int `json:"swarm_nodes,omitzero"`
}

// Major is the first number of the engine's version; 0 where it is not known.
func (e *Engine) Major() int {
	first, _, _ := strings.Cut(e.Version, ".")
	major, err := strconv.Atoi(first)
	if err != nil {
		return 0
	}
	return max(0, major)
}

// SwarmRole is the part a node has in a swarm. Empty means that the engine
// did not say.
type SwarmRole string

// The parts a node can have.
const (
	SwarmInactive SwarmRole = "inactive"
	SwarmWorker   SwarmRole = "worker"
	SwarmManager  SwarmRole = "manager"
)

// Products that are told apart, since they differ in what they report.
const (
	ProductDocker = "Docker"
	ProductPodman = "Podman"
)

// Gap is something that could not be read, or read only in part.
type Gap struct {
	// What is the kind of the object: network, container, attachment.
	What string `json:"what"`
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
	// Field is the part of the object, and Text what stood there.
	Field string `json:"field,omitempty"`
	Text  string `json:"text,omitempty"`
	// Reason says why it could not be read.
	Reason string `json:"reason"`
}

// Sort brings the snapshot into its one order: networks and containers by
// name (1, 2, 10) and then ID, attachments by network and then container,
// those without a network last.
func (s *Snapshot) Sort() {
	slices.SortFunc(s.Networks, func(a, b Network) int {
		return cmp.Or(sortorder.NaturalCompare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(s.Containers, func(a, b Container) int {
		return cmp.Or(sortorder.NaturalCompare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	s.sortAttachments()
	slices.SortFunc(s.Unread, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.What, b.What), sortorder.NaturalCompare(a.Name, b.Name),
			cmp.Compare(a.ID, b.ID), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Text, b.Text))
	})
}

// sortAttachments looks every rank up once, and not at every comparison: with
// tens of thousands of attachments that is most of the time.
func (s *Snapshot) sortAttachments() {
	networks := make(map[string]int, len(s.Networks))
	for i := range s.Networks {
		networks[s.Networks[i].ID] = i
	}
	containers := make(map[string]int, len(s.Containers))
	for i := range s.Containers {
		containers[s.Containers[i].ID] = i
	}
	type key struct{ network, container, at int }
	keys := make([]key, len(s.Attachments))
	for i := range s.Attachments {
		a := &s.Attachments[i]
		keys[i] = key{rank(networks, a.NetworkID), rank(containers, a.ContainerID), i}
	}
	slices.SortFunc(keys, func(x, y key) int {
		a, b := &s.Attachments[x.at], &s.Attachments[y.at]
		return cmp.Or(cmp.Compare(x.network, y.network), cmp.Compare(x.container, y.container),
			strings.Compare(a.NetworkName, b.NetworkName), strings.Compare(a.NetworkID, b.NetworkID),
			strings.Compare(a.ContainerID, b.ContainerID))
	})
	sorted := make([]Attachment, len(keys))
	for i, k := range keys {
		sorted[i] = s.Attachments[k.at]
	}
	s.Attachments = sorted
}

// rank is the place of an ID, and behind all others for one that is not there.
func rank(ranks map[string]int, id string) int {
	if r, ok := ranks[id]; ok {
		return r
	}
	return len(ranks)
}
