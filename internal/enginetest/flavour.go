package enginetest

import (
	"net/http"
	"strconv"
	"strings"
)

// Flavour is which engine is imitated.
type Flavour struct {
	// Version is the engine's own, API that of the newest API it speaks.
	Version, API, MinAPI string
	// Podman tells that the engine is Podman's service.
	Podman bool
	// ShortIDAliases tells that the short ID is among a container's aliases
	// (Docker with an API below 1.45).
	ShortIDAliases bool
	// SaysIPv4 tells that networks have EnableIPv4 (API 1.48 and later).
	SaysIPv4 bool
	// Swarm is the header of that name: inactive, active/worker,
	// active/manager. Docker 20.10 and Podman do not send it.
	Swarm string
	// Nodes counts those of the swarm; 1 where it is 0.
	Nodes int
}

// The engines that can be imitated.
var (
	Docker20 = Flavour{Version: "20.10.24", API: "1.41", MinAPI: "1.12", ShortIDAliases: true}
	Docker26 = Flavour{Version: "26.1.5", API: "1.45", MinAPI: "1.24", Swarm: "inactive"}
	Docker28 = Flavour{Version: "28.5.2", API: "1.51", MinAPI: "1.24", Swarm: "inactive", SaysIPv4: true}
	Podman   = Flavour{Version: "5.4.2", API: "1.41", MinAPI: "1.24", Podman: true, ShortIDAliases: true}
)

// InSwarm is the same engine as a node of a swarm: active/worker or
// active/manager.
func (f Flavour) InSwarm(role string) Flavour {
	f.Swarm = role
	return f
}

// speaks tells whether the engine is Docker with this API, 1.minor, or a later
// one.
func (f Flavour) speaks(minor int) bool {
	newest, _ := strconv.Atoi(strings.TrimPrefix(f.API, "1."))
	return !f.Podman && newest >= minor
}

// swarmState is the part that the engine has in a swarm, as it tells of itself.
func (f Flavour) swarmState() (state string, manages bool) {
	if role, active := strings.CutPrefix(f.Swarm, "active/"); active {
		return "active", role == "manager"
	}
	return "inactive", false
}

// setHeaders writes the headers that are on every reply.
func (f Flavour) setHeaders(h http.Header) {
	h.Set("Api-Version", f.API)
	if f.Podman {
		// Ostype is on Podman's ping only.
		h.Set("Server", "Libpod/"+f.Version+" (linux)")
		h.Set("Libpod-Api-Version", f.Version)
		return
	}
	h.Set("Server", "Docker/"+f.Version+" (linux)")
	h.Set("Docker-Experimental", "false")
	h.Set("Ostype", "linux")
}

func (f Flavour) setPingHeaders(h http.Header) {
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Ostype", "linux")
	if f.Podman {
		h.Set("Docker-Experimental", "true")
	}
	if f.Swarm != "" && f.speaks(44) {
		h.Set("Swarm", f.Swarm)
	}
}

func (f Flavour) versionReply() map[string]any {
	engine := map[string]any{"Name": "Engine", "Version": f.Version}
	if f.Podman {
		engine["Name"] = "Podman Engine"
	}
	return map[string]any{
		"Platform": map[string]any{"Name": ""}, "Components": []any{engine},
		"Version": f.Version, "ApiVersion": f.API, "MinAPIVersion": f.MinAPI,
		"Os": "linux", "Arch": "amd64", "KernelVersion": "6.1.0-fake",
	}
}
