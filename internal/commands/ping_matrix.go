package commands

import (
	"context"
	"fmt"

	"github.com/docker/cli/cli"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/render"
)

// matrix tests every container with every other.
func (p *ping) matrix(ctx context.Context, view *pingView) error {
	if len(view.members) < 2 {
		return fmt.Errorf("it takes two containers to test each with each other, and there is %s", map[int]string{0: "none", 1: "one"}[len(view.members)])
	}
	m := reach.ForeseeMatrix(view.ix, view.members, view.network, p.measure.Family)
	if !p.foreseesOnly() {
		progress := p.progress()
		err := reach.MeasureMatrix(ctx, view.lab, m, p.measure, progress.advance)
		progress.end()
		if err != nil {
			return err
		}
	}
	if err := p.drawMatrix(view, m); err != nil {
		return err
	}
	if worst := matrixStatus(m); worst != 0 {
		return cli.StatusError{StatusCode: worst}
	}
	return nil
}

func (p *ping) drawMatrix(view *pingView, m *reach.Matrix) error {
	look := p.look()
	look.NoTrunc = p.options.noTrunc
	switch p.options.format {
	case "json":
		return p.writeJSON(render.NewMatrixJSON(view.ix, m, &look))
	case "dot":
		return render.MatrixDOT(p.Out(), m)
	case "mermaid":
		return render.MatrixMermaid(p.Out(), m)
	}
	return render.Matrix(p.Out(), m, &look)
}

// matrixStatus is 2 where a pair that could be tested is not reached, and 1 where
// one could not be tested. Containers that are not up are left out of it.
func matrixStatus(m *reach.Matrix) int {
	worst := 0
	for i := range m.Cells {
		for j := range m.Cells[i] {
			switch c := &m.Cells[i][j]; c.State {
			case reach.Self, reach.NotUp, reach.Answers, reach.AnswersTCP, reach.AnswersPort:
			case reach.Nothing, reach.PortFails:
				worst = worse(worst, statusRefused)
			case reach.CellUntested:
				worst = worse(worst, foreseenStatus(c))
			}
		}
	}
	return worst
}

func foreseenStatus(c *reach.Cell) int {
	if c.Failure != "" {
		return statusFailed
	}
	switch c.Foreseen {
	case diagnose.ForecastYes:
		return 0
	case diagnose.ForecastNo:
		return statusRefused
	case diagnose.ForecastUnknown:
	}
	return statusFailed
}

// progress is what shows on a terminal how far a matrix is.
type progress struct {
	advance func(reach.Progress)
	end     func()
}

func (p *ping) progress() progress {
	if !p.Err().IsTerminal() {
		return progress{end: func() {}}
	}
	return progress{
		advance: func(now reach.Progress) { _, _ = fmt.Fprint(p.Err(), "\r\x1b[K"+progressWords(now)) },
		end:     func() { _, _ = fmt.Fprint(p.Err(), "\r\x1b[K") },
	}
}

// progressWords tells of the helpers while they are started, which takes the longest.
func progressWords(now reach.Progress) string {
	if now.Ready < now.Senders && now.Done < now.Senders {
		return fmt.Sprintf("Starting helpers… %d of %d, %d done", now.Ready, now.Senders, now.Done)
	}
	return fmt.Sprintf("Testing… %d of %d containers done", now.Done, now.Senders)
}
