package render

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/goldentest"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// examined is a snapshot and what the checks find in it, where nothing but the lists was
// read.
func examined(s *topology.Snapshot) (*topology.Index, *checks.Report) {
	ix := topology.NewIndex(s)
	const why = "the snapshot is a saved one"
	return ix, checks.Run(&checks.Facts{Index: ix, NoInspect: why, NoEngine: why, NoHost: why}, checks.All())
}

func TestGoldenDoctor(t *testing.T) {
	write := func(lines []string) string { return strings.Join(lines, "\n") + "\n" }
	for name, s := range map[string]*topology.Snapshot{"shop": shop(t), "hostile": nasty(), "odd": odd()} {
		ix, report := examined(s)
		goldentest.Compare(t, "doctor-"+name+"-80.txt", write(Doctor(ix, report, checks.Warning, false, &Look{Docker: "docker", Width: 80})))
		junit, err := DoctorJUnit(ix, report, checks.Warning, &Look{Docker: "docker"})
		if err != nil {
			t.Fatal(err)
		}
		wellFormed(t, junit)
		if name == "hostile" {
			continue // its names are in the others' way of writing, too
		}
		goldentest.Compare(t, "doctor-"+name+"-ascii.txt", write(Doctor(ix, report, checks.Hint, false, &Look{Docker: "docker", ASCII: true})))
		goldentest.Compare(t, "doctor-"+name+"-whole-60.txt", write(Doctor(ix, report, checks.Hint, true, &Look{Docker: "docker", Colour: true, Width: 60})))
		goldentest.Compare(t, "doctor-"+name+"-short.txt", write(DoctorShort(ix, report, checks.Hint, &Look{})))
		goldentest.Compare(t, "doctor-"+name+".json", inJSON(t, DoctorReport(ix, report, &Look{Docker: "docker"})))
		goldentest.Compare(t, "doctor-"+name+".sarif", inJSON(t, DoctorSARIF(ix, report, "1.2.3", &Look{Docker: "docker"})))
		goldentest.Compare(t, "doctor-"+name+".xml", string(junit))
	}
}

func inJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(ASCIIControls(text)) + "\n"
}

func wellFormed(t *testing.T, text []byte) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(string(text)))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("what is written is no XML: %v", err)
		}
	}
}

// A command of which the user fills in a part is whole otherwise: it names the engine and
// the object, however narrow the terminal, and however long the name.
func TestDoctorTemplate(t *testing.T) {
	long := strings.Repeat("a", 300)
	for name, word := range map[string]string{"alone": "alone", long: long, "two words": "c0ffee", "-v": "c0ffee"} {
		s := &topology.Snapshot{
			Engine:     topology.Engine{Product: topology.ProductDocker, Version: "28.5.2"},
			Networks:   []topology.Network{{ID: "n", Name: "bridge", Driver: "bridge", Scope: "local"}},
			Containers: []topology.Container{{ID: "c0ffee", Name: name, State: topology.Running, Mode: "bridge"}},
		}
		s.Sort()
		ix, report := examined(s)
		look := &Look{Docker: "docker -H tcp://far:1", Width: 40}
		lines := Doctor(ix, report, checks.Warning, false, look)
		want := "docker -H tcp://far:1 network connect NETWORK " + word
		if !slices.Contains(lines, "    "+want) {
			t.Errorf("%.20q: there is no line %.60q in\n%s", name, want, strings.Join(lines, "\n"))
		}
		if words := FindingText(ix, report.Findings()[0], look); !slices.Equal(words.Commands, []string{want}) {
			t.Errorf("%.20q: by itself, the finding has the commands %.90q", name, words.Commands)
		}
	}
}
