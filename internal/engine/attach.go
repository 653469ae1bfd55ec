package engine

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
)

// errNoStream is why a reply to an attach is no two-way connection. Docker's own
// client takes only a 101, too.
var errNoStream = errors.New("the engine's reply is no two-way connection, as when a proxy in between does not let it through")

// attach opens a container's standard streams. The context counts until they are
// open only.
func (e *Engine) attach(ctx context.Context, id string) (*multiplexed, error) {
	// Of a connection that was handed over, the transport does not promise what
	// the end of the request's context does to it.
	streamCtx, cut := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, cut)
	path := "/containers/" + url.PathEscape(id) + "/attach?stream=1&stdin=1&stdout=1&stderr=1"
	header := http.Header{"Connection": {"Upgrade"}, "Upgrade": {"tcp"}}
	resp, err := e.send(streamCtx, e.base, http.MethodPost, path, header, http.NoBody)
	if !stop() && err == nil {
		_ = resp.Body.Close()
		err = ctx.Err()
	}
	if err != nil {
		cut()
		return nil, e.failedAgain(ctx, http.MethodPost, path, err)
	}
	stream, both := resp.Body.(io.ReadWriteCloser)
	if resp.StatusCode == http.StatusSwitchingProtocols && both {
		return &multiplexed{stream: stream, cut: cut}, nil
	}
	defer cut()
	defer resp.Body.Close()
	if resp.StatusCode < http.StatusBadRequest {
		return nil, &HelperError{Cause: NoStream, What: "attach to a helper container", Why: errNoStream.Error(), Err: errNoStream}
	}
	text, _ := io.ReadAll(io.LimitReader(resp.Body, mostOfReply))
	if resp.Header.Get("Content-Type") == "application/vnd.docker.raw-stream" {
		// Docker writes its refusal as it is here [measured on 20, 26, 28].
		return nil, &RefusedError{Status: resp.StatusCode, Message: string(text)}
	}
	return nil, e.refused(ctx, http.MethodPost, path, resp, text)
}

// failedAgain is the error of a request whose own context is not the caller's.
func (e *Engine) failedAgain(ctx context.Context, method, path string, err error) error {
	if ctx.Err() != nil {
		return e.failedAt(ctx, method, path, 0, ctx.Err())
	}
	return err
}

// multiplexed is what a container without a terminal writes: frames of both
// standard output and standard error, each with a header of 8 bytes: which one,
// three zeros, the length. What it reads goes there as it is.
type multiplexed struct {
	stream io.ReadWriteCloser
	cut    context.CancelFunc
	left   uint32 // of the frame of standard output that is being read

	mu     sync.Mutex
	stderr []byte
}

// The streams of a frame.
const (
	frameStdout = 1
	frameStderr = 2
)

// Read reads what the container writes to its standard output.
func (m *multiplexed) Read(into []byte) (int, error) {
	for m.left == 0 {
		var header [8]byte
		if _, err := io.ReadFull(m.stream, header[:]); err != nil {
			return 0, ended(err)
		}
		length := binary.BigEndian.Uint32(header[4:])
		switch {
		case header[1] != 0 || header[2] != 0 || header[3] != 0 || header[0] > 3:
			return 0, fmt.Errorf("the stream of the container is not the engine's: a frame begins with % x", header)
		case header[0] == frameStdout:
			m.left = length
		default:
			if err := m.keep(header[0], length); err != nil {
				return 0, ended(err)
			}
		}
	}
	n, err := m.stream.Read(into[:min(len(into), int(m.left))])
	m.left -= uint32(n) //nolint:gosec // no more was asked for than is left
	return n, err
}

// keep keeps the end of what is written to standard error. The engine's own
// errors come as a fourth stream.
func (m *multiplexed) keep(stream byte, length uint32) error {
	const most = 4 << 10
	text := make([]byte, min(length, 1<<20))
	if _, err := io.ReadFull(m.stream, text); err != nil {
		return err
	}
	if _, err := io.CopyN(io.Discard, m.stream, int64(length)-int64(len(text))); err != nil {
		return err
	}
	if stream < frameStderr {
		return nil // what goes in, again: engines do not send that
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stderr = append(m.stderr, text...)
	m.stderr = m.stderr[max(0, len(m.stderr)-most):]
	return nil
}

// said is the end of what came on standard error so far, on one line.
func (m *multiplexed) said() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return oneLine(string(m.stderr))
}

func (m *multiplexed) Write(text []byte) (int, error) { return m.stream.Write(text) }

func (m *multiplexed) close() {
	_ = m.stream.Close()
	m.cut()
}

// ended makes the end of a stream, also in the middle of a frame, the end.
func ended(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return io.EOF
	}
	return err
}
