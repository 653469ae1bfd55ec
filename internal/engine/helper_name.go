package engine

import (
	"crypto/rand"
	"regexp"
	"strings"
)

// HelperLabel is on helper containers; its value is which run of the plugin made
// it.
const HelperLabel = "com.github.docker-netkit.helper"

// helperName is what the names of helper containers begin with.
const helperName = "docker-netkit-helper-"

// helperSuffix is how many letters follow.
const helperSuffix = 12

func newHelperName() string { return helperName + strings.ToLower(rand.Text()[:helperSuffix]) }

var helperNames = regexp.MustCompile(`^/?` + helperName + `[a-z2-7]{12}$`)

// isHelper tells a helper container by its names and its label. Either alone may
// be on a container of the user's, who copied a definition: that one is shown, and
// is not ours to remove.
func isHelper(label string, names ...string) bool {
	return label != "" && len(names) == 1 && helperNames.MatchString(names[0])
}
