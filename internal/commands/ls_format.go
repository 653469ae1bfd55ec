package commands

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/docker/cli/cli/command/formatter"
	"github.com/docker/go-units"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// networkTables are the tables, the widest first; a terminal gets the first that
// fits, and the last if none does.
var networkTables = []formatter.Format{
	"table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}\t{{.Subnets}}\t{{.Running}}\t{{.Stopped}}\t{{.Project}}\t{{.Age}}\t{{.Verdict}}",
	"table {{.Name}}\t{{.Driver}}\t{{.Subnets}}\t{{.Running}}\t{{.Stopped}}\t{{.Project}}\t{{.Verdict}}",
	"table {{.Name}}\t{{.Driver}}\t{{.Subnets}}\t{{.Running}}\t{{.Stopped}}\t{{.Verdict}}",
	"table {{.Name}}\t{{.Running}}\t{{.Stopped}}\t{{.Verdict}}",
}

// isTable tells that one of our tables is asked for.
func isTable(options *lsOptions) bool {
	return options.format == "" || options.format == formatter.TableFormatKey
}

// networkFormats are the formats to try, in order of width. Containers that
// restart again and again have a column where there are any.
func networkFormats(options *lsOptions, anyRestarts bool) []formatter.Format {
	switch {
	case !isTable(options):
		return []formatter.Format{formatter.Format(options.format)}
	case options.quiet:
		return []formatter.Format{formatter.DefaultQuietFormat}
	}
	tables := slices.Clone(networkTables)
	if anyRestarts {
		for i, table := range tables {
			const stopped = "{{.Stopped}}\t"
			tables[i] = formatter.Format(strings.Replace(string(table), stopped, stopped+"{{.Restarting}}\t", 1))
		}
	}
	if options.noTrunc {
		return tables[:1]
	}
	return tables
}

// checkRowFormat refuses a word that is no format: taken for a template, it
// would print itself once for each row.
func checkRowFormat(cmd *cobra.Command, format string) error {
	switch format {
	case "", formatter.TableFormatKey, formatter.JSONFormatKey:
		return nil
	}
	if !strings.Contains(format, "{{") {
		return badUsage(cmd, "unknown format %s; the formats are table, json, or a Go template such as '{{.Name}}: {{.Verdict}}'", quoteArg(format))
	}
	return parsable(cmd, format)
}

// writeNetworks writes a row for each network that meets the filter.
func writeNetworks(out formatter.Context, how rowStyle, ix *topology.Index, filter *topology.Filter) error {
	header := formatter.SubHeaderContext{
		"ID": "NETWORK ID", "Name": formatter.NameHeader, "Driver": formatter.DriverHeader, "Scope": formatter.ScopeHeader,
		"IPv4": "IPV4", "IPv6": "IPV6", "Internal": "INTERNAL", "Labels": formatter.LabelsHeader,
		"CreatedAt": formatter.CreatedAtHeader, "Subnets": "SUBNETS", "Running": "RUNNING", "Stopped": "STOPPED", "Restarting": "RESTARTING",
		"Project": "PROJECT", "Age": "AGE", "Verdict": "VERDICT", "Attachable": "ATTACHABLE", "Ingress": "INGRESS",
		"Gateways": "GATEWAYS",
	}
	out.Output = how.guard(out.Output, out.Format)
	row := &networkRow{HeaderContext: formatter.HeaderContext{Header: header}}
	return out.Write(row, func(format func(formatter.SubContext) error) error {
		for i := range ix.Networks {
			n := &ix.Networks[i]
			if n.Implied || !filter.Match(ix, n) {
				continue
			}
			if err := format(&networkRow{style: how, ix: ix, n: n, use: diagnose.UseOf(ix, n), restarting: restarting(ix, n)}); err != nil {
				return err
			}
		}
		return nil
	})
}

// rowStyle decides how a value from the engine is written into a row: made
// printable where a person reads it, exactly as it is where a program does.
type rowStyle struct {
	table, trunc, toTerminal bool
	// nameWidth is how wide the names of networks may be in tables; 0 is as wide
	// as other names.
	nameWidth int
}

// name is a network's name.
func (r rowStyle) name(name string) string {
	text := r.text(name)
	if r.table && r.trunc && r.nameWidth > 0 {
		return render.Cut(text, r.nameWidth)
	}
	return text
}

func (r rowStyle) text(value string) string {
	switch {
	case value == "" || (!r.table && !r.toTerminal):
		return value
	case r.table && r.trunc:
		return render.Cut(render.Printable(value), render.NameWidth)
	}
	return render.Printable(value)
}

func (r rowStyle) id(id string) string {
	if r.trunc {
		id = topology.ShortID(id)
	}
	return r.text(id) // a snapshot made by hand may have any
}

