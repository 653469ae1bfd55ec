package main

import (
	"fmt"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

var flavours = map[string]enginetest.Flavour{
	"docker20": enginetest.Docker20, "docker26": enginetest.Docker26, "docker28": enginetest.Docker28, "podman": enginetest.Podman,
}

// worlds are what the engines of the scripts hold.
var worlds = map[string]func() []enginetest.Object{
	"empty": func() []enginetest.Object { return nil },
	"shop":  shop,
	"odd":   odd,
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
