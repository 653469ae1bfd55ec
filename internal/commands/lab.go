package commands

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/probe"
	"github.com/docker-netkit/docker-netkit/internal/probe/program"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// probeRepo is the name of the images that hold the probe.
const probeRepo = "docker-netkit-probe"

// openLab makes what measures on the engine. Whatever it starts there is gone once
// the view is closed; until then a signal waits for that.
func (p *ping) openLab(ctx context.Context, e *engine.Engine, view *pingView) {
	lab := &probe.Lab{Engine: helperEngine{e, rand.Text()}, Program: probeProgram, Guess: runtime.GOARCH}
	release := p.hold.take()
	ix := view.ix
	view.lab = &labByContainer{lab, ix, e, e.Now(), p.within}
	view.close = func() {
		if err := lab.Close(context.WithoutCancel(ctx)); err != nil {
			p.say("A helper container may be left: " + strings.ReplaceAll(err.Error(), "\n", "; ") + "; the next ping removes it")
		}
		release()
		e.Close()
	}
}

// labByContainer gives one session a namespace, whichever of the containers that
// share it is asked for. Where it is not known that a container has still its
// owner's namespace, it gets one of its own: a helper that joins it finds out.
type labByContainer struct {
	*probe.Lab
	ix     *topology.Index
	engine *engine.Engine
	begun  time.Time // by the engine's clock
	// within bounds how long the engine may take to start a helper.
	within func(context.Context) (context.Context, context.CancelFunc)
}

func (l *labByContainer) namespace(containerID string) probe.Namespace {
	if c := l.ix.Container(containerID); c != nil {
		if owner := reach.Namespace(l.ix, c); owner != nil && !c.Started.IsZero() {
			containerID = owner.ID
		}
	}
	return probe.Of(containerID)
}

func (l *labByContainer) Session(ctx context.Context, containerID string) (reach.Session, error) {
	ctx, cancel := l.within(ctx)
	defer cancel()
	return asSession(l.Open(ctx, l.namespace(containerID)))
}

func (l *labByContainer) RawSession(ctx context.Context, containerID string) (reach.Session, error) {
	ctx, cancel := l.within(ctx)
	defer cancel()
	return asSession(l.OpenRaw(ctx, l.namespace(containerID)))
}

// Now asks the engine for a container. When it was started is known of those only
// that were inspected before.
func (l *labByContainer) Now(ctx context.Context, c *topology.Container) (reach.Moment, error) {
	ctx, cancel := l.within(ctx)
	defer cancel()
	now, err := l.engine.Moment(ctx, c.ID)
	moment := reach.Moment{State: now.State, Restarted: now.Started.After(l.begun), Addresses: now.Addresses}
	if !c.Started.IsZero() {
		moment.Restarted = !now.Started.Equal(c.Started)
	}
	return moment, err
}

// probeSession is a session as reach wants it.
type probeSession struct{ session *probe.Session }

// asSession says what is to be done where there is none.
func asSession(s *probe.Session, err error) (reach.Session, error) {
	if err == nil {
		return probeSession{s}, nil
	}
	if !errors.Is(err, probe.ErrSourceStopped) && !errors.Is(err, context.Canceled) {
		err = fmt.Errorf("%w; --predict needs no helper", err)
	}
	return nil, err
}

func (s probeSession) Do(ctx context.Context, requests []wire.Request, each func(wire.Result)) error {
	return s.session.Do(ctx, requests, each)
}

func (s probeSession) Dial(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	return s.session.Dial(ctx, to)
}

// helperEngine is the engine as the lab wants it. Its run tells the helpers of this
// process from those of others.
type helperEngine struct {
	*engine.Engine
	run string
}

func (h helperEngine) StartHelper(ctx context.Context, spec probe.HelperSpec) (probe.Helper, error) {
	helper, err := h.Engine.StartHelper(ctx, engine.HelperSpec{
		Image: spec.Image, Command: spec.Command, Source: spec.Of.Container, Raw: spec.Raw, Run: h.run,
	})
	if err != nil {
		return nil, err // and not a nil of another type
	}
	return helper, nil
}

// probeProgram is the probe for an engine, as an image.
func probeProgram(arch string) (*probe.Program, error) {
	found, err := program.For(arch)
	if err != nil {
		return nil, err
	}
	return &probe.Program{
		Repo: probeRepo, Tag: found.Tag, Command: found.Command,
		Open: func() (io.Reader, error) { return found.Tar() },
	}, nil
}
