package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Doctor writes what an examination found, each finding with what mends it, what follows
// from it below, and in the end how many checks there were and how they ended. Findings
// below the severity are counted only. With all of it told, why a finding matters and
// how to see that it is mended stand there, too.
func Doctor(ix *topology.Index, report *checks.Report, least checks.Severity, whole bool, look *Look) []string {
	d := doctor{ix: ix, look: look, whole: whole}
	for _, severity := range []checks.Severity{checks.Error, checks.Warning, checks.Hint} {
		for _, f := range report.Findings() {
			if f.Severity == severity && severity >= least {
				d.finding(f, "")
			}
		}
	}
	d.unknowns(report)
	d.count(report, least)
	return d.lines
}

// DoctorShort writes a line for each finding, those that follow from others, too, as
// compilers do: severity, ID, text.
func DoctorShort(ix *topology.Index, report *checks.Report, least checks.Severity, look *Look) []string {
	d := doctor{ix: ix, look: look}
	var lines []string
	var write func(findings []*checks.Finding)
	write = func(findings []*checks.Finding) {
		for _, f := range findings {
			if f.Severity >= least {
				lines = append(lines, fmt.Sprintf("%s %s: %s", f.Severity, f.Check.ID, d.text(f.Says)))
			}
			write(f.Followers)
		}
	}
	write(report.Findings())
	for _, result := range report.Results {
		for _, unknown := range result.Unknown {
			lines = append(lines, fmt.Sprintf("unknown %s: %s", result.Check.ID, d.unknown(unknown)))
		}
	}
	return lines
}

type doctor struct {
	ix    *topology.Index
	look  *Look
	whole bool
	lines []string
}

// doctorMarks are the sign of each severity.
func (d *doctor) mark(severity checks.Severity) (string, ink) {
	switch severity {
	case checks.Error:
		if d.look.ASCII {
			return "x", inkTrouble
		}
		return "✗", inkTrouble
	case checks.Warning:
		return "!", inkWarning
	case checks.Hint:
	}
	if d.look.ASCII {
		return "-", inkFaint
	}
	return "·", inkFaint
}

// text writes a sentence.
func (d *doctor) text(s checks.Sentence) string {
	name := func(ref checks.Ref) string { return label(ref.Name, d.look.NoTrunc) }
	list := func(refs []checks.Ref) string {
		names := make([]string, len(refs))
		for i, ref := range refs {
			names[i] = name(ref)
		}
		return enumerate(names, d.look.NoTrunc)
	}
	foreign := func(text string) string {
		if d.look.NoTrunc {
			return foreignText(text)
		}
		return Cut(foreignText(text), foreignWidth)
	}
	return s.Write(name, list, foreign)
}

// foreignWidth is how much is shown of an engine's own words, in columns.
const foreignWidth = 300

// enumerate joins names as people do: a, b and c; or the first of them, and how many more.
func enumerate(names []string, all bool) string {
	if len(names) > mostNames && !all {
		return strings.Join(names[:mostNames], ", ") + fmt.Sprintf(" and %d more", len(names)-mostNames)
	}
	return joined(names)
}

func (d *doctor) add(line string, with ink) {
	for _, folded := range d.look.Fold(line) {
		d.lines = append(d.lines, d.look.paint(folded, with))
	}
}

// finding writes one finding, and those that follow from it below.
func (d *doctor) finding(f *checks.Finding, indent string) {
	mark, with := d.mark(f.Severity)
	if indent != "" {
		mark = strings.TrimSpace(d.look.strokes().last)
	}
	id := "  [" + f.Check.ID + "]"
	for i, line := range d.look.Fold(indent + mark + " " + d.text(f.Says) + id) {
		if i == 0 {
			head := indent + mark
			line = indent + d.look.paint(mark, with) + strings.TrimPrefix(line, head)
		}
		d.lines = append(d.lines, strings.Replace(line, "["+f.Check.ID+"]", d.look.paint("["+f.Check.ID+"]", inkFaint), 1))
	}
	below := indent + "    "
	for _, also := range f.Also {
		d.add(below+d.text(also), inkPlain)
	}
	if d.whole {
		d.add(below+"Why: "+strings.Join(strings.Fields(f.Check.Why), " "), inkFaint)
	}
	if !f.Fix.Does.IsZero() {
		d.add(below+d.text(f.Fix.Does), inkPlain)
	}
	d.lines = append(d.lines, d.commands(f.Fix.All(), below)...)
	if verify := d.verify(f); d.whole && verify != "" {
		d.lines = append(d.lines, below+"Then see: "+verify)
	}
	for _, follower := range f.Followers {
		d.finding(follower, below)
	}
}

// commands writes commands to be pasted; none where a word of one cannot be.
func (d *doctor) commands(all []checks.Command, indent string) []string {
	var lines []string
	for _, command := range all {
		text := d.command(command)
		if text == "" {
			return nil
		}
		lines = append(lines, indent+text)
	}
	return lines
}

func (d *doctor) command(command checks.Command) string {
	if d.look.Docker == "" || len(command) == 0 {
		return ""
	}
	var words []string
	for _, part := range command {
		word := ""
		switch part := part.(type) {
		case checks.Ref:
			word = d.word(part)
		case string:
			word, _ = ShellWord(part)
		}
		if word == "" {
			return ""
		}
		words = append(words, word)
	}
	return d.look.command(strings.Join(words, " "))
}

