package zoo

import (
	"context"
	"errors"
	"fmt"
)

// Zoo is one of every kind of network, and of every way in which a container
// can be on one.
type Zoo struct {
	*Keeper
	// Networks and Containers are the IDs by short name.
	Networks, Containers map[string]string
	// Refused are the kinds that this engine does not make, with its words.
	Refused map[string]string
}

// The labels of compose.
const (
	composeProject = "com.docker.compose.project"
	composeService = "com.docker.compose.service"
	composeNetwork = "com.docker.compose.network"
)

// Build makes a zoo. Where that fails, what was made so far is removed.
func Build(ctx context.Context, e *Engine, prefix string) (*Zoo, error) {
	ctx, cancel := context.WithTimeout(ctx, 4*patience)
	defer cancel()
	keeper, err := NewKeeper(ctx, e, prefix)
	if err != nil {
		return nil, err
	}
	z := &Zoo{Keeper: keeper, Networks: map[string]string{}, Containers: map[string]string{}, Refused: map[string]string{}}
	b := &builder{ctx: ctx, Zoo: z}
	b.build()
	if b.err != nil {
		return nil, errors.Join(fmt.Errorf("cannot build the zoo on %s: %w", e.Name, b.err), z.Close(ctx))
	}
	return z, nil
}

// Project is the zoo's compose project.
func (z *Zoo) Project() string { return z.Name("shop") }

// builder stops at the first failure.
type builder struct {
	*Zoo
	ctx context.Context
	err error
}

func (b *builder) build() {
	b.project()
	b.states()
	b.createdContainers()
	b.modes()
	b.sharers()
	b.gone()
	b.rarities()
	b.settle()
}

func (b *builder) note(what string, err error) bool {
	if err != nil && b.err == nil {
		b.err = fmt.Errorf("%s: %w", what, err)
	}
	return b.err == nil
}

func (b *builder) network(short string, n Network) string {
	if b.err != nil {
		return ""
	}
	if n.Name == "" {
		n.Name = b.Name(short)
	}
	id, err := b.Network(b.ctx, &n)
	b.note(short, err)
	b.Networks[short] = id
	return id
}

func (b *builder) create(short string, c Container) string {
	if b.err != nil {
		return ""
	}
	c.Name = b.Name(short)
	id, err := b.Create(b.ctx, &c)
	b.note(short, err)
	b.Containers[short] = id
	return id
}

func (b *builder) run(short string, c Container) string {
	id := b.create(short, c)
	if b.err == nil {
		b.note("start "+short, b.Start(b.ctx, id))
	}
	return id
}

func (b *builder) do(what string, act func() error) {
	if b.err == nil {
		b.note(what, act())
	}
}

// attempt makes something that some engines refuse to make.
func (b *builder) attempt(kind string, act func() error) bool {
	if b.err != nil {
		return false
	}
	err := act()
	if Refused(err) {
		b.Refused[kind] = err.Error()
		return false
	}
	return b.note(kind, err)
}

// project is a compose project: two networks, one of them closed, a container
// on both with addresses and aliases of its own, one stopped.
func (b *builder) project() {
	labels := func(key, value string) map[string]string {
		return map[string]string{composeProject: b.Project(), key: value}
	}
	front := b.network("shop_front", Network{Labels: labels(composeNetwork, "front")})
	back := b.network("shop_back", Network{Internal: true, Subnet: []string{"10.213.7.0/24"}, Labels: labels(composeNetwork, "back")})
	b.run("web", Container{Mode: front, Publish: []string{"80/tcp", "443/tcp"}, Labels: labels(composeService, "web")})
	b.run("api", Container{Mode: b.Name("shop_front"), Aliases: []string{"backend"}, Labels: labels(composeService, "api")})
	b.do("connect api", func() error {
		return b.Connect(b.ctx, back, b.Containers["api"], "10.213.7.77", "backend", "api.internal")
	})
	b.run("db", Container{Mode: b.Name("shop_back"), IPv4: "10.213.7.78", Labels: labels(composeService, "db")})
	b.do("stop db", func() error { return b.Stop(b.ctx, b.Containers["db"]) })
}

// states are containers in every state, on a network of their own.
func (b *builder) states() {
	states := b.network("states", Network{})
	if !b.Podman { // has no such state: it starts the container again at once, without end
		b.run("restarting", Container{Mode: states, Command: []string{"sh", "-c", "exit 1"}, Restart: "always"})
	}
	b.run("paused", Container{Mode: states})
	b.do("pause", func() error { return b.Pause(b.ctx, b.Containers["paused"]) })
	b.run("stopped", Container{Mode: states})
	b.do("stop", func() error { return b.Stop(b.ctx, b.Containers["stopped"]) })
	b.run("died", Container{Mode: states, Command: []string{"sh", "-c", "exit 3"}})
	b.run("detached", Container{Mode: states})
	b.do("stop detached", func() error { return b.Stop(b.ctx, b.Containers["detached"]) })
	b.do("detach", func() error { return b.Disconnect(b.ctx, states, b.Containers["detached"]) })
	b.run("bare", Container{Mode: states})
	b.do("bare", func() error { return b.Disconnect(b.ctx, states, b.Containers["bare"]) })
}

