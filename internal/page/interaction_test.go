//go:build diagrams

package page

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Expressions for what the page shows.
const (
	// lit are the names of the objects that do not stand back.
	lit = `[...document.querySelectorAll("#picture [role=button]:not(.off)")].map(e => model.get(e.dataset.key).name).sort().join(" ")`
	// all are the names of all objects.
	all      = `[...document.querySelectorAll("#picture [role=button]")].map(e => model.get(e.dataset.key).name).sort().join(" ")`
	focus    = `document.activeElement.id || model.get(document.activeElement.dataset.key)?.name`
	open     = `at("panel").hidden ? "" : at("panel-name").textContent`
	lineLits = `[...document.querySelectorAll("#picture .attachment[data-key]:not(.off)")].map(e => model.get(e.dataset.from).name + "-" + model.get(e.dataset.to).name).sort().join(" ")`
)

// shopPage opens the page of the sample.
func shopPage(t *testing.T, window size, scheme string) *tab {
	t.Helper()
	s := shop(t)
	report := checks.Run(&checks.Facts{Index: topology.NewIndex(s)}, checks.All())
	p := pageOf(t, s, Options{Report: report})
	b := browse(t, saved(t, p), window, scheme)
	b.want(`document.querySelectorAll("#picture [role=button]").length`, strconv.Itoa(len(p.shown)))
	return b
}

// card is the selector of an object's button in the picture.
func (b *tab) card(name string) string {
	b.t.Helper()
	key := b.eval(`model.state.objects.find(o => o.name === ` + quote(name) + `)?.key`)
	return `#picture [role=button][data-key="` + key + `"]`
}

func TestSearch(t *testing.T) {
	b := shopPage(t, desktop, "light")
	everything := b.eval(all)
	b.want(lit, everything)
	b.press("/", "cach")
	b.want(focus, "query")
	b.want(`[...at("hits").children].map(e => e.firstChild.textContent).join(" ")`, "cache")
	b.want(lit, "cache")
	b.want(`query.getAttribute("aria-expanded")`, "true")
	b.press(kb.Enter)
	b.want(open, "cache")
	b.want(focus, "panel-name")
	b.want(`location.hash`, "#"+b.eval(`model.chosen`))
	b.press(kb.Escape)
	b.want(open, "")
	b.want(`location.hash`, "")
	b.want(focus, "cache")
	// Addresses, images and ports are found, too; the arrows choose among several.
	b.press("/")
	b.eval(`(query.value = "", search(), 0)`)
	b.press("8443")
	b.want(`[...at("hits").children].map(e => e.firstChild.textContent).join(" ")`, "web")
	b.eval(`(query.value = "", search(), 0)`)
	b.press("shop_")
	first := b.eval(`document.getElementById(query.getAttribute("aria-activedescendant")).firstChild.textContent`)
	b.press(kb.ArrowDown)
	if second := b.eval(`document.getElementById(query.getAttribute("aria-activedescendant")).firstChild.textContent`); second == first {
		t.Errorf("the arrow stays at %s", first)
	}
	b.shoot("search")
	b.press(kb.Escape)
	b.want(lit, everything)
	b.want(`query.value`, "")
	b.press("/", "zzz")
	b.want(`at("hits").textContent`, "Nothing has this")
	b.want(lit, "")
	b.calm()
}

