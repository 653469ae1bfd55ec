package drawing

import (
	"cmp"
	"slices"
)

// block is what is drawn together: a group, or networks that containers of no group
// connect, or a mode.
type block struct {
	key, title, detail string // of the frame, which loose blocks have not
	kind               blockKind
	mode               *Network
	rails              []*rail
	cards              []*card

	blockPlan
}

type blockKind uint8

const (
	looseBlock blockKind = iota
	groupBlock
	modeBlock
)

// rail is a network in a block. Guests have their plate in another block.
type rail struct {
	of    *Network
	guest bool
	// at is its place from the top, among the rails of the block.
	at int
}

// grouping finds out what is in which block.
type grouping struct {
	content  *Content
	networks map[string]*Network
	cards    []*card
	byKey    map[string]*card
	members  map[string][]*card // by network
	blocks   []*block
	ofGroup  map[string]*block
	ofCard   map[*card]*block
	home     map[string]*block // by network
	set      disjoint
}

func group(content *Content) *grouping {
	g := &grouping{
		content: content, networks: map[string]*Network{}, byKey: map[string]*card{}, members: map[string][]*card{},
		ofGroup: map[string]*block{}, ofCard: map[*card]*block{}, home: map[string]*block{}, set: disjoint{},
	}
	g.makeCards()
	for i := range content.Groups {
		made := content.Groups[i]
		b := &block{key: made.Key, title: made.Title, detail: made.Detail, kind: groupBlock}
		g.ofGroup[made.Key] = b
		g.blocks = append(g.blocks, b)
	}
	modes := g.modes()
	g.placeLoose()
	g.placeNetworks()
	g.sortLoose()
	g.blocks = append(g.blocks, modes...)
	g.addGuests()
	g.blocks = slices.DeleteFunc(g.blocks, func(b *block) bool { return len(b.rails) == 0 && len(b.cards) == 0 })
	return g
}

func (g *grouping) makeCards() {
	sharers := map[string][]*card{}
	for i := range g.content.Containers {
		if c := &g.content.Containers[i]; c.Owner != "" {
			sharers[c.Owner] = append(sharers[c.Owner], newCard(c, nil, sharerWidth))
		}
	}
	for i := range g.content.Containers {
		if c := &g.content.Containers[i]; c.Owner == "" {
			made := newCard(c, sharers[c.Key], cardWidth)
			g.cards = append(g.cards, made)
			g.byKey[c.Key] = made
			for _, s := range made.shares {
				g.byKey[s.of.Key] = made
			}
		}
	}
	for i := range g.content.Networks {
		g.networks[g.content.Networks[i].Key] = &g.content.Networks[i]
	}
	for i := range g.content.Attachments {
		a := &g.content.Attachments[i]
		if c := g.byKey[a.Container]; c != nil && g.networks[a.Network] != nil {
			g.attach(c, a)
		}
	}
	for i := range g.content.Ways {
		if w := &g.content.Ways[i]; g.byKey[w.Container] != nil {
			g.byKey[w.Container].addWay(w)
		}
	}
}

// attach notes that a container is on a network. Only what is no engine's has it there
// twice; that is one line.
func (g *grouping) attach(c *card, a *Attachment) {
	for i, other := range c.attached {
		if other.Network == a.Network {
			both := *other
			both.Lines = union(both.Lines, a.Lines)
			c.attached[i] = &both
			return
		}
	}
	c.attached = append(c.attached, a)
	g.members[a.Network] = append(g.members[a.Network], c)
}

// modes makes the blocks of host and none. Where a container is on such a one and
// on a network too, which no engine does, the mode is drawn as a network.
func (g *grouping) modes() []*block {
	var made []*block
	for i := range g.content.Networks {
		n := &g.content.Networks[i]
		if n.Kind != Mode || slices.ContainsFunc(g.members[n.Key], func(c *card) bool { return len(c.attached) > 1 }) {
			continue
		}
		b := &block{key: n.Key, title: n.Name, mode: n, kind: modeBlock}
		if len(n.Details) > 0 {
			b.detail = n.Details[0]
		}
		g.home[n.Key] = b
		for _, c := range g.members[n.Key] {
			b.cards = append(b.cards, c)
			g.ofCard[c] = b
		}
		made = append(made, b)
	}
	nowhere := &block{key: "nowhere", title: g.content.Words.Nowhere, kind: modeBlock}
	for _, c := range g.cards {
		if len(c.attached) == 0 {
			nowhere.cards = append(nowhere.cards, c)
			g.ofCard[c] = nowhere
		}
	}
	return append(made, nowhere)
}

