package probe

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// together is how many helpers are started or ended at one time, unless the lab
// says otherwise.
const together = 8

// patience is how long tidying may take.
const patience = 5 * time.Second

// Lab has sessions, one for each namespace that is measured from. It must be
// closed.
type Lab struct {
	Engine Engine
	// Program gives the probe for a kind of machine, by Go's word for it.
	Program func(arch string) (*Program, error)
	// Guess is the kind of machine that the engine most likely is: ours. If the
	// engine has the image of that probe, it is one that we imported for it, and it
	// need not be asked what it is, which takes Docker 25 ms.
	Guess string
	// Together bounds how many helpers are started or ended at one time; 8 where
	// it is 0.
	Together int

	once      sync.Once
	slots     chan struct{}
	importing chan struct{} // held by who imports the image
	swept     sync.WaitGroup

	mu       sync.Mutex
	closed   bool
	cancels  []context.CancelFunc // of what is under way, for the end
	imported string               // the ID of the image, once it is there
	sweeping bool
	sessions map[key]*opening
}

// key tells sessions apart.
type key struct {
	of  Namespace
	raw bool
}

// opening is a session that is, or is about to be, open.
type opening struct {
	done    chan struct{}
	session *Session
	err     error
}

func (l *Lab) setUp() {
	l.once.Do(func() {
		limit := l.Together
		if limit <= 0 {
			limit = together
		}
		l.slots = make(chan struct{}, limit)
		l.importing = make(chan struct{}, 1)
		l.sessions = map[key]*opening{}
	})
}

// Open gives the session of a namespace. It is started where there is none yet.
func (l *Lab) Open(ctx context.Context, of Namespace) (*Session, error) {
	return l.open(ctx, key{of: of})
}

// OpenRaw is the same with raw sockets, for a namespace that lets nobody else
// send ICMP: a measurement failed there with [wire.NotPermitted].
func (l *Lab) OpenRaw(ctx context.Context, of Namespace) (*Session, error) {
	return l.open(ctx, key{of: of, raw: true})
}

func (l *Lab) open(ctx context.Context, k key) (*Session, error) {
	l.setUp()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for {
		o, first, err := l.opening(ctx, k, cancel)
		if err != nil {
			return nil, err
		}
		if first {
			s, err := l.start(ctx, k)
			l.settle(k, o, s, err)
			return s, err
		}
		select {
		case <-o.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		switch {
		case o.err == nil && o.session.over():
			_ = o.session.Close(ctx) // the next one is another
		case errors.Is(o.err, context.Canceled), errors.Is(o.err, context.DeadlineExceeded):
			// It was another caller's context.
		default:
			return o.session, o.err
		}
	}
}

// opening is that of a key; first tells that the caller is to start it, until
// cancel is called.
func (l *Lab) opening(ctx context.Context, k key, cancel context.CancelFunc) (o *opening, first bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, false, ErrClosed
	}
	if o = l.sessions[k]; o != nil {
		return o, false, nil
	}
	if !l.sweeping {
		l.sweeping = true
		sweeping, stop := context.WithCancel(context.WithoutCancel(ctx))
		l.cancels = append(l.cancels, stop)
		l.swept.Go(func() { _ = l.Engine.SweepHelpers(sweeping) }) // what it leaves, the next run finds
	}
	l.cancels = append(l.cancels, cancel)
	o = &opening{done: make(chan struct{})}
	l.sessions[k] = o
	return o, true, nil
}

// settle keeps what became of an opening. After a failure, the next caller starts
// anew.
func (l *Lab) settle(k key, o *opening, s *Session, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	o.session, o.err = s, err
	if err != nil && l.sessions[k] == o {
		delete(l.sessions, k)
	}
	close(o.done)
}

// start starts a helper and greets its probe.
func (l *Lab) start(ctx context.Context, k key) (*Session, error) {
	if err := take(ctx, l.slots); err != nil {
		return nil, err
	}
	defer func() { <-l.slots }()
	helper, err := l.startGuessed(ctx, k)
	if noImage(err) {
		helper, err = l.startKnown(ctx, k)
	}
	if sourceStopped(err) {
		return nil, fmt.Errorf("%w: %w", ErrSourceStopped, err)
	}
	if err != nil {
		return nil, err
	}
	s := newSession(l, k, helper)
	if err := s.greet(ctx); err != nil {
		_ = s.end(ctx)
		return nil, err
	}
	return s, nil
}

// startGuessed starts a helper of the image for the kind of machine that the
// engine most likely is.
func (l *Lab) startGuessed(ctx context.Context, k key) (Helper, error) {
	if l.Guess == "" {
		return nil, errNotGuessed
	}
	program, err := l.Program(l.Guess)
	if err != nil {
		return nil, errNotGuessed
	}
	return l.Engine.StartHelper(ctx, specOf(program, k))
}

// startKnown asks what kind of machine the engine is, and imports the image if
// that is missing.
func (l *Lab) startKnown(ctx context.Context, k key) (Helper, error) {
	os, arch, err := l.Engine.Platform(ctx)
	if err != nil {
		return nil, err
	}
	if os != "" && os != "linux" {
		return nil, fmt.Errorf("the engine runs programs for %s, and the probe is one for linux", os)
	}
	program, err := l.Program(arch)
	if err != nil {
		return nil, err
	}
	if l.Guess != arch {
		helper, err := l.Engine.StartHelper(ctx, specOf(program, k))
		if !noImage(err) {
			return helper, err
		}
	}
	if err := l.importImage(ctx, program); err != nil {
		return nil, err
	}
	return l.Engine.StartHelper(ctx, specOf(program, k))
}

func specOf(program *Program, k key) HelperSpec {
	return HelperSpec{Image: program.Repo + ":" + program.Tag, Command: program.Command, Of: k.of, Raw: k.raw}
}

// importImage imports the probe's image, once.
func (l *Lab) importImage(ctx context.Context, program *Program) error {
	if err := take(ctx, l.importing); err != nil {
		return err
	}
	defer func() { <-l.importing }()
	if l.imported != "" {
		return nil
	}
	content, err := program.Open()
	if err != nil {
		return err
	}
	l.imported, err = l.Engine.ImportImage(ctx, program.Repo, program.Tag, content)
	return err
}

// take waits for a place.
func take(ctx context.Context, places chan struct{}) error {
	select {
	case places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close ends all sessions, side by side. After it, nothing that the lab made is
// left, or the error tells what is. The end of the context keeps nobody from that.
func (l *Lab) Close(ctx context.Context) error {
	l.setUp()
	l.mu.Lock()
	l.closed = true
	open := l.sessions
	l.sessions = map[key]*opening{}
	for _, cancel := range l.cancels {
		cancel()
	}
	l.mu.Unlock()
	var ending sync.WaitGroup
	var mu sync.Mutex
	var failed []error
	for _, o := range open {
		ending.Go(func() {
			<-o.done
			if o.err != nil {
				return
			}
			l.slots <- struct{}{}
			defer func() { <-l.slots }()
			if err := o.session.end(ctx); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, err)
			}
		})
	}
	ending.Wait()
	l.swept.Wait()
	if l.imported != "" {
		tidy, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		l.Engine.RemoveUnnamedImage(tidy, l.imported)
	}
	return errors.Join(failed...)
}