func TestFilter(t *testing.T) {
	b := shopPage(t, desktop, "light")
	everything := b.eval(all)
	choose := func(id, value string) {
		b.eval(fmt.Sprintf(`(() => { const s = at(%s); s.value = [...s.options].find(o => o.text === %s).value; s.dispatchEvent(new Event("change", { bubbles: true })); })()`, quote(id), quote(value)))
	}
	b.click("#filter")
	b.want(`at("filters").hidden`, "false")
	choose("network", "shop_back")
	b.want(lit, "api cache shop_back vpn")
	choose("state", "exited")
	b.want(lit, "")
	choose("network", "All networks")
	stopped := strings.Fields(b.eval(`model.state.objects.filter(o => o.state === "exited").map(o => o.name).join(" ")`))
	for _, name := range stopped {
		if !slices.Contains(strings.Fields(b.eval(lit)), name) {
			t.Errorf("%s is stopped and stands back", name)
		}
	}
	if slices.Contains(strings.Fields(b.eval(lit)), "web") {
		t.Error("web is running and does not stand back")
	}
	choose("project", "shop")
	b.want(`model.state.objects.filter(o => o.kind === "container" && model.lit().has(o.key)).every(o => o.group === "shop" && o.state === "exited")`, "true")
	b.want(`at("count").textContent.includes("shown")`, "true")
	b.shoot("filter")
	b.click("#filters button[type=reset]")
	b.want(lit, everything)
	b.press(kb.Escape)
	b.want(`at("filters").hidden`, "true")
	b.want(focus, "filter")
	b.calm()
}

func TestPanel(t *testing.T) {
	b := shopPage(t, desktop, "light")
	everything := b.eval(all)
	b.click(b.card("api"))
	b.want(open, "api")
	b.want(lit, b.eval(`[...model.connected(model.chosen)].map(k => model.get(k).name).sort().join(" ")`))
	for _, want := range []string{"shop_front", "shop_back", "shop_db", "vpn", "web", "cache"} {
		if !slices.Contains(strings.Fields(b.eval(lit)), want) {
			t.Errorf("%s is connected to api, and stands back", want)
		}
	}
	if slices.Contains(strings.Fields(b.eval(lit)), "scanner") {
		t.Error("scanner is not connected to api, and stands out")
	}
	b.want(`at("panel-text").textContent.includes("Its networks")`, "true")
	b.shoot("panel")
	// From object to object.
	b.click(`#panel-links a[href="#` + b.eval(`model.state.objects.find(o => o.name === "shop_back").key`) + `"]`)
	b.want(open, "shop_back")
	b.want(lit, "api cache shop_back vpn")
	b.want(lineLits, "shop_back-api shop_back-cache")
	b.want(`at("panel-text").textContent.includes("Without it")`, "true")
	b.want(`at("panel-text").textContent.includes("api would be cut off")`, "true")
	b.shoot("network")
	b.click("#panel-close")
	b.want(open, "")
	b.want(lit, everything)
	// What is wrong stands first.
	b.click(b.card("legacy"))
	b.want(`at("panel-text").firstElementChild.className`, "findings")
	b.shoot("finding")
	b.click(`#panel-links a`)
	b.want(open, "legacy_net")
	b.want(`at("panel-kind").textContent`, "Missing network")
	// A press beside everything closes it.
	b.do(chromedp.MouseClickXY(20, 500))
	b.want(open, "")
	b.calm()
}

// TestMarks: what the doctor found something about has a mark in the picture, and says so
// to who does not see that; what the picture marks itself has no second one.
func TestMarks(t *testing.T) {
	s := shop(t)
	for i := range s.Containers {
		if c := &s.Containers[i]; c.Name == "db" {
			for j := range c.Ports {
				c.Ports[j].HostIP = topology.ParseAddress("0.0.0.0")
			}
		}
	}
	report := checks.Run(&checks.Facts{Index: topology.NewIndex(s)}, checks.All())
	b := browse(t, saved(t, pageOf(t, s, Options{Report: report})), desktop, "light")
	b.want(`[...document.querySelectorAll("#picture .badge")].map(e => e.parentElement.dataset.name + " " + e.getAttribute("class")).join()`, "db badge is-warning")
	b.want(`[...document.querySelectorAll("#picture [role=button]")].filter(e => e.getAttribute("aria-label").includes(words.findings)).map(e => e.dataset.name).join()`, "db,legacy")
	b.shoot("marks")
}

