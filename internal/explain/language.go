package explain

import "strings"

// Language is a language that explanations are written in, as a tag of BCP 47.
type Language string

// The languages there are.
const (
	English    Language = "en"
	Portuguese Language = "pt-BR"
)

// Languages are all of them, the one for everybody else first.
func Languages() []Language { return []Language{English, Portuguese} }

// ParseLanguage finds the language that a user names: by its tag in any case
// ("pt-BR", "pt_br"), by that of a relative ("pt", "en-GB"), or as locales are
// written ("pt_BR.UTF-8"). ok is false where it is none of ours.
func ParseLanguage(word string) (lang Language, ok bool) {
	tag := strings.ToLower(word)
	tag, _, _ = strings.Cut(tag, ".")
	tag, _, _ = strings.Cut(tag, "@")
	tag, _, _ = strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	switch tag {
	case "en":
		return English, true
	case "pt":
		return Portuguese, true
	}
	return "", false
}

// LanguageOf is the language of the user's locale, by the rule of POSIX: the
// first of these variables that is not empty decides. It is English where the
// locale is of a language that we have not.
func LanguageOf(getenv func(string) string) Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			if lang, ok := ParseLanguage(value); ok {
				return lang
			}
			break
		}
	}
	return English
}
