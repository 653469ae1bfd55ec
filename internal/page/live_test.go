//go:build diagrams

package page

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// station serves a page and tells it of news, as package live does, and can be silenced
// in ways that one cannot.
type station struct {
	t      *testing.T
	server *httptest.Server

	lock  sync.Mutex
	page  *Page
	told  []string // events, from which each browser reads on
	more  chan struct{}
	down  bool
	asked int           // for details
	holds chan struct{} // while it is there and open, details wait
	hangs []context.CancelFunc
}

func newStation(t *testing.T, s *topology.Snapshot) *station {
	t.Helper()
	st := &station{t: t, page: pageOf(t, s, Options{Live: true}), more: make(chan struct{})}
	st.server = httptest.NewServer(http.HandlerFunc(st.serve))
	t.Cleanup(func() {
		st.cut()
		st.server.Close()
	})
	return st
}

func (st *station) serve(w http.ResponseWriter, r *http.Request) {
	st.lock.Lock()
	page, down := st.page, st.down
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	st.hangs = append(st.hangs, stop)
	st.lock.Unlock()
	if down {
		panic(http.ErrAbortHandler)
	}
	switch r.URL.Path {
	case "/t/":
		w.Header().Set("Content-Security-Policy", Policy(true)+"; frame-ancestors 'none'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := page.Write(w); err != nil {
			st.t.Error(err)
		}
	case "/t/detail":
		st.lock.Lock()
		st.asked++
		holds := st.holds
		st.lock.Unlock()
		if holds != nil {
			select {
			case <-holds:
			case <-ctx.Done():
				return
			}
		}
		text, err := page.Detail(r.URL.Query().Get("key"))
		if err != nil || text == nil {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(text)
	case "/t/stream":
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = fmt.Fprint(w, "retry: 50\n\n")
		st.stream(ctx, w)
	default:
		st.t.Errorf("the page asks for %s", r.URL.Path)
	}
}

func (st *station) stream(ctx context.Context, w http.ResponseWriter) {
	for at := 0; ; {
		st.lock.Lock()
		told, more := slices.Clone(st.told[at:]), st.more
		st.lock.Unlock()
		at += len(told)
		_, _ = fmt.Fprint(w, strings.Join(told, ""))
		_ = http.NewResponseController(w).Flush()
		select {
		case <-more:
		case <-ctx.Done():
			return
		}
	}
}

func (st *station) tell(kind string, text []byte) {
	st.lock.Lock()
	defer st.lock.Unlock()
	st.told = append(st.told, "event: "+kind+"\ndata: "+string(text)+"\n\n")
	close(st.more)
	st.more = make(chan struct{})
}

// show makes another snapshot the newest.
func (st *station) show(s *topology.Snapshot) {
	st.t.Helper()
	p := pageOf(st.t, s, Options{Live: true})
	_, text, err := p.Update()
	if err != nil {
		st.t.Fatal(err)
	}
	st.lock.Lock()
	st.page = p
	st.lock.Unlock()
	st.tell("picture", text)
}

func (st *station) status(status map[string]any) {
	st.t.Helper()
	text, err := json.Marshal(status)
	if err != nil {
		st.t.Fatal(err)
	}
	st.tell("status", text)
}

// cut ends all streams, and answers nobody any more.
func (st *station) cut() {
	st.lock.Lock()
	defer st.lock.Unlock()
	st.down = true
	for _, stop := range st.hangs {
		stop()
	}
	st.hangs = nil
}

func (st *station) mend() {
	st.lock.Lock()
	defer st.lock.Unlock()
	st.down = false
}

// changed is a snapshot in which some things differ: a container stopped, another is
// gone, a third is new.
func changed(t *testing.T) *topology.Snapshot {
	t.Helper()
	s := *shop(t)
	s.Containers = slices.DeleteFunc(slices.Clone(s.Containers), func(c topology.Container) bool { return c.Name == "scratchpad" })
	for i := range s.Containers {
		if s.Containers[i].Name == "cache" {
			s.Containers[i].State = topology.Exited
		}
	}
	network := ""
	for _, n := range s.Networks {
		if n.Name == "shop_back" {
			network = n.ID
		}
	}
	id := strings.Repeat("ab", 32)
	s.Containers = append(s.Containers, topology.Container{ID: id, Name: "newcomer", Image: "new", State: topology.Running, Project: "shop"})
	s.Attachments = append(slices.DeleteFunc(slices.Clone(s.Attachments), func(a topology.Attachment) bool {
		return !slices.ContainsFunc(s.Containers, func(c topology.Container) bool { return c.ID == a.ContainerID })
	}), topology.Attachment{NetworkID: network, NetworkName: "shop_back", ContainerID: id, State: topology.Live})
	s.Sort()
	return &s
}

func TestLivePage(t *testing.T) {
	s := shop(t)
	st := newStation(t, s)
	b := browse(t, st.server.URL+"/t/", desktop, "light")
	const is = `at("live").dataset.is`
	st.status(map[string]any{"taken": s.TakenAt})
	b.want(is, "live")
	b.click(b.card("cache"))
	b.want(`at("panel-text").textContent.includes("This container is running.")`, "true")
	b.eval(`(window.kept = document.querySelector(` + quote(b.card("web")) + `), window.was = kept.getAttribute("transform"), 0)`)
	st.show(changed(t))
	b.want(all+`.includes("newcomer")`, "true")
	b.want(all+`.includes("scratchpad")`, "false")
	// What is open tells what is so now, and what looks the same is the same.
	b.want(`at("panel-kind").textContent.includes("exited")`, "true")
	b.want(`at("panel-text").textContent.includes("This container is stopped.")`, "true")
	b.want(open, "cache")
	b.want(`document.querySelector(`+quote(b.card("web"))+`) === kept`, "true")
	b.shoot("live")
	// The engine goes.
	st.status(map[string]any{"taken": s.TakenAt, "since": s.TakenAt.Add(time.Minute), "trouble": "cannot connect"})
	b.want(is, "stale")
	b.want(`at("live-text").textContent.startsWith("The engine does not answer since")`, "true")
	b.want(`at("said").textContent.startsWith("The engine does not answer since")`, "true")
	b.shoot("stale")
	// The server goes, and comes back.
	st.cut()
	b.want(is, "lost")
	st.mend()
	st.status(map[string]any{"taken": s.TakenAt})
	b.want(is, "live")
	// What is open goes.
	gone := changed(t)
	gone.Containers = slices.DeleteFunc(gone.Containers, func(c topology.Container) bool { return c.Name == "cache" })
	st.show(gone)
	b.want(`at("panel-text").textContent`, "cache is not there any more")
	b.want(`at("panel-links").textContent + at("panel-kind").textContent`, "")
	st.tell("end", []byte("."))
	b.want(is, "ended")
	b.shoot("ended")
	// Nobody serves that address any more: the page does not say that it tries.
	b.eval(`(live.connect(), 0)`)
	b.want(`live.source === null`, "true")
	b.want(is, "ended")
	b.lock.Lock()
	defer b.lock.Unlock()
	for _, address := range b.requests {
		if !strings.HasPrefix(address, st.server.URL+"/t/") {
			t.Errorf("the page asks for %s", address)
		}
	}
	for _, complaint := range b.complaints {
		// The browser itself tells of each stream that breaks, and of details that were
		// asked for when what they are of had gone and the picture of that had not come.
		gone := strings.Contains(complaint, "404") && strings.Contains(complaint, "/t/detail?")
		if !strings.Contains(complaint, "ERR_") && !gone {
			t.Errorf("the browser says %s", complaint)
		}
	}
}

// TestLiveDetails: an object is not asked for again while that is under way, a late answer
// for what is gone is not shown, and what had the focus in the panel keeps it.
func TestLiveDetails(t *testing.T) {
	s := shop(t)
	st := newStation(t, s)
	b := browse(t, st.server.URL+"/t/#%", desktop, "light") // which is no key, and no harm
	st.status(map[string]any{"taken": s.TakenAt})
	b.want(`at("live").dataset.is`, "live")
	b.click(b.card("cache"))
	b.want(`at("panel-text").textContent.includes("This container is running.")`, "true")
	b.eval(`(document.querySelector("#panel-links a").focus(), window.linked = document.activeElement.textContent, 0)`)
	st.show(changed(t))
	b.want(`at("panel-text").textContent.includes("This container is stopped.")`, "true")
	b.want(`document.activeElement.textContent === linked`, "true")

	holds := make(chan struct{})
	st.lock.Lock()
	st.holds = holds
	before := st.asked
	st.lock.Unlock()
	b.eval(`(panel.renew(), panel.renew(), panel.renew(), 0)`)
	b.want(`panel.request.again`, "true")
	close(holds)
	b.want(`panel.request === null`, "true")
	st.lock.Lock()
	if asked := st.asked - before; asked != 2 {
		t.Errorf("details were asked for %d times, want once at first and once afterwards", asked)
	}
	st.holds = make(chan struct{})
	st.lock.Unlock()
	b.eval(`(panel.renew(), window.late = panel.request, 0)`)
	gone := changed(t)
	gone.Containers = slices.DeleteFunc(gone.Containers, func(c topology.Container) bool { return c.Name == "cache" })
	st.show(gone)
	b.want(`at("panel-text").textContent`, "cache is not there any more")
	b.want(`panel.request === null && late.stop.signal.aborted`, "true")
}

// TestLiveKeepsTheUsersPlace: a change takes away neither the hit that Enter would open,
// nor an open list, nor the focus.
func TestLiveKeepsTheUsersPlace(t *testing.T) {
	s := shop(t)
	st := newStation(t, s)
	b := browse(t, st.server.URL+"/t/", desktop, "light")
	st.status(map[string]any{"taken": s.TakenAt})
	b.want(`at("live").dataset.is`, "live")
	b.press("/")
	b.do(chromedp.KeyEvent("shop"), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
	b.eval(`(window.hit = hits.children[2].dataset.to, window.choice = at("project").options[1], 0)`)
	b.want(`hits.querySelector("[aria-selected=true]").dataset.to === hit`, "true")
	st.show(changed(t))
	b.want(all+`.includes("newcomer")`, "true")
	b.want(`hits.querySelector("[aria-selected=true]").dataset.to === hit`, "true")
	b.want(`at("project").options[1] === choice`, "true")
	b.eval(`(picture.button(model.state.objects.find(o => o.name === "newcomer").key).focus(), 0)`)
	st.show(s)
	b.want(all+`.includes("newcomer")`, "false")
	b.want(focus, "map")
}

// What moves glides, what is new comes in, and what is gone goes out.
func TestLivePageMoves(t *testing.T) {
	st := newStation(t, shop(t))
	b := browse(t, st.server.URL+"/t/", desktop, "light")
	b.mediaMoving()
	b.eval(`(window.seen = new Set(), Element.prototype.animate = new Proxy(Element.prototype.animate, { apply(f, self, args) {
		const kind = args[0][0].transform ? "glides" : args[0][0].opacity === 0 ? "comes" : "goes";
		seen.add(kind);
		return Reflect.apply(f, self, args);
	} }), 0)`)
	st.show(changed(t))
	b.want(`[...seen].sort().join(" ")`, "comes glides goes")
	b.want(`picture.svg.querySelectorAll("[aria-hidden=true]").length`, "0") // they go for good
	b.want(`document.getAnimations().filter(a => a.effect.target?.closest("#picture")).length`, "0")
}