// createdContainers never ran, and hold what was typed instead of an ID.
func (b *builder) createdContainers() {
	waiting := b.network("waiting", Network{})
	if b.err != nil {
		return
	}
	const beginning = 10
	b.create("by-name", Container{Mode: b.Name("waiting"), Aliases: []string{"waiter"}})
	b.create("by-id", Container{Mode: waiting})
	b.create("by-prefix", Container{Mode: waiting[:beginning]})
	// With an alias or an address, the engine does not look up what was typed.
	b.create("by-id-alias", Container{Mode: waiting, Aliases: []string{"waiter"}})
	b.create("by-prefix-alias", Container{Mode: waiting[:beginning], Aliases: []string{"waiter"}})
	b.create("on-two", Container{Mode: b.Name("waiting")})
	b.do("connect on-two", func() error { return b.Connect(b.ctx, b.Networks["states"], b.Containers["on-two"], "") })
	b.create("on-default", Container{})
}

// modes are those of docker's own networks.
func (b *builder) modes() {
	b.run("on-bridge", Container{})
	b.run("on-bridge-stopped", Container{})
	b.do("stop", func() error { return b.Stop(b.ctx, b.Containers["on-bridge-stopped"]) })
	b.run("on-host", Container{Mode: "host"})
	b.run("on-none", Container{Mode: "none"})
	b.run("on-none-stopped", Container{Mode: "none"})
	b.do("stop", func() error { return b.Stop(b.ctx, b.Containers["on-none-stopped"]) })
	b.create("on-host-created", Container{Mode: "host"})
}

// sharers use another's network namespace.
func (b *builder) sharers() {
	owner := b.Containers["api"]
	b.run("sharer", Container{Mode: "container:" + owner})
	b.run("sharer-stopped", Container{Mode: "container:" + b.Name("api")})
	b.do("stop sharer", func() error { return b.Stop(b.ctx, b.Containers["sharer-stopped"]) })
	b.create("sharer-created", Container{Mode: "container:" + owner})
	if b.Podman {
		return // the owner goes only together with its sharers there
	}
	former := b.run("former", Container{Mode: b.Networks["states"]})
	b.run("widow", Container{Mode: "container:" + former})
	b.create("widow-created", Container{Mode: "container:" + former})
	b.do("remove the owner", func() error { return b.RemoveContainer(b.ctx, former) })
	delete(b.Containers, "former")
}

// gone are networks that were removed while a container that is not up wanted
// them.
func (b *builder) gone() {
	gone := b.network("gone", Network{})
	b.run("dangling", Container{Mode: gone})
	b.do("stop dangling", func() error { return b.Stop(b.ctx, b.Containers["dangling"]) })
	b.create("dangling-name", Container{Mode: b.Name("gone")})
	if b.attempt("network removed under a stopped container", func() error { return b.RemoveNetwork(b.ctx, gone) }) {
		delete(b.Networks, "gone")
	}
	// A network of the same name is another network.
	again := b.network("again", Network{})
	b.run("dangling-again", Container{Mode: again})
	b.do("stop dangling-again", func() error { return b.Stop(b.ctx, b.Containers["dangling-again"]) })
	if b.attempt("network made anew under a stopped container", func() error { return b.RemoveNetwork(b.ctx, again) }) {
		b.network("again", Network{})
	}
}

// rarities are kinds that are seldom seen.
func (b *builder) rarities() {
	six := b.network("six", Network{IPv6: true, Subnet: []string{"10.213.8.0/24", "fd6e:6b74:1::/64"}})
	b.run("sixer", Container{Mode: six})
	b.network("unused", Network{})
	b.network("unused-2", Network{Labels: map[string]string{"some": "label"}})

	parent := "docker0" // any device will do
	if b.Podman {
		parent = "podman0" // there is one since on-bridge runs
	}
	b.attempt("macvlan", func() error {
		id, err := b.Network(b.ctx, &Network{Name: b.Name("macvlan"), Driver: "macvlan", Subnet: []string{"10.213.9.0/24"}, Options: map[string]string{"parent": parent}})
		if err != nil {
			return err
		}
		b.Networks["macvlan"] = id
		b.Containers["macvlaner"], err = b.Run(b.ctx, &Container{Name: b.Name("macvlaner"), Mode: id})
		return err
	})
	b.attempt("config-only", func() error {
		id, err := b.Network(b.ctx, &Network{Name: b.Name("config"), ConfigOnly: true, Subnet: []string{"10.213.10.0/24"}})
		if err != nil {
			return err
		}
		b.Networks["config"] = id
		if b.Podman {
			return nil // takes the network, and passes over what it is for
		}
		b.Networks["configured"], err = b.Network(b.ctx, &Network{Name: b.Name("configured"), ConfigFrom: b.Name("config")})
		if err == nil {
			b.Containers["configured"], err = b.Run(b.ctx, &Container{Name: b.Name("configured"), Mode: b.Name("configured")})
		}
		return err
	})
	twin := b.network("twin", Network{})
	if b.attempt("two networks of one name", func() error {
		id, err := b.Network(b.ctx, &Network{Name: b.Name("twin"), Twin: true})
		b.Networks["twin-2"] = id
		return err
	}) {
		// An engine that has two of a name starts no container made for
		// either, be it by ID; it connects by ID those that run.
		for short, id := range map[string]string{"twin-by-id": twin, "twin-2-by-id": b.Networks["twin-2"]} {
			b.run(short, Container{})
			b.do("connect "+short, func() error { return b.Connect(b.ctx, id, b.Containers[short], "") })
		}
		b.create("twin-by-name", Container{Mode: b.Name("twin")})
	} else {
		delete(b.Networks, "twin-2")
	}
}

// settle waits until what changes by itself is where it will stay.
func (b *builder) settle() {
	for short, want := range map[string]string{"died": "exited"} {
		b.do(short, func() error {
			return Until(b.ctx, short+" is "+want, func() (bool, error) {
				state, err := b.ContainerState(b.ctx, b.Containers[short])
				return state == want, err
			})
		})
	}
}
