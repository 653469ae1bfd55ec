package drawing

import "hash/fnv"

// colours gives each network a hue and a pattern. They come from its identity, so
// that it keeps them whatever else comes and goes; only where two would have the
// same, the later one in the list takes the next that is free.
func colours(networks []Network) map[string]Colour {
	const pairs = Hues * Patterns
	taken := map[Colour]bool{}
	given := make(map[string]Colour, len(networks))
	for i := range networks {
		n := &networks[i]
		hash := fnv.New32a()
		hash.Write([]byte(n.Identity))
		first := int(hash.Sum32() % pairs)
		for step := range pairs {
			at := (first + step) % pairs
			c := Colour{at % Hues, at / Hues}
			if !taken[c] || step == pairs-1 {
				given[n.Key], taken[c] = c, true
				break
			}
		}
	}
	return given
}
