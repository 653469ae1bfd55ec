package enginetest

import (
	"fmt"
	"net/http"
	"time"
)

type wireInfo struct {
	ID, Name, ServerVersion, OSType, SystemTime, DockerRootDir string

	Plugins struct{ Network []string }

	Swarm struct {
		LocalNodeState   string
		ControlAvailable bool
		Nodes            int    `json:",omitempty"` // a manager's
		NodeAddr         string `json:",omitempty"` // engines write an empty one, too
	}
}

func (e *Engine) serveInfo(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r)
	info := wireInfo{
		ID: ID(e.socket)[:36], Name: "fake", ServerVersion: e.flavour.Version, OSType: "linux",
		SystemTime: time.Now().UTC().Format(time.RFC3339Nano), DockerRootDir: "/var/lib/fake",
	}
	// As engines list them [measured on Docker 20.10, 28.5, Podman 5.4].
	info.Plugins.Network = []string{"bridge", "host", "ipvlan", "macvlan", "null", "overlay"}
	if e.flavour.Podman {
		info.Plugins.Network = []string{"bridge", "macvlan", "ipvlan"}
	}
	if info.Swarm.LocalNodeState, info.Swarm.ControlAvailable = e.flavour.swarmState(); info.Swarm.ControlAvailable {
		info.Swarm.Nodes, info.Swarm.NodeAddr = max(e.flavour.Nodes, 1), peerAddress(0)
	}
	if e.flavour.Podman {
		// Its ID is a new one at each request.
		e.mu.Lock()
		e.infos++
		info.ID = ID(fmt.Sprint(e.socket, e.infos))[:36]
		e.mu.Unlock()
	}
	writeJSON(w, info)
}
