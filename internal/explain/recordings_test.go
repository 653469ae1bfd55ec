package explain_test

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// recording is what was measured on one engine from inside each container of a zoo,
// and the snapshot of that moment; see package diagnose. What was asked and is not
// in it was not answered.
type recording struct {
	name       string
	Host       []string            `json:"host"`
	AskedTCP   []string            `json:"asked_tcp"`
	AskedNames []string            `json:"asked_names"`
	Snapshot   topology.Snapshot   `json:"snapshot"`
	Measured   map[string]measured `json:"measured"`
	ix         *topology.Index
}

type measured struct {
	ICMP  []string            `json:"icmp"`
	TCP   map[string]string   `json:"tcp"`
	Names map[string][]string `json:"names"`
}

// outside are addresses in a namespace of its own that the engine's host reaches.
var outside = []string{"203.0.113.2", "2001:db8:113::2"}

func recordings(t *testing.T) []*recording {
	t.Helper()
	files, err := filepath.Glob("../diagnose/testdata/reach/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no recordings", err)
	}
	var all []*recording
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r := &recording{name: strings.TrimSuffix(filepath.Base(file), ".json")}
		if err := json.Unmarshal(text, r); err != nil {
			t.Fatal(err)
		}
		r.Snapshot.Sort()
		r.ix = topology.NewIndex(&r.Snapshot)
		all = append(all, r)
	}
	return all
}

func (r *recording) container(t *testing.T, name string) *topology.Container {
	t.Helper()
	found := r.ix.FindContainers(name)
	if len(found) != 1 {
		t.Fatalf("%d containers are called %s", len(found), name)
	}
	return found[0]
}

// pings tells whether a container got an answer to pings of an address.
func (r *recording) pings(from, address string) bool {
	return slices.Contains(r.Measured[from].ICMP, address)
}

// connects tells whether a container got to a listener of this name; "?" is one
// that was reached and was too slow to say its name.
func (r *recording) connects(from, address, listener string) bool {
	answer, open := r.Measured[from].TCP[at(address)]
	return open && (answer == listener || answer == "?")
}

// asked tells that a connection to an address was tried.
func (r *recording) asked(address string) bool { return slices.Contains(r.AskedTCP, at(address)) }

func at(address string) string {
	return netip.AddrPortFrom(netip.MustParseAddr(address), 80).String()
}

// plain are the members of a network that are on it alone and have nothing else
// about them: what the network gives, they have.
func (r *recording) plain(n *topology.Network) []*topology.Attachment {
	var found []*topology.Attachment
	for _, a := range r.ix.On(n.ID) {
		c := r.ix.Container(a.ContainerID)
		if _, told := r.Measured[c.Name]; told && c.State == topology.Running && a.State == topology.Live && len(r.ix.Of(c.ID)) == 1 && len(c.ExtraHosts) == 0 {
			found = append(found, a)
		}
	}
	return found
}

func addressesOf(a *topology.Attachment) []string {
	var found []string
	for _, address := range []topology.Address{a.IPv4, a.IPv6} {
		if address.IP().IsValid() {
			found = append(found, address.String())
		}
	}
	return found
}
