package commands

import (
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/explain"
)

// Every command in a topic parses: netkit's own as this build's commands have it,
// docker's as testdata/native-flags.txt has it, which a test on real clients holds
// against them.
func TestTopicCommandsParse(t *testing.T) {
	native := nativeFlags(t)
	checked := 0
	for _, lang := range explain.Languages() {
		for _, topic := range explain.Topics() {
			t.Run(string(lang)+"/"+topic.Name, func(t *testing.T) {
				text := topic.Markdown(lang)
				for _, line := range blockCommands(t, text) {
					checkCommand(t, native, line, true)
					checked++
				}
				for _, line := range spanCommands(text) {
					checkCommand(t, native, line, false)
					checked++
				}
			})
		}
	}
	const atLeast = 100
	if checked < atLeast {
		t.Errorf("only %d commands were found in the topics", checked)
	}
}

// checkCommand parses one line. In the text, the words of a command may stand
// without what it needs.
func checkCommand(t *testing.T, native map[string][]string, line string, whole bool) {
	t.Helper()
	words := shellWords(t, line)
	if len(words) < 2 || words[0] != "docker" {
		t.Errorf("a block of code holds what is no command of docker: %q", line)
		return
	}
	if words[1] == Name {
		checkOwn(t, line, words[1:], whole)
		return
	}
	checkNative(t, native, line, words[1:])
}

func checkOwn(t *testing.T, line string, words []string, whole bool) {
	t.Helper()
	cli, err := command.NewDockerCli(command.WithCombinedStreams(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	docker := &cobra.Command{Use: "docker"}
	docker.AddCommand(New(t.Context(), cli, nil, nil))
	cmd, rest, err := docker.Find(words)
	if err != nil || cmd.Name() == Name {
		t.Errorf("there is no such command: %q: %v", line, err)
		return
	}
	if err := cmd.ParseFlags(rest); err != nil {
		t.Errorf("%q: %v", line, err)
		return
	}
	if whole {
		if err := cmd.ValidateArgs(cmd.Flags().Args()); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	}
	if cmd.Name() != "explain" {
		return
	}
	args := cmd.Flags().Args()
	force := cmd.Flags().Changed("topic")
	if len(args) == 1 && (force || !whole) {
		if _, ok := explain.FindTopic(args[0]); !ok && args[0] != "TOPIC" {
			t.Errorf("%q names no topic", line)
		}
	}
}

// checkNative looks the flags up that docker's own command has. What follows the
// image of a container is the container's.
func checkNative(t *testing.T, native map[string][]string, line string, words []string) {
	t.Helper()
	name, rest := words[0], words[1:]
	if _, ok := native[name]; !ok && len(rest) > 0 {
		name, rest = name+" "+rest[0], rest[1:]
	}
	flags, ok := native[name]
	switch {
	case name == "network" || name == "compose up": // the words alone
		return
	case !ok:
		t.Errorf("%q: testdata/native-flags.txt has no command %q", line, name)
		return
	}
	for i := 0; i < len(rest); i++ {
		word := rest[i]
		if !strings.HasPrefix(word, "-") {
			if name == "run" || name == "exec" || name == "service create" {
				return
			}
			continue
		}
		flag, _, hasValue := strings.Cut(word, "=")
		switch {
		case slices.Contains(flags, flag):
			if hasValue {
				t.Errorf("%q: %s takes no value", line, flag)
			}
		case slices.Contains(flags, flag+"="):
			if !hasValue {
				i++
				if i == len(rest) {
					t.Errorf("%q: %s needs a value", line, flag)
				}
			}
		default:
			t.Errorf("%q: docker %s has no flag %s", line, name, flag)
		}
	}
}

// nativeFlags reads testdata/native-flags.txt.
func nativeFlags(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/native-flags.txt")
	if err != nil {
		t.Fatal(err)
	}
	native := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		if name, flags, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && !strings.HasPrefix(name, "#") {
			native[name] = strings.Fields(flags)
		}
	}
	if len(native) == 0 {
		t.Fatal("testdata/native-flags.txt has no commands")
	}
	return native
}

var (
	shellBlock  = regexp.MustCompile("(?ms)^ *```sh\n(.*?)^ *```$")
	dockerSpan  = regexp.MustCompile("`(docker [^`\n]+)`")
	anyBlock    = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	continued   = regexp.MustCompile(`\\\n\s*`)
	commentLine = regexp.MustCompile(`(?m)^\s*#.*$`)
)

// blockCommands are the lines of the blocks of shell, each whole.
func blockCommands(t *testing.T, text string) []string {
	t.Helper()
	var lines []string
	for _, found := range shellBlock.FindAllStringSubmatch(text, -1) {
		block := commentLine.ReplaceAllString(continued.ReplaceAllString(found[1], " "), "")
		for line := range strings.Lines(block) {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// spanCommands are the commands in the text.
func spanCommands(text string) []string {
	var lines []string
	for _, found := range dockerSpan.FindAllStringSubmatch(anyBlock.ReplaceAllString(text, ""), -1) {
		lines = append(lines, found[1])
	}
	return lines
}

// shellWords splits a line as a shell does that expands nothing.
func shellWords(t *testing.T, line string) []string {
	t.Helper()
	var words []string
	var now strings.Builder
	open, quote := false, rune(0)
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, open = r, true
		case quote == 0 && r == ' ':
			if open {
				words = append(words, now.String())
				now.Reset()
				open = false
			}
		default:
			if quote == 0 && strings.ContainsRune("|&;<>$`\\", r) {
				t.Errorf("a shell does not take %q as it stands, for its %q", line, r)
			}
			now.WriteRune(r)
			open = true
		}
	}
	if quote != 0 {
		t.Errorf("a quote is not closed: %q", line)
	}
	if open {
		words = append(words, now.String())
	}
	return words
}
