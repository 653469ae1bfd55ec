package commands

import (
	"os"
	"runtime"
	"strings"

	"github.com/docker/cli/cli/streams"
	"github.com/spf13/pflag"

	"github.com/docker-netkit/docker-netkit/internal/render"
)

// look finds out how standard output wants its text.
func (s *session) look() render.Look { return s.lookOn(s.Out()) }

// lookOn finds out how a stream wants its text: glyphs and colour are for
// terminals only, and for those that can show them.
func (s *session) lookOn(out *streams.Out) render.Look {
	look := render.Look{ASCII: true, Docker: s.dockerCommand()}
	if !out.IsTerminal() {
		return look
	}
	look.ASCII = !utf8Locale(os.Getenv)
	look.Colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	if _, width := out.GetTtySize(); width > 0 {
		look.Width = int(width)
	}
	return look
}

// utf8Locale tells whether the terminal's character set is UTF-8, by the rule
// of POSIX: the first of these variables that is set decides.
func utf8Locale(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := getenv(name); value != "" {
			value = strings.ToLower(value)
			return strings.Contains(value, "utf-8") || strings.Contains(value, "utf8")
		}
	}
	// Without any, POSIX means plain ASCII; macOS and Windows terminals speak
	// UTF-8 all the same.
	return runtime.GOOS == "darwin" || runtime.GOOS == "windows"
}

// engineFlags are docker's flags that choose the engine and the way to it.
var engineFlags = []string{"config", "context", "host", "tls", "tlscacert", "tlscert", "tlskey", "tlsverify"}

// dockerCommand is how a suggested command begins, so that it reaches the same
// engine when it is pasted: flags that chose the engine are part of it, the
// environment is there anyway. It is empty where a flag cannot be pasted.
func (s *session) dockerCommand() string { return dockerCommand(s.root.Root().Flags()) }

func dockerCommand(flags *pflag.FlagSet) string {
	words := []string{"docker"}
	for _, name := range engineFlags {
		flag := flags.Lookup(name)
		if flag == nil || !flag.Changed {
			continue
		}
		value := flag.Value.String()
		if name == "host" {
			// A list, which shows itself in brackets. Asking the CLI for the
			// endpoint instead would connect to it.
			value = strings.TrimSuffix(strings.TrimPrefix(value, "["), "]")
		}
		word, ok := render.ShellWord(value)
		if !ok {
			return ""
		}
		switch {
		case name == "host":
			words = append(words, "-H", word)
		case flag.NoOptDefVal != "":
			words = append(words, "--"+name+"="+word)
		default:
			words = append(words, "--"+name, word)
		}
	}
	return strings.Join(words, " ")
}
