//go:build linux

package measure

import (
	"errors"
	"net"
	"os"
	"syscall"
	"testing"
	"time"
)

// The socket's deadline may pass before the context's: that is no answer in time,
// and not something that could not be measured.
func TestTimedOut(t *testing.T) {
	server, client := net.Pipe()
	defer func() { _ = server.Close() }()
	defer func() { _ = client.Close() }()
	if err := client.SetReadDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	_, passed := client.Read(make([]byte, 1))
	for err, want := range map[error]bool{
		&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}: true,
		passed: true,
		&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}: false,
		errors.New("another"):                               false,
	} {
		if got := timedOut(err); got != want {
			t.Errorf("%v: %t, want %t", err, got, want)
		}
	}
}
