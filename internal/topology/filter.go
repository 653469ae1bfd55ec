package topology

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Filter chooses networks by the keys of "docker network ls --filter", with
// their meaning there, and by project and container. Values of one key are
// alternatives; every key must be met.
type Filter struct {
	// Unused decides what dangling=true means: that nothing needs the
	// network. Without it, a network is dangling that nobody is on.
	Unused func(ix *Index, n *Network) bool

	values   map[string][]string
	patterns map[string][]*regexp.Regexp
}

// FilterKeys are the keys a [Filter] knows, sorted.
func FilterKeys() []string {
	return []string{"container", "dangling", "driver", "id", "label", "name", "project", "scope", "type"}
}

// ParseFilter checks keys and values as early as the flags are read, so that
// a wrong one is not taken for "nothing matches".
func ParseFilter(values map[string][]string) (Filter, error) {
	f := Filter{values: values, patterns: map[string][]*regexp.Regexp{}}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if !slices.Contains(FilterKeys(), key) {
			return Filter{}, fmt.Errorf("unknown filter key %q; the keys are %s", key, strings.Join(FilterKeys(), ", "))
		}
		for _, value := range values[key] {
			if err := f.check(key, value); err != nil {
				return Filter{}, err
			}
		}
	}
	return f, nil
}

func (f *Filter) check(key, value string) error {
	switch key {
	case "type":
		if value != "custom" && value != "builtin" {
			return fmt.Errorf("filter type=%s: want type=custom or type=builtin", value)
		}
	case "dangling":
		if _, err := strconv.ParseBool(value); err != nil {
			return fmt.Errorf("filter dangling=%s: want dangling=true or dangling=false", value)
		}
	case "name", "id":
		// As in the engine, a value is the text itself, or a regular
		// expression that matches anywhere in it; one that is none matches
		// as it stands.
		pattern, err := regexp.Compile(value)
		if err != nil {
			pattern = regexp.MustCompile(regexp.QuoteMeta(value))
		}
		f.patterns[key] = append(f.patterns[key], pattern)
	}
	return nil
}

// IsZero tells that the filter lets everything through.
func (f *Filter) IsZero() bool { return len(f.values) == 0 }

// Match tells whether the network meets every key of the filter.
func (f *Filter) Match(ix *Index, n *Network) bool {
	for key, values := range f.values {
		if !f.matchKey(ix, n, key, values) {
			return false
		}
	}
	return true
}

func (f *Filter) matchKey(ix *Index, n *Network, key string, values []string) bool {
	switch key {
	case "driver":
		return slices.Contains(values, n.Driver)
	case "scope":
		return slices.Contains(values, n.Scope)
	case "name":
		return slices.Contains(values, n.Name) || matchAny(f.patterns[key], n.Name)
	case "id":
		return slices.Contains(values, n.ID) || matchAny(f.patterns[key], n.ID)
	case "label":
		// Unlike the values of other keys, all labels must be there.
		return !slices.ContainsFunc(values, func(want string) bool { return !hasLabel(n.Labels, want) })
	case "type":
		return slices.Contains(values, map[bool]string{true: "builtin", false: "custom"}[n.Predefined()])
	case "dangling":
		dangling := !n.Predefined() && len(ix.On(n.ID)) == 0
		if f.Unused != nil {
			dangling = f.Unused(ix, n)
		}
		return slices.ContainsFunc(values, func(v string) bool { want, err := strconv.ParseBool(v); return err == nil && want == dangling })
	case "project":
		return slices.ContainsFunc(values, func(project string) bool { return ix.InProject(n, project) })
	case "container":
		return slices.ContainsFunc(values, func(ref string) bool { return ix.hasContainer(n, ref) })
	}
	return false
}

// chooseContainers adds the containers that the filter names, so that they are
// shown even where no network shows them.
func (f *Filter) chooseContainers(ix *Index, sel *Selection) {
	for i := range ix.Containers {
		if c := &ix.Containers[i]; c.Group() != "" && slices.Contains(f.values["project"], c.Group()) {
			sel.containers[c.ID] = true
		}
	}
	for _, ref := range f.values["container"] {
		for _, c := range ix.FindContainers(ref) {
			sel.containers[c.ID] = true
		}
	}
}

func matchAny(patterns []*regexp.Regexp, text string) bool {
	return slices.ContainsFunc(patterns, func(p *regexp.Regexp) bool { return p.MatchString(text) })
}

func hasLabel(labels map[string]string, want string) bool {
	key, value, hasValue := strings.Cut(want, "=")
	got, ok := labels[key]
	return ok && (!hasValue || got == value)
}

// InProject tells that the project made the network, or has a container on it.
func (ix *Index) InProject(n *Network, project string) bool {
	if n.Project() == project {
		return true
	}
	return slices.ContainsFunc(ix.On(n.ID), func(a *Attachment) bool {
		c := ix.Container(a.ContainerID)
		return c != nil && c.Group() == project
	})
}

func (ix *Index) hasContainer(n *Network, ref string) bool {
	for _, c := range ix.FindContainers(ref) {
		if slices.Contains(ix.networksOf(c), n) {
			return true
		}
	}
	return false
}

// networksOf lists the networks that a container is on, itself or through the
// namespace it shares.
func (ix *Index) networksOf(c *Container) []*Network {
	id := c.ID
	if owner, shares := ix.Owner(c); shares {
		id = owner
	}
	var networks []*Network
	for _, a := range ix.Of(id) {
		// A snapshot made by hand may name a network that it does not hold.
		if n := ix.Network(a.NetworkID); n != nil && a.Resolved() {
			networks = append(networks, n)
		}
	}
	return networks
}