// placeLoose finds the blocks of all other containers.
func (g *grouping) placeLoose() {
	loose := map[string]*block{}
	for _, c := range g.cards {
		if g.ofCard[c] == nil && c.of.Group == "" {
			g.joinLoose(c)
		}
	}
	for _, c := range g.cards {
		switch {
		case g.ofCard[c] != nil:
			continue
		case g.ofGroup[c.of.Group] != nil:
			g.put(c, g.ofGroup[c.of.Group])
			continue
		}
		if only := g.onlyGroup(c); only != nil {
			g.put(c, only)
			continue
		}
		key := c.of.Key
		for _, a := range c.attached {
			if g.networks[a.Network].Group == "" {
				key = a.Network
				break
			}
		}
		key = g.set.find(key)
		if loose[key] == nil {
			loose[key] = &block{}
			g.blocks = append(g.blocks, loose[key])
		}
		g.put(c, loose[key])
	}
	for i := range g.content.Networks {
		n := &g.content.Networks[i]
		if b := loose[g.set.find(n.Key)]; b != nil && n.Group == "" {
			g.home[n.Key] = b
		}
	}
}

// joinLoose notes that a container of no group holds networks of none together.
func (g *grouping) joinLoose(c *card) {
	first := ""
	for _, a := range c.attached {
		if g.networks[a.Network].Group != "" {
			continue
		}
		if first == "" {
			first = a.Network
		}
		g.set.join(first, a.Network)
	}
}

// onlyGroup is the group to which all networks of a container belong.
func (g *grouping) onlyGroup(c *card) *block {
	var only *block
	for _, a := range c.attached {
		b := g.ofGroup[g.networks[a.Network].Group]
		if b == nil || only != nil && b != only {
			return nil
		}
		only = b
	}
	return only
}

func (g *grouping) put(c *card, b *block) {
	g.ofCard[c] = b
	b.cards = append(b.cards, c)
}

// placeNetworks gives every network the block that its plate is in: that of its
// group; else that of the containers of no group on it; else the only one where
// somebody is on it; else one of its own.
func (g *grouping) placeNetworks() {
	for i := range g.content.Networks {
		n := &g.content.Networks[i]
		if g.home[n.Key] != nil && g.home[n.Key].kind == modeBlock {
			continue
		}
		home := g.home[n.Key]
		if b := g.ofGroup[n.Group]; b != nil {
			home = b
		}
		if home == nil {
			home = g.onlyBlock(n)
		}
		if home == nil {
			home = &block{}
			g.blocks = append(g.blocks, home)
		}
		g.home[n.Key] = home
		home.rails = append(home.rails, &rail{of: n})
	}
}

// sortLoose puts the blocks that are no groups into the order of their networks.
func (g *grouping) sortLoose() {
	first := map[*block]int{}
	for i := range g.content.Networks {
		if b := g.home[g.content.Networks[i].Key]; b != nil && first[b] == 0 {
			first[b] = i + 1
		}
	}
	slices.SortStableFunc(g.blocks, func(a, b *block) int {
		switch {
		case a.kind == groupBlock && b.kind == groupBlock:
			return 0
		case a.kind == groupBlock:
			return -1
		case b.kind == groupBlock:
			return 1
		}
		return cmp.Compare(first[a], first[b])
	})
}

func (g *grouping) onlyBlock(n *Network) *block {
	var only *block
	for _, c := range g.members[n.Key] {
		b := g.ofCard[c]
		if only != nil && b != only {
			return nil
		}
		only = b
	}
	return only
}

// addGuests adds a rail to each block in which somebody is on a network of another.
func (g *grouping) addGuests() {
	place := map[*block]int{}
	for i, b := range g.blocks {
		place[b] = i
	}
	for _, b := range g.blocks {
		if b.kind == modeBlock {
			continue
		}
		there := map[string]bool{}
		for _, r := range b.rails {
			there[r.of.Key] = true
		}
		var guests, gone []*rail
		for i := range g.content.Networks {
			n := &g.content.Networks[i]
			if !there[n.Key] && slices.ContainsFunc(g.members[n.Key], func(c *card) bool { return g.ofCard[c] == b }) {
				if n.Kind == Gone {
					gone = append(gone, &rail{of: n, guest: true})
					continue
				}
				guests = append(guests, &rail{of: n, guest: true})
			}
		}
		// Those from blocks farther down come first, and those from farther up last: so
		// what leads to them crosses little.
		slices.SortStableFunc(guests, func(x, y *rail) int { return cmp.Compare(place[g.home[y.of.Key]], place[g.home[x.of.Key]]) })
		b.rails = slices.Concat(guests, b.rails, gone)
	}
}

// disjoint are sets of keys, each named by the first of its members.
type disjoint map[string]string

func (d disjoint) find(key string) string {
	for d[key] != "" {
		key = d[key]
	}
	return key
}

func (d disjoint) join(a, b string) {
	if a, b = d.find(a), d.find(b); a != b {
		d[b] = a
	}
}
