package reach

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestParseWords(t *testing.T) {
	tcp := func(n uint16) []Port { return []Port{{n, "tcp"}} }
	for text, want := range map[string]Words{
		"db":                    {Host: "db"},
		"db:5432":               {Host: "db", Ports: tcp(5432)},
		"db:53/udp":             {Host: "db", Ports: []Port{{53, "udp"}}},
		"db:53/UDP":             {Host: "db", Ports: []Port{{53, "udp"}}},
		"10.0.0.1":              {Host: "10.0.0.1", Address: netip.MustParseAddr("10.0.0.1")},
		"10.0.0.1:80":           {Host: "10.0.0.1", Address: netip.MustParseAddr("10.0.0.1"), Ports: tcp(80)},
		"fd00::2":               {Host: "fd00::2", Address: netip.MustParseAddr("fd00::2")},
		"[fd00::2]":             {Host: "fd00::2", Address: netip.MustParseAddr("fd00::2")},
		"[fd00::2]:80":          {Host: "fd00::2", Address: netip.MustParseAddr("fd00::2"), Ports: tcp(80)},
		"[::ffff:10.0.0.1]:80":  {Host: "::ffff:10.0.0.1", Address: netip.MustParseAddr("10.0.0.1"), Ports: tcp(80)},
		"http://db/health":      {Host: "db", Ports: tcp(80)},
		"https://db":            {Host: "db", Ports: tcp(443)},
		"https://db:8443/x?y=z": {Host: "db", Ports: tcp(8443)},
		"http://[fd00::2]:81/":  {Host: "fd00::2", Address: netip.MustParseAddr("fd00::2"), Ports: tcp(81)},
		"<script>":              {Host: "<script>"},
	} {
		got, err := ParseWords(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got.Host != want.Host || got.Address != want.Address || len(got.Ports) != len(want.Ports) || len(want.Ports) > 0 && got.Ports[0] != want.Ports[0] {
			t.Errorf("%s is %+v, want %+v", text, got, want)
		}
	}
	for _, text := range []string{
		"", ":80", "db:", "db:0", "db:65536", "db:-1", "db:+1", "db:x", "db:80/sctp", "db:80/", "[fd00::2", "[fd00::2]80", "[fd00::2]:", "[db]:80",
		"ftp://db", "http://", "::::", "fe80::1%eth0:80", "a:b:c", "http://db:0/", "http://db:99999/", "\xff", "http://%zz/",
		".", "..:80", "0.0.0.0", "[::]:80", "255.255.255.255", "224.0.0.1:53/udp", "ff02::1%eth0", "http://0.0.0.0/",
	} {
		if got, err := ParseWords(text); err == nil {
			t.Errorf("%q is taken, as %+v", text, got)
		}
	}
}

func FuzzParseWords(f *testing.F) {
	for _, seed := range []string{"db:80", "[::1]:80", "http://db/", "a:b:c", "db:53/udp"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w, err := ParseWords(text)
		if err != nil {
			return
		}
		if w.Host == "" || w.Text != text && w.URL == nil {
			t.Errorf("%q gives %+v", text, w)
		}
		for _, p := range w.Ports {
			if p.Number == 0 || p.Protocol != "tcp" && p.Protocol != "udp" {
				t.Errorf("%q gives port %v", text, p)
			}
		}
	})
}

// yard is a snapshot with two networks: web and api on front, api and db on back,
// two workers of one service there.
func yard() *topology.Index {
	s := &topology.Snapshot{
		Engine: topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"},
		Networks: []topology.Network{
			{ID: "front-id", Name: "front", Driver: "bridge", Scope: "local"},
			{ID: "back-id", Name: "back", Driver: "bridge", Scope: "local"},
		},
		Containers: []topology.Container{
			{ID: "web-id", Name: "web", State: topology.Running, Mode: "front", Project: "shop", Service: "web"},
			{ID: "api-id", Name: "api", State: topology.Running, Mode: "front"},
			{ID: "db-id", Name: "db", State: topology.Running, Mode: "back"},
			{ID: "w1-id", Name: "shop-worker-1", State: topology.Running, Mode: "back", Project: "shop", Service: "worker"},
			{ID: "w2-id", Name: "shop-worker-2", State: topology.Running, Mode: "back", Project: "shop", Service: "worker"},
			{ID: "far-id", Name: "far", State: topology.Running, Mode: "back", Project: "other", Service: "worker"},
		},
	}
	on := func(network, container, address string, aliases ...string) {
		s.Attachments = append(s.Attachments, topology.Attachment{
			NetworkID: network + "-id", NetworkName: network, ContainerID: container + "-id", State: topology.Live, EndpointID: container + network,
			IPv4: topology.ParseAddress(address), PrefixLen4: 24, Aliases: aliases, AliasesRead: true,
		})
	}
	on("front", "web", "10.1.0.2")
	on("front", "api", "10.1.0.3", "backend")
	on("back", "api", "10.2.0.3")
	on("back", "db", "10.2.0.4", "backend", "store")
	on("back", "w1", "10.2.0.5")
	on("back", "w2", "10.2.0.6")
	on("back", "far", "10.2.0.7")
	s.Sort()
	return topology.NewIndex(s)
}

