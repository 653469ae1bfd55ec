package enginetest_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/enginetest"
)

// TestInside goes by hand through the life of a container that a request made.
func TestInside(t *testing.T) {
	e := enginetest.Start(t, enginetest.Docker26, enginetest.Running("web"), enginetest.Image{Name: "probe", Tag: "1"})
	e.Probe(func(source string, in io.Reader, out io.Writer) {
		line, _ := bufio.NewReader(in).ReadString('\n')
		_, _ = fmt.Fprintf(out, "%s hears %s", source, line)
	})
	body := func(image string) string {
		return fmt.Sprintf(`{"Image":%q,"HostConfig":{"NetworkMode":"container:%s","AutoRemove":true}}`, image, enginetest.ID("web"))
	}
	wantReply(t, e, "POST", "/containers/create?name=helper", body("none:1"), http.StatusNotFound, "No such image: none:1")
	wantReply(t, e, "POST", "/containers/create?name=helper", body("probe:1"), http.StatusCreated, `"Id":`)
	conn, err := new(net.Dialer).DialContext(t.Context(), "unix", strings.TrimPrefix(e.Host(), "unix://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, "POST /v1.41/containers/helper/attach?stream=1 HTTP/1.1\r\nHost: e\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
	from := bufio.NewReader(conn)
	for line := ""; line != "\r\n"; {
		if line, err = from.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	wantReply(t, e, "POST", "/containers/helper/start", "", http.StatusNoContent, "")
	wantReply(t, e, "DELETE", "/containers/helper", "", http.StatusConflict, "container is running")
	_, _ = io.WriteString(conn, "hello\n")
	got, err := io.ReadAll(from)
	if want := "\x01\x00\x00\x00\x00\x00\x00\x10web hears hello\n"; string(got) != want || err != nil {
		t.Errorf("it says %q (%v), want %q", got, err, want)
	}
	wantReply(t, e, "GET", "/containers/helper/json", "", http.StatusNotFound, "No such container")
}

func wantReply(t *testing.T, e *enginetest.Engine, method, path, body string, status int, words string) {
	t.Helper()
	got, text := send(t, e, method, "/v1.41"+path, body)
	if got != status || !strings.Contains(string(text), words) {
		t.Errorf("%s %s: %d %s, want %d %q", method, path, got, text, status, words)
	}
}
