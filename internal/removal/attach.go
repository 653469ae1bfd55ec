package removal

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Attached is how connecting a container again went.
type Attached struct {
	Container string `json:"container_id"`
	Name      string `json:"container"`
	// Lacks says what it had and could not be given again, a few words each.
	Lacks []string `json:"lacks,omitempty"`
	// Kept tells that addresses which the engine once chose were asked for, so
	// that the engine now keeps them for the container.
	Kept bool `json:"now_static,omitzero"`
	// Error says why it is not connected; empty where it is.
	Error string `json:"error,omitempty"`

	unanswered  bool // the engine may still do what it was asked for
	addressLost bool // an address is not what it was, and may be so again
}

// attacher connects containers to a network as they were connected before.
type attacher struct {
	engine  Engine
	macs    macUse
	within  func(context.Context, func(context.Context) error) error
	network string // its ID
	// name stands in for the ID where containers that are not up are connected;
	// empty where the ID will do.
	name string
}

// nameForStopped is the name of a network of the swarm. A node has such a
// network only while a container is up on it there. A container that is not up
// then gets what is asked for as a name; an ID would stand beside what it holds
// under the name, and keep it from starting [measured on 20.10, 26.1, 28.5].
func nameForStopped(n *topology.Network, duplicate bool) string {
	if !n.SwarmScope() || duplicate {
		return ""
	}
	return n.Name
}

// ref is how the network is called for a container.
func (a *attacher) ref(up bool) string {
	if !up && a.name != "" {
		return a.name
	}
	return a.network
}

// attach connects a container to the network as its record says. One that is
// up gets the addresses and the MAC that it had; those that the engine chose
// are asked for only where it does not choose them again, since what is asked
// for is kept from then on.
func (a *attacher) attach(ctx context.Context, r *Record, up bool) Attached {
	done := Attached{Container: r.Container, Name: r.Name}
	want := r.Attachment.Config()
	switch {
	case a.macs != takesMACs:
	case !up:
		want.MAC = r.Attachment.StaticMAC
	case !derived(r.Attachment.MAC, r.Attachment.IPv4):
		want.MAC = r.Attachment.MAC
	}
	err := whileRestarting(context.WithoutCancel(ctx), r, func() error { return a.connect(ctx, a.ref(up), r.Container, &want, &done) })
	if err != nil {
		done.unanswered = unanswered(err)
		// An engine says so, too, of one that was never taken off.
		if now, unread := a.read(ctx, r.Container); unread != nil || now == nil {
			if waitsForRestart(r, err) {
				err = fmt.Errorf("%w%s", err, stopFirst)
			}
			done.Error = err.Error()
			return done
		}
	}
	if !up || r.Attachment.State != topology.Live {
		if a.macs == losesMACs && r.Attachment.StaticMAC != "" {
			done.Lacks = append(done.Lacks, r.Attachment.StaticMAC)
		}
		return done
	}
	now, err := a.read(ctx, r.Container)
	if err != nil || now == nil || now.State != topology.Live {
		return done // whether it has what it had is not known; it is connected
	}
	exact, differs := askedFor(want, &r.Attachment, now, a.macs == takesMACs)
	if !differs {
		return lacking(done, &r.Attachment, now)
	}
	// Another try, with the addresses asked for.
	if err := a.disconnect(ctx, r.Container); err != nil {
		if _, sure := refused(err); sure {
			return lacking(done, &r.Attachment, now)
		}
		done.unanswered = true
		return a.settled(ctx, done, r, &want)
	}
	// Another container may have one of them by now.
	exact4, exact6 := exact, exact
	exact4.IPv6, exact6.IPv4, exact6.MAC = want.IPv6, want.IPv4, want.MAC
	for _, config := range []*topology.EndpointConfig{&exact, &exact4, &exact6} {
		err = a.within(ctx, func(ctx context.Context) error { return a.engine.Connect(ctx, a.network, r.Container, config) })
		if err == nil {
			done.Kept = true
			return a.checked(ctx, done, r)
		}
		if unanswered(err) {
			done.unanswered = true
			break
		}
	}
	return a.settled(ctx, done, r, &want)
}

// settled sees to it that the container is on the network in the end, with
// whatever address, and says so where that is not known.
func (a *attacher) settled(ctx context.Context, done Attached, r *Record, want *topology.EndpointConfig) Attached {
	now, err := a.read(ctx, r.Container)
	switch {
	case err != nil:
		done.unanswered, done.Error = true, fmt.Sprintf("it is not known whether it is there: %v", err)
		return done
	case now != nil:
		return lacking(done, &r.Attachment, now)
	}
	if err := a.connect(ctx, a.network, r.Container, want, &done); err != nil {
		done.unanswered, done.Error = done.unanswered || unanswered(err), err.Error()
		return done
	}
	return a.checked(ctx, done, r)
}

