package commands

import (
	"io"
	"slices"
	"strings"

	"github.com/docker/cli/cli/command/formatter"
	"github.com/docker/cli/templates"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// checkTemplate finds a template that cannot be parsed before the engine is
// asked for anything. A word without any field is most likely a misspelt
// format, and would print itself once for each container.
func checkTemplate(cmd *cobra.Command, format string) error {
	if slices.Contains(graphFormats, format) {
		return nil
	}
	if slices.Contains(pictureKinds, format) {
		return badUsage(cmd, "netkit draws no %s itself; Graphviz does: docker netkit graph --format dot | dot -T%s > picture.%s",
			strings.ToUpper(format), format, format)
	}
	if !strings.Contains(format, "{{") {
		return badUsage(cmd, "unknown format %s; the formats are %s, or a Go template such as '{{.Network}} {{.Container}}'", quoteArg(format), strings.Join(graphFormats, ", "))
	}
	return parsable(cmd, format)
}

// parsable refuses a template that cannot be parsed.
func parsable(cmd *cobra.Command, format string) error {
	if _, err := templates.Parse(strings.TrimPrefix(format, formatter.TableFormatKey)); err != nil {
		return badUsage(cmd, "cannot parse the template: %s", err)
	}
	return nil
}

// writeAttachments fills the template in for each container on a chosen network.
func writeAttachments(w io.Writer, p *picture, ix *topology.Index, sel *topology.Selection) error {
	out := formatter.Context{Output: w, Format: formatter.Format(p.options.format), Trunc: !p.options.noTrunc}
	how := rowStyle{table: out.Format.IsTable(), trunc: out.Trunc, toTerminal: p.toTerminal}
	row := &attachmentRow{HeaderContext: formatter.HeaderContext{Header: formatter.SubHeaderContext{
		"Network": "NETWORK", "NetworkID": "NETWORK ID", "Driver": formatter.DriverHeader, "Project": "PROJECT",
		"Container": "CONTAINER", "ContainerID": "CONTAINER ID", "State": "STATE", "Attachment": "ATTACHMENT",
		"IPv4": "IPV4", "IPv6": "IPV6", "MAC": "MAC", "Aliases": "ALIASES", "Ports": formatter.PortsHeader, "Image": formatter.ImageHeader,
	}}}
	return out.Write(row, func(format func(formatter.SubContext) error) error {
		for i := range ix.Attachments {
			a := &ix.Attachments[i]
			n, c := ix.Network(a.NetworkID), ix.Container(a.ContainerID)
			chosen := n != nil && sel.HasNetwork(n.ID) || n == nil && sel.HasContainer(a.ContainerID)
			if c == nil || !chosen {
				continue
			}
			if n == nil {
				n = &topology.Network{ID: a.NetworkID, Name: a.NetworkName}
			}
			if err := format(&attachmentRow{style: how, a: a, n: n, c: c}); err != nil {
				return err
			}
			for _, sharer := range ix.Sharers(c.ID) {
				shared := *a
				shared.State, shared.Aliases = "shared", nil
				if err := format(&attachmentRow{style: how, a: &shared, n: n, c: sharer}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// attachmentRow is a container on a network as templates see it.
type attachmentRow struct {
	formatter.HeaderContext
	style rowStyle
	a     *topology.Attachment
	n     *topology.Network
	c     *topology.Container
}

// MarshalJSON writes every field.
func (r *attachmentRow) MarshalJSON() ([]byte, error) { return formatter.MarshalJSON(r) }

// Network is the network's name.
func (r *attachmentRow) Network() string { return r.style.text(r.n.Name) }

// NetworkID is the network's ID, short unless --no-trunc.
func (r *attachmentRow) NetworkID() string { return r.style.id(r.n.ID) }

// Driver is the network's driver; empty where the network is gone.
func (r *attachmentRow) Driver() string { return r.style.text(r.n.Driver) }

// Project is the compose project or swarm stack of the container.
func (r *attachmentRow) Project() string { return r.style.text(r.c.Group()) }

// Container is the container's name.
func (r *attachmentRow) Container() string { return r.style.text(r.c.Name) }

// ContainerID is the container's ID, short unless --no-trunc.
func (r *attachmentRow) ContainerID() string { return r.style.id(r.c.ID) }

// State is the container's state in the engine's words.
func (r *attachmentRow) State() string { return r.style.text(string(r.c.State)) }

// Attachment is live, configured, dangling, ambiguous or unverified; shared for
// a container that has the attachments of another.
func (r *attachmentRow) Attachment() string { return r.style.text(string(r.a.State)) }

// IPv4 is the address on this network now.
func (r *attachmentRow) IPv4() string { return r.style.text(r.a.IPv4.String()) }

// IPv6 is the global address on this network now.
func (r *attachmentRow) IPv6() string { return r.style.text(r.a.IPv6.String()) }

// MAC is the hardware address on this network.
func (r *attachmentRow) MAC() string { return r.style.text(r.a.MAC) }

// Aliases are the further names on this network, with --aliases.
func (r *attachmentRow) Aliases() string { return r.style.text(strings.Join(r.a.Aliases, ",")) }

// Image is the container's image.
func (r *attachmentRow) Image() string { return r.style.text(r.c.Image) }

// Ports are the published ports.
func (r *attachmentRow) Ports() string {
	return r.style.text(strings.Join(render.Published(r.c.Ports), ", "))
}
