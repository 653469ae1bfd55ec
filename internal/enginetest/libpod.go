package enginetest

import "net/http"

// libpodNetwork is a network in Podman's own API, as far as the tests need it
// [recorded from Podman 5.4.2].
type libpodNetwork struct {
	Name    string            `json:"name"`
	ID      string            `json:"id,omitempty"`
	Driver  string            `json:"driver"`
	Subnets []libpodSubnet    `json:"subnets,omitempty"`
	IPv6    bool              `json:"ipv6_enabled"`
	Inner   bool              `json:"internal"`
	DNS     []string          `json:"network_dns_servers,omitempty"`
	Labels  map[string]string `json:"labels,omitempty"`
	Options map[string]string `json:"options,omitempty"`
}

type libpodSubnet struct {
	Subnet  string `json:"subnet"`
	Gateway string `json:"gateway,omitempty"`
}

func (e *Engine) serveLibpodNetworks(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r)
	e.onlyPodman(r)
	list := []libpodNetwork{}
	for _, n := range e.Networks() {
		native := libpodNetwork{
			Name: n.Name, ID: n.ID, Driver: n.Driver, IPv6: n.IPv6, Inner: n.Internal, DNS: n.NameServers, Labels: n.Labels, Options: n.Options,
		}
		for _, p := range n.Pools {
			native.Subnets = append(native.Subnets, libpodSubnet{p.Subnet, p.Gateway})
		}
		list = append(list, native)
	}
	writeJSON(w, list)
}

func (e *Engine) serveLibpodCreate(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r)
	e.onlyPodman(r)
	var native libpodNetwork
	if !e.readBody(w, r, &native) {
		return
	}
	if native.ID != "" {
		e.writeRefusal(w, refuse(http.StatusInternalServerError, "ID can not be set for network create: invalid argument"))
		return
	}
	body := createBody{
		Name: native.Name, Driver: native.Driver, EnableIPv6: native.IPv6, Internal: native.Inner, Labels: native.Labels, Options: native.Options,
	}
	body.CheckDuplicate = true
	var no *refusal
	e.change(func() []event {
		n := body.network()
		for _, s := range native.Subnets {
			n.Pools = append(n.Pools, Pool{Subnet: s.Subnet, Gateway: s.Gateway})
		}
		n.NameServers = native.DNS
		var made *Network
		if made, no = e.make(n, &body); no != nil {
			return nil
		}
		native.ID = made.ID
		return []event{networkEvent("create", made)}
	})
	if no != nil {
		e.writeRefusal(w, no)
		return
	}
	writeJSON(w, native)
}

func (e *Engine) onlyPodman(r *http.Request) {
	if !e.flavour.Podman {
		e.t.Errorf("only Podman knows %s %s", r.Method, r.URL)
	}
}
