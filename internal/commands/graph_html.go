package commands

import (
	"context"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/page"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// pageOptions are the flags of graph for pages.
type pageOptions struct {
	lang  string
	serve string
	open  bool
	// serving tells that --serve was given; serve may be empty all the same.
	serving bool
}

func (o *pageOptions) register(flags *pflag.FlagSet) {
	flags.StringVar(&o.serve, "serve", "", "Serve the page live at this ADDRESS:PORT, until Ctrl-C; without one, for this machine alone")
	flags.Lookup("serve").NoOptDefVal = anyAddress
	flags.BoolVar(&o.open, "open", false, "Show the picture in the browser: as html, or the file that is written")
	flags.StringVar(&o.lang, "lang", "", `Language of the page: "en" or "pt-BR" (default: that of the locale)`)
}

// anyAddress stands for --serve without an address.
const anyAddress = "127.0.0.1:0"

// complete registers what the shell offers for the flags.
func (o *pageOptions) complete(cmd *cobra.Command) {
	registerFlag(cmd, "serve", cobra.FixedCompletions([]string{anyAddress}, cobra.ShellCompDirectiveNoFileComp))
	registerFlag(cmd, "lang", completeLanguages)
}

// check refuses flags that cannot be meant, and finds the language.
func (o *pageOptions) check(cmd *cobra.Command) (explain.Language, error) {
	if err := notTogether(cmd, []string{"serve", "from"}, []string{"serve", "demo"}, []string{"serve", "watch"}, []string{"serve", "output"},
		[]string{"open", "watch"}); err != nil {
		return "", err
	}
	o.serving = cmd.Flags().Changed("serve")
	if !cmd.Flags().Changed("lang") {
		return explain.LanguageOf(os.Getenv), nil
	}
	lang, ok := explain.ParseLanguage(o.lang)
	if !ok {
		return "", badUsage(cmd, "no page is in the language %s; the languages are en and pt-BR", quoteArg(o.lang))
	}
	return lang, nil
}

// checkFormat refuses formats that no browser shows.
func (o *pageOptions) checkFormat(cmd *cobra.Command, format string) error {
	switch {
	case o.serving && format != formatHTML:
		return badUsage(cmd, "--serve shows a page: its format is html, not %s", quoteArg(format))
	case format == formatHTML && cmd.Flags().Changed("watch"):
		return badUsage(cmd, "--watch draws text; --serve keeps a page as the engine is")
	case o.open && !slices.Contains(drawnFormats, format):
		return badUsage(cmd, "--open shows svg, png and html, not %s", quoteArg(format))
	}
	return nil
}

// paging is what a page needs beside the picture.
type paging struct {
	lang   explain.Language
	report *checks.Report
}

// newPage makes the page of a snapshot.
func (p *picture) newPage(snapshot *topology.Snapshot) (*page.Page, error) {
	ix := topology.NewIndex(snapshot)
	sel, err := p.choose(ix)
	if err != nil {
		return nil, err
	}
	return page.New(ix, &sel, &p.look, page.Options{
		Lang: p.paging.lang, More: explain.Details{Docker: p.look.Docker, Offline: p.look.Offline},
		Theme: p.options.theme, Live: p.options.page.serving, Report: p.paging.report,
	}), nil
}

// html writes the page.
func (p *picture) html(w io.Writer, snapshot *topology.Snapshot) error {
	made, err := p.newPage(snapshot)
	if err != nil {
		return err
	}
	return made.Write(w)
}

// pageSnapshot reads what a page tells beside the picture: of each object what only an
// inspect tells, and what the doctor finds.
func (s *session) pageSnapshot(ctx context.Context, p *picture) (*topology.Snapshot, error) {
	shown := func(ix *topology.Index) (all topology.Selection) {
		all, _ = ix.Select(p.options.targets, &p.filter)
		return all
	}
	if p.look.Offline {
		snapshot, err := sampleOrSaved(s, p.options.from)
		if err == nil {
			p.paging.report = reportOfLists(snapshot)
		}
		return snapshot, err
	}
	d := &doctor{
		session: s, options: doctorOptions{age: unusedAge},
		checks: append(checks.All(), &checks.Check{Needs: checks.Needs{
			Settings: func(ix *topology.Index) []*topology.Container {
				sel := shown(ix)
				return ix.Shown(&sel)
			},
			Endpoints: func(ix *topology.Index) (networks []*topology.Network) {
				sel := shown(ix)
				for i := range ix.Networks {
					if n := &ix.Networks[i]; sel.HasNetwork(n.ID) && !n.Implied {
						networks = append(networks, n)
					}
				}
				return networks
			},
		}}),
	}
	facts, err := d.facts(ctx)
	if err != nil {
		return nil, err
	}
	p.paging.report = checks.Run(facts, checks.All())
	return facts.Index.Snapshot, nil
}

// unusedAge is how long a network may be unused before the page calls it a find, as it
// is by default with doctor.
const unusedAge = 30 * 24 * time.Hour
