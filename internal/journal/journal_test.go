package journal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/removal"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func entry(id string, day int) *removal.Entry {
	return &removal.Entry{
		Schema: removal.Schema, ID: id, Time: time.Date(2026, 11, day, 12, 0, 0, 0, time.UTC), Command: "safe-rm",
		Engine: removal.EngineRef{Key: "one"}, Network: topology.Network{ID: "n" + id, Name: "net"}, Records: []removal.Record{},
	}
}

// full has a value in every field.
func full() *removal.Entry {
	address := topology.ParseAddress
	return &removal.Entry{
		Schema: removal.Schema, ID: "0123456789ab", Time: time.Date(2026, 11, 21, 12, 34, 56, 789012345, time.UTC), Command: "prune",
		Engine: removal.EngineRef{
			Key: "ABCD:EFGH", Name: "box", Product: topology.ProductDocker, Version: "28.5.2", Endpoint: "unix:///var/run/docker.sock", Context: "far",
		},
		Network: topology.Network{
			ID: "feed", Name: "a \"b\" <c>\u202e\x1b[31m", Driver: "bridge", Scope: "local", Created: time.Date(2026, 1, 2, 3, 4, 5, 678901234, time.UTC),
			Internal: true, Attachable: true, Ingress: true, ConfigOnly: true, ConfigFrom: "plan", IPv4: topology.No, IPv6: true,
			IPAM: topology.IPAM{Driver: "default", Opts: map[string]string{"a": "b"}, Pools: []topology.Pool{{
				Subnet: topology.ParseSubnet("10.0.0.0/16"), Range: topology.ParseSubnet("10.0.1.0/24"), Gateway: address("fd05::1/112"),
				Aux: map[string]topology.Address{"router": address("no address")},
			}}},
			Opts: map[string]string{"mtu": "1400"}, Labels: map[string]string{"x": "", "y": "z"}, Implied: true, Inspected: true,
			Endpoints: []topology.Endpoint{{ID: "e", Name: "ghost", Kind: topology.Stale, ContainerID: "c"}}, Peers: 2, Services: []string{"web"},
			Native: "{\"name\":\"net\"}",
		},
		Namesakes: []string{"beef"},
		Records: []removal.Record{{Container: "c", Name: "web", State: topology.Running, Attachment: topology.Attachment{
			NetworkID: "feed", NetworkName: "net", ContainerID: "c", State: topology.Live, EndpointID: "e",
			IPv4: address("10.0.0.2"), IPv6: address("fd05::2"), PrefixLen4: 16, PrefixLen6: 112, Gateway4: address("10.0.0.1"), Gateway6: address("fd05::1"),
			MAC: "02:42:0a:00:00:02", Static4: address("10.0.0.2"), Static6: address("fd05::2"), GatewayPriority: -1, ByName: true, StaticUnknown: true,
			Aliases: []string{"www"}, AliasesRead: true, HostName: "shop", StaticMAC: "02:42:0a:00:00:02", Links: []string{"db:database"},
			LinkLocal: []topology.Address{address("169.254.1.1")}, DriverOpts: map[string]string{"k": "v"},
		}}},
	}
}

// zeros lists the fields of a value that are empty.
func zeros(v reflect.Value, path string) []string {
	//exhaustive:ignore
	switch v.Kind() {
	case reflect.Struct:
		if v.Type().PkgPath() != reflect.TypeFor[removal.Entry]().PkgPath() && v.Type().PkgPath() != reflect.TypeFor[topology.Network]().PkgPath() {
			break // a time
		}
		var found []string
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() {
				found = append(found, zeros(v.Field(i), path+"."+field.Name)...)
			}
		}
		return found
	case reflect.Slice:
		if v.Len() > 0 {
			return zeros(v.Index(0), path+"[0]")
		}
	}
	if v.IsZero() {
		return []string{path}
	}
	return nil
}

func write(t *testing.T, j *Journal, entries ...*removal.Entry) {
	t.Helper()
	for _, e := range entries {
		if err := j.Write(e); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, j *Journal) ([]removal.Entry, []Damaged) {
	t.Helper()
	entries, damaged, err := j.Entries()
	if err != nil {
		t.Fatal(err)
	}
	return entries, damaged
}

func ids(entries []removal.Entry) []string {
	list := []string{}
	for i := range entries {
		list = append(list, entries[i].ID)
	}
	return list
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %+v, want %+v", what, got, want)
	}
}

func TestEntryComesBackWhole(t *testing.T) {
	if empty := zeros(reflect.ValueOf(*full()), "entry"); len(empty) > 0 {
		t.Fatalf("the test leaves out %v", empty)
	}
	j := Of(t.TempDir(), "ABCD:EFGH")
	write(t, j, full())
	entries, damaged := read(t, j)
	if len(entries) != 1 || len(damaged) > 0 {
		t.Fatalf("got %+v and %+v", entries, damaged)
	}
	equal(t, "entry", entries[0], *full())
}

func TestEntriesAreForTheirUserOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such modes")
	}
	dir := filepath.Join(t.TempDir(), "state", "journal")
	j := Of(dir, "one")
	unlock, err := j.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	write(t, j, entry("aa", 1))
	modes := map[string]os.FileMode{}
	for _, path := range []string{dir, j.dir, j.path("aa"), filepath.Join(j.dir, "lock")} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		modes[filepath.Base(path)] = info.Mode().Perm()
	}
	equal(t, "modes", modes, map[string]os.FileMode{"journal": 0o700, filepath.Base(j.dir): 0o700, "aa.json": 0o600, "lock": 0o600})
}

func TestEntriesInOrderOfTime(t *testing.T) {
	j := Of(t.TempDir(), "one")
	write(t, j, entry("cc", 2), entry("bb", 3), entry("dd", 1), entry("aa", 2))
	entries, _ := read(t, j)
	equal(t, "order", ids(entries), []string{"dd", "aa", "cc", "bb"})
}

func TestWriteReplaces(t *testing.T) {
	j := Of(t.TempDir(), "one")
	write(t, j, entry("aa", 1), entry("aa", 2))
	entries, _ := read(t, j)
	equal(t, "entries", entries, []removal.Entry{*entry("aa", 2)})
	files, err := os.ReadDir(j.dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 {
		t.Errorf("it left %v", files)
	}
}

// What cannot be read is told, and keeps nothing else from being read.
func TestDamagedEntries(t *testing.T) {
	j := Of(t.TempDir(), "one")
	write(t, j, entry("aa", 1), entry("bb", 2))
	whole, err := os.ReadFile(j.path("aa"))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, text, want string }{
		{"rubbish", "rubbish", "it is no whole entry"},
		{"empty", "", "it is no whole entry"},
		{"cut off", string(whole[:len(whole)/2]), "it is no whole entry"},
		{"of another kind", `[1]`, "it is no whole entry"},
		{"without a meaning", `{}`, "it is no entry of a removal"},
		{"of a newer version", strings.Replace(string(whole), `"schema": 1`, `"schema": 2`, 1), "it has schema 2, and this version reads up to 1"},
		{"of another engine", strings.NewReplacer(`"one"`, `"two"`, `"id": "aa"`, `"id": "cc"`).Replace(string(whole)), `it is of another engine, "" at ""`},
		{"under another name", string(whole), `it is named cc, and holds the entry "aa"`},
	} {
		if err := os.WriteFile(j.path("cc"), []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		entries, damaged := read(t, j)
		equal(t, test.name+": the others", ids(entries), []string{"aa", "bb"})
		if len(damaged) != 1 || damaged[0].Path != j.path("cc") || !strings.Contains(damaged[0].Err.Error(), test.want) {
			t.Errorf("%s: got %+v, want %s", test.name, damaged, test.want)
		}
		if text, err := os.ReadFile(j.path("cc")); err != nil || string(text) != test.text {
			t.Errorf("%s: the file is not left alone: %q, %v", test.name, text, err)
		}
	}
}

func TestOtherFilesAreNoEntries(t *testing.T) {
	j := Of(t.TempDir(), "one")
	write(t, j, entry("aa", 1))
	for _, name := range []string{"lock", ".new-ABCDEF", ".new-ABCDEF.json", "README.json", "aa.json~", "a b.json"} {
		if err := os.WriteFile(filepath.Join(j.dir, name), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	entries, damaged := read(t, j)
	equal(t, "entries", ids(entries), []string{"aa"})
	equal(t, "damaged", damaged, []Damaged(nil))
}

func TestForget(t *testing.T) {
	j := Of(t.TempDir(), "one")
	write(t, j, entry("aa", 1), entry("bb", 2))
	for range 2 { // one that is dropped already is no trouble
		if err := j.Forget("aa"); err != nil {
			t.Error(err)
		}
	}
	entries, _ := read(t, j)
	equal(t, "entries", ids(entries), []string{"bb"})
}

func TestForgetNothingElsewhere(t *testing.T) {
	dir := t.TempDir()
	j := Of(dir, "one")
	write(t, j, entry("aa", 1))
	outside := filepath.Join(dir, "x.json")
	if err := os.WriteFile(outside, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"", "../x", "..", ".", "/x", `..\x`, "AA", "a b", "aa\x00", "aa.json", "é"} {
		if err := j.Forget(id); err == nil {
			t.Errorf("Forget(%q) takes it for an ID", id)
		}
	}
	if _, err := os.Stat(outside); err != nil {
		t.Errorf("a file outside is gone: %v", err)
	}
}

func TestNothingWrittenYet(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	j := Of(dir, "one")
	entries, damaged := read(t, j)
	equal(t, "entries", len(entries)+len(damaged), 0)
	entries, damaged, err := All(dir)
	equal(t, "all", len(entries)+len(damaged), 0)
	equal(t, "error of all", err, nil)
	equal(t, "error of Forget", j.Forget("aa"), nil)
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading made the directory: %v", err)
	}
}

func TestDirectoryIsFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	j := Of(dir, "one")
	if err := j.Write(entry("aa", 1)); err == nil {
		t.Error("it is written")
	}
	if _, err := j.Lock(t.Context()); err == nil || !strings.Contains(err.Error(), "cannot keep a journal for undoing") {
		t.Errorf("Lock: %v", err)
	}
	if _, _, err := j.Entries(); err == nil || !strings.Contains(err.Error(), "cannot read the journal") {
		t.Errorf("Entries: %v", err)
	}
	if _, _, err := All(dir); err == nil || !strings.Contains(err.Error(), "cannot read the journal") {
		t.Errorf("All: %v", err)
	}
}

// A rename over a directory fails for every user.
func TestWriteThatFailsLeavesNothing(t *testing.T) {
	j := Of(t.TempDir(), "one")
	if err := os.MkdirAll(filepath.Join(j.path("aa"), "in"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := j.Write(entry("aa", 1)); err == nil {
		t.Fatal("it is written")
	}
	files, err := os.ReadDir(j.dir)
	if err != nil || len(files) != 1 || files[0].Name() != "aa.json" {
		t.Errorf("it left %v (%v)", files, err)
	}
}

func TestEnginesApart(t *testing.T) {
	dir := t.TempDir()
	one, two := Of(dir, "one"), Of(dir, "unix:///run/two.sock")
	write(t, one, entry("aa", 1), entry("cc", 3))
	second := entry("bb", 2)
	second.Engine.Key = "unix:///run/two.sock"
	write(t, two, second)
	entries, _ := read(t, one)
	equal(t, "of one", ids(entries), []string{"aa", "cc"})
	entries, _ = read(t, two)
	equal(t, "of two", ids(entries), []string{"bb"})
	if err := one.Forget("bb"); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "note.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(two.path("dd"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	entries, damaged, err := All(dir)
	equal(t, "error", err, nil)
	equal(t, "all", ids(entries), []string{"aa", "bb", "cc"})
	if len(damaged) != 1 || damaged[0].Path != two.path("dd") {
		t.Errorf("damaged: %+v", damaged)
	}
}

func TestLock(t *testing.T) {
	dir := t.TempDir()
	unlock, err := Of(dir, "one").Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other, err := Of(dir, "two").Lock(t.Context())
	if err != nil {
		t.Fatalf("another engine is locked, too: %v", err)
	}
	other()

	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := Of(dir, "one").Lock(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a second lock: %v", err)
	}

	type locked struct {
		unlock func()
		err    error
	}
	waits := make(chan locked, 1)
	go func() {
		unlock, err := Of(dir, "one").Lock(t.Context())
		waits <- locked{unlock, err}
	}()
	select {
	case <-waits:
		t.Fatal("two have the lock")
	case <-time.After(100 * time.Millisecond):
	}
	unlock()
	select {
	case got := <-waits:
		if got.err != nil {
			t.Fatal(got.err)
		}
		got.unlock()
	case <-time.After(10 * time.Second):
		t.Fatal("the lock is free, and is not given")
	}
}

// Who waits is told for whom, and only if it takes a while.
func TestLockTellsWhomItWaitsFor(t *testing.T) {
	dir := t.TempDir()
	waitsFor := make(chan int, 1)
	waiter := Of(dir, "one")
	waiter.Waits = func(pid int) { waitsFor <- pid }
	for _, lasts := range []time.Duration{0, patience + patience/2} {
		unlock, err := Of(dir, "one").Lock(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(lasts, unlock)
		again, err := waiter.Lock(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		again()
		select {
		case pid := <-waitsFor:
			equal(t, "told of", pid, os.Getpid())
			equal(t, "a wait that is short", lasts == 0, false)
		default:
			equal(t, "a wait that is short", lasts == 0, true)
		}
	}
}

func TestHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	equal(t, "of no file", holder(path), 0)
	for text, want := range map[string]int{"": 0, "12": 12, "12\n": 12, "-1": 0, "0": 0, "x": 0, strings.Repeat("1", 100): 0} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		equal(t, text, holder(path), want)
	}
}

func TestLockIsNoPipe(t *testing.T) {
	j := Of(t.TempDir(), "one")
	if err := os.MkdirAll(filepath.Join(j.dir, "lock"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Lock(t.Context()); err == nil || !strings.Contains(err.Error(), "is no regular file") {
		t.Errorf("Lock: %v", err)
	}
}
