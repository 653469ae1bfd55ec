package live

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

const policy = "default-src 'none'; script-src 'sha256-x'"

// serve starts a server that ends with the test.
func serve(t *testing.T, change ...func(*Server)) *Server {
	t.Helper()
	ln, err := Listen(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	s := New(ln, "", Site{
		Page: func() ([]byte, error) { return []byte("<!doctype html>the page"), nil },
		Detail: func(_ context.Context, key string) ([]byte, error) {
			switch key {
			case "c_1":
				return []byte("<h2>one</h2>"), nil
			case "c_bad":
				return nil, errors.New("the engine does not answer")
			}
			return nil, nil
		},
		Policy: policy,
	})
	for _, f := range change {
		f(s)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask sends a request whose parts change may change, and gives the answer, also where that
// leads elsewhere.
func ask(t *testing.T, address string, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	reply, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply, string(body)
}

func TestServesWhoKnowsTheAddress(t *testing.T) {
	s := serve(t)
	port := s.guard.port
	own := "http://127.0.0.1:" + port
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	method := func(name string) func(*http.Request) { return func(r *http.Request) { r.Method = name } }
	for _, c := range []struct {
		name   string
		path   string
		change func(*http.Request)
		want   int
	}{
		{"page", s.token + "/", nil, 200},
		{"HEAD", s.token + "/", method(http.MethodHead), 200},
		{"detail", s.token + "/detail?key=c_1", nil, 200},
		{"unknown object", s.token + "/detail?key=c_2", nil, 404},
		{"engine without an answer", s.token + "/detail?key=c_bad", nil, 502},
		{"unknown path", s.token + "/passwd", nil, 404},
		{"no token", "", nil, 404},
		{"wrong token", strings.Repeat("A", len(s.token)) + "/", nil, 404},
		{"beginning of the token", s.token[:len(s.token)-1] + "/", nil, 404},
		{"longer token", s.token + "A/", nil, 404},
		{"token in lower case", strings.ToLower(s.token) + "/", nil, 404},
		{"stream without the token", "stream", nil, 404},
		{"detail with a wrong token", "x/detail?key=c_1", nil, 404},
		{"localhost", s.token + "/", host("localhost:" + port), 200},
		{"LOCALHOST", s.token + "/", host("LOCALHOST:" + port), 200},
		{"IPv6 loopback", s.token + "/", host("[::1]:" + port), 200},
		{"foreign name", s.token + "/", host("evil.example:" + port), 421},
		{"foreign name like ours", s.token + "/", host("127.0.0.1.evil.example:" + port), 421},
		{"another address", s.token + "/", host("192.0.2.1:" + port), 421},
		{"another port", s.token + "/", host("127.0.0.1:1"), 421},
		{"no port", s.token + "/", host("127.0.0.1"), 421},
		{"POST", s.token + "/", method(http.MethodPost), 405},
		{"DELETE", s.token + "/detail?key=c_1", method(http.MethodDelete), 405},
		{"OPTIONS", s.token + "/", method(http.MethodOptions), 405},
		{"TRACE", s.token + "/", method(http.MethodTrace), 405},
		{"content", s.token + "/", func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader("x")), 1
		}, 400},
		{"own origin", s.token + "/detail?key=c_1", header("Origin", own), 200},
		{"foreign origin", s.token + "/detail?key=c_1", header("Origin", "http://evil.example"), 403},
		{"origin of another port", s.token + "/detail?key=c_1", header("Origin", "http://127.0.0.1:1"), 403},
		{"origin with TLS", s.token + "/detail?key=c_1", header("Origin", "https://127.0.0.1:"+port), 403},
		{"null origin", s.token + "/", header("Origin", "null"), 403},
		{"typed by the user", s.token + "/", header("Sec-Fetch-Site", "none"), 200},
		{"from our page", s.token + "/detail?key=c_1", header("Sec-Fetch-Site", "same-origin"), 200},
		{"from another site", s.token + "/", header("Sec-Fetch-Site", "cross-site"), 403},
		{"from another port", s.token + "/", header("Sec-Fetch-Site", "same-site"), 403},
	} {
		reply, body := ask(t, own+"/"+c.path, c.change)
		if reply.StatusCode != c.want {
			t.Errorf("%s: status %d, want %d: %s", c.name, reply.StatusCode, c.want, body)
		}
		if c.want != http.StatusOK && (strings.Contains(body, "the page") || strings.Contains(body, s.token)) {
			t.Errorf("%s: is told %q", c.name, body)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "DENY", "Access-Control-Allow-Origin": "",
		} {
			if got := reply.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", c.name, name, got, want)
			}
		}
		if got := reply.Header.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'") || !strings.Contains(got, "frame-ancestors 'none'") {
			t.Errorf("%s: the policy is %q", c.name, got)
		}
	}
	if reply, body := ask(t, s.URL(), nil); body != "<!doctype html>the page" || !strings.HasPrefix(reply.Header.Get("Content-Security-Policy"), policy) {
		t.Errorf("%s shows %q under %q", s.URL(), body, reply.Header.Get("Content-Security-Policy"))
	}
}

