package render

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/reach"
)

// Matrix draws who reaches whom: rows send, columns receive. Where it is wider
// than the terminal, it is folded into blocks of columns.
func Matrix(w io.Writer, m *reach.Matrix, look *Look) error {
	t := newTreeWriter(w, look)
	d := &matrixDrawer{treeWriter: t, m: m, notes: newFootnotes(m, look)}
	d.draw()
	return t.out.Flush()
}

type matrixDrawer struct {
	*treeWriter
	m     *reach.Matrix
	notes *footnotes
}

func (d *matrixDrawer) draw() {
	rows := make([]string, len(d.m.Containers))
	head := 0
	for i, c := range d.m.Containers {
		const widest = 24
		rows[i] = fmt.Sprintf("%d %s", i+1, Cut(label(c.Name, d.look.NoTrunc), widest))
		head = max(head, Width(rows[i]))
	}
	const column = 6
	block := len(d.m.Containers)
	if d.look.Width > 0 {
		block = max(1, min(block, (d.look.Width-head)/column))
	}
	for start := 0; start < len(d.m.Containers); start += block {
		if start > 0 {
			d.out.WriteByte('\n')
		}
		end := min(start+block, len(d.m.Containers))
		d.out.WriteString(strings.Repeat(" ", head))
		for j := start; j < end; j++ {
			d.out.WriteString(right(strconv.Itoa(j+1), column))
		}
		d.out.WriteByte('\n')
		for i := range rows {
			d.out.WriteString(rows[i] + strings.Repeat(" ", head-Width(rows[i])))
			for j := start; j < end; j++ {
				text, ink := d.cell(i, j)
				padded := right(text, column)
				bare := strings.TrimLeft(padded, " ")
				d.out.WriteString(padded[:len(padded)-len(bare)] + d.look.paint(bare, ink))
			}
			d.out.WriteByte('\n')
		}
	}
	d.legend()
}

func right(text string, width int) string {
	return strings.Repeat(" ", max(1, width-Width(text))) + text
}

// The thresholds by which round trips are shaded.
const (
	quickTrip = time.Millisecond
	slowTrip  = 10 * time.Millisecond
)

func (d *matrixDrawer) cell(i, j int) (string, ink) {
	c := &d.m.Cells[i][j]
	self, failed, untested := "·", "✗", "–"
	if d.look.ASCII {
		self, failed, untested = ".", "x", "-"
	}
	note := d.notes.mark(i, j)
	switch c.State {
	case reach.Self:
		return self, inkFaint
	case reach.Answers:
		text := tripText(c.Echoes.Avg) + note
		switch {
		case c.Surprising(), c.Echoes.Avg >= slowTrip, c.Echoes.Received < c.Echoes.Sent:
			return text, inkWarning
		case c.Echoes.Avg >= quickTrip:
			return text, inkPlain
		}
		return text, inkUp
	case reach.AnswersTCP:
		return failed + note, inkWarning
	case reach.Nothing:
		return failed + note, inkTrouble
	case reach.NotUp:
		return untested + note, inkFaint
	case reach.CellUntested:
	}
	if c.Failure == "" { // foreseen only
		switch c.Foreseen {
		case diagnose.ForecastYes:
			return map[bool]string{false: "✓", true: "ok"}[d.look.ASCII] + note, inkUp
		case diagnose.ForecastNo:
			return failed + note, inkTrouble
		case diagnose.ForecastUnknown:
			return "?" + note, inkFaint
		}
	}
	return untested + note, inkFaint
}

// tripText is a round trip in milliseconds, in four columns at most.
func tripText(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case ms < 0.1:
		return strconv.FormatFloat(ms, 'f', 2, 64)
	case ms < 10:
		return strconv.FormatFloat(ms, 'f', 1, 64)
	}
	return strconv.FormatFloat(ms, 'f', 0, 64)
}

