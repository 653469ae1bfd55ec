package explain_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/render"
)

// everyTopic runs a test for each topic.
func everyTopic(t *testing.T, test func(t *testing.T, topic explain.Topic)) {
	t.Helper()
	for _, topic := range explain.Topics() {
		t.Run(topic.Name, func(t *testing.T) { test(t, topic) })
	}
}

// Every topic has a text in every language, and every text is one of a topic.
func TestTopicFiles(t *testing.T) {
	var want []string
	for _, topic := range explain.Topics() {
		want = append(want, topic.Name+".md")
	}
	slices.Sort(want)
	for _, lang := range explain.Languages() {
		entries, err := fs.ReadDir(os.DirFS("topics"), string(lang))
		if err != nil {
			t.Fatal(err)
		}
		var have []string
		for _, entry := range entries {
			have = append(have, entry.Name())
		}
		slices.Sort(have)
		if !slices.Equal(have, want) {
			t.Errorf("%s has the texts %q, and the topics are %q", lang, have, want)
		}
	}
	entries, err := os.ReadDir("topics")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(explain.Languages()) {
		t.Errorf("there are texts in %d languages, and there are %d", len(entries), len(explain.Languages()))
	}
}

func TestTopicTitles(t *testing.T) {
	everyTopic(t, func(t *testing.T, topic explain.Topic) {
		for _, lang := range explain.Languages() {
			title, _, _ := strings.Cut(topic.Markdown(lang), "\n")
			if !strings.HasPrefix(title, "# "+topic.Name+": ") {
				t.Errorf("%s: the title is %q", lang, title)
			}
			const widest = 90
			summary := topic.Summary(lang)
			if summary == "" || len([]rune(summary)) > widest || strings.HasSuffix(summary, ".") {
				t.Errorf("%s: the summary is %q", lang, summary)
			}
		}
	})
}

// What both languages must have alike.
var (
	headings   = regexp.MustCompile(`(?m)^#+ `)
	fences     = regexp.MustCompile("(?ms)^ *```(\\w*)\n(.*?)^ *```$")
	links      = regexp.MustCompile(`\]\(([^)]+)\)|https?://[^\s)>*` + "`" + `]+`)
	spans      = regexp.MustCompile("`[^`\n]+`")
	items      = regexp.MustCompile(`(?m)^ *(-|\d+\.) `)
	rows       = regexp.MustCompile(`(?m)^\|`)
	bold       = regexp.MustCompile(`\*\*[^*]+\*\*`)
	shComments = regexp.MustCompile(`(?m)^ *# .*$`)
)

// withoutCode is the text between blocks of code.
func withoutCode(text string) string { return fences.ReplaceAllString(text, "") }

func TestTopicsAreAlike(t *testing.T) {
	counted := map[string]*regexp.Regexp{"headings": headings, "items of lists": items, "rows of tables": rows, "words in bold": bold}
	everyTopic(t, func(t *testing.T, topic explain.Topic) {
		english := topic.Markdown(explain.English)
		for _, lang := range explain.Languages()[1:] {
			other := topic.Markdown(lang)
			for what, pattern := range counted {
				want, have := pattern.FindAllString(withoutCode(english), -1), pattern.FindAllString(withoutCode(other), -1)
				if what == "words in bold" { // they are translated
					want, have = make([]string, len(want)), make([]string, len(have))
				}
				if !slices.Equal(have, want) {
					t.Errorf("%s: the %s are %q, and in English %q", lang, what, have, want)
				}
			}
			if have, want := fences.FindAllString(other, -1), fences.FindAllString(english, -1); len(have) != len(want) {
				t.Errorf("%s has %d blocks of code, and English %d", lang, len(have), len(want))
			} else {
				for i := range want {
					if bare(have[i]) != bare(want[i]) {
						t.Errorf("%s: a block of code is\n%s\nand in English\n%s", lang, have[i], want[i])
					}
				}
			}
			if have, want := links.FindAllString(other, -1), links.FindAllString(english, -1); !slices.Equal(have, want) {
				t.Errorf("%s leads to %q, and English to %q", lang, have, want)
			}
			have, want := spans.FindAllString(withoutCode(other), -1), spans.FindAllString(withoutCode(english), -1)
			slices.Sort(have)
			slices.Sort(want)
			if !slices.Equal(slices.Compact(have), slices.Compact(want)) {
				t.Errorf("%s: the code in the text is\n%q, and in English\n%q", lang, slices.Compact(have), slices.Compact(want))
			}
		}
	})
}

// bare is a block of code with its comments empty: these are translated.
func bare(block string) string { return shComments.ReplaceAllString(block, "#") }

// Drawings and commands fit a terminal of 60 columns, beside the margin of the text.
func TestCodeIsNarrow(t *testing.T) {
	const widest = 56
	everyTopic(t, func(t *testing.T, topic explain.Topic) {
		for _, lang := range explain.Languages() {
			for _, found := range fences.FindAllStringSubmatch(topic.Markdown(lang), -1) {
				for line := range strings.Lines(found[2]) {
					if width := render.Width(strings.TrimRight(line, "\n")); width > widest {
						t.Errorf("%s: a line of code takes %d columns:\n%s", lang, width, line)
					}
				}
			}
		}
	})
}

