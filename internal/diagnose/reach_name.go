package diagnose

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Resolution is what is foreseen for a name that is looked up in a container.
type Resolution struct {
	NameForecast
	// Containers are those that the name leads to, and Addresses theirs.
	Containers []*topology.Container
	Addresses  []netip.Addr
	// Elsewhere are containers that have the name where the source does not see
	// it; NameForecast's Network is then the first network on which they do.
	Elsewhere []*topology.Container
}

// Resolvable foresees whether a name resolves in a container, and to whom. Neither
// case nor a dot at the end counts.
func Resolvable(ix *topology.Index, from *topology.Container, name string) *Resolution {
	source := placeOf(ix, from)
	name = strings.TrimSuffix(name, ".")
	res := &Resolution{NameForecast: NameForecast{Name: name, Forecast: ForecastNo}}
	if source.owner != nil && source.owner.HasHost(name) {
		res.Forecast = source.answers() // before any server is asked
		return res
	}
	switch strings.ToLower(name) {
	case "localhost":
		res.Forecast = source.answers()
		return res
	case "host.docker.internal", "host.containers.internal":
		res.NameForecast = hostName(ix, &source, name)
		return res
	}
	if c := byLegacyLink(ix, &source, name); c != nil {
		res.Forecast, res.Containers = source.answers(), []*topology.Container{c}
		return res
	}
	if c, f := inHostsFile(ix, &source, name); c != nil {
		res.Forecast, res.Containers = f.both(source.answers()), []*topology.Container{c}
		return res
	}
	unread := res.search(ix, &source)
	if res.Forecast == ForecastYes {
		res.Forecast = source.answers()
		return res
	}
	res.explain(ix, &source, unread)
	return res
}

// inHostsFile is the container of the source's own namespace with this name.
// Podman writes each of them into the file of hosts, but for one in host mode, and
// takes it out with the last network [measured on 5.4]. Of one that shares the host's
// namespace with another in host mode, its list does not tell that it shares.
func inHostsFile(ix *topology.Index, source *place, name string) (*topology.Container, Forecast) {
	if !podman(&ix.Engine) {
		return nil, ForecastNo
	}
	for _, c := range ix.FindContainers(name) {
		p := placeOf(ix, c)
		switch {
		case !p.same(source) || c.Name != name && topology.ShortID(c.ID) != name:
		case p.kind == onHost:
			return c, ForecastUnknown
		case p.kind == loopbackOnly && firstReason(&p).Kind == ReasonNoNetwork:
		default:
			return c, ForecastYes
		}
	}
	return nil, ForecastNo
}

// byLegacyLink is the container on the default bridge that the source has a link to by
// this name. The engine writes the linked one's name, its short ID and the alias into the
// file of hosts, and keeps them up to date [measured on Docker 20.10, 28.5].
func byLegacyLink(ix *topology.Index, source *place, name string) *topology.Container {
	if source.owner == nil || len(source.owner.Links) == 0 {
		return nil
	}
	for _, own := range attachmentsOf(ix, source) {
		bridge := ix.Network(own.NetworkID)
		if !defaultBridge(ix, bridge) {
			continue
		}
		for _, link := range source.owner.Links {
			linked, alias, _ := strings.Cut(link, ":")
			for _, a := range ix.On(bridge.ID) {
				c := ix.Container(a.ContainerID)
				if c == nil || a.State != topology.Live || c.Name != linked && c.ID != linked {
					continue
				}
				if hasName([]string{c.Name, topology.ShortID(c.ID), alias}, name) {
					return c
				}
			}
		}
	}
	return nil
}

// search looks on the networks of the source. It gives an attachment whose
// aliases are not known.
func (res *Resolution) search(ix *topology.Index, source *place) (unread *topology.Attachment) {
	for _, own := range attachmentsOf(ix, source) {
		n := ix.Network(own.NetworkID)
		if resolves(ix, n) == topology.No {
			continue
		}
		if a := lastUnread(ix, n); a != nil {
			unread = a
		}
		name := bareName(ix, n, res.Name)
		for _, a := range mayBeCalled(ix, own, name) {
			c := ix.Container(a.ContainerID)
			if a.State != topology.Live || c == nil || !namedOn(own, c, a, name) {
				continue
			}
			res.Forecast, res.Network = ForecastYes, cmpNetwork(res.Network, n)
			res.Containers = append(res.Containers, c)
			for _, address := range []topology.Address{a.IPv4, a.IPv6} {
				if address.IP().IsValid() {
					res.Addresses = append(res.Addresses, address.IP())
				}
			}
		}
	}
	return unread
}

// lastUnread is the last attachment to a network whose names were not read.
func lastUnread(ix *topology.Index, n *topology.Network) *topology.Attachment {
	for _, a := range slices.Backward(ix.On(n.ID)) {
		if a.State == topology.Live && !a.AliasesRead && ix.Container(a.ContainerID) != nil {
			return a
		}
	}
	return nil
}

