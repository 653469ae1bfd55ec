package render

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/topology"
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
	digits := len(strconv.Itoa(len(d.m.Containers)))
	for i, c := range d.m.Containers {
		name := label(c.Name, d.look.NoTrunc)
		if !d.look.NoTrunc {
			const widest = 24
			name = Cut(name, widest)
		}
		rows[i] = fmt.Sprintf("%*d %s", digits, i+1, name)
		head = max(head, Width(rows[i]))
	}
	column := d.column()
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

// column is how wide each column is: that of a usual round trip, or wider where
// something is.
func (d *matrixDrawer) column() int {
	width := 6
	for i := range d.m.Cells {
		for j := range d.m.Cells[i] {
			text, _ := d.cell(i, j)
			width = max(width, Width(text)+1)
		}
	}
	return width
}

func right(text string, width int) string {
	return strings.Repeat(" ", max(1, width-Width(text))) + text
}

// The thresholds by which round trips are shaded. What is slow has a mark as well:
// not everybody sees colours, and a pipe has none.
const (
	quickTrip = time.Millisecond
	slowTrip  = 10 * time.Millisecond
	slowMark  = "!"
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
	case reach.AnswersPort:
		if quickest(c) >= slowTrip {
			return tripText(quickest(c)) + note, inkWarning
		}
		return tripText(quickest(c)) + note, inkUp
	case reach.AnswersTCP:
		return failed + note, inkWarning
	case reach.PortFails:
		return failed + note, inkTrouble
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

// tripText is a round trip in milliseconds: of what is not slow two decimals, each time,
// so that a column can be read down; what is slow in whole ones, with a mark.
func tripText(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	if d >= slowTrip {
		return strconv.FormatFloat(ms, 'f', 0, 64) + slowMark
	}
	return strconv.FormatFloat(min(ms, 9.99), 'f', 2, 64)
}

func (d *matrixDrawer) legend() {
	d.out.WriteByte('\n')
	d.below(d.key())
	for i, text := range d.notes.texts {
		mark := fmt.Sprintf("  %-*s  ", len(noteName(len(d.notes.texts)-1)), noteName(i))
		narrow := *d.look
		narrow.Width = max(0, d.look.Width-len(mark)+2)
		for k, line := range narrow.Fold("  " + text) {
			if k > 0 {
				mark = strings.Repeat(" ", len(mark))
				line = strings.TrimPrefix(line, "  ")
			}
			d.out.WriteString(mark + line[2:] + "\n")
		}
	}
	for _, line := range d.oneWay() {
		d.below(line)
	}
	if command := d.closer(); command != "" {
		d.below("why a port is refused, a test of that pair tells:")
		d.out.WriteString("  " + d.look.paint(command, inkFaint) + "\n")
	}
}

// closer is the command that looks closer at the first pair of which a port refuses:
// a matrix does not read who listens.
func (d *matrixDrawer) closer() string {
	for i := range d.m.Cells {
		for j := range d.m.Cells[i] {
			port := refusedPort(&d.m.Cells[i][j])
			from, to := containerWord(d.m.Index, d.m.Containers[i]), containerWord(d.m.Index, d.m.Containers[j])
			if port == 0 || from == "" || to == "" || d.look.Docker == "" {
				continue
			}
			return fmt.Sprintf("%s netkit ping %s %s:%d", d.look.Docker, from, to, port)
		}
	}
	return ""
}

// refusedPort is the lowest port that refuses; 0 where none does.
func refusedPort(c *reach.Cell) uint16 {
	least := uint16(0)
	for p, connection := range c.Ports {
		if c.State == reach.PortFails && connection.Outcome == wire.Refused && (least == 0 || p.Number < least) {
			least = p.Number
		}
	}
	return least
}

// oneWay says who reaches others that do not reach it, or the other way round: by those
// of whom there are fewer, so that one that is behind a firewall takes one line.
func (d *matrixDrawer) oneWay() []string {
	pairs := d.m.Asymmetric()
	name := func(i int) string { return label(d.m.Containers[i].Name, d.look.NoTrunc) }
	lost, deaf := map[int][]string{}, map[int][]string{} // who gets no answer, and who gives none
	for _, pair := range pairs {
		lost[pair[0]] = append(lost[pair[0]], name(pair[1]))
		deaf[pair[1]] = append(deaf[pair[1]], name(pair[0]))
	}
	var lines []string
	for i := range d.m.Containers {
		names, words := deaf[i], "one way only: %s reaches %s, and is not reached from there"
		if len(lost) <= len(deaf) {
			names, words = lost[i], "one way only: %s does not reach %s, and is reached from there"
		}
		if len(names) > 0 {
			lines = append(lines, fmt.Sprintf(words, name(i), listing(names, mostNames)))
		}
	}
	return lines
}

// key says what the marks mean, of those that are there.
func (d *matrixDrawer) key() string {
	there := map[string]bool{}
	foreseen := true
	for i := range d.m.Cells {
		for j := range d.m.Cells[i] {
			c := &d.m.Cells[i][j]
			if c.State == reach.Answers || c.State == reach.AnswersTCP || c.State == reach.AnswersPort || c.State == reach.PortFails || c.State == reach.Nothing || c.Failure != "" {
				foreseen = false
			}
			text, _ := d.cell(i, j)
			text = strings.TrimSuffix(text, d.notes.mark(i, j))
			there[text] = true
			if strings.HasSuffix(text, slowMark) {
				there[slowMark] = true
			}
		}
	}
	words := []string{"rows send, columns receive"}
	meaning := [][2]string{{slowMark, "slow, 10 ms or more"}, {"✗", "not reached"}, {"–", "not tested"}}
	if foreseen {
		words[0] += "; foreseen, not measured"
		meaning = [][2]string{{"✓", "reached"}, {"✗", "not reached"}, {"?", "not known"}, {"–", "not up"}}
	} else if ports, only := onlyPorts(d.m); only {
		words[0] += "; no ICMP was sent; times in ms to connect to " + ports
		meaning[1][1] = "no connection"
	} else {
		words[0] += "; round trips in ms"
	}
	for _, m := range meaning {
		mark := m[0]
		if d.look.ASCII {
			mark = asciiMarks[mark]
		}
		if there[mark] {
			words = append(words, mark+" "+m[1])
		}
	}
	return words[0] + map[bool]string{true: "; "}[len(words) > 1] + strings.Join(words[1:], ", ")
}

// onlyPorts names the ports that were tried, where no echo request was sent.
func onlyPorts(m *reach.Matrix) (words string, only bool) {
	var tried []reach.Port
	for i := range m.Cells {
		for j := range m.Cells[i] {
			if m.Cells[i][j].Echoes != nil {
				return "", false
			}
			for p := range m.Cells[i][j].Ports {
				if !slices.Contains(tried, p) {
					tried = append(tried, p)
				}
			}
		}
	}
	slices.SortFunc(tried, func(a, b reach.Port) int { return int(a.Number) - int(b.Number) })
	names := make([]string, len(tried))
	for i, p := range tried {
		names[i] = p.String()
	}
	return listing(names, mostNames), len(tried) > 0
}

var asciiMarks = map[string]string{"✓": "ok", "✗": "x", "–": "-", "?": "?", slowMark: slowMark}

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
			return "not expected, since " + pairReason(c, look)
		case c.Failure != "":
			return foreignText(c.Failure)
		case c.Echoes.Received < c.Echoes.Sent:
			return "some echo requests were not answered"
		}
		return ""
	case reach.AnswersPort:
		if c.Surprising() {
			return "not expected, since " + pairReason(c, look)
		}
		return ""
	case reach.PortFails:
		if c.Foreseen == diagnose.ForecastNo {
			break
		}
		if c.Silent() {
			return label(to.Name, look.NoTrunc) + " does not answer ICMP; TCP: " + portsFailing(c)
		}
		return portsFailing(c)
	case reach.AnswersTCP:
		return label(to.Name, look.NoTrunc) + " drops ICMP; TCP answers on " + portsAnswering(c)
	case reach.NotUp:
		if !from.State.Up() || from.State == topology.Paused {
			return label(from.Name, look.NoTrunc) + " is " + stateWord(from.State)
		}
		return label(to.Name, look.NoTrunc) + " is " + stateWord(to.State)
	case reach.CellUntested:
		if c.Failure != "" {
			return foreignText(c.Failure)
		}
		if c.Foreseen == diagnose.ForecastYes {
			return ""
		}
	case reach.Nothing:
		if c.Foreseen == diagnose.ForecastYes && m.Cut(i) {
			return label(from.Name, look.NoTrunc) + " gets no answer from anybody: it drops the packets itself, or something on the way"
		}
		if c.Foreseen == diagnose.ForecastYes {
			return "it should answer: " + label(to.Name, look.NoTrunc) + " drops it, or something on the way"
		}
	}
	return pairReason(c, look)
}

