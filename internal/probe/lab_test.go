package probe_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// yard is an engine in memory. Its helpers run a script.
type yard struct {
	script func(h *helper)

	mu       sync.Mutex
	image    bool
	imports  int
	sweeps   int
	starting int
	peak     int
	started  []probe.HelperSpec
	alive    int
	stopped  bool // the source
}

// helper is one of its helpers, as seen from inside.
type helper struct {
	say   *wire.Writer
	lines *wire.Reader
	spec  probe.HelperSpec
	yard  *yard

	out    *io.PipeReader
	in     *io.PipeWriter
	inside []io.Closer
	said   string
	ended  chan struct{}
}

type refusal struct{ kind string }

func (r refusal) Error() string       { return "refused: " + r.kind }
func (r refusal) NoImage() bool       { return r.kind == "image" }
func (r refusal) SourceStopped() bool { return r.kind == "source" }

func (y *yard) Platform(context.Context) (string, string, error) { return "linux", "amd64", nil }

func (y *yard) SweepHelpers(context.Context) error {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.sweeps++
	return nil
}

func (y *yard) RunningSince(context.Context, string, time.Time) (bool, error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	return !y.stopped, nil
}

func (y *yard) Now() time.Time { return time.Now() }

func (y *yard) RemoveUnnamedImage(context.Context, string) {}

func (y *yard) ImportImage(_ context.Context, _, _ string, _ io.Reader) (string, error) {
	<-time.After(time.Second) // what is slow, by the test's clock
	y.mu.Lock()
	defer y.mu.Unlock()
	y.imports++
	y.image = true
	return "sha256:imported", nil
}

func (y *yard) StartHelper(ctx context.Context, spec probe.HelperSpec) (probe.Helper, error) {
	y.mu.Lock()
	y.starting++
	y.peak = max(y.peak, y.starting)
	image, stopped := y.image, y.stopped
	y.mu.Unlock()
	defer func() {
		y.mu.Lock()
		y.starting--
		y.mu.Unlock()
	}()
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	switch {
	case !image:
		return nil, refusal{"image"}
	case stopped:
		return nil, refusal{"source"}
	}
	y.mu.Lock()
	y.started = append(y.started, spec)
	y.alive++
	y.mu.Unlock()
	outRead, outWrite := io.Pipe()
	inRead, inWrite := io.Pipe()
	h := &helper{
		say: wire.NewWriter(outWrite), lines: wire.NewReader(inRead), spec: spec, yard: y, out: outRead, in: inWrite,
		inside: []io.Closer{outWrite, inRead}, ended: make(chan struct{}),
	}
	go func() {
		defer close(h.ended)
		y.script(h)
		for _, end := range h.inside {
			_ = end.Close()
		}
	}()
	return h, nil
}

func (h *helper) Read(into []byte) (int, error)  { return h.out.Read(into) }
func (h *helper) Write(text []byte) (int, error) { return h.in.Write(text) }
func (h *helper) Said() string                   { return h.said }

func (h *helper) End(context.Context) error {
	_ = h.in.Close()
	_ = h.out.Close()
	<-h.ended
	h.yard.mu.Lock()
	defer h.yard.mu.Unlock()
	h.yard.alive--
	return nil
}

// lab is one on an engine whose helpers run a script. It must be closed by the
// test, and leaves nothing.
func lab(t *testing.T, y *yard) *probe.Lab {
	t.Helper()
	return &probe.Lab{Engine: y, Program: func(arch string) (*probe.Program, error) {
		return &probe.Program{Repo: "probe", Tag: arch, Open: func() (io.Reader, error) { return bytes.NewReader(nil), nil }}, nil
	}}
}

func end(t *testing.T, l *probe.Lab, y *yard) {
	t.Helper()
	if err := l.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if y.alive != 0 {
		t.Errorf("%d helpers are left", y.alive)
	}
	if _, err := l.Open(t.Context(), probe.Host); !errors.Is(err, probe.ErrClosed) {
		t.Errorf("a closed lab opens with %v", err)
	}
}

