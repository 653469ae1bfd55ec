//go:build diagrams

package page

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/docker-netkit/docker-netkit/internal/browsertest"
)

// tab is a page in a real browser. What a browser complains of, and each request but
// that of the page itself, is kept.
type tab struct {
	t   *testing.T
	ctx context.Context

	lock       sync.Mutex
	complaints []string
	requests   []string
}

// size is the size of a window.
type size struct{ width, height int64 }

var (
	desktop = size{1440, 900}
	phone   = size{390, 844}
)

// browse opens an address in a browser of its own, as large and as coloured as asked.
func browse(t *testing.T, address string, window size, scheme string) *tab {
	t.Helper()
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browsertest.Find(t)), chromedp.NoSandbox, chromedp.UserDataDir(browsertest.Profile(t)),
		chromedp.WindowSize(int(window.width), int(window.height)), chromedp.Flag("lang", "en"))
	allocator, stop := chromedp.NewExecAllocator(t.Context(), flags...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	const patience = 2 * time.Minute
	ctx, cancel := context.WithTimeout(ctx, patience)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, cdplog.Enable, cdp.Empty{})
	b.media("", scheme)
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: window.width, Height: window.height, DeviceScaleFactor: 1, Mobile: window == phone,
	})
	call(b, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: window == phone, MaxTouchPoints: 2})
	b.do(chromedp.Navigate(address))
	return b
}

// hear keeps what the browser tells.
func (b *tab) hear(event any) {
	b.lock.Lock()
	defer b.lock.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, fmt.Sprintf("%s %s line %d", e.ExceptionDetails.Text, e.ExceptionDetails.Exception.Description, e.ExceptionDetails.LineNumber))
	case *runtime.EventConsoleAPICalled:
		b.complaints = append(b.complaints, fmt.Sprintf("console.%s %s", e.Type, e.Args[0].Value))
	case *cdplog.EventEntryAdded:
		b.complaints = append(b.complaints, fmt.Sprintf("%s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL))
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, "data:") {
			b.requests = append(b.requests, e.Request.URL)
		}
	}
}

// media sets what the page is shown on, and in which colours.
func (b *tab) media(kind, scheme string) {
	b.t.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind, Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}

// mediaMoving takes back the wish for less movement, with which tests browse.
func (b *tab) mediaMoving() {
	b.t.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: "light"}, {Name: "prefers-reduced-motion", Value: "no-preference"},
	}})
}

// calm fails the test for what the browser complained of, and for requests.
func (b *tab) calm() {
	b.t.Helper()
	if b.eval("window.ran") != "undefined" {
		b.t.Error("a name was run as a script")
	}
	b.lock.Lock()
	defer b.lock.Unlock()
	if len(b.complaints) > 0 {
		b.t.Errorf("the browser says:\n%s", strings.Join(b.complaints, "\n"))
	}
	if len(b.requests) != 1 {
		b.t.Errorf("the page made requests: %q", b.requests)
	}
}

func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.t.Fatal(err)
	}
	return result
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// eval gives what an expression of JavaScript is, as text.
func (b *tab) eval(expression string) string {
	b.t.Helper()
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return got
}

// quote writes a text as JavaScript, in which Go's escapes mean other things.
func quote(text string) string {
	var b bytes.Buffer
	_ = json.NewEncoder(&b).Encode(text)
	return strings.TrimSpace(b.String())
}

// want waits until an expression is what it should be, and fails the test if it does
// not become that.
func (b *tab) want(expression, want string) {
	b.t.Helper()
	const patience, pause = 15 * time.Second, 20 * time.Millisecond
	late := time.After(patience)
	for tick := time.NewTicker(pause); ; {
		got := b.eval(expression)
		if got == want {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			b.t.Errorf("%s is %q, want %q", expression, got, want)
			return
		}
	}
}

// press presses keys, one after the other.
func (b *tab) press(keys ...string) {
	b.t.Helper()
	for _, key := range keys {
		if key == "/" {
			// It is a shortcut, and so must not be typed into what gets the focus by it.
			call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Text: key})
			call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key})
			continue
		}
		b.do(chromedp.KeyEvent(key))
	}
}

// click presses an element, where it is.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.do(chromedp.MouseClickXY(b.point(selector)))
}

// tap touches an element.
func (b *tab) tap(selector string) {
	b.t.Helper()
	b.do(chromedp.TapXY(b.point(selector)))
}

// point is where a finger would press an element: in the middle, or of an object of the
// picture on its name, since others may stand within it.
func (b *tab) point(selector string) (x, y float64) {
	b.t.Helper()
	at := strings.Split(b.eval(fmt.Sprintf(`(() => {
		const e = document.querySelector(%s), r = (e.querySelector(":scope > text.name, :scope > text.heading") ?? e).getBoundingClientRect();
		return [r.x + r.width / 2, r.y + r.height / 2];
	})()`, quote(selector))), ",")
	x, errX := strconv.ParseFloat(at[0], 64)
	y, errY := strconv.ParseFloat(at[1], 64)
	if errX != nil || errY != nil {
		b.t.Fatalf("%s is at %q", selector, at)
	}
	return x, y
}

// shoot keeps a picture of the page for people to look at, where NETKIT_SCREENSHOTS
// names a directory.
func (b *tab) shoot(name string) {
	b.t.Helper()
	dir := os.Getenv("NETKIT_SCREENSHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// saved writes a page to a file, and gives its address.
func saved(t *testing.T, p *Page) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(written(t, p)), 0o600); err != nil {
		t.Fatal(err)
	}
	return "file://" + file
}