// guard lets no control code through where the formatter writes JSON, which
// escapes only part of them.
func (r rowStyle) guard(w io.Writer, format formatter.Format) io.Writer {
	if format.IsJSON() {
		return &jsonGuard{w}
	}
	return w
}

type jsonGuard struct{ w io.Writer }

func (g *jsonGuard) Write(text []byte) (int, error) {
	if _, err := g.w.Write(render.ASCIIControls(bytes.Clone(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}

// networkRow is a network as templates see it: the fields of
// "docker network ls", and ours.
type networkRow struct {
	formatter.HeaderContext
	style rowStyle
	ix    *topology.Index
	n     *topology.Network
	use   diagnose.Use
	// restarting counts those among use.Stopped that restart again and again.
	restarting int
}

// restarting counts the containers that want a network and restart again and
// again, those that share another's network included.
func restarting(ix *topology.Index, n *topology.Network) int {
	count := 0
	for _, a := range ix.On(n.ID) {
		c := ix.Container(a.ContainerID)
		if c == nil {
			continue
		}
		if isRestarting(*c) {
			count++
		}
		for _, sharer := range ix.Sharers(c.ID) {
			if isRestarting(*sharer) {
				count++
			}
		}
	}
	return count
}

func isRestarting(c topology.Container) bool { return c.State == topology.Restarting }

// MarshalJSON writes every field.
func (r *networkRow) MarshalJSON() ([]byte, error) { return formatter.MarshalJSON(r) }

// ID is the network's ID, short unless --no-trunc.
func (r *networkRow) ID() string { return r.style.id(r.n.ID) }

// Name is the network's name.
func (r *networkRow) Name() string { return r.style.name(r.n.Name) }

// Driver is the network's driver.
func (r *networkRow) Driver() string { return r.style.text(r.n.Driver) }

// Scope is local, swarm or global.
func (r *networkRow) Scope() string { return r.style.text(r.n.Scope) }

// IPv4 is true unless the engine says that IPv4 is off.
func (r *networkRow) IPv4() string { return strconv.FormatBool(r.n.IPv4 != topology.No) }

// IPv6 tells whether IPv6 is on.
func (r *networkRow) IPv6() string { return strconv.FormatBool(r.n.IPv6) }

// Internal tells whether there is no way to the outside.
func (r *networkRow) Internal() string { return strconv.FormatBool(r.n.Internal) }

// Attachable tells whether containers can join an overlay network.
func (r *networkRow) Attachable() string { return strconv.FormatBool(r.n.Attachable) }

// Ingress tells whether it is the swarm's routing mesh.
func (r *networkRow) Ingress() string { return strconv.FormatBool(r.n.Ingress) }

// Labels are all labels, as key=value, sorted.
func (r *networkRow) Labels() string {
	labels := make([]string, 0, len(r.n.Labels))
	for _, key := range slices.Sorted(maps.Keys(r.n.Labels)) {
		labels = append(labels, key+"="+r.n.Labels[key])
	}
	return r.style.text(strings.Join(labels, ","))
}

// Label is the value of one label.
func (r *networkRow) Label(name string) string { return r.style.text(r.n.Labels[name]) }

// CreatedAt is when the network was made.
func (r *networkRow) CreatedAt() string { return r.n.Created.String() }

// Age is how long ago the network was made.
func (r *networkRow) Age() string {
	if r.n.Created.IsZero() {
		return ""
	}
	return units.HumanDuration(r.ix.TakenAt.Sub(r.n.Created))
}

// Subnets are the subnets, comma-separated.
func (r *networkRow) Subnets() string {
	var texts []string
	for _, pool := range r.n.IPAM.Pools {
		if !pool.Subnet.IsZero() {
			texts = append(texts, r.style.text(pool.Subnet.String()))
		}
	}
	return strings.Join(texts, ",")
}

// Gateways are the gateways, comma-separated.
func (r *networkRow) Gateways() string {
	var texts []string
	for _, pool := range r.n.IPAM.Pools {
		if !pool.Gateway.IsZero() {
			texts = append(texts, r.style.text(pool.Gateway.String()))
		}
	}
	return strings.Join(texts, ",")
}

// Running counts the containers on it that are up.
func (r *networkRow) Running() int { return r.use.Running }

// Stopped counts the containers on it that are not up, and do not try to be.
func (r *networkRow) Stopped() int { return r.use.Stopped - r.restarting }

// Restarting counts the containers on it that restart again and again.
func (r *networkRow) Restarting() int { return r.restarting }

// Project is the compose project or swarm stack that made it.
func (r *networkRow) Project() string { return r.style.text(r.n.Project()) }

// Verdict tells whether it is needed.
func (r *networkRow) Verdict() string {
	if r.use.Verdict == diagnose.StoppedOnly && r.Stopped() == 0 {
		return "restarting only"
	}
	return string(r.use.Verdict)
}
