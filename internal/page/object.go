package page

import (
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// kind is what an object is.
type kind string

const (
	kindNetwork   kind = "network"
	kindContainer kind = "container"
	kindGone      kind = "gone" // a network that is wanted and not there
)

// object is what the page's script knows of a network or a container. All texts are
// printable.
type object struct {
	Key  string `json:"key"`
	Kind kind   `json:"kind"`
	Name string `json:"name"`
	// About is a line below the name: of a network its driver and subnets, of a
	// container its image.
	About string `json:"about,omitempty"`
	Group string `json:"group,omitempty"`
	State string `json:"state,omitempty"`
	// Networks are the keys of a container's networks, those that are gone too; Kin
	// those of containers with the same interfaces.
	Networks []string `json:"networks,omitempty"`
	Kin      []string `json:"kin,omitempty"`
	// Words are further texts by which it is found.
	Words string `json:"words,omitempty"`
	// Mark is the severity of the worst that was found about it, unless that is a hint.
	Mark string `json:"mark,omitempty"`
}

// objects lists what the picture shows.
func (p *Page) objects() []object {
	keyOf := map[string]string{}
	for _, o := range p.shown {
		switch {
		case o.Network != nil:
			keyOf["n"+o.Network.ID] = o.Key
		case o.Container != nil:
			keyOf["c"+o.Container.ID] = o.Key
		case o.Gone != nil:
			keyOf[wanted(o.Gone)] = o.Key
		}
	}
	all := make([]object, 0, len(p.shown))
	for _, o := range p.shown {
		switch {
		case o.Network != nil:
			all = append(all, p.network(o.Key, o.Network))
		case o.Container != nil:
			all = append(all, p.container(o.Key, o.Container, keyOf))
		case o.Gone != nil:
			all = append(all, object{Key: o.Key, Kind: kindGone, Name: render.Printable(o.Gone.NetworkName), Words: topology.ShortID(o.Gone.NetworkID)})
		}
	}
	return all
}

// wanted tells networks apart that are not there.
func wanted(a *topology.Attachment) string {
	if a.NetworkID != "" {
		return "n" + a.NetworkID
	}
	return "w" + a.NetworkName
}

func (p *Page) network(key string, n *topology.Network) object {
	about := []string{n.Driver}
	for _, pool := range n.IPAM.Pools {
		about = append(about, pool.Subnet.String())
	}
	if n.Internal {
		about = append(about, p.words.Internal)
	}
	return object{
		Key: key, Kind: kindNetwork, Name: render.Printable(n.Name), Group: printable(n.Project()),
		About: printable(strings.Join(about, " · ")), Words: printable(n.ID), Mark: p.mark(n.ID),
	}
}

func (p *Page) container(key string, c *topology.Container, keyOf map[string]string) object {
	o := object{
		Key: key, Kind: kindContainer, Name: render.Printable(c.Name), Group: printable(c.Group()),
		State: printable(string(c.State)), About: printable(c.Image), Mark: p.mark(c.ID),
	}
	words := []string{c.ID, c.Service, c.SwarmService}
	words = append(words, render.Published(c.Ports)...)
	for _, a := range p.ix.Of(c.ID) {
		words = append(words, a.IPv4.String(), a.IPv6.String(), a.MAC)
		words = append(words, a.Aliases...)
		at := "n" + a.NetworkID
		if !a.Resolved() {
			at = wanted(a)
		}
		if network := keyOf[at]; network != "" && !slices.Contains(o.Networks, network) {
			o.Networks = append(o.Networks, network)
		}
	}
	kin := p.ix.Sharers(c.ID)
	if owner, shares := p.ix.Owner(c); shares {
		kin = append(slices.Clone(p.ix.Sharers(owner)), p.ix.Container(owner))
	}
	for _, other := range kin {
		if other != nil && other.ID != c.ID && keyOf["c"+other.ID] != "" {
			o.Kin = append(o.Kin, keyOf["c"+other.ID])
		}
	}
	words = slices.DeleteFunc(words, func(word string) bool { return word == "" })
	o.Words = printable(strings.Join(words, " "))
	return o
}

// printable is a text made printable; nothing stays nothing.
func printable(text string) string {
	if text == "" {
		return ""
	}
	return render.Printable(text)
}
