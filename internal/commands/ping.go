package commands

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/docker/cli/cli"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

type pingOptions struct {
	count    int
	interval float64
	wait     float64
	size     int
	ports    []string
	mtu      bool
	noICMP   bool
	only4    bool
	only6    bool
	predict  bool
	format   string
	noTrunc  bool
	from     string
	demo     bool

	network string
	project string
	all     bool
}

// What is asked of echo requests where nothing is said.
const (
	defaultWait = 2.0 // seconds
	defaultSize = 56  // bytes, as ping sends
	largestSize = 65507
)

func newPingCommand(s *session) *cobra.Command {
	var options pingOptions
	cmd := &cobra.Command{
		Use:        "ping [OPTIONS] FROM TO [TO...]",
		SuggestFor: []string{"test", "reach", "trace", "connect"},
		Short:      "Test whether a container reaches another, and say why not",
		Long: `Test whether a container reaches another, the host or the outside, and say
where it stops and why: both must run, there must be a path, the name must
resolve, ICMP echo requests and TCP connections must be answered. What was
measured is held against what to expect from the engine's configuration.

FROM is a container, by name or ID, or the only one of a service. TO is
  db  db:5432  db:53/udp     a container, service or alias
  host  host:8080            the engine's host
  internet                   the outside
  example.com:443            any name, address or URL
  [fd00::2]:80  http://db/

A port that is named, here or with --port, must answer. Where none is, the ports
are tested that TO exposes, or else those on which it listens: one of them must
answer. Where there are none of these either, ICMP decides.

"host" is tested at host.docker.internal where FROM resolves that name, and else
at the gateway of its default route. "internet" is 1.1.1.1,
2606:4700:4700::1111 and the name one.one.one.one, on port 443, or what
$NETKIT_INTERNET lists, with commas. HTTPS certificates are held against the
authorities that this machine trusts.

With -c, echo requests go on as with ping, a line each; -c 0 until Ctrl-C. It
ends them before their number, too, and what was measured is summed up.

With --network, --project or --all, every container is tested with every other:
rows send, columns receive. There ICMP decides, and a --port must answer in each
pair; where ICMP is not answered, or not sent, the exposed ports are tried.

--predict measures nothing, and so needs no helper. Podman removes no container
(podman rm) while it is measured, since the helper depends on it.

It is measured from inside FROM's network namespace, by a small helper container
that is removed again: FROM needs no ping, no shell and no privilege, and no
image is pulled. The helper has no capabilities, and nothing else of FROM. Its
image, docker-netkit-probe, is imported once and left there for the next time.
To remove it:
  docker rmi $(docker images -q docker-netkit-probe)

Status: 0 reached; 1 could not be tested; 2 not reached (of a
matrix: not all); 125 wrong flags; 130 interrupted.`,
		Example: `  docker netkit ping web db
  docker netkit ping web db:5432
  docker netkit ping web http://api/health
  docker netkit ping -c 0 web db
  docker netkit ping web host internet
  docker netkit ping --network shop_front
  docker netkit ping --predict web db`,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := newPing(s, cmd, options, args)
			if err != nil {
				return err
			}
			return s.orJSON(p.json(), p.run(cmd.Context()))
		},
		ValidArgsFunction: s.completePing,
	}
	pingFlags(cmd, s, &options)
	return cmd
}

