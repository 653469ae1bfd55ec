package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// networkReader turns the engine's networks into the model's.
type networkReader struct {
	networks []topology.Network
	gaps     []topology.Gap
}

func (r *networkReader) take(e element[wireNetwork]) {
	if e.err != nil {
		r.gaps = append(r.gaps, oddObject("network", e.index, e.value.ID, e.value.Name, e.err))
	}
	switch {
	case e.value.ID != "":
		r.add(e.value)
	case e.err == nil:
		r.gaps = append(r.gaps, oddObject("network", e.index, "", "", errNoID))
	}
}

// errNoID is what is wrong with an object that cannot be told from others.
var errNoID = errors.New("it has no ID")

// oddObject is the gap left by an object of a list that does not have the
// form the API promises.
func oddObject(what string, index int, id, name string, err error) topology.Gap {
	gap := topology.Gap{What: what, ID: id, Name: name, Reason: "not of the form the API promises: " + oneLine(err.Error())}
	if misfit, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		gap.Field, gap.Text = misfit.Field, misfit.Value
	}
	if id == "" {
		gap.Name = fmt.Sprintf("number %d of the list", index+1)
	}
	return gap
}

func (r *networkReader) add(w *wireNetwork) {
	n := topology.Network{
		ID: w.ID, Name: w.Name, Driver: w.Driver, Scope: w.Scope,
		Internal: w.Internal, Attachable: w.Attachable, Ingress: w.Ingress,
		ConfigOnly: w.ConfigOnly, ConfigFrom: w.ConfigFrom.Network, IPv6: w.EnableIPv6,
		Opts: notEmpty(w.Options), Labels: notEmpty(w.Labels),
		IPAM: topology.IPAM{Driver: w.IPAM.Driver, Opts: notEmpty(w.IPAM.Options)},
	}
	if w.EnableIPv4 != nil {
		n.IPv4 = topology.Known(*w.EnableIPv4)
	}
	gap := func(field, text, reason string) {
		r.gaps = append(r.gaps, topology.Gap{What: "network", ID: n.ID, Name: n.Name, Field: field, Text: text, Reason: reason})
	}
	if len(w.Created) > 0 && string(w.Created) != `""` && string(w.Created) != "null" {
		var created time.Time
		if err := json.Unmarshal(w.Created, &created); err != nil {
			gap("created", string(w.Created), "not a time")
		} else if created.Year() > 1 { // networks of the swarm may have none
			n.Created = created
		}
	}
	for _, c := range w.IPAM.Config {
		pool := topology.Pool{
			Subnet: topology.ParseSubnet(c.Subnet), Range: topology.ParseSubnet(c.IPRange),
			Gateway: topology.ParseAddress(c.Gateway),
		}
		if pool.Subnet.Odd() {
			gap("subnet", c.Subnet, "not a subnet")
		}
		if pool.Range.Odd() {
			gap("ip range", c.IPRange, "not a subnet")
		}
		if pool.Gateway.Odd() {
			gap("gateway", c.Gateway, "not an address")
		}
		for _, name := range slices.Sorted(maps.Keys(c.AuxiliaryAddresses)) {
			if pool.Aux == nil {
				pool.Aux = map[string]topology.Address{}
			}
			pool.Aux[name] = topology.ParseAddress(c.AuxiliaryAddresses[name])
			if pool.Aux[name].Odd() {
				gap("auxiliary address "+name, c.AuxiliaryAddresses[name], "not an address")
			}
		}
		n.IPAM.Pools = append(n.IPAM.Pools, pool)
	}
	r.networks = append(r.networks, n)
}

// notEmpty makes one thing of the three ways in which engines write "none":
// null, {} and absent.
func notEmpty(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	return m
}
