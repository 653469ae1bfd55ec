package explain

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// constants are the values of all constants of a type of strings in a package.
func constants(t *testing.T, dir, kind string) []string {
	t.Helper()
	//nolint:staticcheck // one package, and no types of others are needed
	packages, err := parser.ParseDir(token.NewFileSet(), dir, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, p := range packages {
		ast.Inspect(p, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != kind {
				return true
			}
			for _, value := range spec.Values {
				if literal, ok := value.(*ast.BasicLit); ok {
					text, err := strconv.Unquote(literal.Value)
					if err != nil {
						t.Fatal(err)
					}
					found = append(found, text)
				}
			}
			return true
		})
	}
	if len(found) < 3 {
		t.Fatalf("only %v are of %s", found, kind)
	}
	return found
}

// Each kind that there is has words of its own in both languages; a new one cannot
// be forgotten.
func TestEachKindHasWords(t *testing.T) {
	silent := map[string]bool{ // what the claim itself says
		string(diagnose.ReasonSameNamespace): true, string(diagnose.ReasonSharedNetwork): true, string(diagnose.ReasonPublished): true,
		string(diagnose.ReasonHostGateway): true, string(diagnose.ReasonAsHost): true, string(diagnose.ReasonHostNameGiven): true,
	}
	const none = "no such kind"
	for lang, w := range map[Language]*writer{English: english(), Portuguese: portuguese()} {
		for _, test := range []struct {
			dir, of string
			say     func(kind string) string
			// others is what is left to the words for the rest.
			others []string
		}{
			{"../diagnose", "ReasonKind", func(kind string) string {
				return w.inline("why", Reason{Kind: diagnose.ReasonKind(kind), Name: "x", Network: "n"})
			}, nil},
			{"../diagnose", "HazardKind", func(kind string) string { return w.inline("trouble", Trouble{Kind: diagnose.HazardKind(kind)}) }, []string{string(diagnose.MaybeElsewhere)}},
			{"../diagnose", "ObstacleKind", func(kind string) string { return w.inline("kept", diagnose.ObstacleKind(kind)) }, []string{string(diagnose.NotKnown)}},
			{"../diagnose", "FixKind", func(kind string) string { return w.inline("mend", Way{Fix: diagnose.FixKind(kind)}) }, []string{string(diagnose.FixConnectNew), string(diagnose.FixUsePublished)}},
			{".", "OptionKind", func(kind string) string { return w.inline("option", Option{Kind: OptionKind(kind)}) }, []string{string(OptionUnknown)}},
			{".", "Fate", func(kind string) string { return w.inline("effect", Effect{Fate: Fate(kind)}) }, []string{string(FateNone)}},
			{".", "NetworkKind", func(kind string) string {
				return w.say("network.tmpl", NetworkFacts{Name: "n", What: NetworkKind(kind)})
			}, []string{string(KindOther)}},
			{".", "JoinKind", func(kind string) string { return w.say("network.tmpl", NetworkFacts{Name: "n", Join: JoinKind(kind)}) }, nil},
			{".", "NameKind", func(kind string) string {
				return w.say("container.tmpl", ContainerFacts{Name: "n", Up: true, Names: []Name{{Name: "x", Kind: NameKind(kind), Networks: []string{"n"}}}})
			}, []string{string(NameID)}},
		} {
			rest := test.say(none)
			seen := map[string]string{}
			for _, kind := range constants(t, test.dir, test.of) {
				text := test.say(kind)
				switch {
				case silent[kind]:
					if strings.TrimSpace(text) != "" {
						t.Errorf("%s: %s %q says %q", lang, test.of, kind, text)
					}
					continue
				case strings.TrimSpace(text) == "":
					t.Errorf("%s: %s %q has no words", lang, test.of, kind)
				case (text == rest || strings.Contains(text, kind) && test.of == "ReasonKind" && strings.HasPrefix(text, "`"+kind)) && !has(test.others, kind) && test.of != "JoinKind":
					t.Errorf("%s: %s %q has no words of its own: %s", lang, test.of, kind, text)
				case seen[text] != "" && !alike(kind, seen[text]):
					t.Errorf("%s: %s %q and %q have the same words", lang, test.of, kind, seen[text])
				}
				seen[text] = kind
			}
		}
	}
}

// alike tells of which two kinds the same is said.
func alike(a, b string) bool {
	for _, pair := range [][2]string{
		{string(diagnose.HasStale), string(diagnose.HasStaleNamed)},
		{string(OptionHostIPv4), string(OptionHostIPv6)},
		{string(OptionGatewayMode4), string(OptionGatewayMode6)},
		{string(OptionMacvlanMode), string(OptionMode)},
		{string(OptionIPvlanMode), string(OptionIPvlanFlag)}, // without a value
		{string(OptionMacvlanMode), string(OptionIPvlanFlag)},
		{string(OptionGatewayMode4), string(OptionIPvlanMode)},
		{string(OptionGatewayMode6), string(OptionIPvlanMode)},
		{string(diagnose.FixConnectNew), string(diagnose.FixUsePublished)}, // the latter is no mend
	} {
		if a == pair[0] && b == pair[1] || a == pair[1] && b == pair[0] {
			return true
		}
	}
	return false
}

func has(list []string, want string) bool {
	for _, one := range list {
		if one == want {
			return true
		}
	}
	return false
}

// Each option that is known is explained by its value, under every name of it.
func TestOptions(t *testing.T) {
	for key, known := range optionKinds {
		values := []string{"true", "false", "bridge", "private", "vepa", "passthru", "l2", "l3", "nat", "routed", "isolated", "nat-unprotected", "strict", "1", "9000", ""}
		for _, value := range values {
			n := &topology.Network{Driver: "bridge", Opts: map[string]string{key: value}}
			got := optionsOf(n)
			if len(got) != 1 || got[0].Kind != known.kind || got[0].Key != key || got[0].Value != value || got[0].Usual != (known.usual != "" && sameValue(value, known.usual)) {
				t.Errorf("%s=%s: %+v", key, value, got)
				continue
			}
			one, other := english().inline("option", got[0]), portuguese().inline("option", got[0])
			if one == other || !strings.Contains(one, ": ") || !strings.HasSuffix(one, ".") || !strings.HasSuffix(other, ".") {
				t.Errorf("%s=%s: %q, %q", key, value, one, other)
			}
		}
	}
	n := &topology.Network{
		Driver: "bridge", Opts: map[string]string{"some.option": "x"}, IPAM: topology.IPAM{Driver: "mine", Opts: map[string]string{"o": "v"}},
		Native: `{"dns_enabled":false,"network_dns_servers":["9.9.9.9"],"network_interface":"podman7","options":{"isolate":"strict"},"routes":[{"destination":"10.0.0.0/8","gateway":"10.1.1.1"}]}`,
	}
	var kinds []string
	for _, o := range optionsOf(n) {
		kinds = append(kinds, string(o.Kind))
	}
	if got, want := strings.Join(kinds, ", "), "isolate, unknown, dns off, dns servers, routes, bridge name, ipam driver, ipam option"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
