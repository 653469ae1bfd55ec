package hints

import (
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/dockerconfig"
)

// Where docker's configuration has what it asks plugins for.
const (
	plugins    = "plugins"
	features   = "features"
	hooks      = "hooks"
	errorHooks = "error-hooks"
	// before is a setting of our own: what the feature "hooks" was when we set it.
	// Docker keeps it, and passes over it.
	before = "hooks-feature-before"
	absent = "absent"
)

// After a command, docker asks plugins that have it among their hooks. What stands
// among the error-hooks it asks for only where it failed. Docker names a command
// by its first name, however it was typed.
var (
	Always = []string{"network rm", "network prune", "system prune"}
	Failed = []string{"start", "container start"}
)

// Registration is what docker's configuration has about hints.
type Registration struct {
	// Always and Failed are the commands after which netkit is asked: each time,
	// and where it failed.
	Always, Failed []string
	// Feature is the feature "hooks", without which docker asks no plugin; empty
	// where it is not there.
	Feature string
	// Others are other plugins that docker is to ask.
	Others []string
}

// On tells that docker is to ask netkit.
func (r *Registration) On() bool { return len(r.Always)+len(r.Failed) > 0 }

// Complete tells that it is asked after each command that there are hints for.
func (r *Registration) Complete() bool {
	return slices.Equal(r.Always, Always) && slices.Equal(r.Failed, Failed)
}

// Registered reads what docker's configuration has about the plugin of a name.
func Registered(d *dockerconfig.Document, plugin string) (*Registration, error) {
	r := &Registration{}
	var err error
	if r.Always, err = commandsAt(d, plugin, hooks); err != nil {
		return nil, err
	}
	if r.Failed, err = commandsAt(d, plugin, errorHooks); err != nil {
		return nil, err
	}
	if r.Feature, _, err = d.Get(features, hooks); err != nil {
		return nil, err
	}
	names, err := d.Names(plugins)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if name == plugin || slices.Contains(r.Others, name) {
			continue
		}
		for _, kind := range []string{hooks, errorHooks} {
			// What is wrong with another plugin's settings is not for us.
			if value, _, err := d.Get(plugins, name, kind); err == nil && value != "" && !slices.Contains(r.Others, name) {
				r.Others = append(r.Others, name)
			}
		}
	}
	return r, nil
}

func commandsAt(d *dockerconfig.Document, plugin, kind string) ([]string, error) {
	value, _, err := d.Get(plugins, plugin, kind)
	if err != nil || value == "" {
		return nil, err
	}
	return strings.Split(value, ","), nil
}

// TurnOn has docker ask the plugin. What the feature "hooks" was is written down,
// where it had to be set.
func TurnOn(d *dockerconfig.Document, plugin string) error {
	feature, there, err := d.Get(features, hooks)
	if err != nil {
		return err
	}
	if err := d.Set(strings.Join(Always, ","), plugins, plugin, hooks); err != nil {
		return err
	}
	if err := d.Set(strings.Join(Failed, ","), plugins, plugin, errorHooks); err != nil {
		return err
	}
	if enabled(feature) {
		return nil
	}
	if !there {
		feature = absent
	}
	if err := d.Set(feature, plugins, plugin, before); err != nil {
		return err
	}
	return d.Set("true", features, hooks)
}

// TurnOff takes out what [TurnOn] put in. The feature "hooks" becomes what it was,
// if that was written down, nobody changed it since, and no other plugin needs it;
// kept tells that it stays for others.
func TurnOff(d *dockerconfig.Document, plugin string) (kept bool, err error) {
	r, err := Registered(d, plugin)
	if err != nil {
		return false, err
	}
	was, ours, err := d.Get(plugins, plugin, before)
	if err != nil {
		return false, err
	}
	for _, setting := range []string{hooks, errorHooks, before} {
		if err := d.Remove(plugins, plugin, setting); err != nil {
			return false, err
		}
	}
	switch {
	case !ours || r.Feature != "true":
		return false, nil
	case len(r.Others) > 0:
		return true, nil
	case was == absent:
		return false, d.Remove(features, hooks)
	}
	return false, d.Set(was, features, hooks)
}
