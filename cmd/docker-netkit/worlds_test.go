package main

import (
	"fmt"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

var flavours = map[string]enginetest.Flavour{
	"docker20": enginetest.Docker20, "docker26": enginetest.Docker26, "docker28": enginetest.Docker28, "podman": enginetest.Podman,
	"manager": enginetest.Docker28.InSwarm("active/manager"), "worker": enginetest.Docker28.InSwarm("active/worker"),
}

// worlds are what the engines of the scripts hold.
var worlds = map[string]func() []enginetest.Object{
	"empty": func() []enginetest.Object { return nil },
	"shop":  shop,
	"odd":   odd,
	"ward":  ward,
	"kinds": kinds,
	"free":  free,
	"loop":  loop, "clinic": clinic,
	"pod": pod, "crashed": crashed,
	"leftover": func() []enginetest.Object {
		return []enginetest.Object{enginetest.Network{Name: "over", Driver: "overlay", Scope: "swarm"}}
	},
	"bereft": func() []enginetest.Object {
		return []enginetest.Object{
			enginetest.Stopped("both", enginetest.On("lost1", ""), enginetest.On("lost2", "")),
			enginetest.Stopped("one", enginetest.On("lost2", "")),
		}
	},
	"named": named,
	"three": func() []enginetest.Object { return unused(3) },
	"crowd": func() []enginetest.Object { return unused(1000) },
	"3":     func() []enginetest.Object { return many(3) },
	"1000":  func() []enginetest.Object { return many(1000) },
}

// shop is a compose project with a stopped container and a sharer, beside
// networks and containers of other kinds.
func shop() []enginetest.Object {
	ofShop := map[string]string{"com.docker.compose.project": "shop"}
	front := enginetest.Bridge("shop_front", "172.20.0.0/16", "172.20.0.1")
	front.Labels = ofShop
	back := enginetest.Bridge("shop_back", "172.21.0.0/16", "172.21.0.1")
	back.Labels, back.Internal = ofShop, true
	web := enginetest.Running("web", enginetest.On("shop_front", "172.20.0.3"))
	web.Ports, web.Labels = []enginetest.Port{{Container: 80, Host: 8080}}, ofShop
	api := enginetest.Running("api", enginetest.On("shop_front", "172.20.0.2"),
		enginetest.Endpoint{Network: "shop_back", IPv4: "172.21.0.2", Aliases: []string{"backend"}})
	api.Labels = ofShop
	db := enginetest.Stopped("db", enginetest.On("shop_back", ""))
	db.Labels = ofShop
	return []enginetest.Object{
		front, back,
		enginetest.Bridge("old_net", "172.22.0.0/16", "172.22.0.1"),
		web, api, db, enginetest.Sharing("vpn", "api"),
		enginetest.Running("exporter", enginetest.On("host", "")),
		enginetest.Stopped("s1", enginetest.On("gone", "")),
	}
}

// odd has what cannot be read as it should be, and names that act on terminals.
func odd() []enginetest.Object {
	return []enginetest.Object{
		enginetest.Bridge("auto6", "fd05::/112", "fd05::1/112"),
		enginetest.Bridge("rubbish", "172.23.0.0/16", "up the hill"),
		enginetest.Network{Name: "red\x1b[31m\u009b31m"},
		enginetest.Running("web", enginetest.On("rubbish", "172.23.0.2")),
		enginetest.Running("evil\x1b]0;x\x07", enginetest.On("red\x1b[31m\u009b31m", "172.24.0.2")),
	}
}

// ward has a network with three containers, which another network keeps alive,
// and one that nobody needs.
func ward() []enginetest.Object {
	return []enginetest.Object{
		enginetest.Bridge("front", "172.20.0.0/16", "172.20.0.1"),
		enginetest.Bridge("back", "172.21.0.0/16", "172.21.0.1"),
		enginetest.Bridge("old_net", "172.22.0.0/16", "172.22.0.1"),
		enginetest.Running("web", enginetest.On("front", "172.20.0.2"), enginetest.On("back", "172.21.0.2")),
		enginetest.Running("api", enginetest.On("front", "172.20.0.3"),
			enginetest.Endpoint{Network: "back", IPv4: "172.21.0.9", Static4: "172.21.0.9", Aliases: []string{"backend"}}),
		enginetest.Stopped("db", enginetest.On("front", ""), enginetest.Endpoint{Network: "back", Static4: "172.21.0.7", Aliases: []string{"store"}}),
	}
}

// pod has two containers that share the namespace of a third: one still does, and one
// from before that was restarted; and one whose ports only an inspect tells.
func pod() []enginetest.Object {
	noon := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	owner, still, stale := enginetest.Running("owner", enginetest.On("front", "172.20.0.2")), enginetest.Sharing("still", "owner"), enginetest.Sharing("stale", "owner")
	owner.Started, still.Started, stale.Started = noon, noon.Add(time.Second), noon.Add(-time.Second)
	db := enginetest.Running("db", enginetest.On("front", "172.20.0.3"))
	db.Exposed = []string{"5432/tcp"}
	for _, c := range []*enginetest.Container{&owner, &still, &stale, &db} {
		c.Labels = map[string]string{"com.docker.compose.project": "pod"}
	}
	db.Labels["com.docker.compose.service"] = "store"
	return []enginetest.Object{enginetest.Bridge("front", "172.20.0.0/16", "172.20.0.1"), owner, still, stale, db}
}

// crashed is a compose project whose database ended by itself, with an error, and whose
// jobs ended well, and by a signal.
func crashed() []enginetest.Object {
	service := func(c enginetest.Container, name string) enginetest.Container {
		c.Labels = map[string]string{"com.docker.compose.project": "till", "com.docker.compose.service": name}
		c.On[0].Aliases = []string{name}
		return c
	}
	on := func(address string) enginetest.Endpoint { return enginetest.On("till_default", address) }
	db := service(enginetest.Stopped("till-db-1", on("")), "db")
	db.ExitCode = 1
	killed := service(enginetest.Stopped("till-killed-1", on("")), "killed")
	killed.ExitCode = 137
	return []enginetest.Object{
		enginetest.Bridge("till_default", "172.20.0.0/16", "172.20.0.1"), db, killed,
		service(enginetest.Running("till-api-1", on("172.20.0.2")), "api"),
		service(enginetest.Running("till-web-1", on("172.20.0.3")), "web"),
		service(enginetest.Stopped("till-job-1", on("")), "job"),
	}
}

// kinds has networks of every kind that is not simply removed.
func kinds() []enginetest.Object {
	twin, other := enginetest.Bridge("twin", "172.24.0.0/16", ""), enginetest.Bridge("twin", "172.25.0.0/16", "")
	twin.ID, other.ID = enginetest.ID("a twin"), enginetest.ID("another twin")
	stale, haunted := enginetest.Bridge("stale", "172.26.0.0/16", ""), enginetest.Bridge("haunted", "172.27.0.0/16", "")
	stale.Stale = []enginetest.StaleEndpoint{{Name: "ghost", IPv4: "172.26.0.2"}}
	haunted.Stale = []enginetest.StaleEndpoint{{Name: "web", IPv4: "172.27.0.2"}}
	mesh := enginetest.Overlay("mesh", "10.0.9.0/24")
	mesh.Services = []string{"shop_web"}
	return []enginetest.Object{
		enginetest.Bridge("front", "172.20.0.0/16", "172.20.0.1"), twin, other, stale, haunted, mesh,
		enginetest.Network{Name: "conf", ConfigOnly: true},
		enginetest.Network{Name: "configured", ConfigFrom: "conf"},
		enginetest.Network{Name: "ingress", ID: enginetest.SwarmID("ingress"), Driver: "overlay", Scope: "swarm", Ingress: true},
		enginetest.Running("web", enginetest.On("front", "172.20.0.2")),
	}
}

// named has networks and containers with the names of topics, and of each other.
func named() []enginetest.Object {
	return []enginetest.Object{
		enginetest.Bridge("overlay", "172.29.0.0/16", "172.29.0.1"),
		enginetest.Bridge("twin", "172.30.0.0/16", "172.30.0.1"),
		enginetest.Running("dns", enginetest.On("overlay", "172.29.0.2")),
		enginetest.Running("twin", enginetest.On("overlay", "172.29.0.3")),
	}
}

// free has networks that nothing needs, of different age and with labels, one
// that only stopped containers need, and one in use.
func free() []enginetest.Object {
	labelled, young := enginetest.Bridge("labelled", "172.23.0.0/16", ""), enginetest.Bridge("young", "172.24.0.0/16", "")
	labelled.Labels = map[string]string{"keep": "yes"}
	young.Created = time.Now().Add(-time.Hour)
	return []enginetest.Object{
		enginetest.Bridge("front", "172.20.0.0/16", "172.20.0.1"),
		enginetest.Bridge("stopped_only", "172.21.0.0/16", "172.21.0.1"),
		enginetest.Bridge("old_net", "172.22.0.0/16", "172.22.0.1"), labelled, young,
		enginetest.Running("web", enginetest.On("front", "172.20.0.2")),
		enginetest.Stopped("db", enginetest.On("stopped_only", "")),
	}
}

// loop has containers that crash and are started again.
func loop() []enginetest.Object {
	crashing := enginetest.Container{Name: "loop", State: "restarting", On: []enginetest.Endpoint{enginetest.On("crashing", ""), enginetest.On("mixed", "")}}
	sharer := enginetest.Sharing("beside", "loop")
	sharer.State = "restarting"
	return []enginetest.Object{
		enginetest.Bridge("crashing", "172.20.0.0/16", ""), enginetest.Bridge("mixed", "172.21.0.0/16", ""),
		crashing, enginetest.Stopped("halted", enginetest.On("mixed", "")), sharer,
	}
}

// unused has networks that nothing needs, beside one in use.
func unused(networks int) []enginetest.Object {
	objects := []enginetest.Object{enginetest.Bridge("front", "172.20.0.0/16", ""), enginetest.Running("web", enginetest.On("front", "172.20.0.2"))}
	for i := range networks {
		objects = append(objects, enginetest.Bridge(fmt.Sprint("net", i), fmt.Sprintf("10.%d.%d.0/24", i/256, i%256), ""))
	}
	return objects
}

func many(networks int) []enginetest.Object {
	var objects []enginetest.Object
	for i := range networks {
		objects = append(objects, enginetest.Bridge(fmt.Sprint("net", i), fmt.Sprintf("10.%d.%d.0/24", i/256, i%256), ""))
	}
	for i := range networks {
		network := fmt.Sprint("net", i)
		objects = append(objects,
			enginetest.Running(fmt.Sprint("web", i), enginetest.On(network, fmt.Sprintf("10.%d.%d.2", i/256, i%256))),
			enginetest.Stopped(fmt.Sprint("db", i), enginetest.On(network, "")))
	}
	return objects
}

// clinic has something wrong for each of several checks, of which some are mended by the
// doctor itself.
func clinic() []enginetest.Object {
	stale, haunted := enginetest.Bridge("stale", "172.26.0.0/16", "172.26.0.1"), enginetest.Bridge("haunted", "172.27.0.0/16", "172.27.0.1")
	stale.Stale = []enginetest.StaleEndpoint{{Name: "ghost", IPv4: "172.26.0.2"}}
	haunted.Stale = []enginetest.StaleEndpoint{{Name: "web", IPv4: "172.27.0.2"}}
	for _, n := range []*enginetest.Network{&stale, &haunted} {
		n.Created = time.Now().Add(-time.Hour)
	}
	front := enginetest.Bridge("front", "172.20.0.0/16", "172.20.0.1")
	front.Builds = []string{"bzpkbq0op2k8j6bs9qfc3c88c"}
	sql := enginetest.Running("sql", enginetest.On("front", "172.20.0.3"))
	sql.Ports = []enginetest.Port{{Container: 5432, Host: 5432}}
	site := enginetest.Running("site", enginetest.On("front", "172.20.0.4"))
	site.Ports = []enginetest.Port{{Container: 80, Host: 8080}}
	linked := enginetest.Endpoint{Network: "bridge", IPv4: "172.17.0.3", Links: []string{"old1:db"}}
	return []enginetest.Object{
		front, stale, haunted,
		enginetest.Running("web", enginetest.On("front", "172.20.0.2")), sql, site,
		enginetest.Stopped("loser", enginetest.On("lost", "")),
		enginetest.Stopped("loser2", enginetest.On("lost", "")),
		enginetest.Container{Name: "leaner", State: "exited", Mode: "container:" + enginetest.ID("loser")},
		enginetest.Running("old1", enginetest.On("bridge", "172.17.0.2")), enginetest.Running("old2", linked),
	}
}
