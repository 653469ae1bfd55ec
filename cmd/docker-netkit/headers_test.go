package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// TestHeaders holds that every request bears the headers that the docker CLI
// is configured to send: a proxy in front of an engine may ask for them.
func TestHeaders(t *testing.T) {
	for name, c := range map[string]struct {
		config, variable, want string
	}{
		"of the configuration": {`{"HttpHeaders":{"X-Key":"from the file"}}`, "", "from the file"},
		"of the variable":      {`{}`, "X-Key=from the variable", "from the variable"},
		"none":                 {`{}`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			fake := enginetest.Start(t, enginetest.Docker28, shop()...)
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(c.config), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := program(t, fake.Host(), "graph", "--aliases")
			cmd.Env = append(cmd.Env, "DOCKER_CONFIG="+dir, "DOCKER_CUSTOM_HEADERS="+c.variable)
			if said, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			requests := fake.Requests()
			if len(requests) < 4 {
				t.Errorf("there were %d requests only", len(requests))
			}
			for _, r := range requests {
				if got := r.Header.Get("X-Key"); got != c.want {
					t.Errorf("%s has %q, want %q", r.Name, got, c.want)
				}
			}
		})
	}
}
