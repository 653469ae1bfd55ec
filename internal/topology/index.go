package topology

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Index answers questions about a snapshot without searching it each time.
// It points into the snapshot and is as unchanging as that.
type Index struct {
	*Snapshot
	networks   map[string]*Network
	containers map[string]int // place in the snapshot
	onNetwork  map[string][]*Attachment
	ofCtr      [][]*Attachment // by the container's place
	sharers    map[string][]*Container
	modes      map[NetworkMode][]*Container
	names      map[string]int
	ambiguous  map[string]bool
	// Only some views ask for these.
	networkKeys, containerKeys func() *keys
	called                     func() map[string][]*Container
}

// NewIndex makes the look-ups for a sorted snapshot.
func NewIndex(s *Snapshot) *Index {
	ix := &Index{
		Snapshot:   s,
		networks:   make(map[string]*Network, len(s.Networks)),
		containers: make(map[string]int, len(s.Containers)),
		onNetwork:  make(map[string][]*Attachment, len(s.Networks)),
		ofCtr:      make([][]*Attachment, len(s.Containers)),
		sharers:    map[string][]*Container{},
		modes:      map[NetworkMode][]*Container{},
		names:      make(map[string]int, len(s.Networks)),
		ambiguous:  map[string]bool{},

		networkKeys:   sync.OnceValue(func() *keys { return keysOf(s.Networks, networkKey) }),
		containerKeys: sync.OnceValue(func() *keys { return keysOf(s.Containers, containerKey) }),
	}
	for i := range s.Networks {
		n := &s.Networks[i]
		ix.networks[n.ID] = n
		ix.names[n.Name]++
	}
	for i := range s.Containers {
		c := &s.Containers[i]
		ix.containers[c.ID] = i
	}
	for i := range s.Containers {
		c := &s.Containers[i]
		if owner, shares := ix.Owner(c); shares {
			ix.sharers[owner] = append(ix.sharers[owner], c)
		} else if c.Mode != "" {
			ix.modes[c.Mode] = append(ix.modes[c.Mode], c)
		}
	}
	ix.indexAttachments()
	ix.called = sync.OnceValue(func() map[string][]*Container { return namesOf(ix) })
	return ix
}

// Owner tells whose network namespace a container shares, if it shares one:
// the ID of the container at the end of the chain, since a container may share
// with one that shares itself [measured on 20.10 and 28.5]. The owner need not
// exist any more: then it is the first of the chain that is gone. In a circle,
// which only a snapshot made by hand can hold, it is empty.
func (ix *Index) Owner(c *Container) (id string, shares bool) {
	id, shares = c.Mode.Sharer()
	if !shares {
		return "", false
	}
	for range len(ix.Containers) {
		next := ix.Container(id)
		if next == nil {
			return id, true
		}
		further, sharesToo := next.Mode.Sharer()
		if !sharesToo {
			return id, true
		}
		id = further
	}
	return "", true
}

// Stale tells that a container shares the network namespace that its owner had
// before the owner was last started: only loopback is left in it. It is told by
// the times of both, of which a list tells none [measured on Docker 20.10, 28.5].
// The host's network is the same all the time, whoever it is shared by.
func (ix *Index) Stale(c *Container) bool {
	id, shares := ix.Owner(c)
	owner := ix.Container(id)
	return shares && owner != nil && owner.Mode != NetworkHost && owner.State.Up() && !c.Started.IsZero() && c.Started.Before(owner.Started)
}

func (ix *Index) indexAttachments() {
	// Attachments are sorted by network, so those of one network are together.
	all := make([]*Attachment, len(ix.Attachments))
	start := 0
	for i := range ix.Attachments {
		a := &ix.Attachments[i]
		all[i] = a
		if at, ok := ix.containers[a.ContainerID]; ok {
			ix.ofCtr[at] = append(ix.ofCtr[at], a)
		}
		if a.State == Ambiguous {
			ix.ambiguous[a.NetworkName] = true
		}
		if i+1 < len(ix.Attachments) && ix.Attachments[i+1].NetworkID == a.NetworkID {
			continue
		}
		if ix.networks[a.NetworkID] != nil {
			there := slices.DeleteFunc(all[start:i+1:i+1], func(a *Attachment) bool { return !a.Resolved() })
			if len(there) > 0 {
				ix.onNetwork[a.NetworkID] = there
			}
		}
		start = i + 1
	}
}

// Network is the network with this full ID, or nil.
func (ix *Index) Network(id string) *Network { return ix.networks[id] }

// Container is the container with this full ID, or nil.
func (ix *Index) Container(id string) *Container {
	if at, ok := ix.containers[id]; ok {
		return &ix.Containers[at]
	}
	return nil
}

// On lists who is on a network, running or not, in order of name. Sharers of
// a namespace are not in it: they belong to its owner.
func (ix *Index) On(networkID string) []*Attachment { return ix.onNetwork[networkID] }

// Of lists the attachments of a container in order of network, those without
// a network last.
func (ix *Index) Of(containerID string) []*Attachment {
	if at, ok := ix.containers[containerID]; ok {
		return ix.ofCtr[at]
	}
	return nil
}

// Sharers lists the containers that use the network namespace of this one, be
// it through others. The owner need not exist any more.
func (ix *Index) Sharers(containerID string) []*Container { return ix.sharers[containerID] }

