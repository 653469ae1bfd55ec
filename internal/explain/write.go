package explain

import (
	"embed"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"text/template"
	"unicode"
	"unicode/utf8"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// words are the templates, one file for each kind and language. In them, a line is
// a block of Markdown: a heading, a paragraph or an item of a list, which begins
// with "-", or "--" within another. What they hold of blanks does not matter.
//
//go:embed words
var words embed.FS

// Templates are read when they are first used: most commands use none.
var (
	english = sync.OnceValue(func() *writer {
		return newWriter(English, "and", [3]string{"?", "no", "yes"})
	})
	portuguese = sync.OnceValue(func() *writer {
		return newWriter(Portuguese, "e", [3]string{"?", "não", "sim"})
	})
)

// Markdown says the facts in a language.
func (f NetworkFacts) Markdown(lang Language) string { return write(lang, "network", f) }

// Markdown says the facts in a language.
func (f ContainerFacts) Markdown(lang Language) string { return write(lang, "container", f) }

// Markdown says the facts in a language.
func (f PairFacts) Markdown(lang Language) string { return write(lang, "pair", f) }

// Markdown says the facts in a language.
func (f OverviewFacts) Markdown(lang Language) string { return write(lang, "overview", f) }

func write(lang Language, kind string, facts any) string {
	w := english()
	if lang == Portuguese {
		w = portuguese()
	}
	return blocks(w.say(kind+".tmpl", facts))
}

// writer says facts in one language.
type writer struct {
	templates *template.Template
	and       string
}

func newWriter(lang Language, and string, here [3]string) *writer {
	w := &writer{and: and}
	w.templates = template.Must(template.New("").Funcs(template.FuncMap{
		"code": code, "cell": cell, "codes": codes, "list": w.list, "command": command, "commands": commands, "plural": plural, "first": first, "groups": groups, "rest": rest,
		"why": w.why, "inline": w.inline, "ports": portText, "point": pointText,
		"orNothing": orNothing, "capital": capital,
		"here": func(t topology.Ternary) string { return here[t] },
		"yes":  isForecast(diagnose.ForecastYes), "no": isForecast(diagnose.ForecastNo),
	}).ParseFS(words, "words/"+string(lang)+"/*.tmpl"))
	return w
}

// say executes a template. It fails for no facts: the tests execute each of them.
func (w *writer) say(name string, facts any) string {
	var b strings.Builder
	if err := w.templates.ExecuteTemplate(&b, name, facts); err != nil {
		panic(fmt.Sprintf("words of %s: %v", name, err))
	}
	return b.String()
}

// inline says a template in one line.
func (w *writer) inline(name string, facts any) string {
	var lines []string
	for line := range strings.Lines(w.say(name, facts)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, " ")
}

// why is why a claim is as it is, in at most three sentences; each begins with a
// blank.
func (w *writer) why(reasons []Reason) string {
	const most = 3
	var said []string
	for i := range reasons {
		text := w.inline("why", reasons[i])
		if text == "" {
			continue
		}
		double := false
		for _, have := range said {
			double = double || have == text
		}
		if !double && len(said) < most {
			said = append(said, text)
		}
	}
	if len(said) == 0 {
		return ""
	}
	return " " + strings.Join(said, " ")
}

// list names things, as in `a`, `b` and `c`.
func (w *writer) list(names []string) string {
	spans := codes(names)
	if len(spans) == 0 {
		return ""
	}
	last := len(spans) - 1
	if last == 0 {
		return spans[0]
	}
	return strings.Join(spans[:last], ", ") + " " + w.and + " " + spans[last]
}

func codes(names []string) []string {
	spans := make([]string, len(names))
	for i, name := range names {
		spans[i] = code(name)
	}
	return spans
}

// code makes a span of code of a name, whatever is in it: nothing acts on a
// terminal, and nothing ends the span.
func code(name any) string {
	text := render.Printable(fmt.Sprint(name))
	fence := strings.Repeat("`", longestRun(text)+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// cell is a span of code in a table, where a bar would end the cell.
func cell(name any) string { return strings.ReplaceAll(code(name), "|", `\|`) }

// longestRun is how many backticks stand in a row at most.
func longestRun(text string) int {
	longest, run := 0, 0
	for _, r := range text {
		if run++; r != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

// commands makes a block of code of commands.
func commands(lines []string) string {
	const usual = 3
	text := strings.Join(lines, "\n")
	fence := strings.Repeat("`", max(usual, longestRun(text)+1))
	return "\n" + fence + "console\n" + text + "\n" + fence + "\n"
}

func command(line string) string { return commands([]string{line}) }

func plural(count any, one, many string) string {
	if fmt.Sprint(count) == "1" {
		return one
	}
	return many
}

// mostShown is how many of a kind are told one by one.
const mostShown = 30

// first are those that are told one by one, and rest counts the others.
func first(all any) any {
	list := reflect.ValueOf(all)
	return list.Slice(0, min(mostShown, list.Len())).Interface()
}

func rest(all any) int { return max(0, reflect.ValueOf(all).Len()-mostShown) }

func isForecast(want diagnose.Forecast) func(diagnose.Forecast) bool {
	return func(f diagnose.Forecast) bool { return f == want }
}

// orNothing is a span of code, or nothing of nothing.
func orNothing(text string) string {
	if text == "" {
		return ""
	}
	return code(text)
}

// capital begins a sentence with a word, unless that is code.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// pointText is an address with its port.
func pointText(p WayPoint) string {
	if strings.Contains(p.Address, ":") {
		return fmt.Sprintf("[%s]:%d", p.Address, p.Port)
	}
	return fmt.Sprintf("%s:%d", p.Address, p.Port)
}

// portText is a published port as docker writes it, from the host to the container.
func portText(p Port) string {
	run := func(first uint16) string {
		if p.Count > 1 {
			return fmt.Sprintf("%d-%d", first, int(first)+p.Count-1)
		}
		return fmt.Sprint(first)
	}
	at := ""
	if p.HostPort != 0 {
		at = run(p.HostPort)
	}
	if p.HostAddress != "" {
		host := p.HostAddress
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		at = host + ":" + at
	}
	if at == "" {
		return run(p.First) + "/" + p.Protocol
	}
	return at + "→" + run(p.First) + "/" + p.Protocol
}
