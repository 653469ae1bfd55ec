package explain

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Option is something that was asked for when the network was made and that is not
// as usual.
type Option struct {
	// Kind is which option it is, under a name of ours; OptionUnknown for one that
	// is not known here.
	Kind OptionKind `json:"kind"`
	// Key is the engine's name for it, and Value what was asked.
	Key   string `json:"key"`
	Value string `json:"value"`
	// Usual tells that the value is what the engine does unasked.
	Usual bool `json:"usual,omitzero"`
}

// OptionKind names an option that is known.
type OptionKind string

// The options that are known.
const (
	OptionBridgeName      OptionKind = "bridge name"
	OptionICC             OptionKind = "icc"
	OptionMasquerade      OptionKind = "masquerade"
	OptionHostBinding     OptionKind = "host binding"
	OptionGatewayMode4    OptionKind = "gateway mode ipv4"
	OptionGatewayMode6    OptionKind = "gateway mode ipv6"
	OptionInhibit         OptionKind = "inhibit"
	OptionTrusted         OptionKind = "trusted host interfaces"
	OptionDefaultBridge   OptionKind = "default bridge"
	OptionMTU             OptionKind = "mtu"
	OptionInterfacePrefix OptionKind = "interface prefix"
	OptionHostIPv4        OptionKind = "host ipv4"
	OptionHostIPv6        OptionKind = "host ipv6"
	OptionParent          OptionKind = "parent"
	OptionMacvlanMode     OptionKind = "macvlan mode"
	OptionIPvlanMode      OptionKind = "ipvlan mode"
	OptionIPvlanFlag      OptionKind = "ipvlan flag"
	OptionMode            OptionKind = "mode"
	OptionEncrypted       OptionKind = "encrypted"
	OptionVXLAN           OptionKind = "vxlan ids"
	OptionIsolate         OptionKind = "isolate"
	OptionMetric          OptionKind = "metric"
	OptionVLAN            OptionKind = "vlan"
	OptionNoDefaultRoute  OptionKind = "no default route"
	OptionDNSOff          OptionKind = "dns off"
	OptionDNSServers      OptionKind = "dns servers"
	OptionRoutes          OptionKind = "routes"
	OptionIPAMDriver      OptionKind = "ipam driver"
	OptionIPAM            OptionKind = "ipam option"
	OptionUnknown         OptionKind = "unknown"
)

// optionKinds are the options by the engine's names; usual is the value that means
// nothing new, where there is one.
var optionKinds = map[string]struct {
	kind  OptionKind
	usual string
}{
	"com.docker.network.bridge.name":                    {OptionBridgeName, ""},
	"com.docker.network.bridge.enable_icc":              {OptionICC, "true"},
	"com.docker.network.bridge.enable_ip_masquerade":    {OptionMasquerade, "true"},
	"com.docker.network.bridge.host_binding_ipv4":       {OptionHostBinding, "0.0.0.0"},
	"com.docker.network.bridge.gateway_mode_ipv4":       {OptionGatewayMode4, "nat"},
	"com.docker.network.bridge.gateway_mode_ipv6":       {OptionGatewayMode6, "nat"},
	"com.docker.network.bridge.inhibit_ipv4":            {OptionInhibit, "false"},
	"com.docker.network.bridge.trusted_host_interfaces": {OptionTrusted, ""},
	"com.docker.network.bridge.default_bridge":          {OptionDefaultBridge, ""},
	"com.docker.network.driver.mtu":                     {OptionMTU, "1500"},
	"mtu":                                               {OptionMTU, "1500"},
	"com.docker.network.mtu":                            {OptionMTU, "1500"},
	"com.docker.network.container_iface_prefix":         {OptionInterfacePrefix, "eth"},
	"com.docker.network.host_ipv4":                      {OptionHostIPv4, ""},
	"com.docker.network.host_ipv6":                      {OptionHostIPv6, ""},
	"parent":                                            {OptionParent, ""},
	"macvlan_mode":                                      {OptionMacvlanMode, "bridge"},
	"ipvlan_mode":                                       {OptionIPvlanMode, "l2"},
	"ipvlan_flag":                                       {OptionIPvlanFlag, "bridge"},
	"mode":                                              {OptionMode, "bridge"},
	"encrypted":                                         {OptionEncrypted, ""},
	"com.docker.network.driver.overlay.vxlanid_list":    {OptionVXLAN, ""},
	"isolate":          {OptionIsolate, "false"},
	"metric":           {OptionMetric, ""},
	"vlan":             {OptionVLAN, ""},
	"no_default_route": {OptionNoDefaultRoute, "0"},
}

