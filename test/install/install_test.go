// Package install_test runs install.sh: once with the real Go and the real
// source, and for everything else with a stand-in for go that "builds" a
// script, so that a case takes a fraction of a second. It needs no engine and
// touches none.
package install_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	ossignal "os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

const plugin = "docker-netkit"

// fakeGo answers as go does, in the version of FAKE_GO, and "builds" a script
// that answers as the plugin does, in the version it is to be stamped with.
const fakeGo = `#!/bin/sh
set -eu
case $1 in
version) echo "go version go${FAKE_GO:-1.99.1} plan9/mips"; exit ;;
env) echo "${GOTOOLCHAIN:-auto}"; exit ;;
esac
flags= out= tags= overlay=
while [ $# -gt 0 ]; do
	case $1 in
	-ldflags) flags=$2; shift ;;
	-o) out=$2; shift ;;
	-tags) tags=$2; shift ;;
	-overlay) overlay=$2; shift ;;
	esac
	shift
done
case $out in
*netkit-probe-*)
	if [ -n "${FAKE_PROBE_FAILS:-}" ]; then
		echo "probe.go:1: it does not compile" >&2
		exit 1
	fi
	if [ -n "${FAKE_PROBE_WAITS:-}" ]; then
		printf half >"$out"
		: >"$FAKE_PROBE_WAITS"
		exec sleep 60
	fi
	echo "$GOOS/$GOARCH" >"$out"
	exit
	;;
esac
if [ -n "${FAKE_BUILT:-}" ]; then
	printf '%s\n' "$tags" >"$FAKE_BUILT"
	if [ -n "$overlay" ]; then cat "$overlay" >>"$FAKE_BUILT"; fi
fi
if [ -n "${FAKE_GO_FAILS:-}" ]; then
	echo "main.go:1: it does not compile" >&2
	exit 1
fi
printf half >"$out"
if [ -n "${FAKE_GO_WAITS:-}" ]; then
	: >"$FAKE_GO_WAITS"
	exec sleep 60
fi
cat >"$out" <<END
#!/bin/sh
case \$*  in
docker-cli-plugin-metadata) echo '{ "SchemaVersion": "0.1.0", "Version": "${FAKE_STAMP:-${flags##*=}}" }' ;;
*version*)
	[ -n "\${FAKE_ENGINE:-}" ] || { echo "no engine answers at unix:///fake" >&2; exit 1; }
	echo "Docker 1.2.3 at unix:///fake"
	;;
*"graph --demo"*) echo "the sample" ;;
*graph*) echo "the engine's networks" ;;
esac
END
`

// fakeDocker is a docker CLI of version FAKE_DOCKER that finds plugins as
// docker does, or what FAKE_DOCKER_LISTS says.
const fakeDocker = `#!/bin/sh
set -eu
plugin=$DOCKER_CONFIG/cli-plugins/docker-netkit
case $1 in
--version) echo "${FAKE_DOCKER-Docker version 28.2.2, build e6534b4}" ;;
info)
	case $DOCKER_HOST in */nonexistent/*) ;; *) echo "an engine was asked" >&2; exit 9 ;; esac
	if [ -n "${FAKE_DOCKER_LISTS+set}" ]; then
		printf '%s\n' "$FAKE_DOCKER_LISTS"
	elif [ -x "$plugin" ]; then
		printf '%s|<nil>\n' "$plugin"
	fi
	;;
netkit) exec "$plugin" "$@" ;;
esac
`

// place is a checkout with install.sh, a PATH, and a docker configuration.
type place struct {
	t      *testing.T
	shell  []string
	source string
	bin    string
	config string
	env    []string
}

