package commands

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/explain"
)

type explainOptions struct {
	topic     bool
	network   bool
	container bool
	lang      string
	format    string
	noPager   bool
	from      string
	demo      bool
}

// The formats of explain; text is what people read on a terminal.
const (
	formatText     = "text"
	formatMarkdown = "markdown"
)

func newExplainCommand(s *session) *cobra.Command {
	var options explainOptions
	cmd := &cobra.Command{
		Use:        "explain [OPTIONS] [TOPIC|NETWORK|CONTAINER [CONTAINER]]",
		SuggestFor: []string{"learn", "topics", "describe", "why", "man"},
		Short:      "Explain network drivers, your networks and containers, and who reaches whom",
		Long: `Explain how Docker's networks work, and what that means for yours.

Without an argument, it lists the network drivers, with those of your engine,
and the topics there are. A TOPIC is explained with your networks of that kind:
the drivers, ports, names, ways to the outside, and each command of "docker
network". Topics need no engine.

A NETWORK is explained from what the engine says of it now: who is on it,
whether names resolve, what reaches it and what it reaches, what its options
mean and what would break without it. A CONTAINER: its networks and names, and
how the outside, the host and its neighbours reach it, and it them. Two
containers: the way from the first to the second, and why it works or does not.

Where a topic and a network or a container have one name, the topic is named
below. "bridge", "host" and "none" are topics, since every engine has networks
of these names. --topic, --network and --container decide.

It is written in English or Brazilian Portuguese, as the locale says (LC_ALL,
LC_MESSAGES, LANG) or --lang. On a terminal, long text goes through $PAGER, or
less where that is not set.

Status: 0 fine; 1 failed, or nothing has
that name; 125 wrong flags; 130 interrupted.`,
		Example: `  docker netkit explain
  docker netkit explain macvlan
  docker netkit explain shop_front
  docker netkit explain web db
  docker netkit explain --network bridge
  docker netkit explain --lang pt-BR dns`,
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := newExplanation(s, cmd, options, args)
			if err != nil {
				return err
			}
			return s.orJSON(options.format == formatJSON, e.run(cmd.Context()))
		},
		ValidArgsFunction: s.completeExplain,
	}
	flags := cmd.Flags()
	flags.BoolVar(&options.topic, "topic", false, "Explain the topic of this name, not a network or container")
	flags.BoolVar(&options.network, "network", false, "Explain the network of this name")
	flags.BoolVar(&options.container, "container", false, "Explain the container of this name")
	flags.StringVar(&options.lang, "lang", "", `Language: "en" or "pt-BR" (default: that of the locale)`)
	flags.StringVar(&options.format, "format", formatText, `Format: "text", "markdown" or "json"`)
	flags.BoolVar(&options.noPager, "no-pager", false, "Write everything at once, also on a terminal")
	flags.StringVar(&options.from, "from", "", `Explain a snapshot saved by "graph --format json" ("-": standard input)`)
	flags.BoolVar(&options.demo, "demo", false, "Explain a built-in sample instead of the engine")
	registerFlag(cmd, "lang", completeLanguages)
	registerFlag(cmd, "format", cobra.FixedCompletions([]string{formatText, formatMarkdown, formatJSON}, cobra.ShellCompDirectiveNoFileComp))
	registerFlag(cmd, "from", jsonFiles)
	return cmd
}

// explanation is one run of the command.
type explanation struct {
	*session
	options explainOptions
	lang    explain.Language
	args    []string
}

func newExplanation(s *session, cmd *cobra.Command, options explainOptions, args []string) (*explanation, error) {
	if err := notTogether(cmd, []string{"topic", "network", "container"}, []string{"from", "demo"}); err != nil {
		return nil, err
	}
	if err := notEmpty(cmd, "from"); err != nil {
		return nil, err
	}
	e := &explanation{session: s, options: options, args: args, lang: explain.LanguageOf(os.Getenv)}
	if cmd.Flags().Changed("lang") {
		lang, ok := explain.ParseLanguage(options.lang)
		if !ok {
			return nil, badUsage(cmd, "no text is in the language %s; the languages are en and pt-BR", quoteArg(options.lang))
		}
		e.lang = lang
	}
	switch options.format {
	case formatText, formatMarkdown, formatJSON:
	default:
		return nil, badUsage(cmd, "unknown format %s; the formats are text, markdown and json", quoteArg(options.format))
	}
	const most = 2
	one := options.topic || options.network
	switch {
	case len(args) > most:
		return nil, badUsage(cmd, "explain takes two containers at most, not %d names", len(args))
	case len(args) == most && one:
		return nil, badUsage(cmd, "with --topic or --network, explain takes one name")
	case len(args) == 0 && (one || options.container):
		return nil, badUsage(cmd, "--topic, --network and --container need a name")
	}
	return e, nil
}

func (e *explanation) run(ctx context.Context) error {
	told, err := e.find(ctx)
	if err != nil {
		return err
	}
	return e.show(ctx, told)
}

// saved tells that no engine is asked.
func (e *explanation) saved() bool { return e.options.demo || e.options.from != "" }
