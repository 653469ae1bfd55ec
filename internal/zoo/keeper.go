package zoo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Label marks everything that a keeper makes; its value is the keeper's prefix.
const Label = "netkit.zoo"

// patience is how long one thing may take on a busy machine.
const patience = 30 * time.Second

// Keeper makes networks and containers, and removes all that it made.
type Keeper struct {
	*Engine
	// Prefix begins every name that [Keeper.Name] makes.
	Prefix string

	mu         sync.Mutex // several containers may be made at once
	networks   []string
	containers []string
	services   []string
}

// NewKeeper makes a keeper whose things have names that begin with the prefix.
func NewKeeper(ctx context.Context, e *Engine, prefix string) (*Keeper, error) {
	if err := ensureImage(ctx, e); err != nil {
		return nil, err
	}
	return &Keeper{Engine: e, Prefix: prefix}, nil
}

// Name is the name of a thing of this keeper.
func (k *Keeper) Name(short string) string { return k.Prefix + short }

// Network is what a network is made of.
type Network struct {
	// Name is taken as it is.
	Name   string
	Driver string // bridge, where it is empty
	Subnet []string
	// Twin allows the name of another network, where the engine does.
	Twin     bool
	Internal bool
	IPv6     bool
	// NoIPv4 takes engines with API 1.48.
	NoIPv4     bool
	Attachable bool
	ConfigOnly bool
	ConfigFrom string
	Options    map[string]string
	Labels     map[string]string
}

// Network makes a network, and gives its ID.
func (k *Keeper) Network(ctx context.Context, n *Network) (string, error) {
	labels := map[string]string{Label: k.Prefix}
	for key, value := range n.Labels {
		labels[key] = value
	}
	body := map[string]any{
		"Name": n.Name, "CheckDuplicate": !n.Twin, "Internal": n.Internal, "EnableIPv6": n.IPv6,
		"Attachable": n.Attachable, "ConfigOnly": n.ConfigOnly, "Labels": labels, "Options": n.Options,
	}
	if n.Driver != "" {
		body["Driver"] = n.Driver
	}
	if n.NoIPv4 {
		body["EnableIPv4"] = false
	}
	if n.ConfigFrom != "" {
		body["ConfigFrom"] = map[string]string{"Network": n.ConfigFrom}
		delete(body, "Labels") // they count as configuration
	}
	var pools []map[string]string
	for _, subnet := range n.Subnet {
		pools = append(pools, map[string]string{"Subnet": subnet})
	}
	if len(pools) > 0 {
		body["IPAM"] = map[string]any{"Driver": "default", "Config": pools}
	}
	var made struct {
		ID string `json:"Id"`
	}
	if err := k.Do(ctx, http.MethodPost, "/networks/create", body, &made); err != nil {
		return "", fmt.Errorf("network %.60q: %w", n.Name, err)
	}
	k.remember(&k.networks, made.ID)
	return made.ID, nil
}

// Container is what a container is made of.
type Container struct {
	// Name is taken as it is.
	Name string
	// Mode is the network mode: a network by name, ID or the beginning of
	// an ID; container:X; host; none; empty for the default bridge.
	Mode string
	// IPv4 and Aliases are for the network named by Mode.
	IPv4    string
	Aliases []string
	// MAC is asked for on that network, too.
	MAC     string
	Command []string // sleeps, where it is empty
	Restart string
	Publish []string // ports like 80/tcp, on any port of the host at 127.0.0.1
	// PublishAt are ports like 80/tcp that lead in from a place of the host, as
	// 0.0.0.0:8080.
	PublishAt map[string]string
	Labels    map[string]string
	// Image is the zoo's own, where it is empty, and User the image's.
	Image, User string
	// HostConfig are further fields of that name.
	HostConfig map[string]any
}

