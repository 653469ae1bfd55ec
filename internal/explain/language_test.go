package explain_test

import (
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/explain"
)

func TestParseLanguage(t *testing.T) {
	for word, want := range map[string]explain.Language{
		"en": explain.English, "EN": explain.English, "en-GB": explain.English, "en_US.UTF-8": explain.English,
		"pt-BR": explain.Portuguese, "pt_BR": explain.Portuguese, "PT-br": explain.Portuguese, "pt": explain.Portuguese,
		"pt_BR.UTF-8": explain.Portuguese, "pt_PT@euro": explain.Portuguese,
		"": "", "de": "", "C": "", "ptx": "", "english": "",
	} {
		if got, ok := explain.ParseLanguage(word); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %t; want %q", word, got, ok, want)
		}
	}
}

func TestLanguageOf(t *testing.T) {
	for name, c := range map[string]struct {
		env  map[string]string
		want explain.Language
	}{
		"nothing":                     {nil, explain.English},
		"LANG":                        {map[string]string{"LANG": "pt_BR.UTF-8"}, explain.Portuguese},
		"LC_MESSAGES before LANG":     {map[string]string{"LC_MESSAGES": "pt_BR", "LANG": "en_US"}, explain.Portuguese},
		"LC_ALL before all":           {map[string]string{"LC_ALL": "en_US", "LC_MESSAGES": "pt_BR", "LANG": "pt_BR"}, explain.English},
		"empty ones do not count":     {map[string]string{"LC_ALL": "", "LC_MESSAGES": "", "LANG": "pt_PT"}, explain.Portuguese},
		"C is English":                {map[string]string{"LC_ALL": "C", "LANG": "pt_BR"}, explain.English},
		"another language is English": {map[string]string{"LANG": "de_DE.UTF-8"}, explain.English},
		"LC_CTYPE says no language":   {map[string]string{"LC_CTYPE": "pt_BR.UTF-8"}, explain.English},
	} {
		t.Run(name, func(t *testing.T) {
			if got := explain.LanguageOf(func(name string) string { return c.env[name] }); got != c.want {
				t.Errorf("the language is %q, want %q", got, c.want)
			}
		})
	}
}