// mayBeCalled are the attachments to a source's network that may have a name there. With
// a link, it may be any; else it is looked up, since names are asked for of each pair on
// a network.
func mayBeCalled(ix *topology.Index, own *topology.Attachment, name string) []*topology.Attachment {
	if len(own.Links) > 0 {
		return ix.On(own.NetworkID)
	}
	var found []*topology.Attachment
	for _, c := range ix.Called(name) {
		for _, a := range ix.Of(c.ID) {
			if a.NetworkID == own.NetworkID {
				found = append(found, a)
			}
		}
	}
	return found
}

func cmpNetwork(first, other *topology.Network) *topology.Network {
	if first != nil {
		return first
	}
	return other
}

// explain says why a name does not resolve, or why that is not known.
func (res *Resolution) explain(ix *topology.Index, source *place, unread *topology.Attachment) {
	why := func(f Forecast, reason Reason) {
		if reason.Kind != ReasonSharer { // which names the owner
			reason.Name = res.Name
		}
		res.Forecast, res.Reason = f.both(source.answers()), &reason
	}
	for i := range ix.Networks {
		n := &ix.Networks[i]
		if slices.Contains(n.Services, strings.TrimPrefix(res.Name, "tasks.")) && source.on(n) != nil {
			res.Network = n
			why(ForecastYes, Reason{Kind: ReasonServiceAddress, Network: n})
			return
		}
	}
	res.Elsewhere = ix.Called(res.Name)
	switch {
	case source.kind == ownNamespace && topology.ShortID(source.owner.ID) == res.Name:
		// The file of hosts has the host name, which is the short ID unless the
		// user chose another.
		why(ForecastUnknown, Reason{Kind: ReasonNoSuchName, Container: source.owner})
	case source.down:
		why(ForecastNo, source.reasons[0])
	case unread != nil:
		why(ForecastUnknown, Reason{Kind: ReasonAliasesUnknown, Container: ix.Container(unread.ContainerID), Network: ix.Network(unread.NetworkID)})
	case len(source.doubts) > 0:
		why(ForecastUnknown, source.doubts[0])
	case len(res.Elsewhere) > 0:
		c := res.Elsewhere[0]
		reason, n := namelessness(ix, source, c, res.Name)
		res.Network = n
		why(ForecastNo, reason)
	default:
		why(ForecastUnknown, Reason{Kind: ReasonNoSuchName})
	}
}

// namelessness says why a name of a container does not resolve in the source,
// and on which network it does.
func namelessness(ix *topology.Index, source *place, c *topology.Container, name string) (Reason, *topology.Network) {
	target := placeOf(ix, c)
	if target.down {
		return target.reasons[0], nil
	}
	if target.owner != c {
		return Reason{Kind: ReasonSharer, Container: c, Name: nameOf(target.owner)}, nil
	}
	if reason, special := nameless(source); special {
		return reason, nil
	}
	if reason, special := nameless(&target); special {
		return reason, nil
	}
	for _, a := range attachmentsOf(ix, &target) {
		n := ix.Network(a.NetworkID)
		switch {
		case source.on(n) != nil && defaultBridge(ix, n):
			return Reason{Kind: ReasonDefaultBridge, Container: c, Network: n, Name: name}, nil
		case source.on(n) != nil && resolves(ix, n) == topology.No:
			return Reason{Kind: ReasonNoNames, Container: c, Network: n, Name: name}, nil
		}
	}
	for _, a := range attachmentsOf(ix, &target) {
		if n := ix.Network(a.NetworkID); source.on(n) == nil && resolves(ix, n) != topology.No && namedOn(nil, c, a, name) {
			kind := ReasonNoSharedNetwork
			if sharesAny(source, &target) || hasName(a.Aliases, name) {
				kind = ReasonAliasElsewhere
			}
			return Reason{Kind: kind, Container: c, Network: n, Name: name}, n
		}
	}
	return Reason{Kind: ReasonNoSharedNetwork, Container: c, Name: name}, nil
}

func nameOf(c *topology.Container) string {
	if c == nil {
		return ""
	}
	return c.Name
}

// nameless tells why a namespace has no names to give or to ask for.
func nameless(p *place) (Reason, bool) {
	if p.kind == ownNamespace {
		return Reason{}, false
	}
	return firstReason(p), true
}

// resolves tells whether names resolve on a network: on each but the default
// bridge on Docker, and on Podman on bridges that have name service [measured on
// Docker 20.10, 26.1, 28.5, Podman 5.4].
func resolves(ix *topology.Index, n *topology.Network) topology.Ternary {
	switch {
	case defaultBridge(ix, n), n.Driver == topology.NetworkHost, n.Driver == "null":
		return topology.No
	case !podman(&ix.Engine):
		return topology.Yes
	case n.Driver != driverBridge:
		return topology.No
	}
	if native, known := nativeOf(n); known && native.DNS != nil {
		return topology.Known(*native.DNS)
	}
	return topology.Yes // as Podman's Docker-compatible API makes them
}

