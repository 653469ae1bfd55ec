package engine

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// WithSettings is the snapshot with the settings of the containers' attachments
// that only an inspect of each tells: aliases, links, driver options. They are
// read side by side, a bounded number at a time. A container that is gone by
// now leaves a gap.
func (e *Engine) WithSettings(ctx context.Context, s *topology.Snapshot, containers []*topology.Container) (*topology.Snapshot, error) {
	settings := make([]*containerSettings, len(containers))
	missing := make([]error, len(containers))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(concurrentReads)
	for i, c := range containers {
		group.Go(func() error {
			found, err := e.settingsOf(ctx, c.ID)
			if failed, ok := errors.AsType[*RequestError](err); ok && failed.answered() {
				missing[i] = failed.Err
				return nil
			}
			settings[i] = found
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	out := *s
	out.Attachments = slices.Clone(s.Attachments)
	out.Unread = slices.Clone(s.Unread)
	byContainer := make(map[string]*containerSettings, len(containers))
	inspected := make(map[string]*topology.Container, len(containers))
	for i, c := range containers {
		if missing[i] != nil {
			out.Unread = append(out.Unread, topology.Gap{What: "settings", ID: c.ID, Name: c.Name, Reason: oneLine(missing[i].Error())})
			continue
		}
		byContainer[c.ID], inspected[c.ID] = settings[i], c
	}
	for i := range out.Attachments {
		a := &out.Attachments[i]
		if found, ok := byContainer[a.ContainerID]; ok {
			found.networks[a.NetworkName].fill(a)
			a.HostName = found.hostName(inspected[a.ContainerID], a)
			a.StaticMAC = found.staticMAC(inspected[a.ContainerID], a)
		}
	}
	out.Containers = slices.Clone(s.Containers)
	for i := range out.Containers {
		if c := &out.Containers[i]; byContainer[c.ID] != nil {
			found := byContainer[c.ID]
			c.Ports, c.ExtraHosts, c.Started = found.mark(c.Ports), found.hosts, found.started
			c.Inspected, c.Restart, c.StartError = true, found.restart, found.startError
			if c.State.Up() {
				c.Ports = withExposed(c.Ports, found.exposed)
			} else {
				c.ExitCode = found.exitCode
			}
			c.Wanted, c.WantedAny = found.wanted()
			c.Links = found.links
		}
	}
	out.Sort()
	return &out, nil
}

// wireSettings is a container's entry for a network, as an inspect has it.
type wireSettings struct {
	Aliases    []string
	Links      []string
	DNSNames   []string // from API 1.45 on
	DriverOpts map[string]string
	// MacAddress is, of a container that never ran, what the user asked for. Of
	// one that did and is not up, engines tell none [measured on 26.1 and 28.5].
	MacAddress string
	IPAMConfig *struct{ LinkLocalIPs []string }
}

func (w wireSettings) fill(a *topology.Attachment) {
	slices.Sort(w.Aliases)
	a.Aliases, a.AliasesRead = slices.Compact(w.Aliases), true
	a.Links, a.DriverOpts = w.Links, notEmpty(w.DriverOpts)
	a.LinkLocal = nil
	if w.IPAMConfig != nil {
		for _, address := range w.IPAMConfig.LinkLocalIPs {
			a.LinkLocal = append(a.LinkLocal, topology.ParseAddress(address))
		}
	}
	dropOwnID(a)
}

// containerSettings are the entries for each network by name, and the MAC that
// the container was made with, which is for the first of them.
type containerSettings struct {
	networks map[string]wireSettings
	mac      string
	asked    map[string][]wireBinding // by port/protocol
	exposed  map[string]struct{}      // likewise
	hosts    []string
	links    []string
	host     string // the name of the container's host
	started  time.Time
	restart  string
	// startError is of the last start that failed; an engine takes it away with one
	// that does not.
	startError string
	exitCode   int
}

// staticMAC is the MAC that the user asked for on a network, as far as the engine
// tells it.
func (s *containerSettings) staticMAC(c *topology.Container, a *topology.Attachment) string {
	if asked := s.networks[a.NetworkName].MacAddress; asked != "" && !c.State.Up() {
		return asked
	}
	first := a.NetworkName == string(c.Mode) || a.NetworkID == string(c.Mode)
	if a.MAC == s.mac || a.MAC == "" && first {
		return s.mac
	}
	return ""
}

// hostName is the name of the container's host, if the engine answers for it on a network
// beside the name, the aliases and the short ID.
func (s *containerSettings) hostName(c *topology.Container, a *topology.Attachment) string {
	if s.host == c.Name || s.host == topology.ShortID(c.ID) || slices.Contains(a.Aliases, s.host) || !slices.Contains(s.networks[a.NetworkName].DNSNames, s.host) {
		return ""
	}
	return s.host
}

// mark tells which of the published ports the engine chose.
func (s *containerSettings) mark(ports []topology.Ports) []topology.Ports {
	ports = slices.Clone(ports)
	for i := range ports {
		p := &ports[i]
		fixed := func(b wireBinding) bool { return b.HostPort == strconv.Itoa(int(p.HostPort)) }
		p.Ephemeral = p.Published() && !slices.ContainsFunc(s.asked[strconv.Itoa(int(p.First))+"/"+p.Protocol], fixed)
	}
	return ports
}

func (e *Engine) settingsOf(ctx context.Context, id string) (*containerSettings, error) {
	var container struct {
		Config struct {
			Hostname     string
			MacAddress   string
			ExposedPorts map[string]struct{}
		}
		State struct {
			StartedAt, Error string
			ExitCode         int
		}
		HostConfig struct {
			PortBindings  map[string][]wireBinding
			ExtraHosts    []string
			Links         []string
			RestartPolicy struct{ Name string }
		}
		NetworkSettings struct {
			Networks map[string]*wireSettings
		}
	}
	if _, err := e.getJSON(ctx, "/containers/"+url.PathEscape(id)+"/json", &container); err != nil {
		return nil, err
	}
	settings := &containerSettings{networks: map[string]wireSettings{}, mac: container.Config.MacAddress, asked: container.HostConfig.PortBindings, hosts: container.HostConfig.ExtraHosts}
	settings.exposed, settings.host = container.Config.ExposedPorts, container.Config.Hostname
	for _, link := range container.HostConfig.Links {
		settings.links = append(settings.links, linked(link))
	}
	settings.started = startedAt(container.State.StartedAt)
	settings.restart, settings.startError = container.HostConfig.RestartPolicy.Name, container.State.Error
	settings.exitCode = container.State.ExitCode
	for name, endpoint := range container.NetworkSettings.Networks {
		if endpoint != nil {
			settings.networks[name] = *endpoint
		}
	}
	return settings, nil
}

// linked is a legacy link as LINKED:ALIAS. Engines have it as /LINKED:/OWN/ALIAS.
func linked(link string) string {
	other, alias, _ := strings.Cut(link, ":")
	return strings.TrimPrefix(other, "/") + ":" + alias[strings.LastIndex(alias, "/")+1:]
}

// startedAt reads when a container was last started. One that never was has the
// year 1 there, or nothing.
func startedAt(text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || at.Year() <= 1 {
		return time.Time{}
	}
	return at
}

// dropOwnID takes the container's short ID from its aliases: engines with an
// API below 1.45 and Podman put it there, and the user did not. A shorter
// beginning of the ID is the user's own.
func dropOwnID(a *topology.Attachment) {
	kept := a.Aliases[:0:0]
	for _, alias := range a.Aliases {
		if alias != topology.ShortID(a.ContainerID) {
			kept = append(kept, alias)
		}
	}
	a.Aliases = kept
}
