package commands

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// unknownTargets says that names mean nothing on this engine, and which come
// near.
func unknownTargets(ix *topology.Index, unknown []string) error {
	quoted := make([]string, len(unknown))
	for i, name := range unknown {
		quoted[i] = quoteArg(name)
	}
	text := "no network, container or project " + strings.Join(quoted, ", ")
	if near := nearest(namesOf(ix), unknown); len(near) > 0 {
		text += "; did you mean " + alternatives(near) + "?"
	} else {
		text += "; see: docker netkit graph --all"
	}
	return fmt.Errorf("%s", text)
}

// alternatives joins words as in "a, b or c".
func alternatives(words []string) string { return joined(words, "or") }

func joined(words []string, or string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " " + or + " " + words[last]
}

// tolerance is how many letters may be wrong: two, as when they are swapped,
// and more in long names, but never most of them.
func tolerance(name string) int {
	const short, long = 3, 6
	if len(name) < short {
		return 1
	}
	return max(2, len(name)/long)
}

// namesOf are the names of all that can be named.
func namesOf(ix *topology.Index) []string {
	names := ix.Projects()
	for i := range ix.Networks {
		names = append(names, ix.Networks[i].Name)
	}
	for i := range ix.Containers {
		names = append(names, ix.Containers[i].Name)
	}
	return names
}

// nearest lists up to three names that differ little from those asked for.
func nearest(names, asked []string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var found []candidate
	for _, want := range asked {
		for _, name := range names {
			if want == "" || name == "" || len(name) > 2*len(want)+8 {
				continue
			}
			distance := levenshtein.ComputeDistance(strings.ToLower(want), strings.ToLower(name))
			prefixed := len(want) > 2 && strings.HasPrefix(strings.ToLower(name), strings.ToLower(want))
			if distance <= tolerance(want) || prefixed {
				if want[0] == name[0] {
					distance-- // people seldom mistype the first letter
				}
				found = append(found, candidate{name, distance})
			}
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	found = slices.Compact(found)
	const most = 3
	var texts []string
	for _, c := range found[:min(most, len(found))] {
		texts = append(texts, render.Cut(render.Printable(c.name), render.NameWidth))
	}
	return texts
}