// Text and tables fit narrow and wide terminals; only blocks of code, which are pasted
// or drawn, may be wider.
func TestTopicsFit(t *testing.T) {
	everyTopic(t, func(t *testing.T, topic explain.Topic) {
		for _, lang := range explain.Languages() {
			for _, width := range []int{60, 80, 120} {
				for _, look := range []render.Look{{Width: width}, {Width: width, ASCII: true}} {
					var shown strings.Builder
					if err := render.Prose(&shown, withoutCode(topic.Markdown(lang)), &look); err != nil {
						t.Fatal(err)
					}
					for line := range strings.Lines(shown.String()) {
						line = strings.TrimSuffix(line, "\n")
						if got := render.Width(line); got > width {
							t.Errorf("%s, at %d columns: a line takes %d: %q", lang, width, got, line)
						}
						if at := strings.IndexFunc(line, func(r rune) bool { return r > unicode.MaxASCII }); look.ASCII && at >= 0 {
							t.Errorf("%s: ASCII has nothing for %q, in %q", lang, line[at:], line)
						}
					}
				}
			}
		}
	})
}

// Drawings are of characters that there is something for in ASCII.
func TestDrawingsInASCII(t *testing.T) {
	everyTopic(t, func(t *testing.T, topic explain.Topic) {
		var shown strings.Builder
		if err := render.Prose(&shown, topic.Markdown(explain.Portuguese), &render.Look{Width: 80, ASCII: true}); err != nil {
			t.Fatal(err)
		}
		if at := strings.IndexFunc(shown.String(), func(r rune) bool { return r > unicode.MaxASCII }); at >= 0 {
			t.Errorf("ASCII has nothing for %.20q", shown.String()[at:])
		}
	})
}

// Every topic of a driver has a drawing, a command and the chapters that such a
// topic has.
func TestDriverTopics(t *testing.T) {
	const chapters = 7 // the title, and six below it
	everyTopic(t, func(t *testing.T, topic explain.Topic) {
		if topic.Group != explain.GroupDrivers {
			return
		}
		text := topic.Markdown(explain.English)
		if got := len(headings.FindAllString(text, -1)); got < chapters {
			t.Errorf("there are %d headings, want %d at least", got, chapters)
		}
		for _, block := range []string{"```text\n", "```sh\n"} {
			if !strings.Contains(text, block) {
				t.Errorf("there is no block of code %q", block)
			}
		}
	})
}

// What a topic refers to is there.
func TestTopicsReferToTopics(t *testing.T) {
	refers := regexp.MustCompile("`docker netkit explain ([a-z-]+)`")
	found := 0
	for _, lang := range explain.Languages() {
		everyTopic(t, func(t *testing.T, topic explain.Topic) {
			for _, match := range refers.FindAllStringSubmatch(topic.Markdown(lang), -1) {
				found++
				if _, ok := explain.FindTopic(match[1]); !ok {
					t.Errorf("%s: it refers to a topic %s, which is none", lang, match[1])
				}
			}
		})
	}
	if found == 0 {
		t.Error("no topic refers to another")
	}
}

// No word means two topics.
func TestTopicWords(t *testing.T) {
	seen := map[string]string{}
	for _, topic := range explain.Topics() {
		for _, word := range topic.Words() {
			if before, ok := seen[word]; ok {
				t.Errorf("%s means %s and %s", word, before, topic.Name)
			}
			seen[word] = topic.Name
			if found, ok := explain.FindTopic(strings.ToUpper(word)); !ok || found.Name != topic.Name {
				t.Errorf("%s finds %q, want %s", word, found.Name, topic.Name)
			}
		}
	}
	if _, ok := explain.FindTopic("nothing"); ok {
		t.Error("a word that is none finds a topic")
	}
}

func TestTopicListHasAll(t *testing.T) {
	for _, lang := range explain.Languages() {
		list := explain.TopicList(lang)
		for _, topic := range explain.Topics() {
			if row := "| `" + topic.Name + "` | " + topic.Summary(lang) + " |"; !strings.Contains(list, row) {
				t.Errorf("%s: the list has no row %q", lang, row)
			}
		}
		for _, driver := range []string{"bridge", "host", "null", "macvlan", "ipvlan", "overlay"} {
			if !strings.Contains(explain.DriverTable(lang), "| `"+driver+"` | ") {
				t.Errorf("%s: the table has no driver %s", lang, driver)
			}
		}
	}
}

// The texts are kept as Markdown is: a blank line around blocks, no tabs, no blanks
// at the end of lines, and paragraphs in one line each.
func TestTopicsAreTidy(t *testing.T) {
	files, err := filepath.Glob("topics/*/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSuffix(line, "\n")
			if line != strings.TrimRight(line, " ") || strings.Contains(line, "\t") {
				t.Errorf("%s: blanks at the end, or tabs: %q", file, line)
			}
		}
		if strings.Contains(string(text), "\n\n\n") || !strings.HasSuffix(string(text), "\n") {
			t.Errorf("%s: several empty lines in a row, or no end of line at the end", file)
		}
	}
}