func TestDeepLink(t *testing.T) {
	p := pageOf(t, shop(t), Options{})
	key := ""
	for _, o := range p.objects() {
		if o.Name == "cache" {
			key = o.Key
		}
	}
	b := browse(t, saved(t, p)+"#"+key, desktop, "light")
	b.want(open, "cache")
	b.eval(`location.hash = model.state.objects.find(o => o.name === "web").key`)
	b.want(open, "web")
	for _, nothing := range []string{"c_nothing", "%", "%E0%A4%A", "constructor"} {
		b.eval(`location.hash = ` + quote(nothing))
		b.want(open, "web")
	}
	b.calm()
	// Nor does an address that means nothing keep the page from working.
	b = browse(t, saved(t, p)+"#%", desktop, "light")
	b.want(open, "")
	b.click(b.card("api"))
	b.want(open, "api")
	b.calm()
}

// TestSkipLink: who uses the keyboard gets past the map, and the address still names what
// is open.
func TestSkipLink(t *testing.T) {
	b := shopPage(t, desktop, "light")
	b.press(kb.Tab)
	b.want(`document.activeElement.className`, "skip")
	b.press(kb.Enter)
	b.want(focus, "foot")
	b.press(kb.Tab)
	b.want(focus, "zoom-in")
	b.eval(`(panel.open(model.state.objects.find(o => o.name === "api").key), document.querySelector(".skip").click(), 0)`)
	b.want(`location.hash === "#" + model.chosen`, "true")
	b.want(open, "api")
	b.calm()
}

// TestPressWithoutPointer: programs that help people press by themselves, also after the
// map was dragged.
func TestPressWithoutPointer(t *testing.T) {
	b := shopPage(t, desktop, "light")
	b.eval(`(drag = { far: true, x: 0, y: 0 }, 0)`)
	b.eval(`(document.querySelector(` + quote(b.card("api")) + `).dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 0 })), 0)`)
	b.want(open, "api")
	b.calm()
}

func TestKeyboard(t *testing.T) {
	b := shopPage(t, desktop, "light")
	// Everything is reached in an order that makes sense: the bar, the map, what is on it.
	var order []string
	for range 8 {
		b.press(kb.Tab)
		order = append(order, b.eval(`document.activeElement.className === "skip" ? "skip" : `+focus))
	}
	if got, want := strings.Join(order[:5], " "), "skip query filter theme map"; got != want {
		t.Errorf("Tab leads to %s, want %s", got, want)
	}
	name := order[len(order)-1]
	if first := strings.Fields(b.eval(`[...document.querySelectorAll("#picture [role=button]")].map(e => model.get(e.dataset.key).name).join(" ")`)); first[2] != name {
		t.Errorf("Tab leads to %s, want %s", name, first[2])
	}
	if ring := b.eval(`getComputedStyle(document.activeElement).outlineStyle + " " + parseFloat(getComputedStyle(document.activeElement).outlineWidth)`); ring != "solid 3" {
		t.Errorf("what has the focus has the ring %s", ring)
	}
	b.shoot("focus")
	b.press(kb.Enter)
	b.want(open, name)
	b.want(focus, "panel-name")
	b.press(kb.Tab)
	b.want(focus, "panel-close")
	b.press(kb.Escape)
	b.want(focus, name)
	for key, changed := range map[string]string{
		kb.ArrowLeft: "view.x - before.x", kb.ArrowRight: "before.x - view.x", kb.ArrowUp: "view.y - before.y", kb.ArrowDown: "before.y - view.y",
		"+": "view.scale - before.scale", "-": "before.scale - view.scale",
	} {
		b.eval(`(window.before = { x: view.x, y: view.y, scale: view.scale }, 0)`)
		b.press(key)
		b.want(changed+" > 0", "true")
	}
	b.press("0")
	b.want(`(() => { const m = view.map.getBoundingClientRect(), p = picture.svg.getBoundingClientRect(); return p.left >= m.left && p.right <= m.right && p.top >= m.top && p.bottom <= m.bottom; })()`, "true")
	// What has the focus is seen, also when it was out of sight.
	b.eval(`(view.zoom(5), view.move(-2000, -9000), 0)`)
	b.press(kb.Tab)
	b.want(`(() => { const m = view.map.getBoundingClientRect(), p = document.activeElement.getBoundingClientRect(); return p.left >= m.left && p.top >= m.top && p.top < m.bottom; })()`, "true")
	b.press("?")
	b.want(`at("keys").hidden`, "false")
	b.shoot("help")
	b.press(kb.Escape)
	b.want(`at("keys").hidden`, "true")
	b.calm()
}