// echoing answers each request with how long it took: its ID in seconds, which
// the test chooses. Several are carried out at once.
func echoing(h *helper) {
	_ = h.say.Write(wire.Hello{Version: wire.Version})
	stops := map[int]chan struct{}{}
	var running sync.WaitGroup
	defer running.Wait()
	for {
		var r wire.Request
		if h.lines.Read(&r) != nil {
			for _, stop := range stops {
				close(stop)
			}
			return
		}
		switch r.Kind {
		case wire.Stop:
			close(stops[r.Of])
			delete(stops, r.Of)
		case wire.Echo:
			stop := make(chan struct{})
			stops[r.ID] = stop
			running.Go(func() {
				sent := 0
				for ended := false; !ended && (r.Count == 0 || sent < r.Count); {
					select {
					case <-time.After(r.Interval):
						sent++
						_ = h.say.Write(wire.Result{ID: r.ID, Reply: &wire.Reply{Sequence: sent, Outcome: wire.Reached}})
					case <-stop:
						ended = true
					}
				}
				_ = h.say.Write(wire.Result{ID: r.ID, Done: true, Echoes: &wire.Echoes{Sent: sent}})
			})
		case wire.Connect:
			_ = h.say.Write(wire.Result{ID: r.ID, Done: true, Connection: &wire.Connection{Outcome: wire.NoRoute}})
		case wire.Describe, wire.Resolve, wire.Datagram, wire.PathMTU, wire.Open, wire.Send, wire.Shut:
		case wire.Alive:
			h.yard.mu.Lock()
			h.said += "alive "
			h.yard.mu.Unlock()
			_ = h.say.Write(wire.Result{ID: r.ID, Done: true})
		}
	}
}

func TestResultsHaveTheCallersIDs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		y := &yard{image: true, script: echoing}
		l := lab(t, y)
		defer end(t, l, y)
		s, err := l.Open(t.Context(), probe.Of("web"))
		if err != nil {
			t.Fatal(err)
		}
		var doing sync.WaitGroup
		for range 3 { // with the same IDs, at the same time
			doing.Go(func() {
				var got []string
				err := s.Do(t.Context(), []wire.Request{
					{ID: 7, Kind: wire.Echo, Count: 2, Interval: 2 * time.Second},
					{ID: 9, Kind: wire.Echo, Count: 1, Interval: 3 * time.Second},
				}, func(r wire.Result) {
					got = append(got, fmt.Sprint(r.ID, r.Done))
				})
				want := []string{"7 false", "9 false", "9 true", "7 false", "7 true"}
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("the results are %q (%v), want %q", got, err, want)
				}
			})
		}
		doing.Wait()
	})
}

func TestStoppedWithASummary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		y := &yard{image: true, script: echoing}
		l := lab(t, y)
		defer end(t, l, y)
		s, err := l.Open(t.Context(), probe.Of("web"))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10500*time.Millisecond)
		defer cancel()
		var last wire.Result
		err = s.Do(ctx, []wire.Request{{ID: 1, Kind: wire.Echo, Interval: time.Second}}, func(r wire.Result) { last = r })
		if !errors.Is(err, context.DeadlineExceeded) || last.Echoes == nil || last.Echoes.Sent != 10 {
			t.Errorf("stopped with %v, and at last %+v", err, last)
		}
	})
}

func TestOneHelperANamespace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		y := &yard{script: echoing}
		l := lab(t, y)
		l.Together = 3
		defer end(t, l, y)
		var opening sync.WaitGroup
		for i := range 20 {
			opening.Go(func() {
				if _, err := l.Open(t.Context(), probe.Of(fmt.Sprint("container", i/2))); err != nil {
					t.Error(err)
				}
			})
		}
		opening.Wait()
		if _, err := l.OpenRaw(t.Context(), probe.Of("container0")); err != nil {
			t.Error(err)
		}
		if len(y.started) != 11 || y.imports != 1 || y.peak != 3 || y.sweeps != 1 || !y.started[10].Raw || y.started[0].Raw {
			t.Errorf("%d helpers, %d imports, %d at once, %d sweeps; want 11, 1, 3, 1", len(y.started), y.imports, y.peak, y.sweeps)
		}
	})
}

func TestFirstCallerGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		y := &yard{image: true, script: echoing}
		l := lab(t, y)
		defer end(t, l, y)
		hasty, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		go func() { _, _ = l.Open(hasty, probe.Host) }()
		synctest.Wait()
		if _, err := l.Open(t.Context(), probe.Host); err != nil {
			t.Errorf("who waits gets the error of who gave up: %v", err)
		}
	})
}

func TestClosedWhileOpening(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		y := &yard{image: true, script: func(h *helper) { _, _ = io.Copy(io.Discard, readerOf{h}) }} // greets nobody
		l := lab(t, y)
		go func() {
			if _, err := l.Open(t.Context(), probe.Host); !errors.Is(err, context.Canceled) {
				t.Errorf("it was opened: %v", err)
			}
		}()
		<-time.After(time.Minute)
		end(t, l, y)
	})
}

type readerOf struct{ h *helper }

func (r readerOf) Read([]byte) (int, error) {
	var request wire.Request
	return 0, r.h.lines.Read(&request)
}

