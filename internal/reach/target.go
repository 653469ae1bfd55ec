package reach

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Kind is what a target is.
type Kind string

const (
	// OfContainer: a container of the engine, by its name, ID, alias or service.
	OfContainer Kind = "container"
	// OfHost: the engine's host.
	OfHost Kind = "host"
	// OfInternet: the outside, wherever that is.
	OfInternet Kind = "internet"
	// OfName: a name that is no container's.
	OfName Kind = "name"
	// OfAddress: an address that is no container's.
	OfAddress Kind = "address"
)

// The words that mean no container.
const (
	WordHost     = "host"
	WordInternet = "internet"
)

// Port is a port to be reached.
type Port struct {
	Number uint16 `json:"port"`
	// Protocol is tcp or udp.
	Protocol string `json:"protocol"`
}

// String is the port as docker writes it.
func (p Port) String() string { return strconv.Itoa(int(p.Number)) + "/" + p.Protocol }

// Target is what is to be reached.
type Target struct {
	// Text is what the user typed.
	Text string
	Kind Kind
	// Container is the one that is meant, of several with one alias the first.
	Container *topology.Container
	// Alike are the others.
	Alike []*topology.Container
	// Name is what is looked up; empty where an address is meant.
	Name    string
	Address netip.Addr
	Ports   []Port
	// URL is set where a page is to be fetched.
	URL *url.URL
}

// Words is a target as it was typed, taken apart and not looked up yet.
type Words struct {
	Text    string
	Host    string
	Address netip.Addr
	Ports   []Port
	URL     *url.URL
}

// ParseWords takes a target apart: HOST, HOST:PORT, HOST:PORT/udp, [IPv6]:PORT or
// a URL.
func ParseWords(text string) (Words, error) {
	w := Words{Text: text}
	if !utf8.ValidString(text) {
		return w, errors.New("it is not UTF-8")
	}
	if strings.Contains(text, "://") {
		return w.url()
	}
	host, port := text, ""
	switch {
	case strings.HasPrefix(text, "["):
		inside, rest, closed := strings.Cut(text[1:], "]")
		if !closed || rest != "" && rest[0] != ':' {
			return w, errors.New("an address in brackets is written [ADDRESS] or [ADDRESS]:PORT")
		}
		host, port = inside, strings.TrimPrefix(rest, ":")
		if rest == ":" {
			return w, errors.New("there is no port after the colon")
		}
		if addr, err := netip.ParseAddr(inside); err != nil || !addr.Is6() {
			return w, errors.New("in brackets there is to be an IPv6 address")
		}
	case strings.Count(text, ":") > 1:
		if addr, err := netip.ParseAddr(text); err != nil || strings.Contains(addr.Zone(), ":") {
			return w, errors.New("it has several colons and is no address; an IPv6 address with a port is written [ADDRESS]:PORT")
		}
	case strings.Count(text, ":") == 1:
		host, port, _ = strings.Cut(text, ":")
		if port == "" {
			return w, errors.New("there is no port after the colon")
		}
	}
	if port != "" {
		p, err := ParsePort(port)
		if err != nil {
			return w, err
		}
		w.Ports = []Port{p}
	}
	return w.host(host)
}

func (w Words) host(host string) (Words, error) {
	if strings.Trim(host, ".") == "" {
		return w, errors.New("it names nothing")
	}
	w.Host = host
	if addr, err := netip.ParseAddr(host); err == nil {
		w.Address = addr.Unmap()
		switch {
		case w.Address.IsUnspecified():
			return w, errors.New("it stands for all addresses, and is none that can be reached; the source itself is localhost")
		case w.Address.IsMulticast(), w.Address == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
			return w, errors.New("it is an address of many, and one receiver can be tested only")
		}
	}
	return w, nil
}

func (w Words) url() (Words, error) {
	u, err := url.Parse(w.Text)
	if err != nil {
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return w, fmt.Errorf("it is no URL: %w", err)
	}
	number := map[string]uint16{"http": 80, "https": 443}[u.Scheme]
	if number == 0 {
		return w, fmt.Errorf("it is a URL of the kind %q; there is http and https", u.Scheme)
	}
	if u.Port() != "" {
		p, err := ParsePort(u.Port())
		if err != nil {
			return w, err
		}
		number = p.Number
	}
	w.URL, w.Text = u, u.Redacted() // a password is not for screens and logs
	w.Ports = []Port{{Number: number, Protocol: "tcp"}}
	return w.host(u.Hostname())
}

// ParsePort reads PORT or PORT/PROTOCOL.
func ParsePort(text string) (Port, error) {
	number, protocol, has := strings.Cut(text, "/")
	if !has {
		protocol = "tcp"
	}
	protocol = strings.ToLower(protocol)
	if protocol != "tcp" && protocol != "udp" {
		return Port{}, fmt.Errorf("%q is no protocol that can be tested; there is tcp and udp", protocol)
	}
	n, err := strconv.ParseUint(number, 10, 16)
	if err != nil || n == 0 || strings.HasPrefix(number, "+") {
		return Port{}, fmt.Errorf("%q is no port; a port is a number from 1 to 65535", number)
	}
	return Port{Number: uint16(n), Protocol: protocol}, nil
}

// SeveralError tells that a word means more than one container.
type SeveralError struct {
	Ref   string
	Found []*topology.Container
}

// Error names how many there are.
func (e *SeveralError) Error() string {
	return fmt.Sprintf("%d containers are meant by %q", len(e.Found), e.Ref)
}

// FindSource finds the container that a word means: by name, ID, the beginning of
// an ID, or as the only one of a service. It is nil where there is none.
func FindSource(ix *topology.Index, ref string) (*topology.Container, error) {
	found := ix.FindContainers(ref)
	if len(found) == 0 {
		found = ofService(ix, ref, nil)
	}
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return found[0], nil
	}
	return nil, &SeveralError{Ref: ref, Found: found}
}