// TestPassLeadsInOnce: what others can see of how the browser was started is of no use to
// them.
func TestPassLeadsInOnce(t *testing.T) {
	s := serve(t)
	pass := s.PassURL()
	if strings.Contains(pass, s.token) {
		t.Fatalf("%s holds the token", pass)
	}
	show := func(what, address string, want int, change func(*http.Request)) {
		t.Helper()
		reply, _ := ask(t, address, change)
		leads := ""
		if want == http.StatusSeeOther {
			leads = "/" + s.token + "/"
		}
		if got := reply.Header.Get("Location"); reply.StatusCode != want || got != leads {
			t.Errorf("%s: status %d and %q, want %d and %q", what, reply.StatusCode, got, want, leads)
		}
	}
	show("foreign name", pass, 421, func(r *http.Request) { r.Host = "evil.example:" + s.guard.port })
	show("another site", pass, 403, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
	show("HEAD", pass, 404, func(r *http.Request) { r.Method = http.MethodHead })
	show("no pass", s.origin()+passPath, 404, nil)
	show("wrong pass", pass+"A", 404, nil)
	show("stream", pass+"/stream", 404, nil)
	show("first", pass, 303, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "none") })
	show("second", pass, 404, nil)
	old, other := s.PassURL(), s.PassURL()
	show("replaced", old, 404, nil)
	show("new", other, 303, nil)
}

// TestRawRequests: forms of requests that no browser sends are refused, or are for us.
func TestRawRequests(t *testing.T) {
	s := serve(t)
	own := "127.0.0.1:" + s.guard.port
	for _, c := range []struct{ name, request, want string }{
		{"HTTP/1.0 without Host", "GET /" + s.token + "/ HTTP/1.0\r\n\r\n", "421"},
		{"HTTP/1.0", "GET /" + s.token + "/ HTTP/1.0\r\nHost: " + own + "\r\n\r\n", "200"},
		{"HTTP/1.1 without Host", "GET /" + s.token + "/ HTTP/1.1\r\n\r\n", "400"},
		{"two Hosts", "GET /" + s.token + "/ HTTP/1.1\r\nHost: " + own + "\r\nHost: evil.example\r\n\r\n", "400"},
		{"absolute form, foreign", "GET http://evil.example:" + s.guard.port + "/" + s.token + "/ HTTP/1.1\r\nHost: " + own + "\r\n\r\n", "421"},
		{"two origins", "GET /" + s.token + "/ HTTP/1.1\r\nHost: " + own + "\r\nOrigin: http://" + own + "\r\nOrigin: http://evil.example\r\n\r\n", "403"},
		{"user in Host", "GET /" + s.token + "/ HTTP/1.1\r\nHost: evil@" + own + "\r\n\r\n", "4"},
		{"dot behind localhost", "GET /" + s.token + "/ HTTP/1.1\r\nHost: localhost.:" + s.guard.port + "\r\n\r\n", "421"},
		{"empty Host", "GET /" + s.token + "/ HTTP/1.1\r\nHost:\r\n\r\n", "421"},
		{"chunks", "GET /" + s.token + "/ HTTP/1.1\r\nHost: " + own + "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
		{"CONNECT", "CONNECT " + own + " HTTP/1.1\r\nHost: " + own + "\r\n\r\n", "405"},
		{"asterisk", "OPTIONS * HTTP/1.1\r\nHost: " + own + "\r\n\r\n", "405"},
		{"token in upper path", "GET //" + s.token + "/ HTTP/1.1\r\nHost: " + own + "\r\n\r\n", "404"},
		{"upgrade", "GET /" + s.token + "/x HTTP/1.1\r\nHost: " + own + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "404"},
	} {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", own)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, c.request); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(conn).ReadString('\n')
		if _, status, _ := strings.Cut(line, " "); err != nil || !strings.HasPrefix(status, c.want) {
			t.Errorf("%s: %q, %v, want %s", c.name, line, err, c.want)
		}
		_ = conn.Close()
	}
}

func TestTokenIsLongAndNew(t *testing.T) {
	one, other := serve(t), serve(t)
	const letters, bits = 26, 5 // of an alphabet of 32
	if len(one.token) < letters || letters*bits < 128 || one.token == other.token {
		t.Errorf("the tokens are %s and %s", one.token, other.token)
	}
}

// events reads a stream, event by event, as "kind text".
func events(t *testing.T, s *Server) <-chan string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"stream", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	reply, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	if got := reply.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("the stream is %s", got)
	}
	told := make(chan string)
	go func() {
		defer close(told)
		defer reply.Body.Close()
		lines := bufio.NewReader(reply.Body)
		kind := ""
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			if name, ok := strings.CutPrefix(line, "event: "); ok {
				kind = strings.TrimSpace(name)
			}
			if text, ok := strings.CutPrefix(line, "data: "); ok {
				select {
				case told <- kind + " " + strings.TrimSuffix(text, "\n"):
				case <-t.Context().Done():
					return
				}
			}
		}
	}()
	return told
}