func TestProbeFails(t *testing.T) {
	for name, c := range map[string]struct {
		script func(*helper)
		want   string
	}{
		"at once":         {func(h *helper) { h.said = "exec format error" }, "it ended unexpectedly; it said: exec format error"},
		"another version": {func(h *helper) { _ = h.say.Write(wire.Hello{Version: 99}) }, "another version"},
		"midway": {func(h *helper) {
			_ = h.say.Write(wire.Hello{Version: wire.Version})
			var r wire.Request
			_ = h.lines.Read(&r)
			_ = h.say.Write(wire.Result{ID: r.ID, Reply: &wire.Reply{Sequence: 1}})
			h.said = "panic: nil"
		}, "it said: panic: nil"},
		"nonsense": {func(h *helper) {
			_ = h.say.Write(wire.Hello{Version: wire.Version})
			_ = h.say.Write("nonsense")
			var r wire.Request
			for h.lines.Read(&r) == nil {
				continue
			}
		}, "not a line of the probe"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				y := &yard{image: true, script: c.script}
				l := lab(t, y)
				defer end(t, l, y)
				s, err := l.Open(t.Context(), probe.Host)
				if err == nil {
					err = s.Do(t.Context(), []wire.Request{{Kind: wire.Echo}}, func(wire.Result) {})
				}
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("the error is %v, want %q", err, c.want)
				}
				y.script = echoing
				if s, err = l.Open(t.Context(), probe.Host); err != nil {
					t.Fatalf("it cannot be opened anew: %v", err)
				}
				if err := s.Do(t.Context(), []wire.Request{{Kind: wire.Echo, Count: 1}}, func(wire.Result) {}); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestSourceStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		y := &yard{image: true, script: echoing}
		l := lab(t, y)
		defer end(t, l, y)
		s, err := l.Open(t.Context(), probe.Of("web"))
		if err != nil {
			t.Fatal(err)
		}
		connect := []wire.Request{{Kind: wire.Connect}}
		if err := s.Do(t.Context(), connect, func(wire.Result) {}); err != nil {
			t.Errorf("it runs, and there is no route: %v", err)
		}
		y.stopped = true
		if err := s.Do(t.Context(), connect, func(wire.Result) {}); !errors.Is(err, probe.ErrSourceStopped) {
			t.Errorf("it has stopped: %v", err)
		}
		if _, err := l.Open(t.Context(), probe.Of("db")); !errors.Is(err, probe.ErrSourceStopped) {
			t.Errorf("another has stopped: %v", err)
		}
	})
}

func TestBeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		y := &yard{image: true, script: echoing}
		var inside *helper
		y.script = func(h *helper) {
			inside = h
			echoing(h)
		}
		l := lab(t, y)
		defer end(t, l, y)
		if _, err := l.Open(t.Context(), probe.Host); err != nil {
			t.Fatal(err)
		}
		<-time.After(4*wire.Beat + time.Second)
		y.mu.Lock()
		defer y.mu.Unlock()
		if got := strings.Count(inside.said, "alive"); got != 4 {
			t.Errorf("it was told %d times that we are there, want 4", got)
		}
	})
}

// A probe that says nothing any more, with its streams open, holds nobody up for ever;
// one that is slow, and says so, does.
func TestMute(t *testing.T) {
	for name, c := range map[string]struct {
		answers bool // to who asks whether it is there
		want    string
	}{
		"paused": {false, "says nothing any more"},
		"slow":   {true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				y := &yard{image: true, script: func(h *helper) {
					_ = h.say.Write(wire.Hello{Version: wire.Version})
					for {
						var r wire.Request
						if h.lines.Read(&r) != nil {
							return
						}
						switch {
						case r.Kind == wire.Alive && c.answers:
							_ = h.say.Write(wire.Result{ID: r.ID, Done: true})
						case r.Kind == wire.Describe:
							time.AfterFunc(5*wire.Silence, func() { _ = h.say.Write(wire.Result{ID: r.ID, Done: true}) })
						}
					}
				}}
				l := lab(t, y)
				defer end(t, l, y)
				s, err := l.Open(t.Context(), probe.Host)
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				err = s.Do(t.Context(), []wire.Request{{Kind: wire.Describe}}, func(wire.Result) {})
				if took := time.Since(began); c.answers && took != 5*wire.Silence || !c.answers && took > wire.Silence+wire.Beat {
					t.Errorf("it took %s", took) // by the test's own clock
				}
				if got := fmt.Sprint(err); (c.want == "") != (err == nil) || !strings.Contains(got, c.want) {
					t.Errorf("the error is %v, want %q", err, c.want)
				}
			})
		})
	}
}

func TestRefusedKinds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		y := &yard{image: true, script: echoing}
		l := lab(t, y)
		defer end(t, l, y)
		s, err := l.Open(t.Context(), probe.Host)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []wire.Kind{wire.Alive, wire.Open, wire.Send, wire.Shut, wire.Stop} {
			if s.Do(t.Context(), []wire.Request{{Kind: kind}}, func(wire.Result) {}) == nil {
				t.Errorf("%s is taken", kind)
			}
		}
	})
}
