package topology

import (
	"strings"
	"unicode"
)

// Called are the containers that have a name in any way, whatever its case: as their own,
// as the short form of their ID, or by an alias or a host name on a network. They are in
// the snapshot's order.
func (ix *Index) Called(name string) []*Container { return ix.called()[folded(name)] }

// namesOf lists the containers by all of their names.
func namesOf(ix *Index) map[string][]*Container {
	named := make(map[string][]*Container, 2*len(ix.Containers))
	for i := range ix.Containers {
		c := &ix.Containers[i]
		add := func(name string) {
			key := folded(name)
			if all := named[key]; name != "" && (len(all) == 0 || all[len(all)-1] != c) {
				named[key] = append(all, c)
			}
		}
		add(c.Name)
		add(ShortID(c.ID))
		for _, a := range ix.Of(c.ID) {
			add(a.HostName)
			for _, alias := range a.Aliases {
				add(alias)
			}
		}
	}
	return named
}

// folded is the same for names that differ in case alone, as [strings.EqualFold] has it.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		first := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			first = min(first, next)
		}
		return first
	}, name)
}