// namedOn tells that a container has the name on a network: its own, its short
// ID, an alias, that of its host, or one that the source links it by.
func namedOn(own *topology.Attachment, c *topology.Container, a *topology.Attachment, name string) bool {
	if strings.EqualFold(name, c.Name) || strings.EqualFold(name, topology.ShortID(c.ID)) || hasName(a.Aliases, name) || a.HostName != "" && strings.EqualFold(name, a.HostName) {
		return true
	}
	return own != nil && slices.ContainsFunc(own.Links, func(link string) bool {
		linked, alias, _ := strings.Cut(strings.TrimPrefix(link, "/"), ":")
		return strings.EqualFold(alias, name) && (linked == c.Name || strings.HasPrefix(c.ID, linked))
	})
}

// hasName tells that a name is among these. Case does not count in names [measured
// on Docker 20.10, 26.1, 28.5, Podman 5.4].
func hasName(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

// bareName takes from a name what the engine lets be put behind it: on Docker the
// network, whose case counts, on Podman a domain of its own [measured on Docker
// 20.10, 26.1, 28.5, Podman 5.4].
func bareName(ix *topology.Index, n *topology.Network, name string) string {
	const podmans = ".dns.podman"
	if !podman(&ix.Engine) {
		return strings.TrimSuffix(name, "."+n.Name)
	}
	if bare := len(name) - len(podmans); bare > 0 && strings.EqualFold(name[bare:], podmans) {
		return name[:bare]
	}
	return name
}

// attachmentsOf are the live attachments of a place to networks.
func attachmentsOf(ix *topology.Index, p *place) []*topology.Attachment {
	if p.owner == nil || p.kind != ownNamespace {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(ix.Of(p.owner.ID)), func(a *topology.Attachment) bool {
		return a.State != topology.Live || ix.Network(a.NetworkID) == nil
	})
}

// nameTarget lists the names of the target: those that resolve first, and among
// them those that people gave before the ID.
func (r *Reach) nameTarget(ix *topology.Index, source, target *place) {
	var names []string
	if source.same(target) {
		names = append(names, "localhost")
	}
	names = append(names, target.container.Name)
	for _, p := range []*topology.Container{target.owner, target.container} {
		if p == nil {
			continue
		}
		names = append(names, p.Name)
		for _, a := range ix.Of(p.ID) {
			names = append(append(names, a.Aliases...), a.HostName)
		}
	}
	for _, own := range attachmentsOf(ix, source) {
		for _, link := range slices.Concat(source.owner.Links, own.Links) {
			if linked, alias, found := strings.Cut(strings.TrimPrefix(link, "/"), ":"); found && linked == target.container.Name {
				names = append(names, alias)
			}
		}
	}
	if target.owner != nil {
		names = append(names, topology.ShortID(target.owner.ID))
	}
	seen := map[string]bool{"": true}
	for _, want := range []Forecast{ForecastYes, ForecastUnknown, ForecastNo} {
		for _, name := range names {
			if seen[name] {
				continue
			}
			if f := nameForecast(ix, source, target, name); f.Forecast == want {
				seen[name] = true
				r.Names = append(r.Names, f)
			}
		}
	}
}

// nameForecast is whether a name leads to the target, and not only anywhere. That
// another container may have the name as an alias leads to that one at best.
func nameForecast(ix *topology.Index, source, target *place, name string) NameForecast {
	res := Resolvable(ix, source.container, name)
	f := res.NameForecast
	if f.Reason != nil && f.Reason.Kind == ReasonAliasesUnknown && !mayBeAlias(ix, source, target) {
		reason, n := namelessness(ix, source, target.container, name)
		return NameForecast{Name: name, Network: n, Forecast: ForecastNo, Reason: &reason}
	}
	if f.Forecast != ForecastYes || name == "localhost" || res.Reason != nil ||
		slices.Contains(res.Containers, target.owner) || slices.Contains(res.Containers, target.container) {
		return f
	}
	reason, n := namelessness(ix, source, target.container, name)
	return NameForecast{Name: name, Network: n, Forecast: ForecastNo, Reason: &reason}
}

// mayBeAlias tells that the target may have further names for the source: its aliases
// on a network of the source were not read.
func mayBeAlias(ix *topology.Index, source, target *place) bool {
	return slices.ContainsFunc(attachmentsOf(ix, target), func(a *topology.Attachment) bool {
		return !a.AliasesRead && source.on(ix.Network(a.NetworkID)) != nil
	})
}
