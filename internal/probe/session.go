package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// Session is a conversation with the probe in one namespace. Several callers may
// use it at once.
type Session struct {
	lab     *Lab
	key     key
	helper  Helper
	out     chan wire.Request
	greeted chan struct{}
	done    chan struct{} // closed when the probe says nothing any more
	finish  func()        // closes it
	running sync.WaitGroup
	beats   atomic.Int32 // since the probe said something

	mu    sync.Mutex
	next  int
	calls map[int]*call
	err   error // why it is done

	// since is when it was opened, by the engine's clock.
	since time.Time

	ending sync.Once
	ended  error
}

func newSession(l *Lab, k key, helper Helper) *Session {
	const ahead = 16
	s := &Session{
		lab: l, key: k, helper: helper, out: make(chan wire.Request, ahead),
		since: l.Engine.Now(), greeted: make(chan struct{}), done: make(chan struct{}), calls: map[int]*call{},
	}
	s.finish = sync.OnceFunc(func() { close(s.done) })
	s.running.Go(s.read)
	s.running.Go(s.write)
	s.running.Go(s.listen)
	return s
}

// greet waits for the probe's first line.
func (s *Session) greet(ctx context.Context) error {
	select {
	case <-s.greeted:
		return nil
	case <-s.done:
		return s.reason()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// read hands out what the probe says, until it says nothing any more.
func (s *Session) read() {
	defer s.finish()
	lines := wire.NewReader(s.helper)
	if err := lines.Greet(); err != nil {
		s.fail(err)
		return
	}
	close(s.greeted)
	for {
		var result wire.Result
		if err := lines.Read(&result); err != nil {
			s.fail(err)
			return
		}
		s.beats.Store(0)
		s.mu.Lock()
		c := s.calls[result.ID]
		if result.Done {
			delete(s.calls, result.ID)
		}
		s.mu.Unlock()
		if c != nil {
			c.put(result)
		}
	}
}

// errMute is why a session is done that gets no sign of life.
var errMute = errors.New("it says nothing any more, as when it is paused, or the connection to the engine is cut")

// listen asks the probe for a sign of life now and then, and takes it for gone where
// none comes: reading waits for ever.
func (s *Session) listen() {
	beat := time.NewTicker(wire.Beat)
	defer beat.Stop()
	for {
		select {
		case <-beat.C:
		case <-s.done:
			return
		}
		if s.beats.Add(1) > int32(wire.Silence/wire.Beat) {
			s.fail(errMute)
			s.finish()
			return
		}
		select {
		case s.out <- wire.Request{ID: s.number(nil), Kind: wire.Alive}:
		default: // there is enough to be said before
		}
	}
}

// write says to the probe what is to be said.
func (s *Session) write() {
	to := wire.NewWriter(s.helper)
	for {
		var request wire.Request
		select {
		case request = <-s.out:
		case <-s.done:
			return
		}
		if err := to.Write(request); err != nil {
			// Reading tells why, now or soon.
			return
		}
	}
}

// fail notes why the probe says nothing any more.
func (s *Session) fail(err error) {
	said := s.helper.Said()
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("it ended unexpectedly")
	}
	err = fmt.Errorf("the probe in the helper container failed: %w", err)
	if said != "" {
		err = fmt.Errorf("%w; it said: %s", err, said)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
}

// reason is why the session is done.
func (s *Session) reason() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// over tells that nothing more can be measured with the session.
func (s *Session) over() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// number gives the next ID, whose results go to a call, if to any.
func (s *Session) number(c *call) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	if c != nil {
		s.calls[s.next] = c
	}
	return s.next
}

// forget drops what still comes for these requests.
func (s *Session) forget(ids ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		delete(s.calls, id)
	}
}

// send gives a request to the writer.
func (s *Session) send(ctx context.Context, request wire.Request) error {
	select {
	case s.out <- request:
		return nil
	case <-s.done:
		return s.reason()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close ends the session before its lab does.
func (s *Session) Close(ctx context.Context) error {
	s.lab.mu.Lock()
	if o := s.lab.sessions[s.key]; o != nil && o.session == s {
		delete(s.lab.sessions, s.key)
	}
	s.lab.mu.Unlock()
	return s.end(ctx)
}

// end removes the helper, and waits for what runs here.
func (s *Session) end(ctx context.Context) error {
	s.ending.Do(func() {
		s.mu.Lock()
		if s.err == nil {
			s.err = ErrClosed
		}
		s.mu.Unlock()
		s.ended = s.helper.End(ctx)
		s.running.Wait()
	})
	return s.ended
}
