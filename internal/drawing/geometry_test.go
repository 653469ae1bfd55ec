package drawing

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// towns are the contents that the rules of a drawing are checked on.
func towns() []town {
	all := []town{
		{containers: 0, networks: 0, mostNetworks: 1},
		{containers: 1, networks: 0, mostNetworks: 1},
		{containers: 0, networks: 5, groups: 1, mostNetworks: 1},
		{containers: 1, networks: 1, mostNetworks: 1},
		{containers: 5, networks: 1, mostNetworks: 1},
		{containers: 40, networks: 1, mostNetworks: 1, ways: true},
		{containers: 40, networks: 2, mostNetworks: 3, ways: true, sharers: true},
		{containers: 300, networks: 60, groups: 20, mostNetworks: 3, ways: true, sharers: true, gone: true},
		{containers: 300, networks: 60, mostNetworks: 5, ways: true, sharers: true, gone: true},
		{containers: 300, networks: 60, groups: 12, mostNetworks: 2, hostile: true, ways: true, sharers: true, gone: true},
		{containers: 12, networks: 60, groups: 3, mostNetworks: 60, ways: true},
		{containers: 60, networks: 12, groups: 2, mostNetworks: 12, ways: true, hostile: true},
	}
	for seed := range uint64(60) {
		all = append(all, town{
			seed: seed, containers: int(1 + seed*seed%97), networks: int(1 + seed*7%23), groups: int(seed % 5), mostNetworks: int(1 + seed%4),
			hostile: seed%3 == 0, ways: seed%2 == 0, sharers: seed%5 < 2, gone: seed%4 == 1,
		})
	}
	return all
}

func TestGeometry(t *testing.T) {
	for _, town := range towns() {
		t.Run(fmt.Sprintf("%+v", town), func(t *testing.T) {
			content := town.content()
			d := Make(content)
			checker{t, content, d}.all()
			if again := Make(town.content()); !reflect.DeepEqual(d, again) {
				t.Error("the same content was drawn in another way")
			}
		})
	}
}

func FuzzGeometry(f *testing.F) {
	for i, name := range hostileNames {
		f.Add(uint64(i), uint8(10), uint8(4), uint8(2), uint8(2), name)
	}
	f.Fuzz(func(t *testing.T, seed uint64, containers, networks, groups, most uint8, name string) {
		if !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
			return // contents are printable
		}
		town := town{
			seed: seed, containers: int(containers), networks: int(networks % 61), groups: int(groups % 21), mostNetworks: int(1 + most%6),
			hostile: true, ways: seed%2 == 0, sharers: seed%3 == 0, gone: seed%5 == 0,
		}
		content := town.content()
		for i := range content.Containers {
			if i%3 == 0 {
				content.Containers[i].Name = name
			}
		}
		for i := range content.Networks {
			if i%3 == 0 {
				content.Networks[i].Name, content.Networks[i].Details = name, []string{name}
			}
		}
		checker{t, content, Make(content)}.all()
	})
}

type checker struct {
	*testing.T
	content *Content
	d       *Drawing
}

func (c checker) all() {
	c.boxesKeepApart()
	c.textsFit()
	c.linesPassNoBox()
	c.linesPassNoText()
	c.everythingIsDrawn()
	if c.Failed() {
		c.Logf("%d boxes, %d lines, %d × %d", len(c.d.Boxes), len(c.d.Lines), c.d.W, c.d.H)
	}
}

func (c checker) boxesKeepApart() {
	page := Rect{0, 0, c.d.W, c.d.H}
	byKey := map[string]*Box{}
	for i := range c.d.Boxes {
		if b := &c.d.Boxes[i]; b.Key != "" && b.Kind != GuestBox {
			byKey[b.Key] = b
		}
	}
	for i := range c.d.Boxes {
		a := &c.d.Boxes[i]
		if !page.Contains(a.Rect) {
			c.Errorf("%s is not on the page: %v", a.Key, a.Rect)
		}
		if p := byKey[a.Parent]; a.Parent != "" && (p == nil || !p.Rect.Contains(a.Rect)) {
			c.Errorf("%s is not within its parent %s", a.Key, a.Parent)
		}
		for k := i + 1; k < len(c.d.Boxes); k++ {
			b := &c.d.Boxes[k]
			if a.Rect.Overlaps(b.Rect) && !c.within(byKey, a, b) && !c.within(byKey, b, a) && (a.Kind != CardSample || b.Kind != CardSample) {
				c.Errorf("%s %v overlaps %s %v", a.Key, a.Rect, b.Key, b.Rect)
			}
		}
	}
}

