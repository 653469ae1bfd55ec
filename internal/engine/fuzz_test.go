package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// seed adds replies recorded from real engines, and the odd ones that are
// known.
func seed(f *testing.F, kind string) {
	f.Helper()
	recordings, err := filepath.Glob(filepath.Join("..", "enginetest", "testdata", "*-"+kind+".json"))
	if err != nil || len(recordings) == 0 {
		f.Fatalf("no recordings of %s: %v", kind, err)
	}
	for _, name := range recordings {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range []string{
		"", "null", "[]", "{}", "[null]", `["a",1,[],{}]`, `[{"Id":"a"},{"Id":7},{"Id":"b"}`, `[{"Id":"a","Name":3},{"Id":"b"}] trailing`,
		`[{"Id":"a","IPAM":{"Config":[{"Subnet":"x","Gateway":"fd05::1/112","AuxiliaryAddresses":{"z":"<nil>"}}]},"Created":{}}]`,
		`[{"Id":"a","IPAM":{"Config":[null]},"Labels":[],"Created":"0001-01-01T00:00:00Z"}]`,
		`[{"Id":"a","Names":null,"Ports":[{"PrivatePort":65535},{"PrivatePort":70000},{"PrivatePort":-1}],"Created":9223372036854775807}]`,
		`[{"Id":"a","State":"RUNNING","HostConfig":{"NetworkMode":"container:a"},"NetworkSettings":{"Networks":{"n":null,"":{"Aliases":["","a"]}}}}]`,
	} {
		f.Add([]byte(text))
	}
}

// elements are the elements of a list, as the standard decoder sees them, and
// whether the text is a whole list and nothing else.
func elements(text []byte) (list []json.RawMessage, whole bool) {
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, false
	}
	return list, true
}

// checkList holds what was taken from a list against its elements: each whole
// one once, in order, and each other one as odd.
func checkList[T any](t *testing.T, text []byte) (taken []element[T], err error) {
	t.Helper()
	err = list(bytes.NewReader(text), func(e element[T]) { taken = append(taken, e) })
	want, whole := elements(text)
	if whole != (err == nil) {
		t.Fatalf("a whole list: %t, the error: %v", whole, err)
	}
	if !whole {
		return nil, err
	}
	if len(taken) != len(want) {
		t.Fatalf("%d elements were taken of %d", len(taken), len(want))
	}
	for i, e := range taken {
		var value T
		alone := json.Unmarshal(want[i], &value)
		if e.index != i || e.value == nil || (e.err == nil) != (alone == nil) {
			t.Fatalf("element %d was taken as %d with error %v; decoded alone: %v", i, e.index, e.err, alone)
		}
	}
	return taken, nil
}

func FuzzNetworks(f *testing.F) {
	seed(f, "networks")
	f.Fuzz(func(t *testing.T, text []byte) {
		taken, err := checkList[wireNetwork](t, text)
		if err != nil {
			return
		}
		var r networkReader
		named := 0
		for _, e := range taken {
			r.take(e)
			if e.value.ID != "" {
				named++
			}
			if e.value.ID == "" && len(r.gaps) == 0 {
				t.Fatal("an element without an ID left no gap")
			}
		}
		if len(r.networks) != named {
			t.Fatalf("%d networks of %d with an ID were kept", len(r.networks), named)
		}
		checkSnapshot(t, &topology.Snapshot{Networks: r.networks, Unread: r.gaps}, nil)
	})
}

func FuzzContainers(f *testing.F) {
	seed(f, "containers")
	f.Fuzz(func(t *testing.T, text []byte) {
		taken, err := checkList[wireContainer](t, text)
		if err != nil {
			return
		}
		for _, product := range []string{topology.ProductDocker, topology.ProductPodman} {
			var r containerReader
			named := 0
			for _, e := range taken {
				r.take(e)
				if e.value.ID != "" {
					named++
				}
			}
			if len(r.containers) != named {
				t.Fatalf("%d containers of %d with an ID were kept", len(r.containers), named)
			}
			checkSnapshot(t, &topology.Snapshot{
				Engine:     topology.Engine{Product: product},
				Networks:   []topology.Network{{ID: "n1", Name: "n"}, {ID: "n2", Name: "n"}, {ID: "b", Name: "bridge"}},
				Containers: r.containers, Unread: r.gaps,
			}, r.wanted)
		}
	})
}

// checkSnapshot resolves and sorts a snapshot, and holds that it is one: every
// attachment is of a container of its own, and of a network where it says so.
func checkSnapshot(t *testing.T, s *topology.Snapshot, wanted []topology.Attachment) {
	t.Helper()
	containers := len(s.Containers)
	resolve(s, wanted)
	s.Sort()
	if s.Networks == nil || s.Containers == nil || s.Attachments == nil {
		t.Fatal("a list is null")
	}
	if len(s.Containers) != containers {
		t.Fatalf("%d containers became %d", containers, len(s.Containers))
	}
	ix := topology.NewIndex(s)
	for i := range s.Attachments {
		a := &s.Attachments[i]
		if ix.Container(a.ContainerID) == nil {
			t.Fatalf("an attachment of nobody: %+v", a)
		}
		if a.State == "" || a.Resolved() != (ix.Network(a.NetworkID) != nil) {
			t.Fatalf("an attachment that is %q to %q", a.State, a.NetworkID)
		}
	}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatalf("the snapshot cannot be saved: %v", err)
	}
	var again topology.Snapshot
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatalf("the saved snapshot cannot be read: %v", err)
	}
}

func TestNotJSON(t *testing.T) {
	// Errors of the way are not to be taken for errors of the text.
	broken := errors.New("broken pipe")
	if got := notJSON(broken); !errors.Is(got, broken) || got.Error() != broken.Error() {
		t.Errorf("%v became %v", broken, got)
	}
}
