package live

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
)

// loopback is where a server listens unless it is told otherwise.
const loopback = "127.0.0.1"

// Listen opens an address: HOST:PORT, or one of the two. Without a host it is this
// machine's loopback, and without a port one that is free.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	host, port, err := split(address)
	if err != nil {
		return nil, err
	}
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, port))
	switch {
	case err == nil:
		return ln, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("cannot serve at %s: another program has this port; choose another, or none for one that is free", net.JoinHostPort(host, port))
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("cannot serve at %s: you may not use this port; choose one above 1023", net.JoinHostPort(host, port))
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, fmt.Errorf("cannot serve at %s: this machine does not have the address", net.JoinHostPort(host, port))
	}
	return nil, fmt.Errorf("cannot serve at %s: %w", net.JoinHostPort(host, port), err)
}

// IsAddress tells that a word has the form of an address with a port, which no name
// that engines give today has.
func IsAddress(word string) bool {
	if !strings.Contains(word, ":") {
		return false
	}
	_, port, err := split(word)
	return err == nil && port != "0"
}

func split(address string) (host, port string, err error) {
	if address == "" {
		return loopback, "0", nil
	}
	if isPort(address) {
		return loopback, address, nil
	}
	if ip, err := netip.ParseAddr(strings.Trim(address, "[]")); err == nil {
		return ip.String(), "0", nil
	}
	host, port, err = net.SplitHostPort(address)
	if err != nil {
		if !strings.ContainsAny(address, ":/ ") {
			return address, "0", nil // the name of a machine
		}
		return "", "", errors.New("an address is HOST:PORT, HOST or PORT, as in 127.0.0.1:8080")
	}
	if !isPort(port) {
		return "", "", fmt.Errorf("an address is HOST:PORT, with a number from 0 to 65535 for the port, not %q", port)
	}
	if host == "" {
		host = loopback // :8080 is every interface elsewhere; that is to be asked for
	}
	return host, port, nil
}

func isPort(text string) bool {
	_, err := strconv.ParseUint(text, 10, 16)
	return err == nil
}

// Exposed tells that others than this machine can get to where a server listens.
func Exposed(ln net.Listener) bool {
	at, ok := ln.Addr().(*net.TCPAddr)
	return !ok || !at.IP.IsLoopback()
}
