package drawing

import "slices"

// card is a container as it is drawn, from its own top left corner.
type card struct {
	of     *Container
	height int
	texts  []Text
	signs  []Sign
	shares []*card // in it, each at its place
	rect   Rect    // of a sharer: within the owner's card
	// What is on it.
	attached []*Attachment
	ways     []*Way
}

const textAt = sideInset + markSize + 6 // beside the sign

// newCard sets a container's texts, and the cards of those who share its network.
func newCard(c *Container, shares []*card, width int) *card {
	made := &card{of: c, shares: shares}
	texts := column{x: textAt, y: 8, width: width - textAt - sideInset + 4}
	made.signs = append(made.signs, Sign{MarkSign, c.Mark, Rect{sideInset, texts.y + 3, markSize, markSize}})
	texts.add(NameText, c.Name)
	for _, detail := range c.Details {
		texts.add(DetailText, detail)
	}
	texts.add(StateText, c.State)
	if c.Warning != "" {
		made.signs = append(made.signs, Sign{Kind: WarningSign, Rect: Rect{sideInset, texts.y + 2, markSize, markSize}})
		texts.add(WarningText, c.Warning)
	}
	made.texts = texts.texts
	bottom := texts.y + 8
	const inset = 8
	for _, s := range shares {
		s.rect = Rect{inset, up(bottom, 4), width - 2*inset, s.height}
		bottom = s.rect.Bottom() + inset
	}
	made.height = up(bottom, 4)
	return made
}

// addWay notes a way to the card. Those to the containers in it lead there too; Podman
// tells the ports of the owner with each of them.
func (c *card) addWay(w *Way) {
	for i, other := range c.ways {
		if other.Loopback == w.Loopback {
			both := *other
			both.Lines = union(both.Lines, w.Lines)
			c.ways[i] = &both
			return
		}
	}
	c.ways = append(c.ways, w)
}

// union is all lines of both, each once.
func union(lines, more []string) []string {
	all := slices.Clone(lines)
	for _, line := range more {
		if !slices.Contains(all, line) {
			all = append(all, line)
		}
	}
	return all
}

// sharerWidth is the width of a card in a card.
const sharerWidth = cardWidth - 16

// boxes are the card and those in it, at their place.
func (c *card) boxes(x, y int, parent string) []Box {
	var on []string
	for _, a := range c.attached {
		on = append(on, a.Network)
	}
	all := []Box{c.box(CardBox, Rect{x, y, cardWidth, c.height}, parent, on)}
	for _, s := range c.shares {
		all = append(all, s.box(SharerBox, s.rect.moved(x, y), c.of.Key, on))
	}
	return all
}

func (c *card) box(kind BoxKind, at Rect, parent string, on []string) Box {
	b := Box{
		Key: c.of.Key, Parent: parent, Kind: kind, Rect: at, Container: c.of, Summary: c.of.Summary, On: on,
		Texts: append([]Text(nil), c.texts...), Signs: append([]Sign(nil), c.signs...),
	}
	b.moveContent(at.X, at.Y)
	return b
}

func (b *Box) moveContent(dx, dy int) {
	moveTexts(b.Texts, dx, dy)
	for i := range b.Signs {
		b.Signs[i].Rect = b.Signs[i].Rect.moved(dx, dy)
	}
}

func (b *Box) move(dx, dy int) {
	b.Rect = b.Rect.moved(dx, dy)
	b.moveContent(dx, dy)
}