// ofService lists the containers of a compose or swarm service, those of the asking
// container's own project where there is one that asks. One that is stopped is still
// what its service's name means, unless another of the service is up; but a task of
// a swarm never comes back.
func ofService(ix *topology.Index, name string, from *topology.Container) []*topology.Container {
	var own, found []*topology.Container
	for i := range ix.Containers {
		c := &ix.Containers[i]
		if !strings.EqualFold(c.Service, name) && !strings.EqualFold(c.SwarmService, name) || name == "" || c.IsTask() && !c.State.Up() {
			continue
		}
		found = append(found, c)
		if from != nil && from.Group() != "" && c.Group() == from.Group() {
			own = append(own, c)
		}
	}
	if len(own) > 0 {
		found = own
	}
	up := slices.DeleteFunc(slices.Clone(found), func(c *topology.Container) bool { return !c.State.Up() })
	if len(up) > 0 {
		return up
	}
	return found
}

// FindTarget finds what a target means for a source. Aliases are found where they
// were read. A name that means nothing on the engine is a target all the same: the
// source's resolver may know it.
func FindTarget(ix *topology.Index, from *topology.Container, w Words) (Target, error) {
	t := Target{Text: w.Text, Ports: w.Ports, URL: w.URL, Address: w.Address}
	if w.Address.IsValid() {
		t.Kind = OfAddress
		if c := holder(ix, from, w.Address); c != nil {
			t.Kind, t.Container = OfContainer, c
		}
		return t, nil
	}
	t.Name = w.Host
	switch w.Host {
	case WordHost:
		t.Kind, t.Name = OfHost, ""
		return t, nil
	case WordInternet:
		t.Kind, t.Name = OfInternet, ""
		return t, nil
	}
	found := ix.FindContainers(w.Host)
	if len(found) == 1 && found[0].Name != w.Host {
		t.Name = found[0].Name // an ID was typed, and no resolver knows that
	}
	bare := strings.TrimSuffix(w.Host, ".")
	if len(found) == 0 && strings.EqualFold(bare, localhost) {
		t.Name, found = localhost, []*topology.Container{from}
	}
	if len(found) == 0 {
		found = spelled(ix, bare)
	}
	if len(found) > 1 {
		return t, &SeveralError{Ref: w.Host, Found: found}
	}
	if len(found) == 0 {
		found = aliased(ix, from, bare)
	}
	if len(found) == 0 {
		found = ofService(ix, bare, from)
	}
	if len(found) == 0 && !strings.HasSuffix(bare, ".") {
		if known := diagnose.Resolvable(ix, from, bare); known.Forecast == diagnose.ForecastYes {
			found = known.Containers // by the name of a network behind its own
		}
	}
	if len(found) == 0 {
		t.Kind = OfName
		return t, nil
	}
	t.Kind, t.Container, t.Alike = OfContainer, found[0], found[1:]
	return t, nil
}

// localhost is what each namespace calls itself.
const localhost = "localhost"

// spelled lists the containers that have a name but for its case, which does not
// count where names are looked up.
func spelled(ix *topology.Index, name string) []*topology.Container {
	var found []*topology.Container
	for i := range ix.Containers {
		if c := &ix.Containers[i]; strings.EqualFold(c.Name, name) {
			found = append(found, c)
		}
	}
	return found
}

// aliased lists the containers that have a name as an alias, those first that are
// up on a network of the source.
func aliased(ix *topology.Index, from *topology.Container, name string) []*topology.Container {
	var near, far []*topology.Container
	seen := map[string]bool{}
	for i := range ix.Attachments {
		a := &ix.Attachments[i]
		c := ix.Container(a.ContainerID)
		if c == nil || seen[c.ID] || !hasAlias(a, name) {
			continue
		}
		if a.State == topology.Live && onNetwork(ix, from, a.NetworkID) {
			near, seen[c.ID] = append(near, c), true
		} else {
			far = append(far, c)
		}
	}
	if len(near) > 0 {
		return near
	}
	return far
}

func hasAlias(a *topology.Attachment, name string) bool {
	for _, alias := range a.Aliases {
		if strings.EqualFold(alias, name) {
			return true
		}
	}
	return false
}

// Namespace is the container whose network namespace c uses: itself, unless it
// shares another's. It is nil where that one is gone. Of the host's, it is c itself
// once the one that it shares that by has stopped: the host's network stays.
func Namespace(ix *topology.Index, c *topology.Container) *topology.Container {
	id, shares := ix.Owner(c)
	if !shares || ix.Stale(c) {
		return c
	}
	owner := ix.Container(id)
	if owner != nil && owner.Mode == topology.NetworkHost && !owner.State.Up() {
		return c
	}
	return owner
}

func onNetwork(ix *topology.Index, c *topology.Container, networkID string) bool {
	if c = Namespace(ix, c); c == nil {
		return false
	}
	for _, a := range ix.Of(c.ID) {
		if a.NetworkID == networkID {
			return true
		}
	}
	return false
}

// holder is the container that has an address, on a network of the source where
// several have it.
func holder(ix *topology.Index, from *topology.Container, address netip.Addr) *topology.Container {
	var found *topology.Container
	for i := range ix.Attachments {
		a := &ix.Attachments[i]
		if a.State != topology.Live || a.IPv4.IP() != address && a.IPv6.IP() != address {
			continue
		}
		if c := ix.Container(a.ContainerID); c != nil && (found == nil || onNetwork(ix, from, a.NetworkID)) {
			found = c
		}
	}
	return found
}