func next(t *testing.T, told <-chan string) string {
	t.Helper()
	text, ok := <-told
	if !ok {
		t.Fatal("the stream ended")
	}
	return text
}

func TestStreamTellsTheNewestAndThenWhatChanges(t *testing.T) {
	s := serve(t)
	s.Publish("picture", []byte("one"))
	s.Publish("status", []byte("fine"))
	s.Publish("picture", []byte("two\r\nevent: forged"))
	told := events(t, s)
	for _, want := range []string{"picture two event: forged", "status fine"} {
		if got := next(t, told); got != want {
			t.Errorf("told %q, want %q", got, want)
		}
	}
	s.Publish("status", []byte("fine")) // as before, so there is nothing to tell
	s.Publish("status", []byte("worse"))
	if got := next(t, told); got != "status worse" {
		t.Errorf("told %q, want what changed", got)
	}
}

// vanish opens a stream and reads nothing of it.
func vanish(t *testing.T, s *Server) net.Conn {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", s.ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	at, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(conn, "GET %sstream HTTP/1.1\r\nHost: %s\r\n\r\n", at.Path, at.Host); err != nil {
		t.Fatal(err)
	}
	return conn
}

// Browsers that take nothing hold up neither the server nor other browsers, and the
// memory stays what the newest picture and one for each of them take.
func TestSlowBrowsersHoldNobody(t *testing.T) {
	const slow, size, pictures = 5, 1 << 20, 300
	s := serve(t)
	told := events(t, s)
	for range slow {
		vanish(t, s)
	}
	picture := func(i int) []byte {
		return fmt.Appendf(make([]byte, 0, size), "%d %s", i, strings.Repeat("x", size-16))
	}
	for i := range pictures {
		s.Publish("picture", picture(i))
	}
	last := fmt.Sprintf("picture %d ", pictures-1)
	for !strings.HasPrefix(next(t, told), last) {
		continue // the ones before the last that it happened to get
	}
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	// What the slow ones are being written, once more as an event; the newest; and
	// what this test itself holds.
	const most = (2*slow + 12) * size
	if memory.HeapAlloc > most {
		t.Errorf("after %d pictures of 1 MiB and %d browsers that take none, %d MiB are held, want %d at most",
			pictures, slow, memory.HeapAlloc>>20, most>>20)
	}
}

// A browser that takes nothing is given up, so that its connection is free.
func TestSlowBrowserIsGivenUp(t *testing.T) {
	const impatient = 50 * time.Millisecond
	s := serve(t, func(s *Server) { s.patience = impatient })
	conn := vanish(t, s)
	const more = 64 << 20 // than any system takes for a reader that does not read
	s.Publish("picture", []byte(strings.Repeat("x", more)))
	reply := bufio.NewReader(conn)
	if _, err := reply.Peek(1); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "its stream to end", func() bool { return !serving() })
	// What is on the way still comes, and then the end.
	if got, err := io.Copy(io.Discard, reply); got >= more {
		t.Errorf("all %d bytes came (%v)", got, err)
	}
}

// serving tells that a stream is being written.
func serving() bool {
	const most = 1 << 20
	stacks := make([]byte, most)
	return strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), "(*Server).stream")
}