func newPlace(t *testing.T) *place {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("install.sh needs a POSIX shell")
	}
	dir := filepath.Join(t.TempDir(), `a "place" with spaces and \a backslash`)
	p := &place{
		t: t, shell: []string{"sh"},
		source: filepath.Join(dir, "the source"), bin: filepath.Join(dir, "bin"), config: filepath.Join(dir, "docker config"),
	}
	p.mkdir(filepath.Join(p.source, "cmd", plugin))
	p.mkdir(p.bin)
	script, err := os.ReadFile("../../install.sh")
	if err != nil {
		t.Fatal(err)
	}
	p.write(filepath.Join(p.source, "install.sh"), string(script))
	probes, err := os.ReadFile("../../scripts/probes")
	if err != nil {
		t.Fatal(err)
	}
	p.mkdir(filepath.Join(p.source, "scripts"))
	p.write(filepath.Join(p.source, "scripts", "probes"), string(probes))
	p.write(filepath.Join(p.source, ".gitignore"), "*.gz\n")
	p.write(filepath.Join(p.source, "go.mod"), "module x\n\ngo 1.26.0\n")
	p.write(filepath.Join(p.source, "CHANGELOG.md"), "# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2020-01-01\n")
	for _, tool := range []string{
		"basename", "cat", "chmod", "dirname", "env", "find", "gzip", "head", "id", "mkdir", "mktemp",
		"mv", "printf", "rm", "rmdir", "sed", "sh", "sleep", "tail", "uname",
	} {
		p.link(tool)
	}
	p.tool("go", fakeGo)
	p.tool("docker", fakeDocker)
	return p
}

func (p *place) mkdir(name string) {
	p.t.Helper()
	if err := os.MkdirAll(name, 0o755); err != nil {
		p.t.Fatal(err)
	}
}

func (p *place) write(name, text string) {
	p.t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
		p.t.Fatal(err)
	}
}

// tool puts a script on the PATH; without a text, it takes the tool away.
func (p *place) tool(name, text string) {
	p.t.Helper()
	if text != "" {
		p.write(filepath.Join(p.bin, name), text)
		return
	}
	if err := os.Remove(filepath.Join(p.bin, name)); err != nil {
		p.t.Fatal(err)
	}
}

// link puts a tool of this machine on the PATH.
func (p *place) link(name string) {
	p.t.Helper()
	found, err := exec.LookPath(name)
	if err == nil {
		err = os.Symlink(found, filepath.Join(p.bin, name))
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *place) plugins() string { return filepath.Join(p.config, "cli-plugins") }

func (p *place) installed() string { return filepath.Join(p.plugins(), plugin) }

func (p *place) command(args ...string) *exec.Cmd {
	argv := append(append([]string{}, p.shell...), filepath.Join(p.source, "install.sh"))
	argv = append(argv, args...)
	cmd := exec.CommandContext(p.t.Context(), argv[0], argv[1:]...)
	cmd.Dir = p.t.TempDir()
	cmd.Env = append([]string{"PATH=" + p.bin, "HOME=" + cmd.Dir, "DOCKER_CONFIG=" + p.config}, p.env...)
	return cmd
}

// result is how a run of install.sh ended.
type result struct {
	status         int
	stdout, stderr string
}

func (p *place) run(args ...string) result {
	p.t.Helper()
	return run(p.t, p.command(args...))
}

func run(t *testing.T, cmd *exec.Cmd) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

func (r result) want(t *testing.T, status int, texts ...string) {
	t.Helper()
	if r.status != status {
		t.Errorf("status is %d, want %d", r.status, status)
	}
	for _, text := range texts {
		if !strings.Contains(r.stdout+r.stderr, text) {
			t.Errorf("it does not say %q", text)
		}
	}
	if t.Failed() {
		t.Fatalf("stdout:\n%s\nstderr:\n%s", r.stdout, r.stderr)
	}
}

// version is what the installed plugin says of itself; empty where none is.
func (p *place) version() string {
	p.t.Helper()
	return versionOf(p.t, p.installed())
}

func versionOf(t *testing.T, file string) string {
	t.Helper()
	said, err := exec.CommandContext(t.Context(), file, "docker-cli-plugin-metadata").Output()
	if errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	_, version, _ := strings.Cut(string(said), `"Version": "`)
	version, _, _ = strings.Cut(version, `"`)
	return version
}

// wantClean fails if anything but the plugin is where plugins go.
func (p *place) wantClean(plugins string) {
	p.t.Helper()
	entries, err := os.ReadDir(plugins)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Name() != plugin {
			p.t.Errorf("it left %s behind", entry.Name())
		}
	}
}

func TestRealBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: this builds the plugin")
	}
	if runtime.GOOS == "windows" {
		t.Skip("install.sh needs a POSIX shell")
	}
	config := filepath.Join(t.TempDir(), "docker config")
	cmd := exec.CommandContext(t.Context(), "sh", "../../install.sh")
	cmd.Env = append(os.Environ(), "DOCKER_CONFIG="+config, "DOCKER_HOST=unix:///nonexistent/docker.sock", "DOCKER_CONTEXT=",
		"NETKIT_VERSION=v1.2.3-test")
	r := run(t, cmd)
	file := filepath.Join(config, "cli-plugins", plugin)
	r.want(t, 0, "Building docker-netkit 1.2.3-test", "Installed "+file, "built-in sample", "no engine answers at unix:///nonexistent", "shop_front")
	if v := versionOf(t, file); v != "1.2.3-test" {
		t.Errorf("the version stamped in is %q", v)
	}
}

func TestInstall(t *testing.T) {
	p := newPlace(t)
	p.run().want(t, 0, "Building docker-netkit 1.0.0 with Go 1.99.1", "Installed "+p.installed(),
		"Docker CLI 28.2.2 runs it as: docker netkit", "No engine answers", "no engine answers at unix:///fake", "the sample")
	p.wantClean(p.plugins())
	if v := p.version(); v != "1.0.0" {
		t.Errorf("the version is %q", v)
	}
}

// files are those of the checkout. Nothing is to be made there: two builds of one
// checkout at once would meet, and it may be read-only.
func (p *place) files() []string {
	p.t.Helper()
	var names []string
	if err := filepath.WalkDir(p.source, func(path string, _ fs.DirEntry, err error) error {
		names = append(names, path)
		return err
	}); err != nil {
		p.t.Fatal(err)
	}
	return names
}

func TestProbes(t *testing.T) {
	p := newPlace(t)
	built := filepath.Join(t.TempDir(), "built")
	before := p.files()
	for _, c := range []struct {
		env    []string
		tags   string
		probes []string
	}{
		{nil, "probes", []string{"netkit-probe-linux-amd64.gz", "netkit-probe-linux-arm64.gz"}},
		{[]string{"NETKIT_PROBES=linux/arm/v7 linux/s390x"}, "probes", []string{"netkit-probe-linux-arm.gz", "netkit-probe-linux-s390x.gz"}},
		{[]string{"NETKIT_PROBES="}, "", nil},
	} {
		p.env = append(c.env, "FAKE_BUILT="+built)
		p.run().want(t, 0, "Installed ")
		tags, overlay, probes := p.built(built)
		if tags != c.tags || !slices.Equal(probes, c.probes) {
			t.Errorf("%q: built with the tags %q and the probes %q: %s", c.env, tags, probes, overlay)
		}
	}
	if after := p.files(); !slices.Equal(after, before) {
		t.Errorf("the checkout has %q, and had %q", after, before)
	}
}

// built reads what the build was told: its tags, its overlay, and the probes that it
// sees by that, sorted.
func (p *place) built(file string) (tags, overlay string, probes []string) {
	p.t.Helper()
	said, err := os.ReadFile(file)
	if err != nil {
		p.t.Fatal(err)
	}
	tags, overlay, _ = strings.Cut(string(said), "\n")
	if overlay == "" {
		return tags, overlay, nil
	}
	var seen struct{ Replace map[string]string }
	if err := json.Unmarshal([]byte(overlay), &seen); err != nil {
		p.t.Fatalf("%s: %v", overlay, err)
	}
	for name, from := range seen.Replace {
		if filepath.Dir(name) != "internal/probe/program/brought" || filepath.Base(from) != filepath.Base(name) || !strings.HasPrefix(from, p.plugins()) {
			p.t.Errorf("the build sees %s as %s", from, name)
		}
		probes = append(probes, filepath.Base(name))
	}
	slices.Sort(probes)
	return tags, overlay, probes
}

