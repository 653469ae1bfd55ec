//go:build real

package real

import (
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestConfigRemoval: networks that hold a configuration, and those that have
// theirs from one, go and come back in the order that engines take.
func TestConfigRemoval(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		if e.Podman {
			t.Logf("%s: NOT TESTED: it passes over what config-only is for", e.Name)
			return
		}
		c := &configRemoval{Keeper: keeper(t, e), env: append(ownConfig(t), "DOCKER_HOST="+e.Endpoint)}
		for _, user := range []zoo.Network{
			{Driver: "bridge", Internal: true, Attachable: true},
			{Driver: "macvlan"},
		} {
			t.Run(user.Driver, func(t *testing.T) { c.test(t, user) })
		}
	})
}

type configRemoval struct {
	*zoo.Keeper
	env []string
}

func (c *configRemoval) test(t *testing.T, user zoo.Network) {
	config := zoo.Network{Name: c.Name("cfg-" + user.Driver), ConfigOnly: true, Subnet: []string{"10.216.1.0/24"}, Labels: map[string]string{"some": "label"}}
	if user.Driver == "macvlan" {
		config.Subnet, config.Options = []string{"10.216.2.0/24"}, map[string]string{"parent": "docker0"}
	}
	user.Name, user.ConfigFrom = c.Name("user-"+user.Driver), config.Name
	for _, n := range []*zoo.Network{&config, &user} {
		_, err := c.Network(t.Context(), n)
		ok(t, err)
	}
	stopped, err := c.Run(t.Context(), &zoo.Container{Name: c.Name("on-" + user.Driver), Mode: user.Name})
	ok(t, err)
	ok(t, c.Stop(t.Context(), stopped))
	before := c.both(t, config.Name, user.Name)

	// Alone, it is refused, as the engine does.
	out := run(t, c.env, bench.plugin, "safe-rm", "--disconnect", "--accept-broken", "--yes", config.Name)
	if out.status != 2 || !strings.Contains(out.stderr, "it holds the configuration of "+user.Name) {
		t.Errorf("safe-rm of the configuration: status %d: %s", out.status, out.stderr)
	}
	if err := c.RemoveNetwork(t.Context(), config.Name); err == nil || !strings.Contains(err.Error(), "is in use") {
		t.Errorf("the engine removes it all the same: %v", err)
	}
	names := []string{config.Name, user.Name}
	for range 2 { // in both orders
		gone := succeed(t, c.env, bench.plugin, append([]string{"safe-rm", "--disconnect", "--yes"}, names...)...)
		if gone != user.Name+"\n"+config.Name+"\n" {
			t.Errorf("they were removed in the order %q", gone)
		}
		slices.Reverse(names)
		if alone := run(t, c.env, bench.plugin, "restore", "--dry-run", user.Name); !strings.Contains(alone.stdout, "which is gone") {
			t.Errorf("the user alone: %s%s", alone.stdout, alone.stderr)
		}
		succeed(t, c.env, bench.plugin, append([]string{"restore", "--yes"}, names...)...)
		if after := c.both(t, config.Name, user.Name); after != before {
			t.Errorf("they came back as\n%s, were\n%s", after, before)
		}
	}
	if err := c.Start(t.Context(), stopped); err != nil {
		t.Errorf("its container does not start: %v", err)
	}
}

// both are what the engine says of the two networks.
func (c *configRemoval) both(t *testing.T, names ...string) string {
	t.Helper()
	var texts []string
	for _, name := range names {
		d := definitionOf(t, c.Engine, name)
		d.ID = ""
		texts = append(texts, asJSON(t, d))
	}
	return strings.Join(texts, "\n")
}
