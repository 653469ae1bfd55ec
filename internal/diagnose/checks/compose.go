package checks

import (
	"slices"
	"strings"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// composeChecks are about networks of compose projects.
var composeChecks = []*Check{{
	ID: "compose-label-mismatch", Title: "A network has a compose project's name, and not its labels", Severity: Warning,
	Why: `Compose knows its networks by their labels. Where a network has the right name and other labels, as one that was
made by hand to mend something, the next "docker compose up" refuses: "network was found but has incorrect label". A
network that is older than the project's containers on it was declared external, and is well.`,
	Mend: `Remove the network with "docker netkit safe-rm --disconnect", and let compose make it; or declare it in the project as
"external: true".`,
	find: findLabels,
}}

func findLabels(x *exam) {
	for i := range x.Networks {
		n := &x.Networks[i]
		project, short, members := x.composeMembers(n)
		if project == "" {
			continue
		}
		has, as := n.Labels[topology.LabelComposeProject], n.Labels[topology.LabelComposeNetwork]
		if has == project && as == short || accepted(n, members) || has != "" && n.Name == has+"_"+as {
			continue // the last: another project's, of a name that begins alike
		}
		what, then := "no compose labels", `"docker compose up" refuses it unless it is declared external`
		if has != "" || as != "" {
			what = "other compose labels"
		}
		severity := Warning
		if as == short {
			severity, then = Hint, `"docker compose up" warns of it, and "down" leaves it`
		}
		f := Finding{
			Severity: severity, About: append([]Ref{network(n)}, containers(members)...),
			Says: say(`%s is named as a network of compose project %s, whose %s is on it, and has %s: %s`,
				network(n), Foreign(project), container(members[0]), Foreign(what), Foreign(then)),
			Fix: Fix{
				Does:     say("detach and remove it, and then let compose make it, in the project's directory"),
				Commands: []Command{{"netkit", "safe-rm", "--disconnect", network(n)}},
				Template: Command{"compose", "up", "--detach", "--force-recreate"},
			},
		}
		if has != "" || as != "" {
			f.Also = []Sentence{say("its labels say network %s of project %s", Foreign(orNone(as)), Foreign(orNone(has)))}
		}
		x.found(f)
	}
}

// accepted tells that compose made a container for the network as it is: it was there
// before.
func accepted(n *topology.Network, members []*topology.Container) bool {
	return slices.ContainsFunc(members, func(c *topology.Container) bool {
		return !n.Created.IsZero() && !c.Created.IsZero() && !c.Created.Before(n.Created.Truncate(time.Second)) // as lists tell it of containers
	})
}

func orNone(text string) string {
	if text == "" {
		return "(none)"
	}
	return text
}

// composeMembers are the containers on a network whose project's name begins the
// network's name, with that project, and what follows it.
func (x *exam) composeMembers(n *topology.Network) (project, short string, members []*topology.Container) {
	for _, a := range x.On(n.ID) {
		c := x.Container(a.ContainerID)
		if c == nil || c.Project == "" || project != "" && c.Project != project {
			continue
		}
		if rest, ok := strings.CutPrefix(n.Name, c.Project+"_"); ok && rest != "" {
			project, short, members = c.Project, rest, append(members, c)
		}
	}
	return project, short, members
}