func TestProbesFail(t *testing.T) {
	for name, c := range map[string]struct {
		env, says string
	}{
		"do not compile":   {"FAKE_PROBE_FAILS=yes", "the probes for linux/amd64 linux/arm64 could not be built"},
		"unknown platform": {"NETKIT_PROBES=windows/amd64", "no platform of a probe: windows/amd64"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			p.env = []string{c.env}
			p.run().want(t, 1, c.says, "Nothing was changed")
			p.wantClean(p.plugins())
		})
	}
}

func TestWithoutGzip(t *testing.T) {
	p := newPlace(t)
	p.tool("gzip", "")
	p.run().want(t, 1, "gzip is needed", "NETKIT_PROBES= ./install.sh")
	p.env = []string{"NETKIT_PROBES="}
	p.run().want(t, 0)
}

func TestInterruptedInTheProbes(t *testing.T) {
	p := newPlace(t)
	started := filepath.Join(t.TempDir(), "started")
	p.env = []string{"FAKE_PROBE_WAITS=" + started}
	cmd := p.command()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, started)
	begun := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if status := cmd.ProcessState.ExitCode(); status != 128+int(syscall.SIGTERM) {
		t.Errorf("status is %d", status)
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("it took %s to end", took)
	}
	p.wantClean(p.plugins())
}

func TestNothingReleasedYet(t *testing.T) {
	p := newPlace(t)
	p.write(filepath.Join(p.source, "CHANGELOG.md"), "# Changelog\n\n## [Unreleased]\n")
	p.run().want(t, 0)
	if v := p.version(); v != "0.0.0-dev" {
		t.Errorf("the version is %q", v)
	}
}

func TestDrawsTheEngine(t *testing.T) {
	p := newPlace(t)
	p.env = []string{"FAKE_ENGINE=yes"}
	r := p.run()
	r.want(t, 0, "The networks of your engine, Docker 1.2.3 at unix:///fake:", "the engine's networks")
	if strings.Contains(r.stdout, "sample") {
		t.Errorf("it drew the sample, too:\n%s", r.stdout)
	}
}

func TestUpgrade(t *testing.T) {
	p := newPlace(t)
	p.run("--quiet").want(t, 0)
	p.run().want(t, 0, "again, in the same version")
	p.env = []string{"NETKIT_VERSION=v1.1.0"}
	p.run().want(t, 0, "Upgraded "+p.installed()+" from 1.0.0")
	if v := p.version(); v != "1.1.0" {
		t.Errorf("the version is %q", v)
	}
	p.wantClean(p.plugins())
}

func TestVersionFromGit(t *testing.T) {
	p := newPlace(t)
	git, err := exec.LookPath("git")
	if err != nil {
		t.Fatal("needs git: install it")
	}
	p.link("git")
	do := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), git, append([]string{"-C", p.source}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
			"GIT_AUTHOR_NAME=n", "GIT_AUTHOR_EMAIL=e", "GIT_COMMITTER_NAME=n", "GIT_COMMITTER_EMAIL=e")
		run(t, cmd).want(t, 0)
	}
	do("init", "-q")
	do("add", ".")
	do("commit", "-q", "-m", "first")
	p.run().want(t, 0)
	if v := p.version(); !strings.HasPrefix(v, "1.0.0+") || strings.Contains(v, "dirty") {
		t.Errorf("untagged, the version is %q", v)
	}
	do("tag", "v1.5.0")
	p.run().want(t, 0)
	if v := p.version(); v != "1.5.0" {
		t.Errorf("tagged, the version is %q", v)
	}
	p.write(filepath.Join(p.source, "go.mod"), "module y\n\ngo 1.26.0\n")
	p.run().want(t, 0)
	if v := p.version(); !strings.HasPrefix(v, "1.0.0+") || !strings.HasSuffix(v, ".dirty") {
		t.Errorf("changed, the version is %q", v)
	}
}

