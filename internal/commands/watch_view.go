package commands

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/screen"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// screenView shows the picture on a terminal: a line that says of what and
// when, the picture, and a line below if not all of it fits.
type screenView struct {
	*screen.Screen
	ascii  bool
	offset int // of the first line shown
	page   int // how many lines are shown
	bottom int // the greatest offset
}

func (v *screenView) show(w *watcher) error {
	columns, height := v.Size()
	lines, err := w.draw(columns)
	if err != nil {
		// What was asked for is gone by now; it may come back.
		lines = []string{err.Error()}
	}
	const frame = 2 // the line above and the line below
	v.page = max(1, height-frame)
	v.bottom = max(0, len(lines)-v.page)
	v.offset = min(max(0, v.offset), v.bottom)
	screenful := append([]string{v.status(w, columns)}, lines[v.offset:min(len(lines), v.offset+v.page)]...)
	if v.bottom > 0 {
		below := len(lines) - v.offset - v.page
		screenful = append(screenful, render.Cut(fmt.Sprintf("-- %d lines above, %d below (arrows, space, g, G) --", v.offset, max(0, below)), columns))
	}
	return v.Draw(screenful)
}

func (v *screenView) status(w *watcher, columns int) string {
	const clock = "15:04:05"
	dot := " · "
	if v.ascii {
		dot = " - "
	}
	status := w.last.TakenAt.Local().Format(clock) + dot + "q quits" + dot + "docker netkit graph of " + render.Printable(w.last.Engine.Endpoint)
	if w.trouble != nil {
		status = "! no new picture since " + w.since.Local().Format(clock) + dot + "shown is that of " +
			w.last.TakenAt.Local().Format(clock) + dot + w.trouble.Error()
	}
	return render.Cut(status, columns)
}

func (v *screenView) press(key screen.Key) (end bool, err error) {
	switch key {
	case screen.Interrupt:
		return true, context.Canceled
	case screen.Quit:
		return true, nil
	case screen.Up:
		v.offset--
	case screen.Down:
		v.offset++
	case screen.PageUp:
		v.offset -= v.page
	case screen.PageDown:
		v.offset += v.page
	case screen.Top:
		v.offset = 0
	case screen.Bottom:
		v.offset = v.bottom
	}
	v.offset = min(max(0, v.offset), v.bottom)
	return false, nil
}

// pipeView writes each picture that differs from the one before, one after
// the other.
type pipeView struct {
	out     io.Writer
	shown   *topology.Snapshot
	trouble string
}

func (v *pipeView) Keys() <-chan screen.Key  { return nil }
func (v *pipeView) Resized() <-chan struct{} { return nil }

func (v *pipeView) press(screen.Key) (end bool, err error) { return false, nil }

func (v *pipeView) show(w *watcher) error {
	if w.trouble != nil {
		if text := w.trouble.Error(); text != v.trouble {
			v.trouble = text
			_, _ = fmt.Fprintln(w.session.Err(), text)
		}
		return nil
	}
	v.trouble = ""
	if v.shown != nil && sameButTime(v.shown, w.last) {
		return nil
	}
	v.shown = w.last
	lines, err := w.draw(w.picture.look.Width)
	if err != nil {
		lines = []string{err.Error()}
	}
	drawn := strings.Join(lines, "\n") + "\n"
	if w.picture.options.format != formatJSON {
		drawn = "--- " + w.last.TakenAt.Format("2006-01-02T15:04:05Z") + "\n" + drawn
	}
	_, err = io.WriteString(v.out, drawn)
	return err
}

// sameButTime tells that two snapshots differ in nothing but when they were taken.
func sameButTime(a, b *topology.Snapshot) bool {
	x, y := *a, *b
	x.TakenAt, y.TakenAt = time.Time{}, time.Time{}
	return reflect.DeepEqual(x, y)
}