func pingFlags(cmd *cobra.Command, s *session, options *pingOptions) {
	flags := cmd.Flags()
	flags.IntVarP(&options.count, "count", "c", reach.QuickCount, "Send this many echo requests, and show each reply; 0 goes on until Ctrl-C")
	flags.Float64VarP(&options.interval, "interval", "i", 1, "Seconds between echo requests; without -c, they follow each other at once")
	flags.Float64VarP(&options.wait, "wait", "W", defaultWait, "Seconds that any one answer may take")
	flags.IntVarP(&options.size, "size", "s", defaultSize, "Bytes of data in an echo request")
	flags.StringArrayVarP(&options.ports, "port", "p", nil, "Test this port (PORT or PORT/udp); can be repeated")
	flags.BoolVar(&options.mtu, "mtu", false, "Show the largest packet that the path takes, also where it is as it should be")
	flags.BoolVar(&options.noICMP, "no-icmp", false, "Send no echo requests")
	flags.BoolVarP(&options.only4, "ipv4", "4", false, "Use IPv4 only")
	flags.BoolVarP(&options.only6, "ipv6", "6", false, "Use IPv6 only")
	flags.BoolVar(&options.predict, "predict", false, "Say what to expect from the engine's configuration, and measure nothing")
	flags.StringVar(&options.format, "format", "table", `Write "table" or "json"; of many containers also "dot" or "mermaid"`)
	flags.BoolVar(&options.noTrunc, "no-trunc", false, "Do not cut names")
	flags.StringVar(&options.network, "network", "", "Test every container on this network with every other")
	flags.StringVar(&options.project, "project", "", "Test every container of this compose project or stack with every other")
	flags.BoolVar(&options.all, "all", false, "Test every container with every other")
	flags.StringVar(&options.from, "from", "", `Predict for a snapshot saved by "graph --format json" ("-": standard input)`)
	flags.BoolVar(&options.demo, "demo", false, "Predict for a built-in sample")
	registerFlag(cmd, "from", jsonFiles)
	registerFlag(cmd, "format", cobra.FixedCompletions([]string{"table", "json", "dot", "mermaid"}, cobra.ShellCompDirectiveNoFileComp))
	registerFlag(cmd, "network", s.completeNetworkNames)
	registerFlag(cmd, "project", s.completeProjects)
	for _, name := range []string{"count", "interval", "wait", "size", "port"} {
		registerFlag(cmd, name, cobra.NoFileCompletions)
	}
}

// ping is one run of the command.
type ping struct {
	*session
	cmd     *cobra.Command
	options pingOptions
	source  string
	targets []reach.Words
	measure reach.Options
}

func newPing(s *session, cmd *cobra.Command, options pingOptions, args []string) (*ping, error) {
	p := &ping{session: s, cmd: cmd, options: options}
	if err := p.checkFlags(args); err != nil {
		return nil, err
	}
	if p.many() {
		if len(args) > 0 {
			return nil, badUsage(cmd, "with --network, --project and --all, no container is named")
		}
	} else if len(args) == 1 {
		return nil, fmt.Errorf("what is %s to reach? Name that too: a container, a name or an address, host or internet\n\nSee '%s --help'", quoteArg(args[0]), cmd.CommandPath())
	} else if err := cli.RequiresMinArgs(2)(cmd, args); err != nil {
		return nil, err
	}
	if len(args) > 0 {
		p.source = args[0]
		for _, arg := range args[1:] {
			words, err := reach.ParseWords(arg)
			if err != nil {
				return nil, badUsage(cmd, "cannot read the target %s: %v", quoteArg(arg), err)
			}
			p.targets = append(p.targets, words)
		}
	}
	if err := p.setMeasure(); err != nil {
		return nil, err
	}
	return p, nil
}

// many tells that a matrix is asked for.
func (p *ping) many() bool {
	return p.options.network != "" || p.options.project != "" || p.options.all
}

func (p *ping) json() bool { return p.options.format == "json" }

// saved tells that there is no engine to measure on.
func (p *ping) saved() bool { return p.options.demo || p.options.from != "" }

// streams tells that each reply is shown as it comes.
func (p *ping) streams() bool {
	return p.cmd.Flags().Changed("count") && !p.json() && !p.many() && !p.options.noICMP && !p.foreseesOnly()
}

func (p *ping) foreseesOnly() bool { return p.options.predict || p.saved() }