// word names an object in a command; empty where nothing that can be pasted does.
func (d *doctor) word(ref checks.Ref) string {
	switch {
	case ref.ID == "":
		if word, ok := ShellWord(ref.Name); ok && creatable(ref.Name) {
			return word
		}
		return ""
	case ref.Kind == checks.KindContainer:
		return reference(ref.Name, ref.ID, d.ix.MistakableContainer(ref.Name, ref.ID))
	}
	return reference(ref.Name, ref.ID, d.ix.MistakableNetwork(ref.Name, ref.ID))
}

// verify is the command that shows whether a finding is mended. It names the object, but
// for one that the mend may take away.
func (d *doctor) verify(f *checks.Finding) string {
	command := checks.Command{"netkit", "doctor", "--severity", f.Severity.String(), "--check", f.Check.ID}
	removed := slices.ContainsFunc(f.Fix.Commands, func(c checks.Command) bool {
		return slices.Contains(c, any("safe-rm")) || slices.Contains(c, any("prune"))
	})
	for _, ref := range f.About {
		if removed {
			break
		}
		if ref.ID != "" {
			if text := d.command(append(command, ref)); text != "" {
				return text
			}
			break
		}
	}
	return d.command(command)
}

// unknown is what could not be looked at, with the reason.
func (d *doctor) unknown(u checks.Unknown) string {
	if u.Why == "" {
		return d.text(u.Says)
	}
	return d.text(u.Says) + ": " + Cut(foreignText(u.Why), foreignWidth)
}

// unknowns says what could not be checked: what several checks lack alike once.
func (d *doctor) unknowns(report *checks.Report) {
	var texts []string
	by := map[string][]string{}
	for _, result := range report.Results {
		for _, unknown := range result.Unknown {
			text := d.text(unknown.Says)
			if unknown.Why != "" {
				text = "not looked at: " + Cut(foreignText(unknown.Why), foreignWidth)
			}
			if by[text] == nil {
				texts = append(texts, text)
			}
			if !slices.Contains(by[text], result.Check.ID) {
				by[text] = append(by[text], result.Check.ID)
			}
		}
	}
	const most = 10
	for i, text := range texts {
		if i == most && !d.look.NoTrunc {
			d.add(fmt.Sprintf("? and %d more that could not be checked; --no-trunc shows them", len(texts)-most), inkFaint)
			return
		}
		which := "  [" + strings.Join(by[text], ", ") + "]"
		if count := len(by[text]); count > few && !d.whole {
			which = fmt.Sprintf("  [%d checks, which --verbose names]", count)
		}
		d.add("? "+text+which, inkFaint)
	}
}

// few is how many checks are named on a line.
const few = 3

// count says how the checks ended.
func (d *doctor) count(report *checks.Report, least checks.Severity) {
	var fine, unchecked int
	for _, result := range report.Results {
		switch result.Outcome {
		case checks.Fine:
			fine++
		case checks.Unchecked:
			unchecked++
		case checks.Found:
		}
	}
	shown, hidden := make(map[checks.Severity]int), make(map[checks.Severity]int)
	for _, f := range report.Findings() {
		if f.Severity >= least {
			shown[f.Severity]++
		} else {
			hidden[f.Severity]++
		}
	}
	var parts []string
	for _, severity := range []checks.Severity{checks.Error, checks.Warning, checks.Hint} {
		if shown[severity] > 0 {
			parts = append(parts, plural(shown[severity], severity.String()))
		}
	}
	if len(d.lines) > 0 {
		d.lines = append(d.lines, "")
	}
	line := "Nothing found"
	if len(parts) > 0 {
		line = strings.Join(parts, ", ")
	}
	line += fmt.Sprintf(". %s: %d fine", plural(len(report.Results), "check"), fine)
	if unchecked > 0 {
		line += fmt.Sprintf(", %d could not look", unchecked)
	}
	d.add(line, inkPlain)
	for _, severity := range []checks.Severity{checks.Warning, checks.Hint} {
		if hidden[severity] > 0 {
			d.add(fmt.Sprintf("%s not shown; --severity %s shows them", plural(hidden[severity], severity.String()), severity), inkFaint)
		}
	}
}

// FindingWords are a finding in words, for a medium that sets them itself.
type FindingWords struct {
	Says string
	// Also is what else is to be known, and what is to be done.
	Also []string
	// Commands are to be pasted, also one of which the reader has to know a part; none
	// where one cannot be.
	Commands []string
}

// FindingText puts one finding in words, without those that follow from it.
func FindingText(ix *topology.Index, f *checks.Finding, look *Look) FindingWords {
	d := doctor{ix: ix, look: look}
	words := FindingWords{Says: d.text(f.Says), Commands: d.commands(f.Fix.All(), "")}
	for _, also := range f.Also {
		words.Also = append(words.Also, d.text(also))
	}
	if !f.Fix.Does.IsZero() {
		words.Also = append(words.Also, d.text(f.Fix.Does))
	}
	return words
}