// pairReason says why a pair is not foreseen to work. Rows and columns tell which
// pair it is, so that one footnote is for all that have no network together.
func pairReason(c *reach.Cell, look *Look) string {
	f := c.Reach
	reasons := c.Reasons // of its address, and not of its names
	if len(reasons) == 0 || slices.ContainsFunc(f.Reasons, func(r diagnose.Reason) bool { return r.Kind == diagnose.ReasonNoSharedNetwork }) {
		reasons = f.Reasons
	}
	fallback := "they have no addresses of one kind (IPv4, IPv6)"
	for i := range reasons {
		//exhaustive:ignore
		switch r := &reasons[i]; r.Kind {
		case diagnose.ReasonPaused: // its kernel answers
		case diagnose.ReasonHostMode: // what is amiss is with the other, if that is told
			fallback = chainWords(f, r, look)
		case diagnose.ReasonAliasesUnknown, diagnose.ReasonAliasElsewhere, diagnose.ReasonDefaultBridge, diagnose.ReasonNoNames,
			diagnose.ReasonNoSuchName, diagnose.ReasonSharer, diagnose.ReasonPublishedElsewhere: // addresses are tried, not names or the host
		case diagnose.ReasonNoSharedNetwork, diagnose.ReasonIsolated, diagnose.ReasonOnlyPublished:
			return "they share no network"
		default:
			if words := chainWords(f, r, look); words != "" {
				return words
			}
		}
	}
	return fallback
}

// portsFailing says how the ports ended that do not answer.
func portsFailing(c *reach.Cell) string {
	var ports []string
	for p, connection := range c.Ports {
		if connection.Outcome != wire.Reached {
			ports = append(ports, p.String()+" "+outcomeWords(connection.Outcome, false))
		}
	}
	slices.Sort(ports)
	return listing(ports, mostNames)
}

// quickest is how long the quickest of the ports took to answer.
func quickest(c *reach.Cell) time.Duration {
	least := time.Duration(0)
	for _, connection := range c.Ports {
		if connection.Outcome == wire.Reached && (least == 0 || connection.Took < least) {
			least = connection.Took
		}
	}
	return least
}

func portsAnswering(c *reach.Cell) string {
	var ports []string
	for p, connection := range c.Ports {
		//exhaustive:ignore
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