// connect connects with what is wanted, and where the network does not give the
// addresses, without them: a container on its network with another address is
// better than one that does not start.
func (a *attacher) connect(ctx context.Context, network, container string, want *topology.EndpointConfig, done *Attached) error {
	try := func(config *topology.EndpointConfig) error {
		return a.within(ctx, func(ctx context.Context) error { return a.engine.Connect(ctx, network, container, config) })
	}
	err := try(want)
	if r, ok := refused(err); !ok || !r.AddressRefused() {
		return err
	}
	less := *want
	less.IPv4, less.IPv6, less.LinkLocal, less.MAC = topology.Address{}, topology.Address{}, nil, ""
	if again := try(&less); again != nil {
		return err
	}
	for _, address := range []topology.Address{want.IPv4, want.IPv6} {
		if !address.IsZero() {
			done.Lacks, done.addressLost = append(done.Lacks, "the address "+address.String()), true
		}
	}
	return nil
}

func (a *attacher) disconnect(ctx context.Context, container string) error {
	return a.within(ctx, func(ctx context.Context) error { return a.engine.Disconnect(ctx, a.network, container) })
}

// read gives the container's attachment as it is now.
func (a *attacher) read(ctx context.Context, container string) (found *topology.Attachment, err error) {
	err = a.within(ctx, func(ctx context.Context) error {
		s, err := a.engine.Snapshot(ctx)
		if err != nil {
			return err
		}
		for i := range s.Attachments {
			if at := &s.Attachments[i]; at.ContainerID == container && at.NetworkID == a.network {
				found = at
			}
		}
		return nil
	})
	return found, err
}

// checked says what the container lacks in the end.
func (a *attacher) checked(ctx context.Context, done Attached, r *Record) Attached {
	now, err := a.read(ctx, r.Container)
	if err != nil || now == nil {
		return done
	}
	return lacking(done, &r.Attachment, now)
}

// lacking compares what the container had with what it has now. A MAC that the
// engine chose is chosen anew at each start, so that nobody can rely on it.
func lacking(done Attached, was, now *topology.Attachment) Attached {
	done.Lacks = nil
	done.addressLost = !was.IPv4.IsZero() && was.IPv4 != now.IPv4 || !was.IPv6.IsZero() && was.IPv6 != now.IPv6
	for _, pair := range [][2]string{
		{was.IPv4.String(), now.IPv4.String()}, {was.IPv6.String(), now.IPv6.String()}, {was.StaticMAC, now.MAC},
	} {
		switch {
		case pair[0] == "" || pair[0] == pair[1]:
		case pair[1] == "":
			done.Lacks = append(done.Lacks, pair[0])
		default:
			done.Lacks = append(done.Lacks, fmt.Sprintf("%s (it has %s)", pair[0], pair[1]))
		}
	}
	return done
}

// askedFor is the configuration that asks for what the container had and does
// not have now, and whether there is such a thing.
func askedFor(want topology.EndpointConfig, was, now *topology.Attachment, mac bool) (exact topology.EndpointConfig, differs bool) {
	exact = want
	if !was.IPv4.IsZero() && was.IPv4.IP() != now.IPv4.IP() {
		exact.IPv4, differs = was.IPv4, true
	}
	if !was.IPv6.IsZero() && was.IPv6.IP() != now.IPv6.IP() {
		exact.IPv6, differs = was.IPv6, true
	}
	if mac && was.MAC != "" && was.MAC != now.MAC && (!differs || !derived(was.MAC, was.IPv4)) {
		exact.MAC, differs = was.MAC, true
	}
	return exact, differs
}

// macUse is what an engine does with the MAC that the user chose for a container.
type macUse int

const (
	// losesMACs: it goes with the place on the network.
	losesMACs macUse = iota
	// keepsMACs: it is the container's own, and holds for the network that the
	// container was made with.
	keepsMACs
	// takesMACs: one is taken when a container is connected.
	takesMACs
)

// macsOn tells what the engine does with MACs [measured on Podman 5.4, which takes
// them, and on Docker 20.10, 26.1 and 28.5; from API 1.54 on Docker takes them,
// and from 1.44 on they are the endpoint's, by the history of the API].
func macsOn(e *topology.Engine) macUse {
	const ofEndpoint, taken = 44, 54 // of API 1.x
	minor, err := strconv.Atoi(strings.TrimPrefix(e.API, "1."))
	switch {
	case e.Product == topology.ProductPodman || err == nil && minor >= taken:
		return takesMACs
	case err == nil && minor < ofEndpoint:
		return keepsMACs
	}
	return losesMACs
}

// derived tells that the MAC is made of the IPv4 address, as engines up to 27
// do. It then comes with the address, and is not to be held to the container:
// another that gets the address later would get the MAC, too.
func derived(mac string, ip topology.Address) bool {
	if !ip.IP().Is4() {
		return false
	}
	b := ip.IP().As4()
	return strings.EqualFold(mac, fmt.Sprintf("02:42:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3]))
}

// overlap tells that two subnets have addresses in common.
func overlap(a, b topology.Subnet) bool {
	p, q := a.Prefix(), b.Prefix()
	return p.IsValid() && q.IsValid() && p.Overlaps(q)
}

// gives tells that a subnet of the pools has the address, or may have it, where
// a subnet could not be read.
func gives(pools []topology.Pool, address netip.Addr) bool {
	return slices.ContainsFunc(pools, func(pool topology.Pool) bool {
		prefix := pool.Subnet.Prefix()
		return !prefix.IsValid() || prefix.Contains(address)
	})
}
