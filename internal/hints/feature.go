package hints

import "strconv"

// enabled tells what docker makes of a text that switches something.
func enabled(text string) bool {
	on, err := strconv.ParseBool(text)
	return err == nil && on
}

// Hindrance is a reason for which docker shows no hints.
type Hindrance struct {
	// Variable is one of the environment, or empty where it is the feature "hooks"
	// of docker's configuration.
	Variable string
	// Value is what it has.
	Value string
}

// Hindered tells what keeps docker from asking any plugin, if something does. The
// first of docker's variables that is set decides, and else the feature [measured
// on docker 26.1, 28.2, 28.5, 29.9].
func Hindered(getenv func(string) string, feature string) (Hindrance, bool) {
	for _, name := range []string{"DOCKER_CLI_HOOKS", "DOCKER_CLI_HINTS"} {
		if value := getenv(name); value != "" {
			return Hindrance{name, value}, !enabled(value)
		}
	}
	return Hindrance{"", feature}, !enabled(feature)
}
