package render

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestJSONComesBack(t *testing.T) {
	for name, want := range map[string]*topology.Snapshot{"shop": shop(t), "town": town(), "odd": odd(), "hostile": hostile()} {
		text := draw(t, func(w *strings.Builder) error { return JSON(w, want) })
		if strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && (r < ' ' || !visible(r)) }) {
			t.Errorf("%s: the JSON holds a character that acts on a terminal", name)
		}
		got, err := ReadJSON(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if name == "hostile" {
			// JSON knows UTF-8 only; what is none has been replaced now.
			text = draw(t, func(w *strings.Builder) error { return JSON(w, got) })
			want = got
			if got, err = ReadJSON(strings.NewReader(text)); err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
		}
		if again := draw(t, func(w *strings.Builder) error { return JSON(w, got) }); again != text {
			t.Errorf("%s: written again, the JSON differs", name)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: came back different", name)
		}
	}
}

func TestReadJSONRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "not what docker netkit graph --format json writes: EOF",
		"<html>":                             "not what docker netkit graph --format json writes",
		"[]":                                 "not what docker netkit graph --format json writes",
		"{}":                                 "it has no schema",
		`{"schema":`:                         "not what docker netkit graph --format json writes",
		`{"schema":2}`:                       "a newer docker netkit wrote it",
		`{"schema":1}{"schema":1}`:           "give one at a time",
		`{"schema":1,"networks":[{"id":1}]}`: "not what docker netkit graph --format json writes",
	} {
		if _, err := ReadJSON(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ReadJSON(%s): got %v, want %s", text, err, want)
		}
	}
	for _, text := range []string{`{"schema":1}`, "\xef\xbb\xbf" + `{"schema":1}`, `{"schema":1,"of a later version":{"x":1}}` + "\n"} {
		if _, err := ReadJSON(strings.NewReader(text)); err != nil {
			t.Errorf("ReadJSON(%s): %v", text, err)
		}
	}
}

func FuzzASCIIControls(f *testing.F) {
	for _, name := range hostileNames {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, value string) {
		text, err := json.Marshal(map[string]string{value: value})
		if err != nil {
			t.Fatal(err)
		}
		escaped := ASCIIControls(text)
		for _, r := range string(escaped) {
			if r < ' ' || !visible(r) {
				t.Errorf("%q is written as %q, with %U", value, escaped, r)
			}
		}
		var got, want map[string]string
		if err := json.Unmarshal(escaped, &got); err != nil {
			t.Fatalf("%q is written as %q: %v", value, escaped, err)
		}
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q comes back as %q", want, got)
		}
	})
}

// Whatever is read as a snapshot can be drawn in every format.
func FuzzReadJSON(f *testing.F) {
	f.Add(`{"schema":1,"networks":[{"id":"n","name":"net"}],"containers":[{"id":"c","name":"ctr","state":"running","network_mode":"container:c"}],` +
		`"attachments":[{"network_id":"n","network_name":"net","container_id":"c","state":"live"},{"network_id":"x","network_name":"","container_id":"y","state":"live"},{"network_name":"","container_id":"c","state":""}]}`)
	f.Add(`{"schema":1,"networks":null,"containers":[{"ports":[{"port":1,"count":65535,"protocol":"","host_port":65535,"host_ip":"x"}]}],"unread":[{}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ReadJSON(strings.NewReader(text))
		if err != nil {
			return
		}
		ix := topology.NewIndex(s)
		for _, write := range formats() {
			draw(t, func(w *strings.Builder) error { return write(w, ix) })
		}
	})
}
