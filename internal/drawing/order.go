package drawing

import "slices"

// orderRails puts the rails of a block into an order in which the containers that are
// on several have them close to each other. It starts from the order in which the
// rails are, and moves one at a time as long as that helps: so a small change of the
// content leaves most of the order as it is.
func (b *block) orderRails() {
	o := newOrdering(b)
	const passes = 6
	for range passes {
		if !o.improve() {
			break
		}
	}
	sorted := make([]*rail, len(b.rails))
	for at, was := range o.order {
		sorted[at] = b.rails[was]
		sorted[at].at = at
	}
	b.rails = sorted
}

type ordering struct {
	order []int // which rail, by its number at the start, is where
	place []int // where each is
	// sets are the rails of containers that are on several, each set once, and count
	// how many containers have it.
	sets   [][]int
	count  []int
	setsOf [][]int // by rail: the sets that it is in
	plain  []int   // by rail: how many containers are on that alone
	above  []int   // by place: the weight of all rails above it
}

func newOrdering(b *block) *ordering {
	rails := len(b.rails)
	o := &ordering{
		order: make([]int, rails), place: make([]int, rails), setsOf: make([][]int, rails), plain: make([]int, rails),
		above: make([]int, rails+1),
	}
	number := map[string]int{}
	for i, r := range b.rails {
		o.order[i], o.place[i] = i, i
		number[r.of.Key] = i
	}
	known := map[string]int{}
	for _, c := range b.cards {
		var set []int
		for _, a := range c.attached {
			set = append(set, number[a.Network])
		}
		slices.Sort(set)
		set = slices.Compact(set)
		if len(set) < 2 {
			for _, only := range set {
				o.plain[only]++
			}
			continue
		}
		key := signature(set)
		at, ok := known[key]
		if !ok {
			at = len(o.sets)
			known[key] = at
			o.sets, o.count = append(o.sets, set), append(o.count, 0)
			for _, which := range set {
				o.setsOf[which] = append(o.setsOf[which], at)
			}
		}
		o.count[at]++
	}
	for at, which := range o.order {
		o.above[at+1] = o.above[at] + o.weight(which)
	}
	return o
}

func signature(set []int) string {
	key := make([]rune, len(set))
	for i, n := range set {
		key[i] = rune(n) //nolint:gosec // no engine has so many networks
	}
	return string(key)
}

// cost is how far apart the networks of a set of containers are, and how many cards
// their lines have to pass.
func (o *ordering) cost(set int) int {
	const apart, skipped, passed = 1000, 300, 30
	low, high := len(o.place), 0
	for _, n := range o.sets[set] {
		low, high = min(low, o.place[n]), max(high, o.place[n])
	}
	span := high - low
	return o.count[set]*(apart*span+skipped*(span+1-len(o.sets[set]))) + passed*(o.above[high]-o.above[low+1])
}

// costOf is the cost of all that two rails are part of: of the sets, and last of how far
// the rails are from where they started.
func (o *ordering) costOf(x, y int) int {
	sum := abs(o.place[x]-x) + abs(o.place[y]-y)
	for _, set := range o.setsOf[x] {
		sum += o.cost(set)
	}
	for _, set := range o.setsOf[y] {
		if _, both := slices.BinarySearch(o.sets[set], x); !both {
			sum += o.cost(set)
		}
	}
	return sum
}

// swap exchanges the rails at a place and the next, and tells how much that costs. It
// costs nothing for a set that has neither: either both are between its ends, or none is.
func (o *ordering) swap(at int) int {
	x, y := o.order[at], o.order[at+1]
	before := o.costOf(x, y)
	o.order[at], o.order[at+1] = y, x
	o.place[x], o.place[y] = at+1, at
	o.above[at+1] = o.above[at] + o.weight(y)
	return o.costOf(x, y) - before
}

// weight is how much a rail is in the way of lines that pass it.
func (o *ordering) weight(which int) int {
	const most = 8
	return min(most, o.plain[which])
}

// improve moves each rail once to where it fits best, and tells whether any moved.
func (o *ordering) improve() bool {
	if len(o.sets) == 0 {
		return false
	}
	moved := false
	last := len(o.order) - 1
	for which := range o.order {
		from := o.place[which]
		cost := o.move(from, 0)
		best, least := from, 0
		for to := range o.order {
			if cost < least {
				best, least = to, cost
			}
			if to < last {
				cost += o.swap(to)
			}
		}
		o.move(last, best)
		moved = moved || best != from
	}
	return moved
}

// move takes the rail at a place up to another, and tells how much that costs.
func (o *ordering) move(from, to int) (cost int) {
	for at := from; at > to; at-- {
		cost += o.swap(at - 1)
	}
	return cost
}

func abs(n int) int { return max(n, -n) }
