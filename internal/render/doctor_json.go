package render

import (
	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// DoctorJSON is what an examination found, for programs. Names are as the engine has
// them, where they stand by themselves; in texts they are made printable.
type DoctorJSON struct {
	Schema  int                `json:"schema"`
	Engine  topology.Engine    `json:"engine"`
	Results []doctorResultJSON `json:"results"`
}

type doctorResultJSON struct {
	ID       string              `json:"id"`
	Title    string              `json:"title"`
	Outcome  checks.Outcome      `json:"outcome"`
	Findings []doctorFindingJSON `json:"findings"`
	Unknown  []string            `json:"unknown,omitempty"`
}

type doctorFindingJSON struct {
	ID        string              `json:"id"`
	Severity  checks.Severity     `json:"severity"`
	About     []checks.Ref        `json:"about"`
	Text      string              `json:"text"`
	Also      []string            `json:"also,omitempty"`
	Why       string              `json:"why"`
	Fix       string              `json:"fix,omitempty"`
	Commands  []string            `json:"commands,omitempty"`
	Template  string              `json:"template,omitempty"`
	Fixable   bool                `json:"fixable"`
	Verify    string              `json:"verify,omitempty"`
	Followers []doctorFindingJSON `json:"followers,omitempty"`
}

// DoctorReport is an examination for programs.
func DoctorReport(ix *topology.Index, report *checks.Report, look *Look) DoctorJSON {
	d := newDoctorText(ix, look)
	const schema = 1
	out := DoctorJSON{Schema: schema, Engine: ix.Engine, Results: []doctorResultJSON{}}
	for _, result := range report.Results {
		r := doctorResultJSON{ID: result.Check.ID, Title: result.Check.Title, Outcome: result.Outcome, Findings: d.findingsJSON(result.Findings)}
		for _, unknown := range result.Unknown {
			r.Unknown = append(r.Unknown, d.unknown(unknown))
		}
		out.Results = append(out.Results, r)
	}
	return out
}

// newDoctorText writes texts for programs: whole, without glyphs.
func newDoctorText(ix *topology.Index, look *Look) *doctor {
	return &doctor{ix: ix, look: &Look{NoTrunc: true, ASCII: true, Docker: look.Docker, Offline: look.Offline}}
}

func (d *doctor) findingsJSON(all []*checks.Finding) []doctorFindingJSON {
	out := make([]doctorFindingJSON, 0, len(all))
	for _, f := range all {
		j := doctorFindingJSON{
			ID: f.Check.ID, Severity: f.Severity, About: f.About, Text: d.text(f.Says), Why: oneParagraph(f.Check.Why),
			Commands: d.commands(f.Fix.Commands, ""), Template: d.command(f.Fix.Template), Fixable: !f.Fix.Mend.IsZero(), Verify: d.verify(f),
		}
		if j.About == nil {
			j.About = []checks.Ref{}
		}
		for _, also := range f.Also {
			j.Also = append(j.Also, d.text(also))
		}
		if !f.Fix.Does.IsZero() {
			j.Fix = d.text(f.Fix.Does)
		}
		if len(f.Followers) > 0 {
			j.Followers = d.findingsJSON(f.Followers)
		}
		out = append(out, j)
	}
	return out
}
