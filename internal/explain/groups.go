package explain

import (
	"fmt"
	"slices"
)

// neighbours are those of which the same is true, so that it is said once.
type neighbours struct {
	Names []string
	// ByName tells that each of them is found by its name.
	ByName bool
	Neighbour
}

// groups puts neighbours together of which the same is true.
func groups(all []Neighbour) []neighbours {
	var found []neighbours
	keys := map[string]int{}
	for _, n := range all {
		byName := n.Call == n.Name
		key := fmt.Sprintf("%q %v %v %t %s", n.Networks, n.There, n.Back, byName, n.State)
		at, known := keys[key]
		if !known || !byName {
			keys[key] = len(found)
			found = append(found, neighbours{Names: []string{n.Name}, ByName: byName, Neighbour: n})
			continue
		}
		if !slices.Contains(found[at].Names, n.Name) {
			found[at].Names = append(found[at].Names, n.Name)
		}
	}
	return found
}
