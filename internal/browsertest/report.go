package browsertest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"testing"
	"time"
)

// Report shows the page.html of a site in a browser, and gives what that sends to
// /results.
func Report[R any](t *testing.T, site *http.ServeMux) R {
	t.Helper()
	reports := make(chan R, 1)
	site.HandleFunc("POST /results", func(_ http.ResponseWriter, r *http.Request) {
		var got R
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		reports <- got
	})
	server := httptest.NewServer(site)
	defer server.Close()

	const patience, pause = 3 * time.Minute, 5 * time.Second
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	cmd := exec.CommandContext(ctx, Find(t),
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--user-data-dir="+Profile(t),
		"--remote-debugging-port=0", server.URL+"/page.html")
	cmd.WaitDelay = pause
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
		return got
	case err := <-ended:
		ended <- err
		t.Fatalf("the browser ended before it had drawn: %v", err)
	case <-ctx.Done():
		t.Fatal("the browser took too long to draw")
	}
	var none R
	return none
}
