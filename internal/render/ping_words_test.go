package render

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// constantsOf are the values of all constants of a type in a file.
func constantsOf(t *testing.T, path, kind string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		named, _ := spec.Type.(*ast.Ident)
		literal, _ := spec.Values[0].(*ast.BasicLit)
		if named == nil || literal == nil || named.Name != kind {
			return true
		}
		value, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		values = append(values, value)
		return true
	})
	const few = 10
	if len(values) < few {
		t.Fatalf("%s has the constants %q of %s only", path, values, kind)
	}
	return values
}

// Every reason has words of its own, but for those that the rungs show.
func TestEveryReasonHasWords(t *testing.T) {
	silent := []diagnose.ReasonKind{
		diagnose.ReasonNotRunning, diagnose.ReasonSameNamespace, diagnose.ReasonSharedNetwork, diagnose.ReasonPublished,
		diagnose.ReasonAsHost, diagnose.ReasonHostGateway, diagnose.ReasonHostNameGiven,
	}
	web, db := &topology.Container{ID: "w", Name: "web"}, &topology.Container{ID: "d", Name: "db"}
	front, back := &topology.Network{ID: "f", Name: "front"}, &topology.Network{ID: "b", Name: "back"}
	said := map[string]string{}
	for _, kind := range constantsOf(t, "../diagnose/reach_reason.go", "ReasonKind") {
		r := diagnose.Reason{Kind: diagnose.ReasonKind(kind), Container: db, Network: back, Other: front, Name: "backend"}
		words := chainWords(&diagnose.Reach{From: web, To: db}, &r, &Look{})
		switch {
		case (words == "") != slices.Contains(silent, r.Kind):
			t.Errorf("%s is %q", kind, words)
		case words == kind:
			t.Errorf("%s is said as it is called inside", kind)
		case words != "" && said[words] != "":
			t.Errorf("%s and %s are both %q", kind, said[words], words)
		case strings.HasSuffix(words, "."):
			t.Errorf("%q ends with a stop", words)
		}
		said[words] = kind
		// What is not known of it makes no hole.
		bare := chainWords(&diagnose.Reach{From: web}, &diagnose.Reason{Kind: r.Kind}, &Look{})
		if strings.Contains(bare, "  ") || strings.Contains(bare, "%!") {
			t.Errorf("with nothing known, %s is %q", kind, bare)
		}
	}
}

// Every finding has words of its own, for each kind of target.
func TestEveryFindingHasWords(t *testing.T) {
	web, db := &topology.Container{ID: "w", Name: "web"}, &topology.Container{ID: "d", Name: "db"}
	address := netip.MustParseAddr("10.1.0.2")
	sockets := []wire.Listener{{Protocol: "tcp", Address: netip.MustParseAddr("127.0.0.1"), Port: 80}}
	for _, target := range []reach.Target{
		{Text: "db", Kind: reach.OfContainer, Container: db, Alike: []*topology.Container{web}, Name: "db"},
		{Text: "host", Kind: reach.OfHost},
		{Text: "internet", Kind: reach.OfInternet, Name: "one"},
		{Text: "10.1.0.2", Kind: reach.OfAddress, Address: address},
		{Text: "x", Kind: reach.OfName, Name: "x"},
	} {
		l := &reach.Ladder{From: web, Target: target, Foreseen: &diagnose.Reach{From: web, To: target.Container}, Measured: true}
		said := map[string]string{}
		for _, kind := range constantsOf(t, "../reach/finding.go", "FindingKind") {
			f := reach.Finding{
				Kind: reach.FindingKind(kind), Layer: reach.TCP, Port: reach.Port{Number: 80, Protocol: "tcp"}, Address: address, Listeners: sockets,
				Container: db, Name: "db", Text: "it said so", Path: 1400, Interface: 1500, Percent: 20,
			}
			words := findingWords(l, &f, &Look{})
			if words == "" || words == kind || strings.Contains(words, "%!") || strings.HasSuffix(words, ".") || strings.Contains(words, "  ") {
				t.Errorf("%s to %s is %q", kind, target.Text, words)
			}
			if said[words] != "" {
				t.Errorf("%s and %s are both %q", kind, said[words], words)
			}
			said[words] = kind
		}
	}
}

// Every outcome has words, for ICMP and for a port.
func TestEveryOutcomeHasWords(t *testing.T) {
	for _, outcome := range constantsOf(t, "../probe/wire/result.go", "Outcome") {
		for _, icmp := range []bool{true, false} {
			if words := outcomeWords(wire.Outcome(outcome), icmp); words == "" {
				t.Errorf("%s has no words", outcome)
			}
		}
		for _, family := range []wire.Resolution{{IPv4: wire.Lookup{Outcome: wire.Outcome(outcome)}}, {IPv4: wire.Lookup{Outcome: wire.Reached}, IPv6: wire.Lookup{Outcome: wire.Outcome(outcome)}}} {
			if words := lookupWords("db", &family); words == "" || words == outcome {
				t.Errorf("%s of a name is %q", outcome, words)
			}
		}
	}
}
