//go:build real

package real

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestDoctorPools: the doctor says that no address pool is left just when the engine
// makes no more network, and which are left before.
func TestDoctorPools(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		z := newDoctorZoo(t, e)
		const check, most = "address-pools-used-up", 40
		if e.Podman {
			if x := z.examine("--check", check); len(x.all()) > 0 || x.outcome(check) != "fine" {
				t.Errorf("Podman does not tell its pools, and %s is %s", check, x.outcome(check))
			}
			return
		}
		var ids []string
		for i := range most {
			id, err := z.Network(t.Context(), &zoo.Network{Name: z.Name(fmt.Sprint("pool-", i))})
			if zoo.Refused(err) {
				break
			}
			ok(t, err)
			ids = append(ids, id)
		}
		if len(ids) == most {
			t.Fatalf("%s has more pools than %d, so that this test cannot use them up", e.Name, most)
		}
		if found := z.examine("--check", check).about(check); len(found) != 1 || found[0].Severity != "error" || !strings.HasPrefix(found[0].Text, "none of the engine's ") {
			t.Errorf("the engine makes no further network, and the doctor says %+v", found)
		}
		for left := 1; left <= 4; left++ {
			z.drop(ids[len(ids)-left])
			found := z.examine("--check", check).about(check)
			switch {
			case left > 3 && len(found) > 0:
				t.Errorf("%d pools are left, and the doctor says %s", left, found[0].Text)
			case left <= 3 && (len(found) != 1 || found[0].Severity != "warning" || !strings.HasPrefix(found[0].Text, fmt.Sprint(left, " of "))):
				t.Errorf("%d pools are left, and the doctor says %+v", left, found)
			}
		}
	})
}

// can tells whether the kernel has a module, or can load it.
func can(module string) bool {
	if _, err := os.Stat("/sys/module/" + module); err == nil {
		return true
	}
	return exec.Command("modprobe", "-q", "-n", module).Run() == nil
}

// TestDoctorSwarm: what is about overlays, on an engine that is made a swarm of its own.
func TestDoctorSwarm(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		if e.Podman {
			return // has no swarm
		}
		ctx := context.WithoutCancel(t.Context())
		ok(t, e.Do(ctx, http.MethodPost, "/swarm/init", map[string]any{"ListenAddr": "127.0.0.1:2377", "AdvertiseAddr": "127.0.0.1"}, nil))
		t.Cleanup(func() { // after all that is removed as a manager only
			if err := e.Do(ctx, http.MethodPost, "/swarm/leave?force=1", nil, nil); err != nil {
				t.Errorf("%s is still a swarm: %v", e.Name, err)
			}
			if err := e.Do(ctx, http.MethodDelete, "/networks/docker_gwbridge", nil, nil); err != nil && !zoo.Gone(err) {
				t.Errorf("docker_gwbridge is left: %v", err)
			}
		})
		z := newDoctorZoo(t, e)
		overlay := func(short, subnet string, options map[string]string) string {
			n := zoo.Network{Driver: "overlay", Attachable: true, Options: options}
			if subnet != "" {
				n.Subnet = []string{subnet}
			}
			return z.net(short, n)
		}
		local := z.net("local", zoo.Network{Subnet: []string{"10.216.1.0/24"}})
		over, plain := overlay("over", "10.216.0.0/16", nil), overlay("plain", "10.217.0.0/24", nil)
		secret := overlay("secret", "10.217.1.0/24", map[string]string{"encrypted": ""})
		_, err := z.GlobalService(t.Context(), z.Name("service"), plain)
		ok(t, err)
		task := awaitTask(t, e, z.Name("service"))
		x := z.examine()
		if found := x.about("subnet-overlap", local); len(found) != 1 || len(x.about("subnet-overlap", over)) != 1 {
			t.Errorf("an overlay holds the subnet of a local network, and the doctor says %+v", found)
		}
		if found := x.about("subnet-overlap", plain); len(found) > 0 {
			t.Errorf("nothing overlaps, and the doctor says %+v", found)
		}
		for check, c := range map[string]struct{ about, module string }{
			"overlay-encrypted": {secret, "esp4"}, "service-address": {task, "ip_vs"},
		} {
			found, has := x.about(check, c.about), can(c.module)
			if has == (len(found) > 0) || has && x.outcome(check) != "fine" {
				t.Errorf("the kernel has %s: %t, and %s is %s: %+v", c.module, has, check, x.outcome(check), found)
			}
			if outcome := z.examineFromAfar().outcome(check); outcome != "could not check" {
				t.Errorf("from elsewhere, %s is %s", check, outcome)
			}
		}
		if found := x.about("overlay-encrypted", plain); len(found) > 0 {
			t.Errorf("that overlay is not encrypted: %+v", found)
		}
		if found := x.about("overlay-without-swarm"); len(found) > 0 {
			t.Errorf("the engine is in a swarm, and the doctor says %+v", found)
		}
		for _, result := range x.Results {
			if result.ID == "subnet-full" && len(result.Unknown) > 0 {
				t.Errorf("a swarm of one node has no other nodes: %q", result.Unknown)
			}
		}
	})
}

// TestDoctorHealthy: nothing is found on an engine that has nothing, and next to nothing
// on one with a healthy compose project.
func TestDoctorHealthy(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		var list []struct{ Name string }
		ok(t, e.Do(t.Context(), http.MethodGet, "/networks", nil, &list))
		for _, n := range list {
			if !slices.Contains([]string{"bridge", "host", "none", "podman"}, n.Name) {
				t.Fatalf("this takes an engine without networks, and %s has %s", e.Name, n.Name)
			}
		}
		env := environment("DOCKER_HOST=" + e.Endpoint)
		fresh := asExamination(t, succeed(t, env, bench.plugin, "doctor", "--format", "json", "--severity", "hint", "--fail-on", "hint"))
		if found := fresh.all(); len(found) > 0 {
			t.Errorf("on an engine without networks of anybody's, the doctor finds %+v", found)
		}

		z := newDoctorZoo(t, e)
		project := z.Name("shop")
		net := func(short string, internal bool) {
			z.net("shop_"+short, zoo.Network{Internal: internal, Labels: map[string]string{
				"com.docker.compose.project": project, "com.docker.compose.network": short, "com.docker.compose.version": "2.40.3",
			}})
		}
		net("front", false)
		net("back", true)
		service := func(short, network string, at map[string]string) string {
			labels := z.project("shop", short)
			labels["com.docker.compose.container-number"], labels["com.docker.compose.oneoff"] = "1", "False"
			return z.down("shop-"+short+"-1", zoo.Container{
				Mode: z.Name("shop_" + network), Labels: labels, PublishAt: at, Aliases: []string{short}, Restart: "unless-stopped",
			})
		}
		web := service("web", "front", map[string]string{"80/tcp": "0.0.0.0:" + z.port()})
		api, db := service("api", "front", nil), service("db", "back", nil)
		ok(t, z.Connect(t.Context(), z.Name("shop_back"), api, "", "api"))
		for _, id := range []string{db, api, web} {
			ok(t, z.Start(t.Context(), id))
		}
		for _, state := range []string{"up", "down"} { // and after "docker compose stop"
			for _, x := range []*examination{z.examine("--unused-age", "30d"), z.examineFromAfar("--severity", "hint")} {
				for _, f := range x.all() {
					if f.ID != "published-to-all" || f.Severity != "hint" {
						t.Errorf("with a healthy project that is %s, %s %s: %s", state, f.Severity, f.ID, f.Text)
					}
				}
			}
			for _, id := range []string{web, api, db} {
				z.stop(id)
			}
		}
	})
}