func TestMouse(t *testing.T) {
	b := shopPage(t, desktop, "light")
	// The wheel keeps what is below the pointer where it is.
	point := `[(700 - view.x) / view.scale, (400 - 56 - view.y) / view.scale].map(v => Math.round(v)).join()`
	before, scale := b.eval(point), b.eval(`view.scale`)
	call(b, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseWheel, X: 700, Y: 400, DeltaX: 0.001, DeltaY: -240})
	b.want(`view.scale > `+scale, "true")
	b.want(point, before)
	// Dragging moves, and is no press.
	at := b.eval(`JSON.stringify(document.querySelector(` + quote(b.card("web")) + `).getBoundingClientRect().toJSON())`)
	b.eval(`(window.was = [view.x, view.y], 0)`)
	b.do(chromedp.DragAndDropXY(700, 400, 760, 430, 5))
	b.want(`[view.x - was[0], view.y - was[1]].map(Math.round).join()`, "60,30")
	b.want(open, "")
	if now := b.eval(`JSON.stringify(document.querySelector(` + quote(b.card("web")) + `).getBoundingClientRect().toJSON())`); now == at {
		t.Error("web did not move with the map")
	}
	b.click("#zoom-in")
	b.click("#zoom-out")
	b.click("#zoom-fit")
	b.want(`view.moved`, "false")
	b.calm()
}

func TestPhone(t *testing.T) {
	b := shopPage(t, phone, "light")
	b.want(`document.documentElement.scrollWidth <= innerWidth`, "true")
	b.shoot("phone")
	// A finger opens what it touches, and two zoom.
	b.tap(b.card("web"))
	b.want(open, "web")
	b.want(`(() => { const r = at("panel").getBoundingClientRect(); return r.left === 0 && r.right === innerWidth && r.bottom === innerHeight && r.top > 200; })()`, "true")
	b.want(`document.documentElement.scrollWidth <= innerWidth`, "true")
	b.shoot("phone-panel")
	b.click("#panel-close")
	b.want(open, "")
	touch := func(kind input.DispatchTouchEventType, points ...*input.TouchPoint) {
		call(b, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points})
	}
	one := func(x, y, id float64) *input.TouchPoint { return &input.TouchPoint{X: x, Y: y, ID: &id} }
	scale := b.eval(`view.scale`)
	touch(input.DispatchTouchEventTypeTouchStart, one(150, 400, 1))
	touch(input.DispatchTouchEventTypeTouchStart, one(150, 400, 1), one(250, 400, 2))
	touch(input.DispatchTouchEventTypeTouchMove, one(110, 400, 1), one(290, 400, 2))
	touch(input.DispatchTouchEventTypeTouchMove, one(80, 400, 1), one(320, 400, 2))
	touch(input.DispatchTouchEventTypeTouchEnd)
	b.want(`view.scale > 1.5 * `+scale, "true")
	b.want(open, "")
	b.eval(`(window.was = view.y, 0)`)
	touch(input.DispatchTouchEventTypeTouchStart, one(200, 500, 1))
	touch(input.DispatchTouchEventTypeTouchMove, one(200, 480, 1))
	touch(input.DispatchTouchEventTypeTouchMove, one(200, 450, 1))
	touch(input.DispatchTouchEventTypeTouchEnd)
	b.want(`Math.round(view.y - was)`, "-50")
	b.want(open, "")
	b.click("#filter")
	b.shoot("phone-filter")
	b.calm()
}

