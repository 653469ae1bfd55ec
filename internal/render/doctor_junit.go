package render

import (
	"encoding/xml"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// The part of JUnit's XML that CI systems read.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Failure *junitMessage `xml:"failure"`
		Skipped *junitMessage `xml:"skipped"`
		Output  string        `xml:"system-out,omitempty"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// DoctorJUnit is an examination as JUnit's XML: a test for each check, which fails where
// something was found of this severity or worse, and is skipped where it could not look.
func DoctorJUnit(ix *topology.Index, report *checks.Report, least checks.Severity, look *Look) ([]byte, error) {
	d := newDoctorText(ix, look)
	suite := junitSuite{Name: "docker netkit doctor", Tests: len(report.Results)}
	for _, result := range report.Results {
		test := junitCase{Class: "netkit.doctor", Name: result.Check.ID}
		var failed, told []string
		for _, f := range result.Findings {
			if f.Severity >= least {
				failed = append(failed, d.withFollowers(f))
			} else {
				told = append(told, d.withFollowers(f))
			}
		}
		for _, unknown := range result.Unknown {
			told = append(told, "could not check: "+d.unknown(unknown))
		}
		switch {
		case len(failed) > 0:
			suite.Failures++
			test.Failure = &junitMessage{Message: result.Check.Title, Type: result.Check.ID, Text: strings.Join(failed, "\n")}
		case result.Outcome == checks.Unchecked:
			suite.Skipped++
			test.Skipped = &junitMessage{Message: strings.Join(told, "; ")}
			told = nil
		}
		test.Output = strings.Join(told, "\n")
		suite.Cases = append(suite.Cases, test)
	}
	text, err := xml.MarshalIndent(junitSuites{Suites: []junitSuite{suite}}, "", "  ")
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(text, '\n')...), nil
}

func (d *doctor) withFollowers(f *checks.Finding) string {
	text := d.message(f)
	for _, follower := range f.Followers {
		text += "\n  " + strings.ReplaceAll(d.withFollowers(follower), "\n", "\n  ")
	}
	return text
}
