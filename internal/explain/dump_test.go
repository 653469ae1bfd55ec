package explain_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func TestDump(t *testing.T) {
	text, _ := os.ReadFile(os.Getenv("DUMP"))
	var r struct{ Snapshot topology.Snapshot }
	if err := json.Unmarshal(text, &r); err != nil || r.Snapshot.Networks == nil {
		_ = json.Unmarshal(text, &r.Snapshot)
	}
	r.Snapshot.Sort()
	ix := topology.NewIndex(&r.Snapshot)
	lang := explain.Language(os.Getenv("L"))
	d := explain.Details{Docker: "docker"}
	fmt.Println(explain.OfEngine(ix, explain.Drivers{}).Markdown(lang))
	for i := range ix.Networks {
		fmt.Println(explain.OfNetwork(ix, &ix.Networks[i], d).Markdown(lang))
	}
	for i := range ix.Containers {
		fmt.Println(explain.OfContainer(ix, &ix.Containers[i], d).Markdown(lang))
	}
	for i := range ix.Containers {
		fmt.Println(explain.OfPair(ix, &ix.Containers[i], &ix.Containers[(i+3)%len(ix.Containers)], d).Markdown(lang))
	}
}