// optionsOf are the options of a network, those of its addresses and those that
// only Podman's own API tells, in order of name.
func optionsOf(n *topology.Network) []Option {
	options := map[string]string{}
	maps.Copy(options, n.Opts)
	native := nativeOf(n)
	for key, value := range native.Options {
		if _, known := options[key]; !known {
			options[key] = value
		}
	}
	var found []Option
	for _, key := range slices.Sorted(maps.Keys(options)) {
		known, ok := optionKinds[key]
		if !ok {
			known.kind = OptionUnknown
		}
		value := options[key]
		found = append(found, Option{Kind: known.kind, Key: key, Value: value, Usual: known.usual != "" && sameValue(value, known.usual)})
	}
	if native.DNS != nil && !*native.DNS && n.Driver == "bridge" {
		found = append(found, Option{Kind: OptionDNSOff, Key: "dns_enabled", Value: "false"})
	}
	if len(native.Servers) > 0 {
		found = append(found, Option{Kind: OptionDNSServers, Key: "network_dns_servers", Value: strings.Join(native.Servers, ", ")})
	}
	for _, route := range native.Routes {
		found = append(found, Option{Kind: OptionRoutes, Key: "routes", Value: route.Destination + " → " + route.Gateway})
	}
	if native.Interface != "" && n.Opts["com.docker.network.bridge.name"] == "" && n.Driver == "bridge" {
		found = append(found, Option{Kind: OptionBridgeName, Key: "network_interface", Value: native.Interface})
	}
	if n.IPAM.Driver != "" && n.IPAM.Driver != "default" && n.IPAM.Driver != "host-local" {
		found = append(found, Option{Kind: OptionIPAMDriver, Key: "ipam-driver", Value: n.IPAM.Driver})
	}
	for _, key := range slices.Sorted(maps.Keys(n.IPAM.Opts)) {
		if key == "driver" {
			continue // Podman's way to name the driver, told above
		}
		found = append(found, Option{Kind: OptionIPAM, Key: key, Value: n.IPAM.Opts[key]})
	}
	return found
}

// On and Off tell what an option says that is one of both, in each spelling that engines
// take.
func (o Option) On() bool { return sameValue(o.Value, "true") }

// Off is not what an option is that says neither.
func (o Option) Off() bool { return sameValue(o.Value, "false") }

// sameValue tells that two values mean the same: 0 is one way to write false.
func sameValue(a, b string) bool {
	one, err := strconv.ParseBool(a)
	other, otherErr := strconv.ParseBool(b)
	if err != nil || otherErr != nil {
		return a == b
	}
	return one == other
}

// native is what only Podman's own API tells of a network and what is explained
// here.
type native struct {
	Options   map[string]string `json:"options"`
	DNS       *bool             `json:"dns_enabled"`
	Servers   []string          `json:"network_dns_servers"`
	Interface string            `json:"network_interface"`
	Routes    []struct {
		Destination string `json:"destination"`
		Gateway     string `json:"gateway"`
	} `json:"routes"`
}

func nativeOf(n *topology.Network) native {
	var told native
	if n.Native == "" || json.Unmarshal([]byte(n.Native), &told) != nil {
		return native{}
	}
	return told
}