// MadeFor lists the containers whose network mode is this network, by its name
// or its ID, whatever networks they are on now.
func (ix *Index) MadeFor(n *Network) []*Container {
	found := ix.modes[NetworkMode(n.Name)]
	for length := 1; length <= len(n.ID); length++ { // there are fewer beginnings of an ID than modes
		if begin := n.ID[:length]; begin != n.Name && ix.names[begin] == 0 {
			if containers := ix.modes[NetworkMode(begin)]; len(containers) > 0 {
				found = slices.Concat(found, containers)
			}
		}
	}
	slices.SortFunc(found, func(a, b *Container) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return found
}

// Named tells that a network has this name.
func (ix *Index) Named(networkName string) bool { return ix.names[networkName] > 0 }

// Duplicate tells that more than one network has this name.
func (ix *Index) Duplicate(networkName string) bool { return ix.names[networkName] > 1 }

// MistakableNetwork tells that the name of the network with this ID may be taken
// for another network: for one of that name, or one whose ID begins so.
func (ix *Index) MistakableNetwork(name, id string) bool {
	return ix.networkKeys().mistakable(name, id)
}

// MistakableContainer tells the same of a container.
func (ix *Index) MistakableContainer(name, id string) bool {
	return ix.containerKeys().mistakable(name, id)
}

// keys are the names and IDs of all objects of a kind.
type keys struct {
	ids    []string            // in order
	byName map[string][]string // IDs
}

func keysOf[T any](all []T, key func(*T) (id, name string)) *keys {
	k := &keys{ids: make([]string, len(all)), byName: make(map[string][]string, len(all))}
	for i := range all {
		id, name := key(&all[i])
		k.ids[i] = id
		k.byName[name] = append(k.byName[name], id)
	}
	slices.Sort(k.ids)
	return k
}

// has tells that something has this name, or an ID that begins so.
func (k *keys) has(ref string) bool {
	if k.byName[ref] != nil {
		return true
	}
	at, _ := slices.BinarySearch(k.ids, ref)
	return at < len(k.ids) && strings.HasPrefix(k.ids[at], ref)
}

func (k *keys) mistakable(name, id string) bool {
	for _, other := range k.byName[name] {
		if other != id {
			return true
		}
	}
	from, _ := slices.BinarySearch(k.ids, name)
	for _, other := range k.ids[from:] {
		if !strings.HasPrefix(other, name) {
			return false
		}
		if other != id {
			return true
		}
	}
	return false
}

// Ambiguous tells that a container wants a network by this name, which several
// have, so that it is not known which of them it means.
func (ix *Index) Ambiguous(networkName string) bool { return ix.ambiguous[networkName] }

// FindNetworks lists the networks that a user may mean by ref, as the engine
// would look it up: a full ID, else a name (which several may have), else the
// beginning of an ID.
func (ix *Index) FindNetworks(ref string) []*Network {
	return look(ref, ix.networkKeys(), ix.Network, ix.Networks, networkKey)
}

// FindContainers lists the containers that a user may mean by ref, as the
// engine would look it up: a full ID, else a name, else the beginning of an ID.
func (ix *Index) FindContainers(ref string) []*Container {
	return look(strings.TrimPrefix(ref, "/"), ix.containerKeys(), ix.Container, ix.Containers, containerKey)
}

func networkKey(n *Network) (id, name string) { return n.ID, n.Name }

func containerKey(c *Container) (id, name string) { return c.ID, c.Name }

// exact tells that what was found by ref is meant for sure: by its whole ID or
// its name, and not by the beginning of an ID.
func exact[T any](ref string, found []*T, key func(*T) (id, name string)) bool {
	if len(found) == 0 {
		return false
	}
	id, name := key(found[0])
	return id == ref || name == ref
}

// look is find, without going through all where a name or nothing is meant.
func look[T any](ref string, k *keys, byID func(string) *T, all []T, key func(*T) (id, name string)) []*T {
	switch named := k.byName[ref]; {
	case byID(ref) == nil && ref != "" && len(named) > 0:
		found := make([]*T, len(named))
		for i, id := range named {
			found[i] = byID(id)
		}
		return found
	case !k.has(ref):
		return nil
	}
	return find(ref, all, key)
}

func find[T any](ref string, all []T, key func(*T) (id, name string)) []*T {
	if ref == "" {
		return nil
	}
	var named, prefixed []*T
	for i := range all {
		id, name := key(&all[i])
		switch {
		case id == ref:
			return []*T{&all[i]}
		case name == ref:
			named = append(named, &all[i])
		case strings.HasPrefix(id, ref):
			prefixed = append(prefixed, &all[i])
		}
	}
	if len(named) > 0 {
		return named
	}
	return prefixed
}

// Projects lists the compose projects and swarm stacks of networks and
// containers, each once, in the order in which they are first met.
func (ix *Index) Projects() []string {
	seen := map[string]bool{}
	var projects []string
	add := func(project string) {
		if project != "" && !seen[project] {
			seen[project] = true
			projects = append(projects, project)
		}
	}
	for i := range ix.Networks {
		add(ix.Networks[i].Project())
	}
	for i := range ix.Containers {
		add(ix.Containers[i].Group())
	}
	return projects
}