// Create makes a container without starting it, and gives its ID.
func (k *Keeper) Create(ctx context.Context, c *Container) (string, error) {
	labels := map[string]string{Label: k.Prefix}
	for key, value := range c.Labels {
		labels[key] = value
	}
	command := c.Command
	if len(command) == 0 {
		command = []string{"sleep", "100000"}
	}
	host := map[string]any{}
	for field, value := range c.HostConfig {
		host[field] = value
	}
	image := c.Image
	if image == "" {
		image = Image
	}
	// Its processes are killed at once, also by engines that stop a container
	// with all patience before they remove it.
	body := map[string]any{"Image": image, "Cmd": command, "User": c.User, "Labels": labels, "HostConfig": host, "StopSignal": "SIGKILL"}
	if c.Mode != "" {
		host["NetworkMode"] = c.Mode
	}
	// Newer engines want the MAC with the network, too, as docker's client sends it.
	byEndpoint := c.MAC != "" && k.AtLeast("1.44")
	if c.MAC != "" {
		body["MacAddress"] = c.MAC
	}
	if c.IPv4 != "" || len(c.Aliases) > 0 || byEndpoint {
		endpoint := map[string]any{"Aliases": c.Aliases}
		if byEndpoint {
			endpoint["MacAddress"] = c.MAC
		}
		if c.IPv4 != "" {
			endpoint["IPAMConfig"] = map[string]string{"IPv4Address": c.IPv4}
		}
		body["NetworkingConfig"] = map[string]any{"EndpointsConfig": map[string]any{c.Mode: endpoint}}
	}
	if c.Restart != "" {
		host["RestartPolicy"] = map[string]any{"Name": c.Restart}
	}
	if len(c.Publish)+len(c.PublishAt) > 0 {
		exposed, bound := map[string]any{}, map[string]any{}
		for port, at := range c.PublishAt {
			exposed[port] = struct{}{}
			ip, number, _ := strings.Cut(at, ":")
			bound[port] = []map[string]string{{"HostIp": ip, "HostPort": number}}
		}
		for _, port := range c.Publish {
			exposed[port] = struct{}{}
			bound[port] = []map[string]string{{"HostIp": "127.0.0.1", "HostPort": ""}}
		}
		body["ExposedPorts"], host["PortBindings"] = exposed, bound
	}
	var made struct {
		ID string `json:"Id"`
	}
	if err := k.Do(ctx, http.MethodPost, "/containers/create?name="+url.QueryEscape(c.Name), body, &made); err != nil {
		return "", fmt.Errorf("container %s: %w", c.Name, err)
	}
	k.remember(&k.containers, made.ID)
	return made.ID, nil
}

func (k *Keeper) remember(ids *[]string, id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	*ids = append(*ids, id)
}

// Run makes a container and starts it.
func (k *Keeper) Run(ctx context.Context, c *Container) (string, error) {
	id, err := k.Create(ctx, c)
	if err != nil {
		return "", err
	}
	return id, k.Start(ctx, id)
}

// GlobalService makes a swarm service with a task on every node, on a network.
func (k *Keeper) GlobalService(ctx context.Context, name, network string) (string, error) {
	return k.service(ctx, name, network, map[string]any{"Global": map[string]any{}})
}

// IdleService makes a swarm service that has no tasks, on a network.
func (k *Keeper) IdleService(ctx context.Context, name, network string) (string, error) {
	return k.service(ctx, name, network, map[string]any{"Replicated": map[string]any{"Replicas": 0}})
}

func (k *Keeper) service(ctx context.Context, name, network string, mode map[string]any) (string, error) {
	var made struct{ ID string }
	err := k.Do(ctx, http.MethodPost, "/services/create", map[string]any{
		"Name": name, "Labels": map[string]string{Label: k.Prefix}, "Mode": mode,
		"TaskTemplate": map[string]any{
			"ContainerSpec": map[string]any{"Image": Image, "Args": []string{"sleep", "100000"}, "StopSignal": "SIGKILL", "StopGracePeriod": 1},
			"Networks":      []map[string]string{{"Target": network}},
		},
	}, &made)
	if err != nil {
		return "", fmt.Errorf("service %s: %w", name, err)
	}
	k.remember(&k.services, made.ID)
	return made.ID, nil
}

// RemoveService removes a swarm service; its tasks go a moment later.
func (k *Keeper) RemoveService(ctx context.Context, id string) error {
	return k.Do(ctx, http.MethodDelete, "/services/"+url.PathEscape(id), nil, nil)
}