func (p *ping) checkFlags(args []string) error {
	o := &p.options
	if err := notTogether(p.cmd, []string{"network", "project", "all"}, []string{"ipv4", "ipv6"}, []string{"from", "demo"}); err != nil {
		return err
	}
	if err := notEmpty(p.cmd, "from"); err != nil {
		return err
	}
	for _, name := range []string{"network", "project"} {
		if flag := p.cmd.Flags().Lookup(name); flag.Changed && flag.Value.String() == "" {
			return badUsage(p.cmd, "--%s is empty; it takes a name", name)
		}
	}
	formats := []string{"table", "json"}
	if p.many() {
		formats = append(formats, "dot", "mermaid")
	}
	if err := oneFormat(p.cmd, o.format, formats...); err != nil {
		return err
	}
	const shortest, longest = 0.002, 3600.0
	switch {
	case o.count < 0:
		return badUsage(p.cmd, "--count is %d; it is to be 0 or more", o.count)
	case o.mtu && p.foreseesOnly():
		return badUsage(p.cmd, "--mtu is measured, and with --predict, --from and --demo nothing is; leave out one of both")
	case o.mtu && p.many():
		return badUsage(p.cmd, "--mtu is for single targets; of many containers it is not measured")
	case o.count == 0 && p.many():
		return badUsage(p.cmd, "--count 0 goes on until Ctrl-C, which has no meaning for many containers")
	case o.count == 0 && len(args) > 2:
		return badUsage(p.cmd, "--count 0 goes on until Ctrl-C, so it takes a single target")
	case o.count == 0 && o.noICMP:
		return badUsage(p.cmd, "--count is about echo requests, and --no-icmp sends none")
	case o.count == 0 && p.json():
		return badUsage(p.cmd, "--count 0 goes on until Ctrl-C, which has no meaning with --format json")
	case !(o.interval >= shortest && o.interval <= longest):
		return badUsage(p.cmd, "--interval is %v; it is to be from %v to %v seconds", o.interval, shortest, longest)
	case !(o.wait >= shortest && o.wait <= longest):
		return badUsage(p.cmd, "--wait is %v; it is to be from %v to %v seconds", o.wait, shortest, longest)
	case o.size < 0 || o.size > largestSize:
		return badUsage(p.cmd, "--size is %d; it is to be from 0 to %d bytes", o.size, largestSize)
	}
	return nil
}

// setMeasure makes the options of the measurement.
func (p *ping) setMeasure() error {
	o := &p.options
	second := float64(time.Second)
	p.measure = reach.Options{
		Count: o.count, Interval: time.Duration(o.interval * second), Wait: time.Duration(o.wait * second), Size: o.size,
		NoICMP: o.noICMP, MTU: o.mtu,
	}
	if o.size == 0 {
		p.measure.Size = wire.NoData
	}
	if !p.cmd.Flags().Changed("interval") && !p.cmd.Flags().Changed("count") {
		p.measure.Interval = reach.QuickInterval
	}
	switch {
	case o.only4:
		p.measure.Family = 4
	case o.only6:
		p.measure.Family = 6
	}
	for _, text := range o.ports {
		port, err := reach.ParsePort(text)
		if err != nil {
			return badUsage(p.cmd, "--port %s: %v", quoteArg(text), err)
		}
		if p.many() && port.Protocol != "tcp" {
			return badUsage(p.cmd, "--port %s: of many containers, TCP ports are tested only", quoteArg(text))
		}
		p.measure.Ports = append(p.measure.Ports, port)
	}
	if !slices.ContainsFunc(p.targets, func(w reach.Words) bool { return w.Host == reach.WordInternet }) {
		return nil
	}
	for _, text := range strings.Split(internet(os.Getenv), ",") {
		words, err := reach.ParseWords(strings.TrimSpace(text))
		if err != nil {
			return fmt.Errorf("cannot read $NETKIT_INTERNET, %s: %w", quoteArg(text), err)
		}
		p.measure.Internet = append(p.measure.Internet, words)
	}
	return nil
}