// An archive unpacked within somebody's own repository has no commit of its own.
func TestWithinAnotherRepository(t *testing.T) {
	p := newPlace(t)
	git, err := exec.LookPath("git")
	if err != nil {
		t.Fatal("needs git: install it")
	}
	p.link("git")
	run(t, exec.CommandContext(t.Context(), git, "init", "-q", filepath.Dir(p.source))).want(t, 0)
	p.run().want(t, 0)
	if v := p.version(); v != "1.0.0" {
		t.Errorf("the version is %q", v)
	}
}

func TestInterrupted(t *testing.T) {
	for name, signal := range map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP} {
		for _, before := range []string{"", "1.0.0"} {
			t.Run(name+" over "+before, func(t *testing.T) {
				t.Parallel()
				// Ignored signals, as under nohup, would be ignored by the script,
				// too; those that are caught are not.
				caught := make(chan os.Signal, 1)
				ossignal.Notify(caught, signal)
				defer ossignal.Stop(caught)
				p := newPlace(t)
				if before != "" {
					p.env = []string{"NETKIT_VERSION=" + before}
					p.run("--quiet").want(t, 0)
				}
				started := filepath.Join(t.TempDir(), "started")
				p.env = []string{"NETKIT_VERSION=2.0.0", "FAKE_GO_WAITS=" + started}
				cmd := p.command()
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				waitFor(t, started)
				begun := time.Now()
				if err := cmd.Process.Signal(signal); err != nil {
					t.Fatal(err)
				}
				_ = cmd.Wait()
				if status := cmd.ProcessState.ExitCode(); status != 128+int(signal) {
					t.Errorf("status is %d", status)
				}
				if took := time.Since(begun); took > 10*time.Second {
					t.Errorf("it took %s to end", took)
				}
				if v := p.version(); v != before {
					t.Errorf("the version is %q now", v)
				}
				p.wantClean(p.plugins())
				if _, err := os.Stat(p.config); before == "" && err == nil {
					t.Error("it left the directory that it had made")
				}
			})
		}
	}
}

func waitFor(t *testing.T, file string) {
	t.Helper()
	const patience, step = 20 * time.Second, 10 * time.Millisecond
	late := time.After(patience)
	for {
		if _, err := os.Stat(file); err == nil {
			return
		}
		select {
		case <-late:
			t.Fatal("the build did not begin")
		case <-time.After(step):
		}
	}
}

func TestFailedBuildLeavesTheOld(t *testing.T) {
	for name, fault := range map[string]string{"does not compile": "FAKE_GO_FAILS=yes", "does not answer": "FAKE_STAMP=other"} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			p.run("--quiet").want(t, 0)
			p.env = []string{"NETKIT_VERSION=2.0.0", fault}
			p.run().want(t, 1, "Nothing was changed")
			if v := p.version(); v != "1.0.0" {
				t.Errorf("the version is %q", v)
			}
			p.wantClean(p.plugins())
		})
	}
}

func TestPrefix(t *testing.T) {
	p := newPlace(t)
	prefix := filepath.Join(t.TempDir(), "a prefix")
	plugins := filepath.Join(prefix, "lib", "docker", "cli-plugins")
	p.run("--prefix", prefix).want(t, 0, "Installed "+filepath.Join(plugins, plugin),
		"does not look in "+plugins, `"cliPluginsExtraDirs": ["`+plugins+`"]`, "the sample")
	p.wantClean(plugins)
	if v := versionOf(t, filepath.Join(plugins, plugin)); v != "1.0.0" {
		t.Errorf("the version is %q", v)
	}
	p.run("--uninstall", "--prefix="+prefix).want(t, 0, "Removed "+filepath.Join(plugins, plugin))
	if v := versionOf(t, filepath.Join(plugins, plugin)); v != "" {
		t.Error("it is still there")
	}
}

