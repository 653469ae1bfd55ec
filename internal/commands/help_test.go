package commands

import (
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// everyCommand runs a test for each command that users can see.
func everyCommand(t *testing.T, test func(t *testing.T, cmd *cobra.Command)) {
	t.Helper()
	cli, err := command.NewDockerCli(command.WithCombinedStreams(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	docker := &cobra.Command{Use: "docker"}
	docker.AddCommand(New(t.Context(), cli, nil, nil))
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		if !cmd.Hidden {
			t.Run(cmd.CommandPath(), func(t *testing.T) { test(t, cmd) })
		}
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	for _, cmd := range docker.Commands() {
		visit(cmd)
	}
}

func ownFlags(cmd *cobra.Command, test func(flag *pflag.Flag)) {
	cmd.LocalFlags().VisitAll(func(flag *pflag.Flag) {
		if flag.Name != "help" && !flag.Hidden {
			test(flag)
		}
	})
}

// widest is what a help text may take of a terminal of 80 columns.
const widest = 80

var statusLine = regexp.MustCompile(`(?m)^Status: 0 [^;]+;(.|\n)* 125 wrong flags( or no such command)?; 130 interrupted\.$`)

func TestHelpTexts(t *testing.T) {
	everyCommand(t, func(t *testing.T, cmd *cobra.Command) {
		wantSentenceStart(t, "short text", cmd.Short)
		if strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("the short text ends with a period: %q", cmd.Short)
		}
		if cmd.Long == "" {
			t.Fatal("no long text")
		}
		wantSentenceStart(t, "long text", cmd.Long)
		if !statusLine.MatchString(cmd.Long) {
			t.Error("the long text does not tell with which statuses the command ends, as in: Status: 0 fine; 1 failed; 125 wrong flags; 130 interrupted.")
		}
		for line := range strings.Lines(cmd.Long + "\n" + cmd.Example) {
			if line = strings.TrimRight(line, "\n"); utf8.RuneCountInString(line) > widest {
				t.Errorf("wider than %d columns: %q", widest, line)
			} else if line != strings.TrimRight(line, " \t") || strings.Contains(line, "\t") {
				t.Errorf("blanks at the end, or tabs: %q", line)
			}
		}
	})
}

// The root has subcommands instead of examples.
func TestHelpExamples(t *testing.T) {
	everyCommand(t, func(t *testing.T, cmd *cobra.Command) {
		if cmd.HasSubCommands() {
			return
		}
		if cmd.Example == "" {
			t.Fatal("no examples")
		}
		for line := range strings.Lines(cmd.Example) {
			line = strings.TrimRight(line, "\n")
			if !strings.HasPrefix(line, "  "+cmd.CommandPath()) {
				t.Errorf("an example does not begin with two blanks and the command: %q", line)
			}
			for _, flag := range exampleFlags(line) {
				if !hasFlag(cmd, flag) {
					t.Errorf("an example uses a flag that the command does not have: %q", line)
				}
			}
		}
	})
}

// exampleFlags lists the flags of the first command in a shell line.
func exampleFlags(line string) []string {
	var flags []string
	for _, word := range strings.Fields(line) {
		if strings.ContainsAny(word, "|>&;") {
			break
		}
		if name, _, _ := strings.Cut(word, "="); len(name) > 1 && name[0] == '-' {
			flags = append(flags, name)
		}
	}
	return flags
}

func hasFlag(cmd *cobra.Command, word string) bool {
	find := func(flags *pflag.FlagSet) bool {
		if long, ok := strings.CutPrefix(word, "--"); ok {
			return flags.Lookup(long) != nil
		}
		for _, letter := range word[1:] {
			if flags.ShorthandLookup(string(letter)) == nil {
				return false
			}
		}
		return true
	}
	return find(cmd.Flags()) || find(cmd.InheritedFlags())
}

func TestHelpFlags(t *testing.T) {
	everyCommand(t, func(t *testing.T, cmd *cobra.Command) {
		ownFlags(cmd, func(flag *pflag.Flag) {
			// Only the first line is ours where docker's own text is used.
			usage, _, _ := strings.Cut(flag.Usage, "\n")
			wantSentenceStart(t, "usage of --"+flag.Name, usage)
			if strings.HasSuffix(strings.TrimSpace(usage), ".") {
				t.Errorf("the usage of --%s ends with a period: %q", flag.Name, usage)
			}
			if strings.ToLower(flag.Name) != flag.Name {
				t.Errorf("--%s is not in lower case", flag.Name)
			}
			if cmd.HasSubCommands() && flag.Shorthand != "" {
				t.Errorf("--%s is for every command, so its letter would be taken from all", flag.Name)
			}
		})
	})
}

// What can be typed can be completed: arguments and the values of flags.
func TestHelpCompletion(t *testing.T) {
	everyCommand(t, func(t *testing.T, cmd *cobra.Command) {
		if !cmd.HasSubCommands() && cmd.ValidArgsFunction == nil && len(cmd.ValidArgs) == 0 {
			t.Error("the arguments have no completion; use cobra.NoFileCompletions where there is nothing to offer")
		}
		ownFlags(cmd, func(flag *pflag.Flag) {
			if flag.NoOptDefVal != "" { // a bool: nothing to complete
				return
			}
			if _, ok := cmd.GetFlagCompletionFunc(flag.Name); !ok {
				t.Errorf("--%s has no completion; use cobra.NoFileCompletions where there is nothing to offer", flag.Name)
			}
		})
	})
}

// One letter means one thing, whichever command it is given to.
func TestHelpShorthandsAgree(t *testing.T) {
	// docker's own commands give -f to --filter where there is one, else to --format.
	// Its prune gives it to --force, and has none for --filter.
	either := []string{"filter", "format", "force"}
	letters := map[string]string{}
	everyCommand(t, func(t *testing.T, cmd *cobra.Command) {
		ownFlags(cmd, func(flag *pflag.Flag) {
			if flag.Shorthand == "" {
				return
			}
			before, ok := letters[flag.Shorthand]
			letters[flag.Shorthand] = flag.Name
			both := slices.Contains(either, before) && slices.Contains(either, flag.Name)
			if ok && before != flag.Name && !both {
				t.Errorf("-%s is --%s here and --%s elsewhere", flag.Shorthand, flag.Name, before)
			}
		})
	})
}

func wantSentenceStart(t *testing.T, what, text string) {
	t.Helper()
	first, _ := utf8.DecodeRuneInString(text)
	if !unicode.IsUpper(first) {
		t.Errorf("the %s does not begin with a capital letter: %q", what, text)
	}
}
