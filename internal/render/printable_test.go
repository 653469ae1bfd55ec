package render

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	for name, want := range map[string]string{
		"web":             "web",
		"two words":       "two words",
		"数据库":             "数据库",
		"🐳":               "🐳",
		"it's":            "it's",
		"":                `""`,
		" ":               `" "`,
		" x":              `" x"`,
		"x ":              `"x "`,
		"a  b":            `"a  b"`,
		`a"b`:             `"a\"b"`,
		`a\b`:             `"a\\b"`,
		"a\nb":            `"a\nb"`,
		"\x1b[31m":        `"\x1b[31m"`,
		"\u009b31m":       `"\u009b31m"`,
		"\x7f":            `"\x7f"`,
		"\xff":            `"\xff"`,
		"\ufffd":          "\ufffd",
		"\u202egnp":       `"\u202egnp"`,
		"a\u200bb":        `"a\u200bb"`,
		"a\u00a0b":        `"a\u00a0b"`,
		"a\u3164b":        `"a\u3164b"`,     // Hangul filler, a letter to Unicode
		"a\ufe0fb":        `"a\ufe0fb"`,     // variation selector, a mark
		"a\u2800b":        `"a\u2800b"`,     // empty Braille pattern, a symbol
		"a\U000e0101b":    `"a\U000e0101b"`, //
		"a\U000e0041b":    `"a\U000e0041b"`, // tag
		`"a\u3164b"`:      `"\"a\\u3164b\""`,
		"<script>&amp;#x": "<script>&amp;#x", // harmless on a terminal
	} {
		if got := Printable(name); got != want {
			t.Errorf("Printable(%q) = %s, want %s", name, got, want)
		}
	}
}

// unseen finds a character that acts on a terminal or cannot be seen.
func unseen(text string) (rune, bool) {
	for _, r := range text {
		if !unicode.IsPrint(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Bidi_Control) {
			return r, true
		}
	}
	return 0, false
}

func FuzzPrintable(f *testing.F) {
	for i, name := range hostileNames {
		f.Add(name, hostileNames[(i+1)%len(hostileNames)])
	}
	f.Add("\xff", `"\xff"`)
	f.Add("\xff", "\ufffd")
	f.Add("a\u3164", "a")
	f.Fuzz(func(t *testing.T, a, b string) {
		shownA, shownB := Printable(a), Printable(b)
		if r, bad := unseen(shownA); bad || !utf8.ValidString(shownA) || shownA == "" {
			t.Errorf("%q is shown as %q, with %U", a, shownA, r)
		}
		if (shownA == shownB) != (a == b) {
			t.Errorf("%q and %q are shown as %q and %q", a, b, shownA, shownB)
		}
		if again := Printable(shownA); again != shownA && !strings.HasPrefix(shownA, `"`) {
			t.Errorf("%q is plain, and is then shown as %q", shownA, again)
		}
	})
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  string
	}{
		{"web", 3, "web"},
		{"web", 2, "w…"},
		{"web", 1, "…"},
		{"web", 0, ""},
		{"", 0, ""},
		{"数据库", 6, "数据库"},
		{"数据库", 5, "数据…"},
		{"数据库", 4, "数…"},
		{"e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
	} {
		if got := Cut(test.text, test.width); got != test.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", test.text, test.width, got, test.want)
		}
	}
}

func TestLabel(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, test := range []struct {
		name string
		full bool
		want string
	}{
		{"web", false, "web"},
		{long, false, long[:NameWidth-1] + "…"},
		{long, true, long},
		{long[:NameWidth], false, long[:NameWidth]},
		{long[:NameWidth+1], false, long[:NameWidth-1] + "…"},
		{strings.Repeat("数", 5000), false, strings.Repeat("数", NameWidth/2-1) + "…"},
		{strings.Repeat("\x1b", 5000), false, `"` + strings.Repeat(`\x1b`, 11) + `\x…`},
		{long + "\x1b", false, long[:NameWidth-1] + "…"},
		{"\x1b" + long, false, `"\x1b` + long[:NameWidth-6] + "…"},
	} {
		if got := label(test.name, test.full); got != test.want {
			t.Errorf("label(%.20q…, %v) = %q, want %q", test.name, test.full, got, test.want)
		}
	}
}

func FuzzCut(f *testing.F) {
	for i, name := range hostileNames {
		f.Add(name, i%60)
	}
	f.Fuzz(func(t *testing.T, text string, width int) {
		width = max(0, width%200)
		cut := Cut(text, width)
		if got := Width(cut); got > width {
			t.Errorf("Cut(%q, %d) = %q is %d wide", text, width, cut, got)
		}
		if utf8.ValidString(text) && !utf8.ValidString(cut) {
			t.Errorf("Cut(%q, %d) = %q is no UTF-8", text, width, cut)
		}
		if head := strings.TrimSuffix(cut, "…"); cut != text && !strings.HasPrefix(text, head) {
			t.Errorf("Cut(%q, %d) = %q is not its beginning", text, width, cut)
		}
		shown := label(text, false)
		if r, bad := unseen(shown); bad || !utf8.ValidString(shown) || Width(shown) > NameWidth || shown == "" {
			t.Errorf("%q is shown as %q, %d wide, with %U", text, shown, Width(shown), r)
		}
		if full := label(text, true); full != Printable(text) {
			t.Errorf("%q is shown in full as %q", text, full)
		}
	})
}
