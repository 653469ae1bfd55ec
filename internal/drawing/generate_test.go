package drawing

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// town is generated content: groups, networks of all kinds, and containers on some of
// them, with names from ordinary to hostile.
type town struct {
	seed                uint64
	containers          int
	networks, groups    int
	mostNetworks        int // of a container
	hostile             bool
	ways, sharers, gone bool
}

var hostileNames = []string{
	"x", "two words", `"quoted \x1b[31m name"`, "<script>alert(1)</script>", "&amp;", "数据库服务器数据库服务器数据库服务器", "データ-ベース",
	"شبكة-الاتصالات-الداخلية-الطويلة", "רשת-פנימית-ארוכה-מאוד", "🐳🐳🐳🐳 whale 🐳", "a\u0300\u0301\u0302\u0303b", "ﷺﷺﷺ", "----------------------------",
	"____", "W", strings.Repeat("W", 60), strings.Repeat("i", 200), strings.Repeat("long name ", 30), strings.Repeat("数", 120), strings.Repeat("x", 5000),
	strings.Repeat("نص ", 400), strings.Repeat("a-b_c.", 300),
}

var testWords = Words{
	Marks: map[Mark]string{
		Running: "running", Paused: "paused", Created: "created, not started yet", Stopped: "stopped",
		Restarting: "restarting", Dead: "dead", Unknown: "state unknown",
	},
	Network: "network: a rail, by colour and pattern", Closed: "internal network", Gone: "wanted, and not there", Elsewhere: "rail that goes on",
	OnStart: "joins on start", Share: "shares a network", Warning: "will not start", Way: "published ports", LoopbackWay: "loopback only", Nowhere: "on no network",
}

func (t town) content() *Content {
	r := rand.New(rand.NewPCG(t.seed, 1))
	name := func(kind string, i int) string {
		if t.hostile && r.IntN(4) == 0 {
			return hostileNames[r.IntN(len(hostileNames))]
		}
		return fmt.Sprintf("%s-%d", []string{"web", "shop_api", "database", "a-rather-long-name-of-a-service", "q"}[r.IntN(5)]+kind, i)
	}
	c := &Content{
		Title: name("", 0), Facts: []string{name("", 1)}, Outside: "outside world", Loopback: "this engine's host",
		Notes: []Note{{Text: "2 networks unused: " + name("", 2)}, {Text: "network x could not be read", Warning: true}},
		Words: testWords,
	}
	for i := range t.groups {
		c.Groups = append(c.Groups, Group{Key: fmt.Sprintf("p_%d", i), Title: name("", i), Detail: "compose project"})
	}
	group := func() string {
		if t.groups == 0 || r.IntN(4) == 0 {
			return ""
		}
		return c.Groups[r.IntN(t.groups)].Key
	}
	for i := range t.networks {
		n := Network{Key: fmt.Sprintf("n_%d", i), Name: name("_net", i), Group: group(), Identity: fmt.Sprint(i * 7919)}
		n.Details, n.Addresses = []string{"bridge", "3 containers"}, []string{"172.20.0.0/16"}
		switch r.IntN(8) {
		case 0:
			n.Kind = Closed
		case 1:
			n.Addresses = append(n.Addresses, "2001:db8:1234:5678::/64")
		case 2:
			if t.gone {
				n.Kind, n.Group = Gone, ""
			}
		case 3:
			n.Details, n.Addresses = nil, nil
		}
		c.Networks = append(c.Networks, n)
	}
	host := Network{Key: "n_host", Kind: Mode, Name: "host", Details: []string{"the host's own network"}}
	c.Networks = append(c.Networks, host)
	for i := range t.containers {
		t.add(c, r, i, name("", i), group())
	}
	return c
}

func (t town) add(c *Content, r *rand.Rand, i int, name, group string) {
	made := Container{Key: fmt.Sprintf("c_%d", i), Name: name, Group: group, Mark: Mark(r.IntN(int(Unknown) + 1)), Up: r.IntN(3) > 0}
	made.Details = []string{"image/" + name}
	if r.IntN(5) == 0 {
		made.State, made.Warning = "stopped", "will not start: 10.0.0.1 is in no subnet of its network"
	}
	c.Containers = append(c.Containers, made)
	self := &c.Containers[i]
	if t.sharers && i > 0 && r.IntN(6) == 0 {
		if other := &c.Containers[r.IntN(i)]; other.Owner == "" {
			self.Owner = other.Key
			return
		}
	}
	if r.IntN(12) == 0 {
		c.Attachments = append(c.Attachments, Attachment{Key: "n_host_" + made.Key, Network: "n_host", Container: made.Key})
		return
	}
	on := map[int]bool{}
	for range 1 + r.IntN(t.mostNetworks) {
		if t.networks > 0 && r.IntN(20) > 0 {
			on[r.IntN(t.networks)] = true
		}
	}
	for n := range t.networks {
		if !on[n] {
			continue
		}
		lines := []string{fmt.Sprintf("172.%d.%d.%d", n, i, i)}
		switch r.IntN(5) {
		case 0:
			lines = append(lines, "2001:db8:1234:5678:9abc:def0:1234:5678")
		case 1:
			lines = append(lines, "alias "+name)
		case 2:
			lines = nil
		}
		key := c.Networks[n].Key
		kind := AttachmentKind(r.IntN(2))
		if c.Networks[n].Kind == Gone {
			kind = InVain
		}
		c.Attachments = append(c.Attachments, Attachment{Key: key + "_" + made.Key, Network: key, Container: made.Key, Kind: kind, Lines: lines})
	}
	if t.ways && r.IntN(3) == 0 {
		w := Way{Key: "outside_" + made.Key, Container: made.Key, Lines: []string{"*:8080 → 80/tcp", "[2001:db8:1234:5678:9abc:def0:1234:5678]:8443 → 443/tcp"}[:1+r.IntN(2)]}
		c.Ways = append(c.Ways, w)
	}
	if t.ways && r.IntN(4) == 0 {
		c.Ways = append(c.Ways, Way{Key: "loopback_" + made.Key, Container: made.Key, Loopback: true, Lines: []string{"127.0.0.1:3306 → 3306/tcp"}})
	}
}