func (c checker) within(byKey map[string]*Box, inner, outer *Box) bool {
	for inner != nil && inner.Parent != "" {
		if inner.Parent == outer.Key {
			return true
		}
		inner = byKey[inner.Parent]
	}
	return false
}

// placed is a text with the box that it is in, if it is in one.
type placed struct {
	Text
	box  *Box
	line *Line
}

func (c checker) texts() []placed {
	var all []placed
	for i := range c.d.Boxes {
		for _, t := range c.d.Boxes[i].Texts {
			all = append(all, placed{Text: t, box: &c.d.Boxes[i]})
		}
	}
	for i := range c.d.Lines {
		for _, t := range c.d.Lines[i].Texts {
			all = append(all, placed{Text: t, line: &c.d.Lines[i]})
		}
	}
	for _, t := range c.d.Texts {
		all = append(all, placed{Text: t})
	}
	return all
}

func (c checker) textsFit() {
	page := Rect{0, 0, c.d.W, c.d.H}
	texts := c.texts()
	for i, t := range texts {
		switch {
		case !page.Contains(t.Rect):
			c.Errorf("%.40q is not on the page", t.Text.Text)
		case t.box != nil && !t.box.Rect.Contains(t.Rect):
			c.Errorf("%.40q %v leaves its box %v", t.Text.Text, t.Rect, t.box.Rect)
		}
		if along := max(t.Rect.W, t.Rect.H); t.Width > float64(along) {
			c.Errorf("%.40q is wider than its room", t.Text.Text)
		}
		for _, o := range texts[i+1:] {
			if t.Rect.Overlaps(o.Rect) {
				c.Errorf("%.40q %v overlaps %.40q %v", t.Text.Text, t.Rect, o.Text.Text, o.Rect)
			}
		}
		for k := range c.d.Boxes {
			b := &c.d.Boxes[k]
			frame := b.Kind == GroupBox || b.Kind == ModeBox
			if t.box != b && !frame && t.Rect.Overlaps(b.Rect) && (t.box == nil || t.box.Parent != b.Key) {
				c.Errorf("%.40q %v overlaps the box %s %v", t.Text.Text, t.Rect, b.Key, b.Rect)
			}
		}
		for _, s := range t.signs() {
			if t.Rect.Overlaps(s.Rect) {
				c.Errorf("%.40q overlaps a sign", t.Text.Text)
			}
		}
	}
}

func (t placed) signs() []Sign {
	if t.box == nil {
		return nil
	}
	return t.box.Signs
}

// body is the area that a stroke covers, without its ends.
func body(a, b Point) Rect {
	const half = 1
	if a.Y == b.Y {
		return Rect{min(a.X, b.X) + half, a.Y - half, abs(a.X-b.X) - 2*half, 2 * half}
	}
	return Rect{a.X - half, min(a.Y, b.Y) + half, 2 * half, abs(a.Y-b.Y) - 2*half}
}

func (l *Line) segments() []Rect {
	var all []Rect
	for _, s := range l.Strokes {
		for i := 1; i < len(s); i++ {
			all = append(all, body(s[i-1], s[i]))
		}
	}
	return all
}

func (c checker) linesPassNoBox() {
	for i := range c.d.Lines {
		line := &c.d.Lines[i]
		for _, s := range line.segments() {
			for k := range c.d.Boxes {
				b := &c.d.Boxes[k]
				if b.Kind != GroupBox && b.Kind != ModeBox && b.Rect.Overlaps(s) {
					c.Errorf("%s %v runs through %s %v", line.Key, s, b.Key, b.Rect)
				}
			}
		}
	}
}

func (c checker) linesPassNoText() {
	texts := c.texts()
	for i := range c.d.Lines {
		line := &c.d.Lines[i]
		for _, s := range line.segments() {
			for _, t := range texts {
				if t.Rect.Overlaps(s) {
					c.Errorf("%s %v runs through the text %.40q %v", line.Key, s, t.Text.Text, t.Rect)
				}
			}
		}
	}
}

