package commands

import (
	"os"
	"runtime"
	"strings"

	"github.com/docker/cli/cli/command"

	"github.com/docker-netkit/docker-netkit/internal/render"
)

// look finds out how standard output wants its text: glyphs and colour are for
// terminals only, and for those that can show them.
func (s *session) look() render.Look {
	look := render.Look{ASCII: true, Docker: s.dockerCommand()}
	if !s.Out().IsTerminal() {
		return look
	}
	look.ASCII = !utf8Locale(os.Getenv)
	look.Colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	if _, width := s.Out().GetTtySize(); width > 0 {
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

// dockerCommand is how a suggested command begins, so that it reaches the same
// engine when it is pasted: flags that chose the engine are part of it, the
// environment is there anyway.
func (s *session) dockerCommand() string {
	words := []string{"docker"}
	flags := s.root.Root().Flags()
	if host := flags.Lookup("host"); host != nil && host.Changed {
		// The flag is a list, which shows itself in brackets; asking the CLI
		// for the endpoint would connect to it.
		words = append(words, "-H", strings.Trim(host.Value.String(), "[]"))
	}
	if context := flags.Lookup("context"); context != nil && context.Changed && s.CurrentContext() != command.DefaultContextName {
		words = append(words, "--context", s.CurrentContext())
	}
	for i, word := range words {
		if quoted, ok := render.ShellWord(word); ok {
			words[i] = quoted
		}
	}
	return strings.Join(words, " ")
}