func TestUninstall(t *testing.T) {
	p := newPlace(t)
	p.run("--quiet").want(t, 0)
	neighbour := filepath.Join(p.plugins(), "docker-other")
	p.write(neighbour, "")
	p.run("--uninstall").want(t, 0, "Removed "+p.installed())
	if _, err := os.Stat(neighbour); err != nil {
		t.Error(err)
	}
	if v := p.version(); v != "" {
		t.Error("it is still there")
	}
	p.run("--uninstall").want(t, 0, "There is no plugin in "+p.plugins())
}

// Removing needs nothing that building needs.
func TestUninstallWithoutGo(t *testing.T) {
	p := newPlace(t)
	p.run("--quiet").want(t, 0)
	p.tool("go", "")
	p.run("--uninstall", "--quiet").want(t, 0)
	if v := p.version(); v != "" {
		t.Error("it is still there")
	}
}

func TestQuiet(t *testing.T) {
	p := newPlace(t)
	if r := p.run("--quiet"); r != (result{}) {
		t.Errorf("got %+v", r)
	}
}

func TestGoMissing(t *testing.T) {
	p := newPlace(t)
	p.tool("go", "")
	p.run().want(t, 1, "Go is needed", "no go on the PATH")
	p.wantClean(p.plugins())
}

func TestGoVersions(t *testing.T) {
	for _, c := range []struct {
		version, toolchain string
		status             int
		says               string
	}{
		{"1.26.0", "local", 0, "with Go 1.26.0"},
		{"1.26", "local", 0, "with Go 1.26."},
		{"1.26.10", "local", 0, "with Go 1.26.10"},
		{"1.27rc1", "local", 0, "with Go 1.27rc1"},
		{"2.0", "local", 0, "with Go 2.0"},
		{"1.25.9", "local", 1, "Go 1.25.9 is too old: docker-netkit needs 1.26.0 or newer"},
		{"1.25.9", "local", 1, "GOTOOLCHAIN=auto ./install.sh"},
		{"1.25.9", "auto", 0, "fetches the newer one by itself"},
		{"1.9", "auto", 1, "https://go.dev/dl/"},
		{"1.20.14", "auto", 1, "is too old"},
	} {
		t.Run(c.version+" "+c.toolchain, func(t *testing.T) {
			p := newPlace(t)
			p.env = []string{"FAKE_GO=" + c.version, "GOTOOLCHAIN=" + c.toolchain}
			p.run().want(t, c.status, c.says)
		})
	}
}

func TestDockerCLIs(t *testing.T) {
	for _, c := range []struct {
		name   string
		env    []string
		status int
		says   string
	}{
		{"old", []string{"FAKE_DOCKER=Docker version 18.09.1, build 4c52b90"}, 1, "18.09.1 is too old for plugins"},
		{"first with plugins", []string{"FAKE_DOCKER=Docker version 19.03.0, build aeac9490dc"}, 0, "runs it as: docker netkit"},
		{"podman", []string{"FAKE_DOCKER=podman version 5.4.2"}, 0, "is Podman's, which has no plugins"},
		{"broken", []string{"FAKE_DOCKER="}, 1, "does not run"},
		{"built by hand", []string{"FAKE_DOCKER=Docker version unknown-version, build unknown"}, 0, "runs it as: docker netkit"},
		{"blind", []string{"FAKE_DOCKER_LISTS="}, 1, "does not see the plugin"},
		{"another copy first", []string{"FAKE_DOCKER_LISTS=/opt/x/docker-netkit|<nil>"}, 1, "runs another copy of the plugin first: /opt/x/docker-netkit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPlace(t)
			p.env = c.env
			p.run().want(t, c.status, c.says, "the sample")
		})
	}
	t.Run("refuses", func(t *testing.T) {
		p := newPlace(t)
		p.env = []string{"FAKE_DOCKER_LISTS=" + p.installed() + "|plugin is not executable"}
		p.run().want(t, 1, "refuses it: plugin is not executable")
	})
	t.Run("none", func(t *testing.T) {
		p := newPlace(t)
		p.tool("docker", "")
		p.run().want(t, 0, "no docker CLI on the PATH", "works by itself: "+p.installed(), "the sample")
	})
}

