//go:build diagrams

package render

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/browsertest"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// measuring is a page that draws SVG texts one after the other, and reports every text
// that leaves the room of its object, or is stretched to another width than it has.
//
// A mark on a letter may reach beyond the letter's own width by less than a letter.
const measuring = `<!doctype html><meta charset="utf-8"><body><script>
window.ran = 0;
(async () => {
  const found = [];
  for (const [name, svg] of Object.entries(await (await fetch("/drawings")).json())) {
    document.body.innerHTML = svg;
    const root = document.body.firstElementChild;
    let texts = 0;
    for (const text of root.querySelectorAll("text")) {
      texts++;
      const box = text.getBBox(), want = parseFloat(text.getAttribute("textLength"));
      if (!text.hasAttribute("transform") && Math.abs(box.width - want) > 9) {
        found.push(name + ": " + text.textContent.slice(0, 40) + " is " + box.width + " wide, and not " + want);
      }
      const card = text.closest(".container")?.querySelector(":scope > rect.card");
      if (!card) continue;
      const room = card.getBBox();
      if (box.x < room.x || box.x + box.width > room.x + room.width || box.y < room.y - 1 || box.y + box.height > room.y + room.height + 1) {
        found.push(name + ": " + text.textContent.slice(0, 40) + " leaves its card");
      }
    }
    if (!texts) found.push(name + ": no text");
  }
  await fetch("/results", {method: "POST", body: JSON.stringify({ran: window.ran, found})});
})();
</script>`

// Whatever fonts a browser has, each text is within its card.
func TestSVGInBrowser(t *testing.T) {
	drawings := map[string]string{}
	for name, s := range map[string]*topology.Snapshot{"shop": shop(t), "town": town(), "odd": odd(), "hostile": hostile()} {
		drawings[name] = svgOf(t, s, &Look{All: true}, SVGOptions{})
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /page.html", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if _, err := w.Write([]byte(measuring)); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("GET /drawings", func(w http.ResponseWriter, _ *http.Request) {
		if err := json.NewEncoder(w).Encode(drawings); err != nil {
			t.Error(err)
		}
	})
	got := browsertest.Report[struct {
		Ran   int      `json:"ran"`
		Found []string `json:"found"`
	}](t, mux)
	if got.Ran != 0 {
		t.Errorf("a script in a name ran %d times", got.Ran)
	}
	for _, what := range got.Found {
		t.Error(what)
	}
}
