package checks_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// world is what a check is told, made step by step. Everything was read, unless a test
// takes it away.
type world struct {
	topology.Snapshot
	facts  checks.Facts
	unread map[string]bool
}

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func healthy() *world {
	w := &world{unread: map[string]bool{}}
	w.TakenAt = now
	w.Engine = topology.Engine{Product: topology.ProductDocker, Version: "28.5.2", Swarm: topology.SwarmInactive}
	w.facts.Engine = &checks.Engine{Forwarding4: topology.Yes, BridgeFilter: topology.Yes}
	w.facts.Host = &checks.Host{
		Interfaces: []checks.Interface{{Name: "eth0", MTU: 1500}}, Forwarding4: topology.Yes, Forwarding6: topology.Yes, BridgeFilter: topology.Yes, ESP: topology.Yes, IPVS: topology.Yes,
		Routes: []checks.Route{{To: prefix("0.0.0.0/0"), Interface: "eth0"}, {To: prefix("10.0.0.0/24"), Interface: "eth0"}},
	}
	w.facts.UnusedAge = 30 * 24 * time.Hour
	bridge := w.network("bridge", "172.17.0.0/16")
	bridge.Opts = map[string]string{"com.docker.network.bridge.name": "docker0"}
	w.network("front", "172.18.0.0/16")
	w.network("back", "172.19.0.0/16").Internal = true
	w.run("web", "front")
	w.run("api", "front", "back")
	w.run("db", "back")
	return w
}

// network adds a bridge, the ID of which is its name with -id behind.
func (w *world) network(name, subnet string) *topology.Network {
	w.Networks = append(w.Networks, topology.Network{ID: name + "-id", Name: name, Driver: "bridge", Scope: "local", Created: now})
	n := &w.Networks[len(w.Networks)-1]
	if subnet != "" {
		p := prefix(subnet)
		n.IPAM.Pools = []topology.Pool{{Subnet: topology.ParseSubnet(subnet), Gateway: topology.ParseAddress(p.Addr().Next().String())}}
	}
	return n
}

func (w *world) container(name string, state topology.ContainerState, mode string) *topology.Container {
	w.Containers = append(w.Containers, topology.Container{ID: name + "-cid", Name: name, State: state, Mode: topology.NetworkMode(mode)})
	return &w.Containers[len(w.Containers)-1]
}

// run adds a container that is up on networks.
func (w *world) run(name string, networks ...string) *topology.Container {
	for _, n := range networks {
		w.attach(name, n, topology.Live)
	}
	return w.container(name, topology.Running, first(networks))
}

// stop adds a container that is not up and wants networks.
func (w *world) stop(name string, networks ...string) *topology.Container {
	for _, n := range networks {
		w.attach(name, n, topology.Configured)
	}
	return w.container(name, topology.Exited, first(networks))
}

func first(names []string) string {
	if len(names) == 0 {
		return "front"
	}
	return names[0]
}

// attach puts a container on a network, at the next address of its subnet.
func (w *world) attach(container, network string, state topology.AttachmentState) *topology.Attachment {
	a := topology.Attachment{ContainerID: container + "-cid", NetworkID: network + "-id", NetworkName: network, State: state}
	for i := range w.Networks {
		if w.Networks[i].Name == network && len(w.Networks[i].IPAM.Pools) > 0 && state == topology.Live {
			address := w.Networks[i].IPAM.Pools[0].Subnet.Prefix().Addr().Next()
			for i := range w.Attachments {
				if w.Attachments[i].NetworkName == network {
					address = address.Next()
				}
			}
			a.IPv4 = topology.ParseAddress(address.Next().String())
		}
	}
	w.Attachments = append(w.Attachments, a)
	return &w.Attachments[len(w.Attachments)-1]
}

func (w *world) published(c *topology.Container, ip string, host, inside uint16) {
	c.Ports = append(c.Ports, topology.Ports{First: inside, HostPort: host, Protocol: "tcp", HostIP: topology.ParseAddress(ip)})
}

func (w *world) wanted(c *topology.Container, ip string, host, inside uint16) {
	c.Wanted = append(c.Wanted, topology.Ports{First: inside, HostPort: host, Protocol: "tcp", HostIP: topology.ParseAddress(ip)})
}

