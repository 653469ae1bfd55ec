//go:build linux

package measure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

const (
	// usualTimeout is taken where a request has none.
	usualTimeout = 5 * time.Second
	// atOnce is how many short measurements run side by side; the others wait.
	atOnce = 64
	// lasting is how many echoes and opened connections there may be. They have
	// a bound of their own, since they may last for hours.
	lasting = 512
	// patience is how long Run waits for what it began, once it is to end.
	patience = time.Second
)

// errStopped is why a measurement has no result that was told to stop.
var errStopped = errors.New("stopped")

// Run says hello, carries out the requests that it reads, side by side, and
// writes their results. It ends when the input ends, with the context, or when
// no line came for [wire.Silence], and gives an error only where a line could
// not be read or written.
func Run(ctx context.Context, in io.Reader, out io.Writer) error {
	return run(ctx, in, out, wire.Silence)
}

func run(ctx context.Context, in io.Reader, out io.Writer, silence time.Duration) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &session{
		lines:   wire.NewWriter(out),
		broken:  cancel,
		short:   make(chan struct{}, atOnce),
		long:    make(chan struct{}, lasting),
		running: map[int]*task{},
	}
	if err := s.lines.Write(wire.Hello{Version: wire.Version}); err != nil {
		return err
	}
	err := s.serve(ctx, in, silence)
	cancel()
	s.drain()
	if err == nil {
		err = s.failed()
	}
	return err
}

// session is one conversation with a plugin.
type session struct {
	lines  *wire.Writer
	broken context.CancelFunc // ends the session when nobody reads any more
	short  chan struct{}
	long   chan struct{}
	tasks  sync.WaitGroup

	mu      sync.Mutex
	running map[int]*task
	err     error // of writing
}

// task is a request that is being carried out.
type task struct {
	wire.Request
	session *session
	stop    chan struct{} // closed by Stop
	once    sync.Once
	relay   *relay // of Open
}

func (s *session) serve(ctx context.Context, in io.Reader, silence time.Duration) error {
	type line struct {
		request wire.Request
		err     error
	}
	lines := make(chan line)
	go func() {
		// A read cannot be interrupted. Where the session ends before the input,
		// this ends with the next line, or the program.
		reader := wire.NewReader(in)
		for {
			var l line
			l.err = reader.Read(&l.request)
			select {
			case lines <- l:
			case <-ctx.Done():
				return
			}
			if l.err != nil {
				return
			}
		}
	}()
	quiet := time.NewTimer(silence)
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-quiet.C:
			return nil
		case l := <-lines:
			if errors.Is(l.err, io.EOF) {
				return nil
			}
			if l.err != nil {
				return l.err
			}
			quiet.Reset(silence)
			s.take(ctx, l.request)
		}
	}
}

// take begins a request, or passes it to the one that it is about.
func (s *session) take(ctx context.Context, request wire.Request) {
	switch request.Kind {
	case wire.Alive:
		// Beside the reading, which nobody may hold up who does not read.
		s.tasks.Go(func() { s.write(wire.Result{ID: request.ID, Done: true}) })
		return
	case wire.Send, wire.Shut, wire.Stop:
		s.pass(request)
		return
	case wire.Describe, wire.Resolve, wire.Echo, wire.Connect, wire.Datagram, wire.PathMTU, wire.Open:
	}
	if request.Timeout <= 0 {
		request.Timeout = usualTimeout
	}
	t := &task{Request: request, session: s, stop: make(chan struct{})}
	if request.Kind == wire.Open {
		t.relay = newRelay()
	}
	s.mu.Lock()
	_, twice := s.running[request.ID]
	if !twice {
		s.running[request.ID] = t
	}
	s.mu.Unlock()
	if twice {
		s.write(wire.Result{ID: request.ID, Done: true, Failure: "there is a request of this ID already"})
		return
	}
	s.tasks.Go(func() { s.carryOut(ctx, t) })
}

func (s *session) pass(request wire.Request) {
	s.mu.Lock()
	t := s.running[request.Of]
	s.mu.Unlock()
	if t == nil {
		return
	}
	switch {
	case request.Kind == wire.Stop:
		t.once.Do(func() { close(t.stop) })
	case t.relay == nil:
	case request.Kind == wire.Send:
		t.relay.send(request.Data)
	default:
		t.relay.shut()
	}
}

// carryOut runs a task in its turn, and writes its last result.
func (s *session) carryOut(ctx context.Context, t *task) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	turn := s.short
	if t.Kind == wire.Echo || t.Kind == wire.Open {
		turn = s.long
	}
	result := wire.Result{}
	var err error
	select {
	case <-ctx.Done():
		err = ctx.Err()
	case <-t.stop:
		err = errStopped
	case turn <- struct{}{}:
		if t.Kind != wire.Echo { // which sums up
			watched := make(chan struct{})
			defer close(watched)
			go func() {
				select {
				case <-t.stop:
					cancel(errStopped)
				case <-watched:
				}
			}()
		}
		result, err = t.measure(ctx)
		if err != nil && context.Cause(ctx) != nil {
			err = context.Cause(ctx)
		}
		<-turn
	}
	if err != nil {
		result = wire.Result{Failure: err.Error()}
	}
	s.mu.Lock()
	delete(s.running, t.ID)
	s.mu.Unlock()
	result.Done = true
	t.write(result)
}

// measure gives the last result, or why there is none.
func (t *task) measure(ctx context.Context) (result wire.Result, err error) {
	switch t.Kind {
	case wire.Describe:
		result.Namespace = describe()
	case wire.Resolve:
		result.Resolution, err = t.resolve(ctx)
	case wire.Echo:
		result.Echoes, err = t.echo(ctx)
	case wire.Connect:
		result.Connection, err = t.connect(ctx)
	case wire.Datagram:
		result.Datagram, err = t.datagram(ctx)
	case wire.PathMTU:
		result.PathMTU, err = t.pathMTU(ctx)
	case wire.Open:
		result.Connection, err = t.open(ctx)
	case wire.Alive, wire.Send, wire.Shut, wire.Stop:
	default:
		err = fmt.Errorf("this probe cannot do %q", t.Kind)
	}
	return result, err
}

func (t *task) write(result wire.Result) {
	result.ID = t.ID
	t.session.write(result)
}

func (s *session) write(result wire.Result) {
	if err := s.lines.Write(result); err != nil {
		s.mu.Lock()
		s.err = errors.Join(s.err, err)
		s.mu.Unlock()
		s.broken()
	}
}

func (s *session) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// drain waits for the tasks, which the context has ended; not for one that is
// stuck writing to somebody who does not read.
func (s *session) drain() {
	ended := make(chan struct{})
	go func() {
		s.tasks.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(patience):
	}
}
