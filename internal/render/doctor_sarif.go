package render

import (
	"net/url"
	"slices"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// The part of SARIF 2.1.0 that is written here.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifRule struct {
		ID      string      `json:"id"`
		Short   sarifText   `json:"shortDescription"`
		Full    sarifText   `json:"fullDescription"`
		Help    sarifText   `json:"help"`
		Default sarifConfig `json:"defaultConfiguration"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifLogical struct {
		Name          string `json:"name"`
		QualifiedName string `json:"fullyQualifiedName"`
		Kind          string `json:"kind"`
	}
)

// DoctorSARIF is an examination as SARIF 2.1.0, which code hosts and editors show. Each
// finding is a result of its own, also one that follows from another. The version is
// netkit's.
func DoctorSARIF(ix *topology.Index, report *checks.Report, version string, look *Look) any {
	d := newDoctorText(ix, look)
	run := sarifRun{Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "docker netkit doctor", Version: version}
	rules := map[string]int{}
	for i, result := range report.Results {
		check := result.Check
		rules[check.ID] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: check.ID, Short: sarifText{check.Title}, Full: sarifText{oneParagraph(check.Why)}, Help: sarifText{oneParagraph(check.Mend)},
			Default: sarifConfig{sarifLevel(check.Severity)},
		})
	}
	var add func(findings []*checks.Finding)
	add = func(findings []*checks.Finding) {
		for _, f := range findings {
			run.Results = append(run.Results, sarifResult{
				RuleID: f.Check.ID, RuleIndex: rules[f.Check.ID], Level: sarifLevel(f.Severity),
				Message: sarifText{d.message(f)}, Locations: sarifLocations(f.About),
			})
			add(f.Followers)
		}
	}
	add(report.Findings())
	return sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0", Runs: []sarifRun{run},
	}
}

// message is a finding with what mends it, on lines of their own.
func (d *doctor) message(f *checks.Finding) string {
	lines := []string{d.text(f.Says)}
	for _, also := range f.Also {
		lines = append(lines, d.text(also))
	}
	if !f.Fix.Does.IsZero() {
		lines = append(lines, "Fix: "+d.text(f.Fix.Does))
	}
	return strings.Join(append(lines, d.commands(f.Fix.All(), "  ")...), "\n")
}

func oneParagraph(text string) string { return strings.Join(strings.Fields(text), " ") }

func sarifLevel(severity checks.Severity) string {
	switch severity {
	case checks.Error:
		return "error"
	case checks.Warning:
		return "warning"
	case checks.Hint:
	}
	return "note"
}

// sarifLocations names the first object as a place, which code hosts ask for, and all
// of them as what they are.
func sarifLocations(about []checks.Ref) []sarifLocation {
	place := sarifLocation{Physical: sarifPhysical{sarifArtifact{"engine"}}}
	for i, ref := range about {
		if i == 0 {
			place.Physical.Artifact.URI = string(ref.Kind) + "s/" + url.PathEscape(ref.Name)
		}
		// Two networks may have one name, and the schema wants each place once.
		if at := (sarifLogical{Name: ref.Name, QualifiedName: string(ref.Kind) + "/" + ref.Name, Kind: "resource"}); !slices.Contains(place.Logical, at) {
			place.Logical = append(place.Logical, at)
		}
	}
	return []sarifLocation{place}
}
