package main

import (
	"slices"
	"strings"
	"testing"
)

func TestStandaloneArgs(t *testing.T) {
	for args, want := range map[string]string{
		"":                                  "netkit",
		"graph":                             "netkit graph",
		"graph -H x":                        "netkit graph -H x",
		"netkit":                            "netkit",
		"netkit graph":                      "netkit graph",
		"netkit graph netkit":               "netkit graph netkit",
		"graph netkit":                      "netkit graph netkit",
		"--help":                            "netkit --help",
		"-h":                                "netkit -h",
		"--version":                         "netkit --version",
		"--timeout 5s graph":                "netkit --timeout 5s graph",
		"--colour graph":                    "netkit --colour graph",
		"-H unix:///s graph":                "-H unix:///s netkit graph",
		"-DH unix:///s graph":               "-DH unix:///s netkit graph",
		"-DHunix:///s graph":                "-DHunix:///s netkit graph",
		"-Dx graph":                         "netkit -Dx graph",
		"-Hunix:///s graph":                 "-Hunix:///s netkit graph",
		"-H=unix:///s graph":                "-H=unix:///s netkit graph",
		"-H unix:///s netkit graph":         "-H unix:///s netkit graph",
		"-H netkit graph":                   "-H netkit netkit graph",
		"--host unix:///s graph":            "--host unix:///s netkit graph",
		"--host=unix:///s graph":            "--host=unix:///s netkit graph",
		"--context side -D graph -a":        "--context side -D netkit graph -a",
		"-c side graph":                     "-c side netkit graph",
		"-D graph":                          "-D netkit graph",
		"--debug=false graph":               "--debug=false netkit graph",
		"--tls --tlscacert a --tlsverify g": "--tls --tlscacert a --tlsverify netkit g",
		"-l debug --config d graph":         "-l debug --config d netkit graph",
		"-H":                                "-H netkit",
		"-":                                 "netkit -",
		"-- graph":                          "netkit -- graph",
		"__complete graph sh":               "__complete netkit graph sh",
		"__complete netkit graph sh":        "__complete netkit graph sh",
		"__complete -H s graph sh":          "__complete -H s netkit graph sh",
		"__completeNoDesc ls --filter":      "__completeNoDesc netkit ls --filter",
	} {
		if got := strings.Join(standaloneArgs(strings.Fields(args)), " "); got != want {
			t.Errorf("%q became %q, want %q", args, got, want)
		}
	}
}

func TestStandaloneArgsLeavesItsArgumentAlone(t *testing.T) {
	args := append(make([]string, 0, 10), "-D", "graph", "web")
	_ = standaloneArgs(args)
	if want := []string{"-D", "graph", "web"}; !slices.Equal(args, want) {
		t.Errorf("the arguments became %q", args)
	}
}
