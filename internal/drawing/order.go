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
	sets  [][]int
	count []int // how many containers have that set
	plain []int // by rail: how many containers are on that alone
	past  []int // by place: what it costs to pass all rails above it
	size  int   // how much there is to look at for a cost
	spent int
}

// mostSpent is how much is looked at for an order, which is part of a second. No engine
// that people use has so many networks held together; but one that is made to could keep
// whoever draws it waiting for hours.
const mostSpent = 200_000_000

func newOrdering(b *block) *ordering {
	count := len(b.rails)
	o := &ordering{order: make([]int, count), place: make([]int, count), plain: make([]int, count), past: make([]int, count+1), size: count}
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
			o.size += len(set)
		}
		o.count[at]++
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

// cost is how far apart the networks of containers are, and how many cards their lines
// have to pass; then how far the rails are from where they started.
func (o *ordering) cost() int {
	const apart, skipped, passed, most, away = 1000, 300, 30, 8, 1
	sum := 0
	for at, was := range o.order {
		o.past[at+1] = o.past[at] + passed*min(most, o.plain[was])
		sum += away * abs(at-was)
	}
	for i, set := range o.sets {
		low, high := len(o.place), 0
		for _, n := range set {
			low, high = min(low, o.place[n]), max(high, o.place[n])
		}
		span := high - low
		sum += o.count[i]*(apart*span+skipped*(span+1-len(set))) + o.past[high] - o.past[low+1]
	}
	o.spent += o.size
	return sum
}

// improve moves each rail once to where it fits best, and tells whether any moved.
func (o *ordering) improve() bool {
	if len(o.sets) == 0 {
		return false
	}
	moved := false
	for which := range o.order {
		if o.spent > mostSpent {
			return false
		}
		from := o.place[which]
		best, bestCost := from, o.cost()
		for to := range o.order {
			o.move(o.place[which], to)
			if cost := o.cost(); cost < bestCost {
				best, bestCost = to, cost
			}
		}
		o.move(o.place[which], best)
		moved = moved || best != from
	}
	return moved
}

func (o *ordering) move(from, to int) {
	which := o.order[from]
	for ; from < to; from++ {
		o.order[from] = o.order[from+1]
		o.place[o.order[from]] = from
	}
	for ; from > to; from-- {
		o.order[from] = o.order[from-1]
		o.place[o.order[from]] = from
	}
	o.order[from], o.place[which] = which, from
}

func abs(n int) int { return max(n, -n) }
