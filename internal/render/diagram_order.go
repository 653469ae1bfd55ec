package render

import (
	"slices"
)

// orient turns every line so that it leads away from the outside, since the
// drawing programs put the end of a line to the right of its beginning: the
// outside, what is published, its networks, who is behind those, and so on.
// What the outside does not reach begins at its busiest network. A network
// thus has containers on both sides, and a multi-homed container stands
// between its networks.
func (d *diagram) orient() {
	neighbours := map[string][]string{}
	for _, e := range d.edges {
		neighbours[e.from] = append(neighbours[e.from], e.to)
		neighbours[e.to] = append(neighbours[e.to], e.from)
	}
	level, rank := map[string]int{}, map[string]int{}
	reach := func(key string, at int) bool {
		if _, reached := level[key]; reached {
			return false
		}
		level[key], rank[key] = at, len(rank)
		return true
	}
	search := func(queue []string) {
		for ; len(queue) > 0; queue = queue[1:] {
			for _, next := range neighbours[queue[0]] {
				if reach(next, level[queue[0]]+1) {
					queue = append(queue, next)
				}
			}
		}
	}
	outside, others := d.starts(neighbours)
	for _, start := range outside {
		reach(start, 0)
	}
	search(outside)
	for _, start := range others {
		if reach(start, 0) {
			search([]string{start})
		}
	}
	for i, e := range d.edges {
		if level[e.from] > level[e.to] {
			d.edges[i].from, d.edges[i].to = e.to, e.from
		}
	}
	d.sort(rank)
}

// sort writes first what the search met first: where they have the choice,
// drawing programs keep that order, and fewer lines cross.
func (d *diagram) sort(rank map[string]int) {
	byRank := func(a, b diagramNode) int { return rank[a.key] - rank[b.key] }
	slices.SortFunc(d.nodes, byRank)
	for _, g := range d.groups {
		slices.SortFunc(g.nodes, byRank)
	}
	slices.SortFunc(d.groups, func(a, b diagramGroup) int { return byRank(a.nodes[0], b.nodes[0]) })
}

// starts lists the nodes from which to search: all of the outside at once,
// then the others one by one in this order, as long as they are not reached.
func (d *diagram) starts(neighbours map[string][]string) (outside, others []string) {
	all := slices.Clone(d.nodes)
	for _, g := range d.groups {
		all = append(all, g.nodes...)
	}
	slices.SortStableFunc(all, func(a, b diagramNode) int {
		switch {
		case a.kind.hub() && !b.kind.hub():
			return -1
		case b.kind.hub() && !a.kind.hub():
			return 1
		}
		return len(neighbours[b.key]) - len(neighbours[a.key])
	})
	for _, n := range all {
		if n.kind == nodeOutside {
			outside = append(outside, n.key)
		} else {
			others = append(others, n.key)
		}
	}
	return outside, others
}
