package explain_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// town has a network of each driver, and who is on one of them.
func town() *topology.Index {
	s := topology.Snapshot{
		Networks: []topology.Network{
			{ID: "1", Name: "bridge", Driver: "bridge", Scope: "local"},
			{ID: "2", Name: "host", Driver: "host", Scope: "local"},
			{ID: "3", Name: "none", Driver: "null", Scope: "local"},
			{ID: "4", Name: "shop|\x1b[31m`", Driver: "bridge", Scope: "local"},
			{ID: "5", Name: "lan", Driver: "macvlan", Scope: "local"},
			{ID: "6", Name: "woven", Driver: "weave", Scope: "local"},
		},
	}
	for i := range 6 {
		state := topology.Running
		if i == 5 {
			state = topology.Exited
		}
		id := fmt.Sprintf("c%d", i)
		s.Containers = append(s.Containers, topology.Container{ID: id, Name: id, State: state})
		s.Attachments = append(s.Attachments, topology.Attachment{NetworkID: "4", ContainerID: id, State: topology.Live})
	}
	s.Sort()
	return topology.NewIndex(&s)
}

func TestTopicNetworks(t *testing.T) {
	ix := town()
	for word, want := range map[string][]string{
		"bridge": {"bridge", "shop|\x1b[31m`"}, "default-bridge": {"bridge"}, "host": {"host"}, "null": {"none"},
		"macvlan": {"lan"}, "ipvlan": nil, "plugins": {"woven"}, "dns": nil, "networks": nil,
	} {
		topic, ok := explain.FindTopic(word)
		if !ok {
			t.Fatalf("there is no topic %s", word)
		}
		var got []string
		for _, n := range explain.TopicNetworks(ix, topic) {
			got = append(got, n.Name)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("beside %s stand %q, want %q", word, got, want)
		}
	}
}

func TestTopicNetworksMarkdown(t *testing.T) {
	topic, _ := explain.FindTopic("bridge")
	text := explain.TopicNetworksMarkdown(town(), topic, explain.English, explain.Details{Docker: "docker"})
	if want := "| ``\"shop\\|\\x1b[31m`\"`` |"; !strings.Contains(text, want) {
		t.Errorf("there is no %q in\n%q", want, text)
	}
	if want := "`c0`, `c1`, `c2`, `c3` and 1 more | `c5` |"; !strings.Contains(text, want) {
		t.Errorf("there is no %q in\n%s", want, text)
	}
	if want := "`docker netkit explain --network bridge`"; !strings.Contains(text, want) {
		t.Errorf("there is no %q in\n%s", want, text)
	}
	offline := explain.TopicNetworksMarkdown(town(), topic, explain.Portuguese, explain.Details{Docker: "docker", Offline: true})
	if strings.Contains(offline, "docker netkit") || !strings.Contains(offline, "## Redes deste tipo no snapshot") || !strings.Contains(offline, "e mais 1") {
		t.Errorf("of a snapshot it says\n%s", offline)
	}
	topic, _ = explain.FindTopic("ipvlan")
	if text := explain.TopicNetworksMarkdown(town(), topic, explain.English, explain.Details{}); !strings.Contains(text, "This engine has no network of this kind.") {
		t.Errorf("of none it says\n%s", text)
	}
	topic, _ = explain.FindTopic("plugins")
	if text := explain.TopicNetworksMarkdown(town(), topic, explain.English, explain.Details{}); !strings.Contains(text, "| `woven` | `weave` |") {
		t.Errorf("of a plugin's it says\n%s", text)
	}
}

func TestAlso(t *testing.T) {
	if text := (explain.Also{}).Markdown(explain.English, explain.Details{}); text != "" {
		t.Errorf("of nothing it says %q", text)
	}
	text := explain.Also{Topic: "dns", Container: "a b"}.Markdown(explain.English, explain.Details{Docker: "docker -H x"})
	for _, want := range []string{"`docker -H x netkit explain --topic dns`", "`docker -H x netkit explain --container 'a b'`"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	if text := (explain.Also{Container: "\x1b"}).Markdown(explain.English, explain.Details{}); strings.Contains(text, "\x1b") {
		t.Errorf("a name acts on the terminal: %q", text)
	}
}
