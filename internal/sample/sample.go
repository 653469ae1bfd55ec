// Package sample holds a built-in snapshot, for trying netkit without an
// engine: a web shop with a bit of everything. It is a file as
// "graph --format json" writes it, and is read in the same way.
package sample

import (
	"bytes"
	_ "embed"

	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

//go:embed shop.json
var shop []byte

// Shop is a small web shop: front, back and db networks, a stopped container,
// one that shares a network, host, none and macvlan, and one whose network is
// gone.
func Shop() (*topology.Snapshot, error) { return render.ReadJSON(bytes.NewReader(shop)) }