// internet lists what stands for the outside: addresses that answer from nearly
// everywhere, and a name of theirs.
func internet(getenv func(string) string) string {
	if own := getenv("NETKIT_INTERNET"); own != "" {
		return own
	}
	return "1.1.1.1,2606:4700:4700::1111,one.one.one.one"
}

func (p *ping) run(ctx context.Context) error {
	view, err := p.read(ctx)
	if err != nil {
		return err
	}
	defer view.close()
	if p.many() {
		return p.matrix(ctx, view)
	}
	return p.ladders(ctx, view)
}

// ladders tests the targets, and writes them in order.
func (p *ping) ladders(ctx context.Context, view *pingView) error {
	look := p.look()
	look.NoTrunc, look.Offline = p.options.noTrunc, p.saved()
	report := render.PingJSON{Schema: render.PingSchema, TakenAt: view.ix.TakenAt, Engine: view.ix.Engine, Results: []render.LadderJSON{}}
	worst := 0
	write := func(i int, l *reach.Ladder) error {
		worst = worse(worst, statusOf(l.Verdict))
		if p.json() {
			report.Results = append(report.Results, render.NewLadderJSON(l, &look))
			return nil
		}
		if i > 0 {
			_, _ = fmt.Fprintln(p.Out())
		}
		return render.Ladder(p.Out(), l, &look)
	}
	if err := p.each(ctx, view, write); err != nil {
		return err
	}
	if p.json() {
		if err := p.writeJSON(report); err != nil {
			return err
		}
	}
	if worst != 0 {
		return cli.StatusError{StatusCode: worst}
	}
	return nil
}

// each tests the targets: side by side, unless each reply is shown.
func (p *ping) each(ctx context.Context, view *pingView, write func(int, *reach.Ladder) error) error {
	if p.streams() {
		for i, target := range view.targets {
			l, err := p.ladder(ctx, view, target)
			if err == nil {
				err = write(i, l)
			}
			if err != nil {
				return err
			}
			if ctx.Err() != nil {
				return nil // Ctrl-C ended the echo requests, and so the command
			}
		}
		return nil
	}
	done := p.showBusy("Testing…")
	ladders := make([]*reach.Ladder, len(view.targets))
	group, within := errgroup.WithContext(ctx)
	const sideBySide = 32 // they share the helpers, and wait for answers most of the time
	group.SetLimit(sideBySide)
	for i, target := range view.targets {
		group.Go(func() (err error) {
			ladders[i], err = p.ladder(within, view, target)
			return err
		})
	}
	err := group.Wait()
	done()
	for i := 0; i < len(ladders) && err == nil; i++ {
		err = write(i, ladders[i])
	}
	return err
}

// ladder tests one target.
func (p *ping) ladder(ctx context.Context, view *pingView, target reach.Target) (*reach.Ladder, error) {
	if p.foreseesOnly() {
		return reach.Foresee(view.ix, view.from, target, p.measure), nil
	}
	if p.streams() {
		return p.streamed(ctx, view, target)
	}
	l, err := reach.Measure(ctx, view.lab, view.ix, view.from, target, p.measure)
	if err == nil {
		suggest(view.ix, l)
	}
	return l, err
}

// suggest names what may have been meant by a name that is nobody's.
func suggest(ix *topology.Index, l *reach.Ladder) {
	for i := range l.Findings {
		f := &l.Findings[i]
		if f.Kind != reach.NoSuchContainer {
			continue
		}
		var names []string
		for j := range ix.Containers {
			names = append(names, ix.Containers[j].Name)
		}
		if near := nearest(names, []string{f.Name}); len(near) > 0 {
			f.Text = alternatives(near)
		}
	}
}

// statusOf is the status for a verdict: three different things.
func statusOf(v reach.Verdict) int {
	switch v {
	case reach.Reached:
		return 0
	case reach.NotReached:
		return statusRefused
	case reach.NotTested:
	}
	return statusFailed
}

// worse is the status for several: what is not reached counts most.
func worse(a, b int) int { return max(a, b) }
