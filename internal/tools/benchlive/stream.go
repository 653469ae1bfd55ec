package main

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"strings"
)

// open begins a stream, with a connection of its own.
func open(ctx context.Context, address string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	reply, err := new(http.Transport).RoundTrip(req)
	if err == nil && reply.StatusCode != http.StatusOK {
		_ = reply.Body.Close()
		return nil, errors.New("the stream is refused: " + reply.Status)
	}
	return reply, err
}

// count reads a stream to its end, and counts the lines that begin so.
func count(reply *http.Response, with string) (n int) {
	lines := bufio.NewReader(reply.Body)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return n
		}
		if with != "" && strings.HasPrefix(line, with) {
			n++
		}
	}
}
