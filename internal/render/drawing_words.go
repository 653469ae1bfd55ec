package render

import (
	"strings"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/drawing"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func drawingTitle(e *topology.Engine) string {
	if e.Product == "" {
		return "Container networks"
	}
	return label(e.Product, false) + " networks"
}

// drawingFacts say which engine is drawn, and as of when.
func drawingFacts(s *topology.Snapshot) []string {
	var engine []string
	if s.Engine.Product != "" && s.Engine.Version != "" {
		engine = append(engine, label(s.Engine.Product, false)+" "+label(s.Engine.Version, false))
	}
	if s.Engine.Context != "" {
		engine = append(engine, "context "+label(s.Engine.Context, true))
	}
	if s.Engine.Endpoint != "" {
		engine = append(engine, label(s.Engine.Endpoint, true))
	}
	var facts []string
	if len(engine) > 0 {
		facts = append(facts, strings.Join(engine, " · "))
	}
	if !s.TakenAt.IsZero() {
		facts = append(facts, "as of "+s.TakenAt.UTC().Format(time.DateTime)+" UTC")
	}
	return facts
}

var drawingWords = drawing.Words{
	Marks: map[drawing.Mark]string{
		drawing.Running: "running", drawing.Paused: "paused", drawing.Created: "created, not started yet",
		drawing.Stopped: "stopped", drawing.Restarting: "restarting", drawing.Dead: "dead", drawing.Unknown: "state unknown",
	},
	Network: "network: a rail, by colour and pattern", Closed: "internal network, without a way out", Gone: "wanted, and not there",
	Elsewhere: "rail that goes on in another block", OnStart: "joins on start", Share: "shares its holder's network",
	Warning: "will not start", Way: "published ports", LoopbackWay: "ports on the host's loopback only",
	Nowhere: "on no network",
}

// hazardWords say on a card why it will not start.
func hazardWords(h *diagnose.Hazard) string {
	consequence := "will not start"
	if h.Container.State.Up() {
		consequence = "will not start again"
	}
	switch h.Kind {
	case diagnose.NetworkGone, diagnose.NameGone, diagnose.NameAmbiguous:
		return consequence // the rail says why
	case diagnose.MaybeElsewhere:
		return "may not start"
	case diagnose.OwnerGone:
		return consequence + ": its network's owner is gone"
	case diagnose.OwnerTroubled:
		return consequence + ": nor will its network's owner"
	case diagnose.ModeGone:
		return consequence + ": made with a network that is gone"
	case diagnose.AddressOutside:
		return consequence + ": " + label(h.Address.String(), false) + " is in no subnet of its network"
	}
	return consequence
}