func TestTheme(t *testing.T) {
	const ground = `getComputedStyle(document.body).backgroundColor`
	b := shopPage(t, desktop, "light")
	light := b.eval(ground)
	b.media("", "dark")
	b.want(ground+` !== `+quote(light), "true")
	dark := b.eval(ground)
	b.shoot("dark")
	b.click("#theme") // light, as the system is dark
	b.want(ground, light)
	b.want(`at("theme").title`, "Colours: light")
	b.click("#theme")
	b.want(ground, dark)
	b.media("", "light")
	b.want(ground, dark)
	b.shoot("dark-chosen")
	b.click("#theme")
	b.want(ground, light)
	b.calm()
}

func TestPrint(t *testing.T) {
	b := shopPage(t, desktop, "light")
	b.eval(`(view.zoom(4), 0)`)
	b.click(b.card("web"))
	b.media("print", "light")
	for _, id := range []string{"panel", "query", "theme", "zoom-in"} {
		b.want(`at("`+id+`").checkVisibility()`, "false")
	}
	b.want(`picture.svg.checkVisibility() && getComputedStyle(view.box).transform`, "none")
	b.want(`picture.svg.getBoundingClientRect().width <= innerWidth`, "true")
	b.want(`[...document.querySelectorAll("#picture .off")].every(e => getComputedStyle(e).opacity === "1")`, "true")
	b.shoot("print")
	b.calm()
}

// Names that hold scripts, markup and links run nothing, ask nobody for anything, and
// are shown as what they are.
func TestHostileNames(t *testing.T) {
	s := hostile()
	report := checks.Run(&checks.Facts{Index: topology.NewIndex(s)}, checks.All())
	p := pageOf(t, s, Options{Report: report})
	b := browse(t, saved(t, p), desktop, "light")
	b.want(`document.querySelectorAll("#picture [role=button]").length`, strconv.Itoa(len(p.shown)))
	for _, o := range p.objects() {
		b.eval(`panel.open(` + quote(o.Key) + `)`)
		b.want(open, o.Name)
		if got := b.eval(`at("panel-text").querySelectorAll("script, img, svg, iframe, a[href]").length`); got != "0" {
			t.Errorf("what is said of %s holds %s elements that act", o.Name, got)
		}
	}
	b.press(kb.Escape, "/")
	for _, name := range evil {
		b.eval(`(query.value = ` + quote(name) + `, search(), 0)`)
	}
	b.press(kb.Escape)
	b.click("#filter")
	b.shoot("hostile")
	b.calm()
}

// axe finds nothing serious in any state of the page.
func TestAccessibility(t *testing.T) {
	const file = "testdata/axe/node_modules/axe-core/axe.min.js"
	axe, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("axe is not there: %v; run npm ci in internal/page/testdata/axe, or make test-diagrams", err)
	}
	for _, window := range []size{desktop, phone} {
		for _, scheme := range []string{"light", "dark"} {
			b := shopPage(t, window, scheme)
			b.do(chromedp.Evaluate[chromedp.Void](string(axe)))
			for _, state := range []struct{ name, enter string }{
				{"at first", `0`},
				{"with the panel of a container", `panel.open(model.state.objects.find(o => o.name === "api").key)`},
				{"with the panel of what is wrong", `panel.open(model.state.objects.find(o => o.name === "legacy").key)`},
				{"with filters", `(panel.close(), at("filter").click())`},
				{"with keys", `(filterCard.leave(), at("help").click())`},
				{"with hits", `(helpCard.leave(), query.focus(), query.value = "shop", search())`},
			} {
				b.eval(`(` + state.enter + `, 0)`)
				got, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](
					`axe.run(document, { resultTypes: ["violations"] }).then(r => r.violations.filter(v => v.impact === "serious" || v.impact === "critical")
						.map(v => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.target + " " + n.failureSummary).join("; ")).join("\n"))`, chromedp.EvalAwaitPromise))
				if err != nil {
					t.Fatal(err)
				}
				if got != "" {
					t.Errorf("%v %s, %s:\n%s", window, scheme, state.name, got)
				}
			}
			b.calm()
		}
	}
}
