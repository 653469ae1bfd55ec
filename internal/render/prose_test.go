package render

import (
	"strings"
	"testing"
	"unicode"

	"github.com/docker-netkit/docker-netkit/internal/goldentest"
)

// article has everything that Markdown has and our texts use.
const article = "# bridge: A private network\n\n" +
	"Containers on it reach each other **by name**, and `docker network create shop` makes one that is yours alone.\n\n" +
	"## On the wire\n\n" +
	"```text\n   web 172.20.0.2   db 172.20.0.3\n    │                │\n   ┌┴────────────────┴┐\n   │ bridge → Internet │\n   └──────────────────┘\n```\n\n" +
	"- Take it for *nearly* everything on one host, whatever else you were told.\n- Not across hosts.\n  - Nested, and long enough that it has to be folded somewhere in the middle.\n\n" +
	"1. First.\n\n   ```sh\n   # as a comment\n   docker run -d --name web -p 127.0.0.1:8080:80 --network shop --network-alias shop-frontend nginx\n   ```\n\n2. Second.\n\n" +
	"| What you see | What it is | What helps |\n|---|---|---|\n" +
	"| the name is not found | they share no network | `docker network connect shop app` |\n" +
	"| timed out | a firewall drops the packets on the way between the two of them | look at the host |\n\n" +
	"> A warning, which is long enough that it takes more than one line on a terminal that is not wide.\n\n" +
	"---\n\nSee [the manual](https://example.com/manual) or <https://example.com>. One  \nline ends.\n\nA \\*star\\*, an &amp;, and <b>HTML</b>.\n"

func TestProseGolden(t *testing.T) {
	for name, look := range map[string]Look{
		"prose-60":        {Width: 60},
		"prose-80":        {Width: 80},
		"prose-120":       {Width: 120},
		"prose-30":        {Width: 30},
		"prose-80-ascii":  {Width: 80, ASCII: true},
		"prose-80-colour": {Width: 80, Colour: true},
	} {
		t.Run(name, func(t *testing.T) {
			goldentest.Compare(t, name+".txt", proseOf(t, article, look))
		})
	}
}

func proseOf(t *testing.T, markdown string, look Look) string {
	t.Helper()
	var b strings.Builder
	if err := Prose(&b, markdown, &look); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Colours change nothing of where words stand, but for the quotes around code.
func TestProseColoursFoldAlike(t *testing.T) {
	const text = "# Title\n\nOne two three four five **six seven** eight nine ten eleven twelve thirteen.\n\n| a | b |\n|---|---|\n| **x** | y z y z y z y z y z y z y z |\n"
	plainText := proseOf(t, text, Look{Width: 40})
	coloured := proseOf(t, text, Look{Width: 40, Colour: true})
	if !strings.Contains(coloured, "\x1b[") {
		t.Fatal("there are no colours")
	}
	var bare []string
	for line := range strings.Lines(coloured) {
		line = strings.TrimSuffix(line, "\n")
		bare = append(bare, withoutColours(line))
		if got, want := PaintedWidth(line), Width(withoutColours(line)); got != want {
			t.Errorf("%q takes %d columns, want %d", line, got, want)
		}
	}
	if got := strings.Join(bare, "\n") + "\n"; got != plainText {
		t.Errorf("with colours the text is\n%s\nand without\n%s", got, plainText)
	}
}

func withoutColours(line string) string {
	for {
		at := strings.Index(line, "\x1b[")
		if at < 0 {
			return line
		}
		line = line[:at] + line[at+strings.IndexByte(line[at:], 'm')+1:]
	}
}

// Nothing in a text acts on a terminal, however it is written in Markdown.
func TestProseSpellsOutWhatActsOnTerminals(t *testing.T) {
	hostile := "\x1b[31mred\x07 \u202eright-to-left \u200bnothing \u009b"
	for name, text := range map[string]string{
		"paragraph":   hostile,
		"heading":     "# " + hostile,
		"span":        "`" + hostile + "`",
		"block":       "```text\n" + hostile + "\n```",
		"table":       "| a |\n|---|\n| " + hostile + " |",
		"list":        "- " + hostile,
		"HTML":        "<div>" + hostile + "</div>",
		"inline":      "a <b title=\"" + hostile + "\">",
		"link":        "[text](<http://x/" + hostile + ">)",
		"entity":      "&#27;[31mred &#x1b;]0;title&#7; &#x9b;31m &#x202e;",
		"autolink":    "<http://example.com/\u202e>",
		"block quote": "> " + hostile,
	} {
		t.Run(name, func(t *testing.T) {
			for _, look := range []Look{{Width: 80}, {Width: 80, ASCII: true}} {
				shown := proseOf(t, text, look)
				if at := strings.IndexFunc(shown, func(r rune) bool {
					return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r))
				}); at >= 0 {
					t.Errorf("%q reaches the terminal, in\n%q", shown[at:min(at+8, len(shown))], shown)
				}
			}
		})
	}
	if shown := proseOf(t, "`"+hostile+"`", Look{Width: 80}); !strings.Contains(shown, `\u001b[31mred\u0007`) {
		t.Errorf("it is not told what was there: %q", shown)
	}
}

// A bar within a name ends no cell.
func TestProseBarInCode(t *testing.T) {
	shown := proseOf(t, "| a | b |\n|---|---|\n| `x\\|y` | z |\n", Look{Width: 80})
	if !strings.Contains(shown, "x|y  z") {
		t.Errorf("the table is\n%s", shown)
	}
}

// ASCII text has none of the characters that our texts use beyond ASCII, and keeps
// letters that it has nothing for.
func TestProseASCII(t *testing.T) {
	shown := proseOf(t, "# Rede padrão\n\n- não → saída “já” …\n\n```text\n┌─┐ → ▼\n```\n\n`日本`\n", Look{Width: 80, ASCII: true})
	for _, want := range []string{"Rede padrao\n-----------", `* nao -> saida "ja" ...`, "+-+ > v", "日本"} {
		if !strings.Contains(shown, want) {
			t.Errorf("there is no %q in\n%s", want, shown)
		}
	}
}

func TestProseTablesFit(t *testing.T) {
	const table = "| One | Two | Three |\n|---|---|---|\n" +
		"| aaa aaa aaa aaa aaa | bbb bbb bbb bbb bbb bbb bbb | ccc ccc ccc ccc ccc ccc ccc ccc ccc |\n"
	for width := 12; width <= 130; width++ {
		for line := range strings.Lines(proseOf(t, table, Look{Width: width})) {
			if got := Width(strings.TrimRight(line, "\n")); got > width {
				t.Fatalf("at %d columns a line takes %d: %q", width, got, line)
			}
		}
	}
}

func FuzzProse(f *testing.F) {
	f.Add(article, 60)
	f.Add("| a |\n|---|\n| b", 1)
	f.Add("1. - > ```\n", 3)
	f.Fuzz(func(t *testing.T, text string, width int) {
		var b strings.Builder
		if err := Prose(&b, text, &Look{Width: width % 200}); err != nil {
			t.Fatal(err)
		}
		if at := strings.IndexFunc(b.String(), func(r rune) bool { return r != '\n' && unicode.IsControl(r) }); at >= 0 {
			t.Errorf("%q reaches the terminal", b.String()[at:])
		}
	})
}
