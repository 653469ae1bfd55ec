package commands

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker/cli/opts"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/sample"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

type graphOptions struct {
	all     bool
	filter  opts.FilterOpt
	format  string
	output  string
	aliases bool
	from    string
	demo    bool
	watch   bool
	noTrunc bool
	theme   string
	scale   float64
	page    pageOptions
	targets []string
}

const (
	formatTree    = "tree"
	formatJSON    = "json"
	formatDOT     = "dot"
	formatMermaid = "mermaid"
	formatSVG     = "svg"
	formatPNG     = "png"
	formatHTML    = "html" // a page around the drawing
)

// graphFormats are the formats of graph that are words; anything else is a template.
var graphFormats = []string{formatTree, formatJSON, formatDOT, formatMermaid, formatSVG, formatPNG, formatHTML}

// fileFormats tells which format a file's ending asks for.
var fileFormats = map[string]string{
	".txt": formatTree, ".json": formatJSON, ".dot": formatDOT, ".gv": formatDOT,
	".mmd": formatMermaid, ".mermaid": formatMermaid, ".svg": formatSVG, ".png": formatPNG,
	".html": formatHTML, ".htm": formatHTML,
}

// pictureKinds are endings of pictures that Graphviz makes of our DOT, and netkit does
// not.
var pictureKinds = []string{"pdf", "jpg", "gif"}

func newGraphCommand(s *session) *cobra.Command {
	options := graphOptions{filter: opts.NewFilterOpt()}
	cmd := &cobra.Command{
		Use:   "graph [OPTIONS] [NETWORK|CONTAINER|PROJECT...]",
		Short: "Draw who is connected to what, stopped containers included",
		Long: `Draw the engine's networks and the containers on them, running or not.

Named networks are drawn with all that is on them; a container with the
networks it is on and its neighbours there; a project or a service with its
networks; a network that is gone with who wants it.

In the tree, a mark stands before each container, in ASCII where the output is
no terminal or its locale is not UTF-8:
  ● *  running      ◐ =  paused         ◌ .  created, not started yet
  ○ o  stopped      ↻ ~  restarting     ✗ x  dead
and before what needs attention:
  !  a container that will not start, and the command that mends it. Of a saved
     snapshot, they are commands of docker's own, for that engine: they make a
     plain network, and keep aliases of containers with --aliases only
  ?  something that could not be read, or is not known

A TEMPLATE is filled in once for each container on a network; its fields are
.Network .NetworkID .Driver .Project .Container .ContainerID .State .Attachment
.IPv4 .IPv6 .MAC .Aliases .Ports .Image

In svg, png and html, a network is a rail with its containers below it; one on
several has a line to each further rail. Published ports come from the left.

html is a page to pan and zoom, to search and filter, with all there is to say
of each network and container, and what would break without it. It is one file
that asks nobody for anything. Each object drawn takes a request more.

--serve shows the page live: what changes on the engine shows in each browser.
Only who has the whole address, with its token, sees the page, and nobody can
change anything by it. Without an address, it is for this machine alone.

The keys of --filter are container, dangling, driver, id, label, name, project,
scope and type.

Status: 0 fine; 1 failed; 125 wrong flags; 130 interrupted.`,
		Example: `  docker netkit graph
  docker netkit graph web
  docker netkit graph -o networks.svg
  docker netkit graph shop --theme dark -o shop.png
  docker netkit graph --open
  docker netkit graph --serve --open
  docker netkit graph --filter project=shop -o shop.dot
  docker netkit graph --format json > before.json
  docker netkit graph --from before.json
  docker netkit graph --watch`,
		RunE: func(cmd *cobra.Command, args []string) error {
			options.targets = args
			return runGraph(cmd.Context(), cmd, s, options)
		},
		ValidArgsFunction: s.completeTargets,
	}
	flags := cmd.Flags()
	flags.BoolVarP(&options.all, "all", "a", false, "Show unused and empty networks too")
	flags.VarP(&options.filter, "filter", "f", `Choose networks (e.g. "driver=bridge", "project=shop", "container=web")`)
	flags.StringVar(&options.format, "format", "", `Format: "tree", "json", "dot", "mermaid", "svg", "png", "html", or a Go TEMPLATE`)
	flags.StringVarP(&options.output, "output", "o", "", "Write to this file; its ending (.txt .json .dot .gv .mmd .mermaid .svg .png .html) chooses the format")
	flags.BoolVar(&options.aliases, "aliases", false, "Show aliases too, which takes a request for each container shown")
	flags.StringVar(&options.from, "from", "", `Draw a snapshot saved with --format json instead of the engine ("-": standard input)`)
	flags.BoolVar(&options.demo, "demo", false, "Draw a built-in sample instead of the engine")
	flags.BoolVarP(&options.watch, "watch", "w", false, "Draw again whenever something changes, until Ctrl-C or q")
	flags.StringVar(&options.theme, "theme", "auto", `Colours of svg, png and html: "light", "dark", or "auto" (as the reader's system has it; png: light)`)
	flags.Float64Var(&options.scale, "scale", 2, "Pixels of png for one of the drawing, from 1 to 4")
	flags.BoolVar(&options.noTrunc, "no-trunc", false, "Do not truncate names and IDs")
	options.page.register(flags)
	options.page.complete(cmd)
	registerFlag(cmd, "filter", s.completeFilter)
	registerFlag(cmd, "format", cobra.FixedCompletions(graphFormats, cobra.ShellCompDirectiveNoFileComp))
	registerFlag(cmd, "theme", cobra.FixedCompletions([]string{"auto", "light", "dark"}, cobra.ShellCompDirectiveNoFileComp))
	registerFlag(cmd, "scale", cobra.FixedCompletions([]string{"1", "2", "3", "4"}, cobra.ShellCompDirectiveNoFileComp))
	registerFlag(cmd, "from", jsonFiles)
	registerFlag(cmd, "output", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveDefault
	})
	return cmd
}

