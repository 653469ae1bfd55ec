package commands

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/docker/cli/cli"
	"github.com/docker/cli/cli/config"

	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/journal"
	"github.com/docker-netkit/docker-netkit/internal/removal"
	"github.com/docker-netkit/docker-netkit/internal/render"
)

// journalDir is where removals are recorded: beside docker's own configuration.
func journalDir() string { return filepath.Join(config.Dir(), "netkit", "journal") }

// worker is what carries out plans on an engine, in the name of a command.
func (s *session) worker(ctx context.Context, e *engine.Engine, command string) (*removal.Worker, error) {
	ctx, cancel := s.within(ctx)
	defer cancel()
	of, err := identity(ctx, e)
	if err != nil {
		return nil, err
	}
	return &removal.Worker{Engine: e, Journal: s.journalOf(of.Key), Of: of, Timeout: s.timeout, Command: command}, nil
}

// journalOf is the journal of an engine. Who waits for another process that acts
// on it is told so.
func (s *session) journalOf(engineKey string) *journal.Journal {
	j := journal.Of(journalDir(), engineKey)
	j.Waits = func(pid int) {
		who := ""
		if pid > 0 {
			who = fmt.Sprintf(" (pid %d)", pid)
		}
		line := "Another docker netkit is acting on this engine" + who + "; waiting…"
		if s.Err().IsTerminal() {
			line = "\r\x1b[K" + line // a note of progress may stand there
		}
		s.say(line)
	}
	return j
}

func identity(ctx context.Context, e *engine.Engine) (removal.EngineRef, error) {
	found, err := e.Identity(ctx)
	if err != nil {
		return removal.EngineRef{}, fmt.Errorf("cannot tell which engine this is, and so not record what is done: %w", err)
	}
	endpoint := e.Endpoint()
	return removal.EngineRef{Key: found.Key, Name: found.Name, Endpoint: endpoint.Host, Context: endpoint.Context}, nil
}

// orJSON has a program that asked for JSON get some, also where there is nothing
// to report but an error. What is wrong with the flags is for whoever wrote them,
// and an interruption is no result.
func (s *session) orJSON(asked bool, err error) error {
	if err == nil || !asked || s.answered || errors.Is(err, context.Canceled) {
		return err
	}
	if coded, ok := errors.AsType[cli.StatusError](err); ok && coded.StatusCode == statusBadUsage {
		return err
	}
	if writeErr := s.writeJSON(map[string]string{"error": err.Error()}); writeErr != nil {
		return writeErr
	}
	return err
}

// writeJSON writes a value for programs.
func (s *session) writeJSON(value any) error {
	s.answered = true
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("cannot write the result as JSON: %w", err)
	}
	_, err = s.Out().Write(append(render.ASCIIControls(text), '\n'))
	return err
}

// say writes lines for people who wait.
func (s *session) say(lines ...string) {
	for _, line := range lines {
		_, _ = fmt.Fprintln(s.Err(), line)
	}
}

// sayFolded writes lines for people who wait, folded on a terminal.
func (s *session) sayFolded(lines ...string) {
	look := s.lookOn(s.Err())
	for _, line := range lines {
		s.say(look.Fold(line)...)
	}
}

// name makes a name from an engine fit for where it goes: printable on a
// terminal, exactly as it is for a program.
func (s *session) name(name string) string {
	if s.Out().IsTerminal() {
		return render.Printable(name)
	}
	return name
}
