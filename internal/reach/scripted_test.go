package reach

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/probe/wiretest"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// scripted is a lab whose namespaces are tables, by the container's ID.
type scripted struct {
	places map[string]*wiretest.Place
	raw    map[string]*wiretest.Place
	// refuses are the containers in which nothing can be started, and why.
	refuses map[string]error
	// serves is the address behind every port that takes connections.
	serves string
	// ends are those whose namespaces end once they were asked, and the error of that.
	ends map[string]error
	// during is called with each request before it is answered.
	during func(of string, r *wire.Request)

	// now is how containers are, where they did not stay as they were.
	now map[string]Moment

	mu   sync.Mutex
	sent []wire.Request
}

func (s *scripted) Now(_ context.Context, c *topology.Container) (Moment, error) {
	if now, changed := s.now[c.ID]; changed {
		return now, nil
	}
	return Moment{State: c.State}, nil
}

func (s *scripted) Session(ctx context.Context, id string) (Session, error) {
	return s.open(ctx, id, s.places[id])
}

func (s *scripted) RawSession(ctx context.Context, id string) (Session, error) {
	if s.raw[id] == nil {
		return nil, errors.New("capabilities are forbidden")
	}
	return s.open(ctx, id, s.raw[id])
}

func (s *scripted) open(ctx context.Context, id string, p *wiretest.Place) (Session, error) {
	if err := s.refuses[id]; err != nil {
		return nil, err
	}
	if p == nil {
		p = &wiretest.Place{}
	}
	return &scriptedSession{s, id, p}, ctx.Err()
}

type scriptedSession struct {
	lab   *scripted
	id    string
	place *wiretest.Place
}

func (s *scriptedSession) Do(ctx context.Context, requests []wire.Request, each func(wire.Result)) error {
	for i := range requests {
		r := &requests[i]
		s.lab.mu.Lock()
		s.lab.sent = append(s.lab.sent, *r)
		s.lab.mu.Unlock()
		if s.lab.during != nil {
			s.lab.during(s.id, r)
		}
		if err := s.place.Do(ctx, requests[i:i+1], each); err != nil {
			return err
		}
	}
	if err := s.lab.ends[s.id]; err != nil {
		return err
	}
	return ctx.Err()
}

func (s *scriptedSession) Dial(ctx context.Context, _ netip.AddrPort) (net.Conn, error) {
	if s.lab.serves == "" {
		return nil, errors.New("nothing is served there")
	}
	return new(net.Dialer).DialContext(ctx, "tcp", s.lab.serves)
}

// count is how many requests of a kind were sent.
func (s *scripted) count(kind wire.Kind) int {
	n := 0
	for i := range s.sent {
		if s.sent[i].Kind == kind {
			n++
		}
	}
	return n
}