func runGraph(ctx context.Context, cmd *cobra.Command, s *session, options graphOptions) error {
	if err := notTogether(cmd, []string{"from", "demo", "watch"}, []string{"from", "demo", "aliases"}, []string{"output", "watch"}); err != nil {
		return err
	}
	if err := notEmpty(cmd, "from", "output"); err != nil {
		return err
	}
	filter, err := filterOf(cmd, &options.filter)
	if err != nil {
		return err
	}
	lang, err := options.page.check(cmd)
	if err != nil {
		return err
	}
	if options.format, err = graphFormat(cmd, &options); err != nil {
		return err
	}
	if err := checkDrawing(cmd, &options); err != nil {
		return err
	}
	if err := options.page.checkFormat(cmd, options.format); err != nil {
		return err
	}
	address := servingAddress(&options)
	p := &picture{options: options, filter: filter, look: s.look()}
	p.look.NoTrunc, p.look.All = options.noTrunc, options.all
	p.look.Offline = options.demo || options.from != ""
	p.paging.lang = lang
	p.toTerminal = s.Out().IsTerminal()
	if options.page.serving {
		return runServe(ctx, s, p, address)
	}
	if options.watch {
		return runWatch(ctx, s, p)
	}
	if options.output != "" {
		// A file is read by whatever the user likes, as UTF-8.
		p.look.ASCII, p.look.Colour, p.look.Width, p.toTerminal = false, false, 0, false
	}
	if options.format == formatPNG && p.toTerminal {
		return badUsage(cmd, "png is nothing for a terminal; write it to a file: -o networks.png")
	}
	snapshot, err := s.graphSnapshot(ctx, p)
	if err != nil {
		return err
	}
	var drawn bytes.Buffer
	if err := p.draw(&drawn, snapshot); err != nil {
		return err
	}
	if p.options.format != formatTree && p.options.format != formatJSON {
		s.warnOfGaps(snapshot)
	}
	switch {
	case options.output != "":
		err = writeFile(options.output, drawn.Bytes())
	case options.page.open:
		options.output, err = temporaryFile(options.format, drawn.Bytes())
	default:
		_, err = s.Out().Write(drawn.Bytes())
	}
	if err == nil && options.page.open {
		return showFile(options.output)
	}
	return err
}