// everythingIsDrawn holds the drawing against what was to be drawn.
func (c checker) everythingIsDrawn() {
	boxes, guests, lines := map[string]*Box{}, map[string][]*Box{}, map[string]*Line{}
	for i := range c.d.Boxes {
		b := &c.d.Boxes[i]
		if b.Kind == GuestBox {
			guests[b.Key] = append(guests[b.Key], b)
			continue
		}
		if b.Key != "" && boxes[b.Key] != nil {
			c.Errorf("%s is drawn twice", b.Key)
		}
		boxes[b.Key] = b
	}
	for i := range c.d.Lines {
		l := &c.d.Lines[i]
		if l.Key != "" && lines[l.Key] != nil {
			c.Errorf("the line %s is drawn twice", l.Key)
		}
		lines[l.Key] = l
	}
	for _, n := range c.content.Networks {
		if boxes[n.Key] == nil && n.Kind != Mode {
			c.Errorf("network %s is not drawn", n.Key)
		}
	}
	for _, k := range c.content.Containers {
		if boxes[k.Key] == nil {
			c.Errorf("container %s is not drawn", k.Key)
		} else if k.Owner != "" && boxes[k.Key].Parent != k.Owner {
			c.Errorf("sharer %s is not in the card of %s", k.Key, k.Owner)
		}
	}
	for _, a := range c.content.Attachments {
		card := boxes[a.Container]
		if card.Kind == SharerBox {
			card = boxes[card.Parent]
		}
		if frame := boxes[a.Network]; frame != nil && frame.Kind == ModeBox {
			if card.Parent != frame.Key {
				c.Errorf("%s is not in the frame of %s", a.Container, a.Network)
			}
			continue
		}
		line := lines[a.Key]
		if line == nil {
			c.Errorf("attachment %s is not drawn", a.Key)
			continue
		}
		ends := []Point{line.Strokes[0][0], line.Strokes[len(line.Strokes)-1][1]}
		if !c.touches(card.Rect, ends) {
			c.Errorf("attachment %s does not end at its card: %v, %v", a.Key, ends, card.Rect)
		}
		if rail := lines[a.Network]; rail == nil || !rail.holds(line.Dots[0]) || line.Dots[0] != ends[0] && line.Dots[0] != ends[1] {
			c.Errorf("attachment %s does not end at its rail: %v", a.Key, ends)
		}
	}
	for _, w := range c.content.Ways {
		card := boxes[w.Container]
		if card.Kind == SharerBox {
			card = boxes[card.Parent]
		}
		line := lines[w.Key]
		if line == nil {
			c.Errorf("way %s is not drawn", w.Key)
			continue
		}
		start, tip := line.Strokes[0][0], *line.Arrow
		if !c.touches(card.Rect, []Point{tip}) || !lines["trunk_"+line.From].holds(start) {
			c.Errorf("way %s leads from %v to %v", w.Key, start, tip)
		}
	}
	c.railsHoldTogether(lines, boxes, guests)
}

func (c checker) touches(r Rect, points []Point) bool {
	for _, p := range points {
		if p.X >= r.X && p.X <= r.Right() && (p.Y == r.Y || p.Y == r.Bottom()) {
			return true
		}
	}
	return false
}

// holds tells that a point is on the line.
func (l *Line) holds(p Point) bool {
	for _, s := range l.Strokes {
		a, b := s[0], s[len(s)-1]
		if p.X >= min(a.X, b.X) && p.X <= max(a.X, b.X) && p.Y >= min(a.Y, b.Y) && p.Y <= max(a.Y, b.Y) {
			return true
		}
	}
	return false
}

// railsHoldTogether checks that one can follow each rail from its plate to each of its
// parts, over the gaps that it leaves for others.
func (c checker) railsHoldTogether(lines map[string]*Line, boxes map[string]*Box, guests map[string][]*Box) {
	const gap = 2 * gapHalf
	for _, n := range c.content.Networks {
		l := lines[n.Key]
		if l == nil || n.Kind == Gone {
			continue
		}
		parts := make([]Rect, 0, len(l.Strokes)+1)
		for _, s := range l.Strokes {
			a, b := s[0], s[1]
			parts = append(parts, Rect{min(a.X, b.X) - 1, min(a.Y, b.Y) - 1, abs(a.X-b.X) + 2, abs(a.Y-b.Y) + 2})
		}
		for _, b := range append(guests[n.Key], boxes[n.Key]) {
			parts = append(parts, Rect{b.Rect.X - 1, b.Rect.Y - 1, b.Rect.W + 2, b.Rect.H + 2})
		}
		reached, queue := make([]bool, len(parts)), []int{0}
		reached[0] = true
		count := 1
		for ; len(queue) > 0; queue = queue[1:] {
			at := parts[queue[0]]
			wide := Rect{at.X - 4*gap, at.Y, at.W + 8*gap, at.H} // several gaps may be side by side
			if at.W <= 2 {
				wide = at
			}
			for i, part := range parts {
				if !reached[i] && (wide.Overlaps(part) && part.W > 2 || at.Overlaps(part)) {
					reached[i] = true
					count++
					queue = append(queue, i)
				}
			}
		}
		if count < len(parts) {
			c.Errorf("the rail of %s is in pieces: %d of %d parts hang together", n.Key, count, len(parts))
		}
	}
}
