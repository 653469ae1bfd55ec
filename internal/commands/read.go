package commands

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// open connects to the engine, within the timeout.
func (s *session) open(ctx context.Context) (*engine.Engine, error) {
	return engine.Open(ctx, s.Cli, s.tap)
}

// within is a context that ends with the timeout, and with what stops it.
func (s *session) within(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, s.timeout)
}

// snapshot reads the engine once. A note shows on a terminal when that takes
// longer than people wait without wondering.
func (s *session) snapshot(ctx context.Context) (*topology.Snapshot, error) {
	ctx, cancel := s.within(ctx)
	defer cancel()
	defer s.showBusy("Reading networks and containers…")()
	e, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	return e.Snapshot(ctx)
}

// showBusy writes a note to the terminal after a second, and gives what takes
// it away again.
func (s *session) showBusy(note string) (done func()) {
	if s.silent || !s.Err().IsTerminal() {
		return func() {}
	}
	const patience = time.Second
	shown := make(chan bool, 1)
	timer := time.AfterFunc(patience, func() {
		_, _ = fmt.Fprint(s.Err(), note)
		shown <- true
	})
	return func() {
		if !timer.Stop() {
			<-shown
			_, _ = fmt.Fprint(s.Err(), "\r\x1b[K")
		}
	}
}

// read gets a snapshot from a file if one is named, else from the engine.
func (s *session) read(ctx context.Context, file string) (*topology.Snapshot, error) {
	if file != "" {
		return s.saved(file)
	}
	return s.snapshot(ctx)
}

// warnOfGaps says on standard error what could not be read, for formats that
// have no place for it.
func (s *session) warnOfGaps(snapshot *topology.Snapshot) {
	const most = 10
	for i, gap := range snapshot.Unread {
		if i == most {
			_, _ = fmt.Fprintf(s.Err(), "? and %d more; docker netkit graph --format json lists them\n", len(snapshot.Unread)-most)
			return
		}
		_, _ = fmt.Fprintln(s.Err(), "? "+render.GapText(gap))
	}
}

// saved reads a snapshot from a file, or from standard input for "-".
func (s *session) saved(file string) (*topology.Snapshot, error) {
	if file == "-" {
		return readSaved(s.In(), "standard input")
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("cannot read the snapshot: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	return readSaved(f, file)
}

func readSaved(r io.Reader, name string) (*topology.Snapshot, error) {
	s, err := render.ReadJSON(r)
	if err != nil {
		return nil, fmt.Errorf("cannot read the snapshot in %s: %w", quoteArg(name), err)
	}
	return s, nil
}
