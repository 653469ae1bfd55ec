package removal

import (
	"context"
	"errors"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// flaky is an engine on whose network front one container may be. It gives the
// container another address than it had, unless asked for one, and loses answers
// to disconnecting.
type flaky struct {
	Engine
	on       bool // the container is on the network
	asked    topology.Address
	carryOut bool // disconnecting is done, though not answered
	unread   bool // nothing can be read once an answer was lost
	lost     bool
}

var errLost = errors.New("no answer")

func (e *flaky) Connect(_ context.Context, _, _ string, want *topology.EndpointConfig) error {
	e.on, e.asked = true, want.IPv4
	return nil
}

func (e *flaky) Disconnect(context.Context, string, string) error {
	e.lost = true
	if e.carryOut {
		e.on = false
	}
	return errLost
}

func (e *flaky) Snapshot(context.Context) (*topology.Snapshot, error) {
	if e.lost && e.unread {
		return nil, errLost
	}
	s := &topology.Snapshot{}
	if e.on {
		a := at(on("web", "front", topology.Live), "10.0.0.9")
		if !e.asked.IsZero() {
			a.IPv4, a.Static4 = e.asked, e.asked
		}
		s.Attachments = append(s.Attachments, a)
	}
	return s, nil
}

// TestAttachUnanswered: where it is not known whether a container was taken off
// for another try, it is on the network in the end, or that is said; and the
// entry is kept, as the engine may still do what it was asked for.
func TestAttachUnanswered(t *testing.T) {
	r := record(at(on("web", "front", topology.Live), "10.0.0.5"), topology.Running)
	for _, test := range []struct {
		name   string
		engine flaky
		on     bool
		failed bool
	}{
		{"it was carried out", flaky{carryOut: true}, true, false},
		{"it was not", flaky{}, true, false},
		{"and nothing can be read since", flaky{carryOut: true, unread: true}, false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			within := func(ctx context.Context, do func(context.Context) error) error { return do(ctx) }
			a := &attacher{engine: &test.engine, network: "front-id", within: within}
			done := a.attach(t.Context(), &r, true)
			equal(t, "on it", test.engine.on, test.on)
			equal(t, "failed", done.Error != "", test.failed)
			equal(t, "unanswered", done.unanswered, true)
			equal(t, "spent", (&Restored{ID: "front-id", Connected: []Attached{done}}).spent(), false)
		})
	}
}