// wantedAny has a container ask for a port of the host that the engine chooses.
func (w *world) wantedAny(c *topology.Container, inside uint16) {
	c.WantedAny = append(c.WantedAny, topology.Ports{First: inside, Protocol: "tcp"})
}

// examine runs checks over the world.
func (w *world) examine(run ...*checks.Check) *checks.Report {
	w.Sort()
	w.facts.Index = topology.NewIndex(&w.Snapshot)
	if w.facts.Settings == nil {
		w.facts.Settings, w.facts.Endpoints = map[string]bool{}, map[string]bool{}
		for i := range w.Containers {
			w.facts.Settings[w.Containers[i].ID] = !w.unread[w.Containers[i].Name]
		}
		for i := range w.Networks {
			w.facts.Endpoints[w.Networks[i].ID] = !w.unread[w.Networks[i].Name]
		}
	}
	return checks.Run(&w.facts, run)
}

// text is a sentence with names in brackets.
func text(s checks.Sentence) string {
	name := func(ref checks.Ref) string { return "[" + ref.Name + "]" }
	list := func(refs []checks.Ref) string {
		names := make([]string, len(refs))
		for i, ref := range refs {
			names[i] = name(ref)
		}
		return strings.Join(names, "")
	}
	return s.Write(name, list, func(text string) string { return text })
}

// lines are findings in words: severity and text, those that follow indented.
func lines(findings []*checks.Finding, indent string) []string {
	var all []string
	for _, f := range findings {
		all = append(all, fmt.Sprintf("%s%s: %s", indent, f.Severity, text(f.Says)))
		all = append(all, lines(f.Followers, indent+"  ")...)
	}
	return all
}

// TestEachCheck holds that each check finds its case, in these words, and nothing in a
// world that is like it and well.
func TestEachCheck(t *testing.T) {
	for _, check := range checks.All() {
		t.Run(check.ID, func(t *testing.T) {
			test, ok := cases[check.ID]
			if !ok {
				t.Fatal("this check has no case")
			}
			for i, found := range test.found {
				w := healthy()
				found.make(w)
				report := w.examine(check)
				if got := strings.Join(lines(report.Findings(), ""), "\n"); got != found.want {
					t.Errorf("case %d: found\n%s\nwant\n%s", i, got, found.want)
				}
				if report.Worst() > check.Severity {
					t.Errorf("case %d: a finding is an %s, and the check says that it is a %s at worst", i, report.Worst(), check.Severity)
				}
				for _, f := range report.Findings() {
					if f.Fix.Does.IsZero() && len(f.Fix.Commands) == 0 && check.ID != "engine-warning" {
						t.Errorf("case %d: nothing says how to mend %s", i, text(f.Says))
					}
				}
			}
			for i, make := range append(test.silent, func(*world) {}) {
				w := healthy()
				make(w)
				report := w.examine(check)
				if got := lines(report.Findings(), ""); len(got) > 0 {
					t.Errorf("silent case %d: found %q", i, got)
				}
				if outcome := report.Results[0].Outcome; outcome != checks.Fine {
					t.Errorf("silent case %d: %s: %v", i, outcome, report.Results[0].Unknown)
				}
			}
			for i, unknown := range test.unknown {
				w := healthy()
				unknown.make(w)
				report := w.examine(check)
				var got []string
				for _, u := range report.Results[0].Unknown {
					got = append(got, strings.TrimSuffix(text(u.Says)+": "+u.Why, ": "))
				}
				if report.Results[0].Outcome != checks.Unchecked || strings.Join(got, "\n") != unknown.want {
					t.Errorf("unknown case %d: %s: %q, want %q", i, report.Results[0].Outcome, got, unknown.want)
				}
			}
		})
	}
	for id := range cases {
		if checks.Find(id) == nil {
			t.Errorf("there is a case for %s, which is no check", id)
		}
	}
}

