package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/docker/cli/cli-plugins/hooks"
	"github.com/docker/cli/cli-plugins/metadata"
	"github.com/spf13/cobra"
)

// patiently is the program with time for hints on a busy machine.
func patiently() {
	hookPatience = "1m"
	if patience := os.Getenv("TEST_HOOK_PATIENCE"); patience != "" {
		hookPatience = patience
	}
	main()
}

// calledAs is how this program was called, before testscript makes it what it is.
var calledAs = os.Args[0]

// askingDocker stands in for docker, as it is after a command: it asks the plugin
// with the request in REQUEST, and shows what that says. Its own command line is
// that of the command.
func askingDocker() {
	cmd := exec.CommandContext(context.Background(), "docker-netkit", "netkit", metadata.HookSubcommandName, os.Getenv("REQUEST"))
	cmd.Env = append(os.Environ(), metadata.ReexecEnvvar+"="+calledAs)
	if by := os.Getenv("ORIGINAL"); by != "" {
		cmd.Env = append(cmd.Env, metadata.ReexecEnvvar+"="+by)
	}
	cmd.Stderr = os.Stderr
	said, err := cmd.Output()
	if err != nil {
		fmt.Fprintln(os.Stderr, "the plugin failed:", err)
		os.Exit(1)
	}
	if len(said) == 0 {
		return
	}
	var reply hooks.Response
	if err := json.Unmarshal(said, &reply); err != nil {
		fmt.Fprintf(os.Stderr, "%q is no reply: %v\n", said, err)
		os.Exit(1)
	}
	lines, err := hooks.ParseTemplate(reply.Template, &cobra.Command{Use: "rm"})
	if err != nil || reply.Type != hooks.NextSteps {
		fmt.Fprintln(os.Stderr, "docker does not show that:", reply.Type, err)
		os.Exit(1)
	}
	fmt.Println(strings.Join(lines, "\n"))
}

// TestHookNeverFails: whatever goes wrong, nothing is said.
func TestHookNeverFails(t *testing.T) {
	said := func(answer func(context.Context) ([]byte, error)) string {
		var out bytes.Buffer
		hook(&out, answer)
		return out.String()
	}
	set := func(patience string) {
		before := hookPatience
		hookPatience = patience
		t.Cleanup(func() { hookPatience = before })
	}
	set("1m")
	if got := said(func(context.Context) ([]byte, error) { return []byte("hint"), nil }); got != "hint" {
		t.Errorf("%q", got)
	}
	for what, answer := range map[string]func(context.Context) ([]byte, error){
		"an error":         func(context.Context) ([]byte, error) { return []byte("half a hint"), errors.New("no") },
		"a panic":          func(context.Context) ([]byte, error) { panic("no") },
		"nothing to say":   func(context.Context) ([]byte, error) { return nil, nil },
		"a rotten request": hookAnswer("{"),
		"another command":  hookAnswer(`{"RootCmd":"image ls"}`),
		"a future command": hookAnswer(`{"RootCmd":"network rm","More":[1],"Flags":{"x":"y"}}`),
	} {
		if got := said(answer); got != "" {
			t.Errorf("%s: %q", what, got)
		}
	}
	set("1ns")
	release := make(chan struct{})
	defer close(release)
	if got := said(func(context.Context) ([]byte, error) { <-release; return []byte("late"), nil }); got != "" {
		t.Errorf("%q", got)
	}
	set("soon")
	if got := said(func(context.Context) ([]byte, error) { return []byte("hint"), nil }); got != "" {
		t.Errorf("%q", got)
	}
}

func TestHooked(t *testing.T) {
	for _, test := range []struct {
		args []string
		want bool
	}{
		{[]string{"docker-netkit", "netkit", "docker-cli-plugin-hooks", "{}"}, true},
		{[]string{"docker-netkit", "netkit", "docker-cli-plugin-hooks"}, false},
		{[]string{"docker-netkit", "netkit", "graph", "{}"}, false},
		{[]string{"docker-netkit"}, false},
	} {
		if _, ok := hooked(test.args); ok != test.want {
			t.Errorf("%q: %t", test.args, ok)
		}
	}
}

func TestParentArgs(t *testing.T) {
	list := []byte("/usr/bin/docker\x00-H\x00\x00network\x00rm\x00a b\n\x00")
	want := []string{"/usr/bin/docker", "-H", "", "network", "rm", "a b\n"}
	if got := words(list); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	of := func(count uint32) []byte {
		data := binary.NativeEndian.AppendUint32(nil, count)
		return slices.Concat(data, []byte("/usr/local/bin/docker\x00\x00\x00\x00"), list, []byte("HOME=/root\x00"))
	}
	if got := procArgs(of(uint32(len(want)))); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	for _, broken := range [][]byte{nil, {1}, of(99), of(1 << 31)} {
		if got := procArgs(broken); got != nil {
			t.Errorf("%q: %q", broken, got)
		}
	}
	if got := dockerArgs(want, "/usr/bin/docker"); !slices.Equal(got, want[1:]) {
		t.Errorf("%q", got)
	}
	for _, other := range []string{"", "docker", "/bin/sh"} {
		if got := dockerArgs(want, other); got != nil {
			t.Errorf("started by %q: %q", other, got)
		}
	}
	if got := dockerArgs(nil, "docker"); got != nil {
		t.Errorf("%q", got)
	}
}