// notTogether refuses flags of one group that are given together.
func notTogether(cmd *cobra.Command, groups ...[]string) error {
	for _, group := range groups {
		var given []string
		for _, name := range group {
			if cmd.Flags().Changed(name) {
				given = append(given, "--"+name)
			}
		}
		if len(given) > 1 {
			return badUsage(cmd, "%s cannot be used together", strings.Join(given, " and "))
		}
	}
	return nil
}

// notEmpty refuses a flag that was given with nothing, as an unset variable in
// a script does: taken for "not given", it would mean something else.
func notEmpty(cmd *cobra.Command, names ...string) error {
	for _, name := range names {
		if flag := cmd.Flags().Lookup(name); flag.Changed && flag.Value.String() == "" {
			return badUsage(cmd, "--%s is empty; it takes the name of a file", name)
		}
	}
	return nil
}

// graphFormat is the format asked for, by flag or by the file's ending.
func graphFormat(cmd *cobra.Command, options *graphOptions) (string, error) {
	if options.format != "" {
		return options.format, checkTemplate(cmd, options.format)
	}
	if options.output == "" {
		if options.page.open || options.page.serving {
			return formatHTML, nil
		}
		return formatTree, nil
	}
	ending := strings.ToLower(filepath.Ext(options.output))
	if format, ok := fileFormats[ending]; ok {
		return format, nil
	}
	endings := make([]string, 0, len(fileFormats))
	for known := range fileFormats {
		endings = append(endings, known)
	}
	slices.Sort(endings)
	if kind := strings.TrimPrefix(ending, "."); slices.Contains(pictureKinds, kind) {
		return "", badUsage(cmd, "netkit draws no %s itself; Graphviz does: docker netkit graph --format dot | dot -T%s > %s",
			strings.ToUpper(kind), kind, quoteArg(options.output))
	}
	return "", badUsage(cmd, "cannot tell the format of %s from its ending; the endings are %s, or give --format",
		quoteArg(options.output), strings.Join(endings, " "))
}

// graphSnapshot gets the snapshot from where the options say, with aliases if
// they are wanted.
func (s *session) graphSnapshot(ctx context.Context, p *picture) (*topology.Snapshot, error) {
	if p.options.format == formatHTML && !p.options.page.serving {
		return s.pageSnapshot(ctx, p)
	}
	if p.options.demo {
		return sample.Shop()
	}
	if !p.options.aliases {
		return s.read(ctx, p.options.from)
	}
	ctx, cancel := s.within(ctx)
	defer cancel()
	defer s.showBusy("Reading networks, containers and aliases…")()
	e, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	snapshot, err := e.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	ix := topology.NewIndex(snapshot)
	sel, err := p.choose(ix)
	if err != nil {
		return nil, err
	}
	return e.WithSettings(ctx, snapshot, ix.Shown(&sel))
}

// picture is what is to be drawn, and how.
type picture struct {
	options    graphOptions
	filter     topology.Filter
	look       render.Look
	toTerminal bool
	paging     paging
}

func (p *picture) choose(ix *topology.Index) (topology.Selection, error) {
	sel, unknown := ix.Select(p.options.targets, &p.filter)
	if len(unknown) > 0 {
		return sel, unknownTargets(ix, unknown)
	}
	return sel, nil
}

// draw writes the snapshot in the asked format.
func (p *picture) draw(w io.Writer, snapshot *topology.Snapshot) error {
	ix := topology.NewIndex(snapshot)
	sel, err := p.choose(ix)
	if err != nil {
		return err
	}
	switch p.options.format {
	case formatTree:
		return render.Tree(w, ix, &sel, &p.look)
	case formatJSON:
		return render.JSON(w, ix.Subset(&sel))
	case formatDOT:
		return render.DOT(w, ix, &sel, &p.look)
	case formatMermaid:
		return render.Mermaid(w, ix, &sel, &p.look)
	case formatSVG:
		return render.SVG(w, ix, &sel, &p.look, render.SVGOptions{Theme: themes[p.options.theme]})
	case formatPNG:
		return writePNG(w, render.Drawing(ix, &sel, &p.look), &p.options)
	case formatHTML:
		return p.html(w, snapshot)
	}
	return writeAttachments(w, p, ix, &sel)
}
