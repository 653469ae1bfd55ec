//go:build diagrams

package render

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"
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
	type report struct {
		Ran     int              `json:"ran"`
		Results []mermaidDrawing `json:"results"`
	}
	reports := make(chan report, 1)
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
	mux.HandleFunc("POST /results", func(_ http.ResponseWriter, r *http.Request) {
		var got report
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		reports <- got
	})
	server := httptest.NewServer(mux)
	defer server.Close()

	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, browser(t),
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--user-data-dir="+profile(t),
		"--remote-debugging-port=0", server.URL+"/page.html")
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer func() {
		stop()
		<-ended //nolint:errcheck // it was killed
	}()
	select {
	case got := <-reports:
		if got.Ran != 0 {
			t.Errorf("a script in a name ran %d times", got.Ran)
		}
		if len(got.Results) != len(diagrams) {
			t.Fatalf("%d of %d diagrams were drawn", len(got.Results), len(diagrams))
		}
		return got.Results
	case err := <-ended:
		ended <- err
		t.Fatalf("the browser ended before it had drawn: %v", err)
	case <-ctx.Done():
		t.Fatal("the browser took too long to draw")
	}
	return nil
}

// profile is a directory for what the browser writes. Processes that it started
// may write there for a moment longer than it lives, so that removing it may
// take more than one try.
func profile(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "netkit-browser-") //nolint:usetesting // t.TempDir has one try
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		const patience, pause = 20 * time.Second, 50 * time.Millisecond
		late := time.After(patience)
		for {
			err := os.RemoveAll(dir)
			if err == nil {
				return
			}
			select {
			case <-late:
				t.Errorf("what the browser wrote cannot be removed: %v", err)
				return
			case <-time.After(pause):
			}
		}
	})
	return dir
}

// browser finds Chromium or a relative. NETKIT_BROWSER names another.
func browser(t *testing.T) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}
	if chosen := os.Getenv("NETKIT_BROWSER"); chosen != "" {
		names = []string{chosen}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatalf("no browser to draw Mermaid in (looked for %q): install chromium, or name one in NETKIT_BROWSER", names)
	return ""
}