func (d *matrixDrawer) legend() {
	d.out.WriteByte('\n')
	d.below(d.notes.key(d.look))
	for i, text := range d.notes.texts {
		for _, line := range d.look.Fold(fmt.Sprintf("  %s  %s", noteName(i), text)) {
			d.out.WriteString(line + "\n")
		}
	}
	for _, pair := range d.m.Asymmetric() {
		d.below(fmt.Sprintf("%s does not reach %s, which reaches it", label(d.m.Containers[pair[0]].Name, d.look.NoTrunc), label(d.m.Containers[pair[1]].Name, d.look.NoTrunc)))
	}
}

// footnotes are the causes for which pairs do not answer, each once.
type footnotes struct {
	texts []string
	of    map[[2]int]int
}

func newFootnotes(m *reach.Matrix, look *Look) *footnotes {
	f := &footnotes{of: map[[2]int]int{}}
	for i := range m.Cells {
		for j := range m.Cells[i] {
			text := cellNote(m, i, j, look)
			if text == "" {
				continue
			}
			at := slices.Index(f.texts, text)
			if at < 0 {
				at = len(f.texts)
				f.texts = append(f.texts, text)
			}
			f.of[[2]int{i, j}] = at
		}
	}
	return f
}

func (f *footnotes) mark(i, j int) string {
	if at, ok := f.of[[2]int{i, j}]; ok {
		return noteName(at)
	}
	return ""
}

// noteName is a, b, … z, aa, ab, …
func noteName(i int) string {
	const letters = 26
	name := string(rune('a' + i%letters))
	if i >= letters {
		return noteName(i/letters-1) + name
	}
	return name
}

func (f *footnotes) key(look *Look) string {
	if look.ASCII {
		return "rows send, columns receive; round trips in ms; . itself  x no answer  - not tested"
	}
	return "rows send, columns receive; round trips in ms; · itself  ✗ no answer  – not tested"
}

// cellNote says why a pair is not as one would wish; nothing where it is.
func cellNote(m *reach.Matrix, i, j int, look *Look) string {
	c := &m.Cells[i][j]
	from, to := m.Containers[i], m.Containers[j]
	switch c.State {
	case reach.Self:
		return ""
	case reach.Answers:
		switch {
		case c.Surprising():
			return "not expected: " + strings.Join(reasonsOf(c.Reach, look), "; ")
		case c.Echoes.Received < c.Echoes.Sent:
			return "some echo requests were not answered"
		}
		return ""
	case reach.AnswersTCP:
		return label(to.Name, look.NoTrunc) + " drops ICMP; TCP answers on " + portsAnswering(c)
	case reach.NotUp:
		var words []string
		if !from.State.Up() || stateWord(from.State) == "paused" {
			words = append(words, label(from.Name, look.NoTrunc)+" is "+stateWord(from.State))
		}
		if !to.State.Up() {
			words = append(words, label(to.Name, look.NoTrunc)+" is "+stateWord(to.State))
		}
		return strings.Join(words, ", ")
	case reach.CellUntested:
		if c.Failure != "" {
			return foreignText(c.Failure)
		}
		if c.Foreseen == diagnose.ForecastYes {
			return ""
		}
	case reach.Nothing:
		if c.Foreseen == diagnose.ForecastYes {
			return "it should answer: something drops ICMP on the way, or in " + label(to.Name, look.NoTrunc)
		}
	}
	return commonReason(c, look)
}

// commonReason is why a pair is not foreseen to work, in words that fit as many
// other pairs as can be, so that there are few footnotes.
func commonReason(c *reach.Cell, look *Look) string {
	reasons := c.Reasons
	if len(reasons) == 0 {
		reasons = c.Reach.Reasons
	}
	for i := range reasons {
		//exhaustive:ignore
		switch reasons[i].Kind {
		case diagnose.ReasonNoSharedNetwork, diagnose.ReasonIsolated, diagnose.ReasonOnlyPublished:
			return "they share no network"
		}
		if words := chainWords(c.Reach, &reasons[i], look); words != "" {
			return words
		}
	}
	return "no answer"
}

func portsAnswering(c *reach.Cell) string {
	var ports []string
	for p, connection := range c.Ports {
		switch connection.Outcome {
		case "reached":
			ports = append(ports, p.String())
		case "refused":
			ports = append(ports, p.String()+" (refused)")
		}
	}
	slices.Sort(ports)
	return listing(ports, mostNames)
}