// TestHealthy holds that nothing at all is found where all is well.
func TestHealthy(t *testing.T) {
	report := healthy().examine(checks.All()...)
	if got := lines(report.Findings(), ""); len(got) > 0 {
		t.Errorf("found %q", got)
	}
	for _, result := range report.Results {
		if result.Outcome != checks.Fine {
			t.Errorf("%s: %s: %v", result.Check.ID, result.Outcome, result.Unknown)
		}
	}
}

// TestWords holds what every check must say of itself.
func TestWords(t *testing.T) {
	seen := map[string]bool{}
	id := regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)+$`)
	for _, check := range checks.All() {
		if !id.MatchString(check.ID) || seen[check.ID] {
			t.Errorf("%q is no ID, or one that another check has", check.ID)
		}
		seen[check.ID] = true
		for what, text := range map[string]string{"why": check.Why, "mend": check.Mend} {
			if !strings.HasSuffix(text, ".") || strings.Contains(text, "  ") {
				t.Errorf("%s: the text on %s is no whole sentence: %q", check.ID, what, text)
			}
		}
		if check.Title == "" || strings.HasSuffix(check.Title, ".") || check.Severity < checks.Hint || check.Severity > checks.Error {
			t.Errorf("%s: title %q, severity %d", check.ID, check.Title, check.Severity)
		}
	}
}

// TestNothingRead holds that no check calls fine, or breaks on, what nobody read.
func TestNothingRead(t *testing.T) {
	for id, test := range cases {
		check := checks.Find(id)
		if check == nil || check.Needs.Settings == nil && check.Needs.Endpoints == nil && !check.Needs.Info && !check.Needs.Host {
			continue
		}
		for i, found := range test.found {
			w := healthy()
			found.make(w)
			w.facts.Settings, w.facts.Endpoints = map[string]bool{}, map[string]bool{}
			w.facts.Engine, w.facts.NoEngine = nil, "it is asleep"
			w.facts.Host, w.facts.NoHost = nil, "it is far away"
			if result := w.examine(check).Results[0]; result.Outcome == checks.Fine {
				t.Errorf("%s, case %d: fine, and nothing was read", id, i)
			}
		}
	}
}

// TestHostileService holds that no label gets into a command that is to be pasted.
func TestHostileService(t *testing.T) {
	for name, named := range map[string]bool{"web-1": true, "a b; rm -rf /": false, "$(id)": false, "--help": false, "x\ny": false, "": false} {
		w := healthy()
		c := w.container("orphan", topology.Exited, "container:0123456789abcdef")
		c.Project, c.Service = "shop", name
		fix := w.examine(checks.Find("owner-gone")).Findings()[0].Fix
		if named != slices.Contains(fix.Template, any(name)) || named != (len(fix.Template) > 0) {
			t.Errorf("service %q: %q", name, fix.Template)
		}
	}
}

// TestUnreadParts holds that what could not be read is said with its own reason: that of
// /info is another request's.
func TestUnreadParts(t *testing.T) {
	w := healthy()
	w.stop("old", "front")
	w.stop("older", "front")
	w.unread["old"], w.unread["older"], w.unread["front"] = true, true, true
	w.facts.Engine, w.facts.NoEngine = nil, "it is asleep"
	w.Unread = []topology.Gap{
		{What: "settings", ID: "old-cid", Name: "old", Reason: "No such container: old"},
		{What: "endpoints", ID: "front-id", Name: "front", Reason: "permission denied"},
		{What: "endpoints", ID: "old-cid", Name: "old", Reason: "another part"},
	}
	for check, want := range map[string][]string{
		"port-conflict":  {"the settings of [old] were not read: No such container: old", "the settings of [older] were not read"},
		"stale-endpoint": {"the endpoints of [front] were not read: permission denied"},
	} {
		var got []string
		for _, unknown := range w.examine(checks.Find(check)).Results[0].Unknown {
			if unknown.Why != "" {
				t.Errorf("%s: for all, %q", check, unknown.Why)
			}
			got = append(got, text(unknown.Says))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", check, got, want)
		}
	}
	w.facts.NoInspect = "it is a saved one"
	if unknown := w.examine(checks.Find("port-conflict")).Results[0].Unknown; len(unknown) != 1 || unknown[0].Why != "it is a saved one" {
		t.Errorf("of a saved one: %v", unknown)
	}
}
