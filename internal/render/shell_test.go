package render

import (
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

func TestShellWord(t *testing.T) {
	for word, want := range map[string]string{
		"web":            "web",
		"shop_back":      "shop_back",
		"a/b.c:d=e@f%g+": "a/b.c:d=e@f%g+",
		"-rf":            "-rf",
		"":               "''",
		"two words":      "'two words'",
		"it's":           `'it'\''s'`,
		"''":             `''\'''\'''`,
		"$HOME":          "'$HOME'",
		"`id`":           "'`id`'",
		"~root":          "'~root'",
		"a*":             "'a*'",
		"#x":             "'#x'",
		"!!":             "'!!'",
		`\`:              `'\'`,
		"数据库":            "'数据库'",
	} {
		if got, ok := ShellWord(word); !ok || got != want {
			t.Errorf("ShellWord(%q) = %s, %v; want %s", word, got, ok, want)
		}
	}
	for _, word := range []string{"\n", "a\x1b[31m", "\x00", "\x7f", "\u009b", "\xff", "\ufffd", "\u202e", "\u200b", "\u3164", "\ufe0f", "\u2028", "\u00a0"} {
		if got, ok := ShellWord(word); ok {
			t.Errorf("ShellWord(%q) = %q, though it cannot be pasted safely", word, got)
		}
	}
}

// A shell must take each quoted word for one word, and for the one it was.
func TestShellWordInShell(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no POSIX shell")
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	var words, script []string
	for _, name := range hostileNames {
		if quoted, ok := ShellWord(name); ok {
			words = append(words, name)
			script = append(script, "printf '%s\\n' "+quoted)
		}
	}
	if len(words) < len(hostileNames)/2 {
		t.Fatalf("only %d of %d words can be quoted", len(words), len(hostileNames))
	}
	output, err := exec.CommandContext(t.Context(), shell, "-c", strings.Join(script, "\n")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	lines := strings.Split(strings.TrimSuffix(string(output), "\n"), "\n")
	if len(lines) != len(words) {
		t.Fatalf("%d lines for %d words", len(lines), len(words))
	}
	for i, word := range words {
		if lines[i] != word {
			t.Errorf("the shell takes %s for %q, want %q", script[i], lines[i], word)
		}
	}
}

func TestReference(t *testing.T) {
	for _, test := range []struct {
		name      string
		duplicate bool
		want      string
	}{
		{"web", false, "web"},
		{"web", true, "0123456789ab"},
		{"-rf", false, "0123456789ab"},
		{"two words", false, "0123456789ab"},
		{"", false, "0123456789ab"},
		{"\x1b", false, "0123456789ab"},
		{"数据库", false, "0123456789ab"},
	} {
		if got := reference(test.name, "0123456789ab", test.duplicate); got != test.want {
			t.Errorf("reference(%q, duplicate %v) = %s, want %s", test.name, test.duplicate, got, test.want)
		}
	}
}

// A snapshot made by hand may have IDs that cannot be pasted either.
func TestReferenceWithOddID(t *testing.T) {
	for _, id := range []string{"", "-rf", "a b", "$(id)", "\x1b"} {
		if got := reference("", id, false); got != "" {
			t.Errorf("reference to ID %q = %q", id, got)
		}
	}
}

func FuzzShellWord(f *testing.F) {
	for _, name := range hostileNames {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, word string) {
		quoted, ok := ShellWord(word)
		if !ok {
			if quoted != "" {
				t.Errorf("%q cannot be quoted, and is as %q", word, quoted)
			}
			return
		}
		if r, bad := unseen(quoted); bad {
			t.Errorf("%q is quoted as %q, with %U", word, quoted, r)
		}
		if quoted == word {
			if strings.ContainsAny(word, " \t\n'\"\\$`!*?[]{}()<>|&;#~") || word == "" {
				t.Errorf("%q is left as it is", word)
			}
			return
		}
		// In single quotes all stands for itself, up to the next one.
		back := strings.ReplaceAll(quoted, `'\''`, "\x00")
		back, begun := strings.CutPrefix(back, "'")
		back, ended := strings.CutSuffix(back, "'")
		if !begun || !ended || strings.Contains(back, "'") || strings.ReplaceAll(back, "\x00", "'") != word {
			t.Errorf("%q is quoted as %s", word, quoted)
		}
	})
}
