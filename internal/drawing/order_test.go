package drawing

import "testing"

// TestOrderEnds: what is looked at for an order has an end, however many networks are held
// together, and each rail has a place all the same.
func TestOrderEnds(t *testing.T) {
	const rails, holders = 600, 400
	b := &block{}
	for i := range rails {
		b.rails = append(b.rails, &rail{of: &Network{Key: string(rune('a' + i))}})
	}
	for i := range holders {
		c := &card{of: &Container{}}
		for _, on := range []int{i, i * 7, i * 31, i * 101} {
			c.attached = append(c.attached, &Attachment{Network: b.rails[on%rails].of.Key})
		}
		b.cards = append(b.cards, c)
	}
	o := newOrdering(b)
	one := o.size * (rails + 1) // what it takes to move a rail
	for range 2 {
		o.improve()
	}
	if o.spent <= mostSpent || o.spent > mostSpent+one {
		t.Errorf("%d were looked at, want %d, and no more than %d above", o.spent, mostSpent, one)
	}
	b.orderRails()
	there := map[string]bool{}
	for at, r := range b.rails {
		there[r.of.Key] = true
		if r.at != at {
			t.Errorf("the rail at %d has the place %d", at, r.at)
		}
	}
	if len(there) != rails {
		t.Errorf("%d rails are there, want %d", len(there), rails)
	}
}

// TestOrderHoldsTogether: rails with the same containers come beside each other.
func TestOrderHoldsTogether(t *testing.T) {
	b := &block{}
	for _, key := range []string{"a", "b", "c", "d"} {
		b.rails = append(b.rails, &rail{of: &Network{Key: key}})
	}
	on := func(keys ...string) {
		c := &card{of: &Container{}}
		for _, key := range keys {
			c.attached = append(c.attached, &Attachment{Network: key})
		}
		b.cards = append(b.cards, c)
	}
	on("a", "d")
	for range 3 {
		on("b")
	}
	on("c")
	b.orderRails()
	place := map[string]int{}
	for at, r := range b.rails {
		place[r.of.Key] = at
	}
	if abs(place["a"]-place["d"]) != 1 || place["b"] > place["c"] {
		t.Errorf("the order is %v", place)
	}
}
