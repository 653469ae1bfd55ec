package enginetest

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// listen begins to serve at the engine's socket.
func (e *Engine) listen() {
	e.t.Helper()
	listener, err := new(net.ListenConfig).Listen(context.Background(), "unix", e.socket)
	if err != nil {
		e.t.Fatalf("the fake engine cannot listen: %v", err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	server := &http.Server{
		Handler:           e,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: time.Minute,
		ErrorLog:          log.New(io.Discard, "", 0), // faults abort replies on purpose
	}
	e.mu.Lock()
	e.server, e.stop, e.down = server, stop, false
	e.mu.Unlock()
	go func() { _ = server.Serve(listener) }()
}

// close stops to listen, and breaks every connection.
func (e *Engine) close() {
	e.mu.Lock()
	server, stop := e.server, e.stop
	e.down = true
	e.mu.Unlock()
	stop()
	_ = server.Close()
	e.hangUp()
}

// Kill makes the engine gone, as when its process is killed: nothing listens
// any more, and every connection breaks. What it holds stays as it is.
func (e *Engine) Kill() { e.close() }

// Revive lets a killed engine listen at its socket again, but on no port.
func (e *Engine) Revive() {
	e.t.Helper()
	e.listen()
}
