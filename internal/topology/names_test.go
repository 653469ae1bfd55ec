package topology

import (
	"strings"
	"testing"
)

func TestCalled(t *testing.T) {
	id := strings.Repeat("ab", 32)
	s := &Snapshot{
		Containers: []Container{{ID: "1", Name: "Web"}, {ID: id, Name: "\u212aelvin"}, {ID: "3", Name: ""}},
		Attachments: []Attachment{
			{NetworkID: "n", ContainerID: "1", Aliases: []string{"web", "api"}},
			{NetworkID: "n", ContainerID: id, Aliases: []string{"API"}, HostName: "host"},
		},
		Networks: []Network{{ID: "n", Name: "net"}},
	}
	ix := NewIndex(s)
	for name, want := range map[string]string{
		"web": "1", "WEB": "1", "api": "1 " + id, "kelvin": id, "HOST": id, ShortID(id): id, "net": "", "we": "", "": "",
	} {
		var got []string
		for _, c := range ix.Called(name) {
			got = append(got, c.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