// Start starts a container.
func (k *Keeper) Start(ctx context.Context, id string) error {
	return k.Do(ctx, http.MethodPost, "/containers/"+url.PathEscape(id)+"/start", nil, nil)
}

// Stop stops a container at once.
func (k *Keeper) Stop(ctx context.Context, id string) error {
	return k.Do(ctx, http.MethodPost, "/containers/"+url.PathEscape(id)+"/stop?t=0", nil, nil)
}

// Pause halts a container's processes.
func (k *Keeper) Pause(ctx context.Context, id string) error {
	return k.Do(ctx, http.MethodPost, "/containers/"+url.PathEscape(id)+"/pause", nil, nil)
}

// Resume lets a paused container's processes go on.
func (k *Keeper) Resume(ctx context.Context, id string) error {
	return k.Do(ctx, http.MethodPost, "/containers/"+url.PathEscape(id)+"/unpause", nil, nil)
}

// Connect puts a container on a further network.
func (k *Keeper) Connect(ctx context.Context, network, container, ipv4 string, aliases ...string) error {
	endpoint := map[string]any{"Aliases": aliases}
	if ipv4 != "" {
		endpoint["IPAMConfig"] = map[string]string{"IPv4Address": ipv4}
	}
	return k.Do(ctx, http.MethodPost, "/networks/"+url.PathEscape(network)+"/connect", map[string]any{"Container": container, "EndpointConfig": endpoint}, nil)
}

// Disconnect takes a container off a network.
func (k *Keeper) Disconnect(ctx context.Context, network, container string) error {
	return k.Do(ctx, http.MethodPost, "/networks/"+url.PathEscape(network)+"/disconnect", map[string]any{"Container": container, "Force": true}, nil)
}

// RemoveNetwork removes a network, as "docker network rm" does.
func (k *Keeper) RemoveNetwork(ctx context.Context, id string) error {
	return k.Do(ctx, http.MethodDelete, "/networks/"+url.PathEscape(id), nil, nil)
}

// RemoveContainer removes a container, running or not.
func (k *Keeper) RemoveContainer(ctx context.Context, id string) error {
	return k.Do(ctx, http.MethodDelete, "/containers/"+url.PathEscape(id)+"?force=1&v=1", nil, nil)
}

// Close removes everything that this keeper made, in spite of what fails. It
// does so also after the context of the making has ended.
func (k *Keeper) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*patience)
	defer cancel()
	var failures []error
	try := func(remove func(context.Context, string) error, id string) {
		err := remove(ctx, id)
		// A container that is being removed, or starts again just now, and a
		// service's task that has not ended yet may be in the way for a moment.
		for tries := 0; err != nil && !Gone(err) && tries < 100 && ctx.Err() == nil; tries++ {
			pause, stop := context.WithTimeout(ctx, 100*time.Millisecond)
			<-pause.Done()
			stop()
			err = remove(ctx, id)
		}
		if err != nil && !Gone(err) {
			failures = append(failures, err)
		}
	}
	// The last first: what shares a namespace goes before what owns it.
	for _, id := range slices.Backward(k.containers) {
		try(k.RemoveContainer, id)
	}
	for _, id := range k.services {
		try(k.RemoveService, id)
	}
	// What is tested may have made a network anew, which then has another ID.
	again, err := k.named(ctx)
	if err != nil {
		failures = append(failures, err)
	}
	for _, id := range slices.Backward(slices.Concat(k.networks, again)) {
		try(k.RemoveNetwork, id)
	}
	k.containers, k.networks, k.services = nil, nil, nil
	return errors.Join(failures...)
}

// named are the networks whose names begin with the prefix, in the order in
// which they can be removed from the last to the first.
func (k *Keeper) named(ctx context.Context) ([]string, error) {
	var list []struct {
		ID         string `json:"Id"`
		Name       string
		ConfigOnly bool
	}
	if err := k.Do(ctx, http.MethodGet, "/networks", nil, &list); err != nil {
		return nil, err
	}
	var first, rest []string
	for _, n := range list {
		switch {
		case !strings.HasPrefix(n.Name, k.Prefix):
		case n.ConfigOnly:
			first = append(first, n.ID)
		default:
			rest = append(rest, n.ID)
		}
	}
	return append(first, rest...), nil
}