func TestFindTarget(t *testing.T) {
	ix := yard()
	web := ix.Container("web-id")
	for text, want := range map[string]struct {
		kind      Kind
		container string
		name      string
		alike     int
	}{
		"db":           {OfContainer, "db-id", "db", 0},
		"db-id":        {OfContainer, "db-id", "db", 0},
		"backend":      {OfContainer, "api-id", "backend", 0}, // the one that web can mean
		"store":        {OfContainer, "db-id", "store", 0},
		"worker":       {OfContainer, "w1-id", "worker", 1}, // of its own project
		"host":         {OfHost, "", "", 0},
		"internet":     {OfInternet, "", "", 0},
		"10.2.0.4":     {OfContainer, "db-id", "", 0},
		"10.9.0.4":     {OfAddress, "", "", 0},
		"example.com":  {OfName, "", "example.com", 0},
		"http://db/x":  {OfContainer, "db-id", "db", 0},
		"no-such-name": {OfName, "", "no-such-name", 0},
		// Names as a resolver takes them, too.
		"API":        {OfContainer, "api-id", "API", 0},
		"api.":       {OfContainer, "api-id", "api.", 0},
		"API.:80":    {OfContainer, "api-id", "API.", 0},
		"BackEnd.":   {OfContainer, "api-id", "BackEnd.", 0},
		"WORKER":     {OfContainer, "w1-id", "WORKER", 1},
		"api.front":  {OfContainer, "api-id", "api.front", 0},
		"API.front.": {OfContainer, "api-id", "API.front.", 0},
		"api.FRONT":  {OfName, "", "api.FRONT", 0}, // of a network, case counts
		"db.back":    {OfName, "", "db.back", 0},   // which web is not on
		"localhost":  {OfContainer, "web-id", "localhost", 0},
		"LocalHost.": {OfContainer, "web-id", "localhost", 0},
		"DB-ID":      {OfName, "", "DB-ID", 0},
	} {
		words, err := ParseWords(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := FindTarget(ix, web, words)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		id := ""
		if got.Container != nil {
			id = got.Container.ID
		}
		if got.Kind != want.kind || id != want.container || got.Name != want.name || len(got.Alike) != want.alike {
			t.Errorf("%s is %s %q by %q and %d alike, want %+v", text, got.Kind, id, got.Name, len(got.Alike), want)
		}
	}
	words, _ := ParseWords("w")
	if _, err := FindTarget(ix, web, words); !errors.As(err, new(*SeveralError)) {
		t.Errorf("an ambiguous beginning gives %v", err)
	}
	if c, err := FindSource(ix, "worker"); c != nil || err == nil {
		t.Errorf("the source %v is taken of three", c)
	}
	if c, err := FindSource(ix, "web"); c != web || err != nil {
		t.Errorf("the source is %v, %v", c, err)
	}
	if c, err := FindSource(ix, "nobody"); c != nil || err != nil {
		t.Errorf("the source is %v, %v", c, err)
	}
}

// TestOfServiceNotUp: a service whose only container is stopped is not unknown, and one
// that is up comes before.
func TestOfServiceNotUp(t *testing.T) {
	s := &topology.Snapshot{Containers: []topology.Container{
		{ID: "api-id", Name: "shop-api-1", State: topology.Running, Project: "shop", Service: "api"},
		{ID: "own-id", Name: "shop-db-1", State: topology.Exited, Project: "shop", Service: "db"},
		{ID: "other-id", Name: "blog-db-1", State: topology.Running, Project: "blog", Service: "db"},
		{ID: "1-cache", Name: "shop-cache-1", State: topology.Restarting, Project: "shop", Service: "cache"},
		{ID: "w1-id", Name: "shop-worker-1", State: topology.Exited, Project: "shop", Service: "worker"},
		{ID: "w2-id", Name: "shop-worker-2", State: topology.Running, Project: "shop", Service: "worker"},
		{ID: "task-id", Name: "web.1.old", State: topology.Exited, SwarmService: "web", Task: "old"},
	}}
	ix := topology.NewIndex(s)
	api := ix.Container("api-id")
	for text, want := range map[string]string{"db": "own-id", "cache": "1-cache", "worker": "w2-id", "web": ""} {
		words, _ := ParseWords(text)
		got, err := FindTarget(ix, api, words)
		id := ""
		if got.Container != nil {
			id = got.Container.ID
		}
		if err != nil || id != want || len(got.Alike) != 0 {
			t.Errorf("to %s: %q, %v and %d alike, want %q", text, id, err, len(got.Alike), want)
		}
	}
	for text, want := range map[string]string{"db": "other-id", "cache": "1-cache", "worker": "w2-id"} {
		if c, err := FindSource(ix, text); err != nil || c == nil || c.ID != want {
			t.Errorf("from %s: %v, %v, want %s", text, c, err, want)
		}
	}
}

// TestNamespace: the host's network stays when the one stops that it is shared by.
func TestNamespace(t *testing.T) {
	start := time.Unix(1000, 0)
	for _, test := range []struct {
		name  string
		owner topology.Container
		want  string
	}{
		{"up", topology.Container{State: topology.Running, Started: start}, "owner"},
		{"stopped", topology.Container{State: topology.Exited}, "owner"},
		{"restarted", topology.Container{State: topology.Running, Started: start.Add(time.Minute)}, "sharer"},
		{"on the host, and up", topology.Container{State: topology.Running, Mode: "host"}, "owner"},
		{"on the host, and stopped", topology.Container{State: topology.Exited, Mode: "host"}, "sharer"},
		{"on the host, and restarted", topology.Container{State: topology.Running, Mode: "host", Started: start.Add(time.Minute)}, "owner"},
	} {
		test.owner.ID = "owner"
		ix := topology.NewIndex(&topology.Snapshot{Containers: []topology.Container{
			test.owner, {ID: "sharer", Mode: "container:owner", State: topology.Running, Started: start},
		}})
		if got := Namespace(ix, ix.Container("sharer")); got == nil || got.ID != test.want {
			t.Errorf("%s: it is that of %v, want %s", test.name, got, test.want)
		}
	}
}
