package diagnose_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// TestReachOfAnySnapshot holds that there is a forecast for every pair, of
// snapshots in which anything may be missing or in another state: nothing panics,
// nothing is empty, and who is not running reaches nothing.
func TestReachOfAnySnapshot(t *testing.T) {
	files, err := filepath.Glob("testdata/reach/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no recordings", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(12) {
			var r recording
			if err := json.Unmarshal(text, &r); err != nil {
				t.Fatal(err)
			}
			spoil(&r.Snapshot, rand.New(rand.NewPCG(seed, 1)))
			holdAny(t, fmt.Sprint(filepath.Base(file), " spoilt by ", seed), topology.NewIndex(&r.Snapshot))
		}
	}
}

// spoil takes things away from a snapshot, and changes others.
func spoil(s *topology.Snapshot, r *rand.Rand) {
	states := []topology.ContainerState{
		topology.Running, topology.Running, topology.Running, topology.Exited, topology.Paused, topology.Restarting, topology.Created, topology.Dead, "odd",
	}
	products := []string{s.Engine.Product, s.Engine.Product, topology.ProductDocker, topology.ProductPodman, ""}
	s.Engine.Product = products[r.IntN(len(products))]
	s.Partial = r.IntN(4) == 0
	for i := range s.Containers {
		c := &s.Containers[i]
		if c.State = states[r.IntN(len(states))]; !c.State.Up() && r.IntN(2) == 0 {
			c.Ports = nil
		}
		if r.IntN(8) == 0 {
			c.Mode = topology.NetworkMode("container:" + s.Containers[r.IntN(len(s.Containers))].ID)
		}
	}
	kept := s.Attachments[:0]
	for _, a := range s.Attachments {
		if r.IntN(6) == 0 {
			continue
		}
		if r.IntN(6) == 0 {
			a.IPv4, a.State = topology.Address{}, topology.Configured
		}
		if r.IntN(10) == 0 {
			a.IPv6 = topology.ParseAddress("no address")
		}
		kept = append(kept, a)
	}
	s.Attachments = kept
	for i := range s.Networks {
		if r.IntN(10) == 0 {
			s.Networks[i].Driver = []string{"overlay", "macvlan", "ipvlan", "weave", ""}[r.IntN(5)]
		}
		if r.IntN(10) == 0 {
			s.Networks[i].IPAM = topology.IPAM{}
		}
	}
	s.Sort()
}

func holdAny(t *testing.T, what string, ix *topology.Index) {
	t.Helper()
	check := func(r *diagnose.Reach, whom string) {
		for _, f := range []diagnose.Forecast{r.ICMP, r.TCP} {
			if f != diagnose.ForecastYes && f != diagnose.ForecastNo && f != diagnose.ForecastUnknown {
				t.Errorf("%s: %s → %s: a forecast is %q", what, r.From.Name, whom, f)
			}
			if f == diagnose.ForecastYes && !r.From.State.Up() {
				t.Errorf("%s: %s is %s and reaches %s", what, r.From.Name, r.From.State, whom)
			}
		}
	}
	for i := range ix.Containers {
		from := &ix.Containers[i]
		for j := range ix.Containers {
			to := &ix.Containers[j]
			r := diagnose.Predict(ix, from, to)
			check(r, to.Name)
			if r.TCP == diagnose.ForecastYes && !to.State.Up() {
				t.Errorf("%s: %s reaches %s, which is %s", what, from.Name, to.Name, to.State)
			}
			diagnose.Resolvable(ix, from, to.Name)
		}
		check(diagnose.PredictHost(ix, from), "the host")
		check(diagnose.PredictOutside(ix, from), "the outside")
		for _, address := range []string{"203.0.113.9", "2001:db8::1", "127.0.0.1", "::1", "172.17.0.1"} {
			check(diagnose.PredictAddress(ix, from, netip.MustParseAddr(address)), address)
		}
	}
}