func waitFor(t *testing.T, what string, is func() bool) {
	t.Helper()
	const pause = 5 * time.Millisecond
	for tick := time.NewTicker(pause); !is(); {
		select {
		case <-tick.C:
		case <-t.Context().Done():
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func TestBrowsersThatLeaveLeaveNothing(t *testing.T) {
	s := serve(t)
	s.Publish("picture", []byte("one"))
	for range 50 {
		conn := vanish(t, s)
		if _, err := bufio.NewReader(conn).Peek(1); err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
	}
	waitFor(t, "all streams to end", func() bool { return !serving() })
}

func TestManyBrowsersAreToldTheSame(t *testing.T) {
	s := serve(t)
	s.Publish("picture", []byte("one"))
	var all []<-chan string
	for range 40 {
		all = append(all, events(t, s))
	}
	for _, told := range all {
		if got := next(t, told); got != "picture one" {
			t.Errorf("told %q", got)
		}
	}
	s.Publish("picture", []byte("two"))
	for _, told := range all {
		if got := next(t, told); got != "picture two" {
			t.Errorf("told %q", got)
		}
	}
}

// Who ends the program does not wait for browsers, and these are told.
func TestEndsAtOnceWithBrowsersConnected(t *testing.T) {
	ln, err := Listen(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	s := New(ln, "", Site{})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx) }()
	s.Publish("picture", []byte(strings.Repeat("x", 8<<20)))
	told := events(t, s)
	next(t, told)
	if _, err := bufio.NewReader(vanish(t, s)).Peek(1); err != nil {
		t.Fatal(err)
	}
	cancel()
	if got := next(t, told); got != "end ." {
		t.Errorf("told %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := Listen(t.Context(), ln.Addr().String()); err != nil {
		t.Errorf("the address is still taken: %v", err)
	}
}

func TestMoreConnectionsWait(t *testing.T) {
	inner, err := Listen(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	ln := limit(inner, 1)
	dial := func() {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
	dial()
	dial()
	first, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	accepted := make(chan net.Conn)
	go func() {
		second, err := ln.Accept()
		if err != nil {
			t.Error(err)
		}
		accepted <- second
	}()
	select {
	case <-accepted:
		t.Fatal("a second connection was taken")
	case <-time.After(20 * time.Millisecond): // it fails only if it is taken; it never fails for being slow
	}
	_ = first.Close()
	_ = first.Close() // twice leaves one place, not two
	_ = (<-accepted).Close()
	waiting := make(chan error)
	go func() {
		for {
			if _, err := ln.Accept(); err != nil {
				waiting <- err
				return
			}
		}
	}()
	_ = ln.Close()
	if err := <-waiting; !errors.Is(err, net.ErrClosed) {
		t.Errorf("after closing: %v", err)
	}
}

func TestListenSaysWhatIsWrong(t *testing.T) {
	taken, err := Listen(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	for address, want := range map[string]string{
		taken.Addr().String(): "another program has this port",
		"192.0.2.1:0":         "this machine does not have the address",
		"127.0.0.1:http":      `not "http"`,
		"127.0.0.1:70000":     `not "70000"`,
		"http://x/":           "an address is HOST:PORT",
	} {
		ln, err := Listen(t.Context(), address)
		if err == nil {
			_ = ln.Close()
			t.Errorf("%s: listens", address)
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
}

func TestAddresses(t *testing.T) {
	for address, want := range map[string][]string{
		"": {"127.0.0.1", "0"}, "8080": {"127.0.0.1", "8080"}, ":8080": {"127.0.0.1", "8080"}, "0.0.0.0": {"0.0.0.0", "0"},
		"0.0.0.0:8080": {"0.0.0.0", "8080"}, "::1": {"::1", "0"}, "[::1]": {"::1", "0"}, "[::1]:8080": {"::1", "8080"}, "box": {"box", "0"}, "box:1": {"box", "1"},
	} {
		host, port, err := split(address)
		if err != nil || !slices.Equal([]string{host, port}, want) {
			t.Errorf("%q is %s and %s (%v), want %v", address, host, port, err, want)
		}
	}
	for word, want := range map[string]bool{
		"127.0.0.1:8080": true, ":8080": true, "[::1]:8080": true, "localhost:80": true,
		"web": false, "8080": false, "sha256:ab": false, "a:b:1": false, "": false,
	} {
		if IsAddress(word) != want {
			t.Errorf("%q is an address: %v", word, !want)
		}
	}
}

// At an address that others reach, too, whoever knows the token gets in, and a name
// that was made to lead here does not help.
func TestExposedAddress(t *testing.T) {
	ln, err := Listen(t.Context(), "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	s := New(ln, "0.0.0.0:0", Site{})
	if !Exposed(ln) || Exposed(serve(t).ln) {
		t.Error("whether others reach it is not told")
	}
	for host, want := range map[string]bool{
		"192.0.2.7:": true, "localhost:": true, "[2001:db8::1]:": true, "127.0.0.1:": true, "evil.example:": false,
	} {
		if got := s.guard.ours(host + s.guard.port); got != want {
			t.Errorf("%s is ours: %v", host, got)
		}
	}
}
