package drawing

// plate is the name of a network at the beginning of its rail.
type plate struct {
	height int
	texts  []Text
	signs  []Sign
}

// railAt is where the rail leaves the plate, from the plate's top.
const railAt = 20

func newPlate(n *Network, guest bool) *plate {
	p := &plate{}
	texts := column{x: sideInset, y: railAt - 9, width: plateWidth - 2*sideInset}
	switch n.Kind {
	case Closed:
		p.signs = append(p.signs, Sign{Kind: LockSign, Rect: Rect{sideInset, texts.y + 3, markSize, markSize}})
	case Gone:
		p.signs = append(p.signs, Sign{Kind: GoneSign, Rect: Rect{sideInset, texts.y + 3, markSize, markSize}})
	case Open, Mode:
	}
	if len(p.signs) > 0 {
		texts.x, texts.width = textAt, plateWidth-textAt-sideInset
	}
	texts.add(NameText, n.Name)
	if !guest {
		for _, detail := range n.Details {
			texts.add(DetailText, detail)
		}
		for _, address := range n.Addresses {
			texts.add(AddressText, address)
		}
	}
	p.texts = texts.texts
	p.height = up(max(texts.y+8, 2*railAt), 4)
	return p
}

func (p *plate) box(kind BoxKind, n *Network, at Rect, parent string, colour Colour) Box {
	b := Box{
		Key: n.Key, Parent: parent, Kind: kind, Rect: at, Network: n, Colour: colour, Summary: n.Summary,
		Texts: append([]Text(nil), p.texts...), Signs: append([]Sign(nil), p.signs...),
	}
	b.moveContent(at.X, at.Y)
	return b
}
