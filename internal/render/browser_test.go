//go:build diagrams

package render

import (
	"encoding/json"
	"net/http"
	"os"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/browsertest"
)

// mermaidDiagram is a text for Mermaid to draw.
type mermaidDiagram struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// mermaidDrawing is what Mermaid made of one.
type mermaidDrawing struct {
	Name  string `json:"name"`
	Error string `json:"error"`
	// Labels are the texts shown, and Foreign the elements in them that no
	// label of ours has.
	Labels  []string `json:"labels"`
	Foreign []string `json:"foreign"`
}

// drawMermaid has Mermaid itself, in a browser, parse and draw the diagrams.
func drawMermaid(t *testing.T, diagrams []mermaidDiagram) []mermaidDrawing {
	t.Helper()
	const script = "testdata/mermaid/node_modules/mermaid/dist/mermaid.min.js"
	if _, err := os.Stat(script); err != nil {
		t.Fatalf("Mermaid is not there: %v; run npm ci in internal/render/testdata/mermaid, or make test-diagrams", err)
	}
	mux := http.NewServeMux()
	serve := func(path, file string) {
		mux.HandleFunc("GET /"+path, func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, file) })
	}
	serve("page.html", "testdata/mermaid/page.html")
	serve("mermaid.min.js", script)
	mux.HandleFunc("GET /diagrams", func(w http.ResponseWriter, _ *http.Request) {
		if err := json.NewEncoder(w).Encode(diagrams); err != nil {
			t.Error(err)
		}
	})
	got := browsertest.Report[struct {
		Ran     int              `json:"ran"`
		Results []mermaidDrawing `json:"results"`
	}](t, mux)
	if got.Ran != 0 {
		t.Errorf("a script in a name ran %d times", got.Ran)
	}
	if len(got.Results) != len(diagrams) {
		t.Fatalf("%d of %d diagrams were drawn", len(got.Results), len(diagrams))
	}
	return got.Results
}