func TestCannotWrite(t *testing.T) {
	p := newPlace(t)
	p.write(p.config, "a file where a directory is needed")
	p.run().want(t, 1, "cannot write to "+p.plugins())
}

func TestTargetIsADirectory(t *testing.T) {
	p := newPlace(t)
	p.mkdir(p.installed())
	p.run().want(t, 1, p.installed()+" is a directory")
	p.wantClean(p.plugins())
}

func TestSymlinkIsReplaced(t *testing.T) {
	p := newPlace(t)
	own := filepath.Join(t.TempDir(), "own build")
	p.write(own, "#!/bin/sh\n")
	p.mkdir(p.plugins())
	if err := os.Symlink(own, p.installed()); err != nil {
		t.Fatal(err)
	}
	p.run().want(t, 0)
	if text, err := os.ReadFile(own); err != nil || string(text) != "#!/bin/sh\n" {
		t.Errorf("it wrote through the link: %q, %v", text, err)
	}
}

func TestWithoutHome(t *testing.T) {
	p := newPlace(t)
	p.env = []string{"HOME="}
	p.run().want(t, 0, "Installed "+p.installed())
}

func TestHomeIsTheDefault(t *testing.T) {
	p := newPlace(t)
	p.tool("docker", "")
	cmd := p.command()
	cmd.Env = append(cmd.Env, "DOCKER_CONFIG=")
	run(t, cmd).want(t, 0, "Installed "+filepath.Join(cmd.Dir, ".docker", "cli-plugins", plugin))
}

func TestRelativeConfig(t *testing.T) {
	p := newPlace(t)
	p.tool("docker", "")
	cmd := p.command()
	cmd.Env = append(cmd.Env, "DOCKER_CONFIG=here")
	run(t, cmd).want(t, 0)
	if v := versionOf(t, filepath.Join(cmd.Dir, "here", "cli-plugins", plugin)); v != "1.0.0" {
		t.Errorf("the version is %q", v)
	}
}

func TestBadOptions(t *testing.T) {
	p := newPlace(t)
	p.run("--frobnicate").want(t, 2, "unknown option: --frobnicate", "--help")
	p.run("extra").want(t, 2, "unknown option: extra")
	p.run("--prefix").want(t, 2, "--prefix needs a directory")
	p.run("--prefix=").want(t, 2, "--prefix needs a directory")
	p.run("--system", "--prefix", "/x").want(t, 2, "cannot be used together")
	p.env = []string{"NETKIT_VERSION=1 2"}
	p.run().want(t, 2, "the version may hold")
	p.wantClean(p.plugins())
}

func TestHelp(t *testing.T) {
	p := newPlace(t)
	r := p.run("--help")
	r.want(t, 0)
	for _, option := range []string{"--system", "--prefix DIR", "--uninstall", "--quiet", "DOCKER_CONFIG", "Status:"} {
		if !strings.Contains(r.stdout, option) {
			t.Errorf("the help does not tell of %s", option)
		}
	}
}

func TestNoSource(t *testing.T) {
	p := newPlace(t)
	if err := os.Remove(filepath.Join(p.source, "go.mod")); err != nil {
		t.Fatal(err)
	}
	p.run().want(t, 1, "no source in", "from a checkout")
}

// TestShells installs, upgrades and removes with every shell at hand.
func TestShells(t *testing.T) {
	for _, shell := range []string{"dash", "bash --posix", "bash", "busybox sh", "mksh", "ksh", "yash", "zsh --emulate sh"} {
		argv := strings.Fields(shell)
		path, err := exec.LookPath(argv[0])
		if err != nil {
			continue
		}
		t.Run(shell, func(t *testing.T) {
			p := newPlace(t)
			p.shell = append([]string{path}, argv[1:]...)
			p.run().want(t, 0, "Installed")
			p.env = []string{"NETKIT_VERSION=2.0.0"}
			p.run().want(t, 0, "Upgraded")
			p.run("--uninstall").want(t, 0, "Removed")
			p.wantClean(p.plugins())
		})
	}
}
