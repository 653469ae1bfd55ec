package render

import (
	"strings"
	"unicode"
)

// ShellWord quotes a word so that it can be pasted into a POSIX shell; ok is
// false where no quoting makes that safe (a control character, or an invisible
// one, would reach the terminal).
func ShellWord(word string) (quoted string, ok bool) {
	safe := word != ""
	for _, r := range word {
		switch {
		case r == unicode.ReplacementChar, !visible(r):
			return "", false
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("_-./:=@%+,", r):
		default:
			safe = false
		}
	}
	if safe {
		return word, true
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'", true
}

// reference is how to name an object in a command that is to be pasted: its
// name where that is plain and cannot be taken for another's, else its whole ID,
// since a shortened one gives way to another object's name; empty where that is
// not plain either, as in a snapshot made by hand.
func reference(name, id string, mistakable bool) string {
	word, ok := ShellWord(name)
	if !ok || mistakable || strings.HasPrefix(name, "-") || word != name {
		if word, ok = ShellWord(id); !ok || word != id || strings.HasPrefix(word, "-") {
			return ""
		}
	}
	return word
}
