package reach

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// fetch asks for the page of a URL, over a connection that the probe opens inside
// the source's namespace. HTTP and TLS are spoken by the plugin: the certificate is
// held against the authorities that the plugin's own system trusts.
func (r *run) fetch(ctx context.Context) error {
	target := &r.ladder.Target
	if target.URL == nil {
		return nil
	}
	rung := Rung{Layer: HTTP, Decides: true, State: Failed, Port: target.Ports[0]}
	for i := range r.ladder.Rungs {
		if tcp := &r.ladder.Rungs[i]; tcp.Layer == TCP && tcp.State == Passed && tcp.Port == rung.Port {
			rung.Address = tcp.Address
			break
		}
	}
	if !rung.Address.IsValid() {
		return nil // told at the layer below
	}
	rung.Page = r.page(ctx, target.URL, netip.AddrPortFrom(rung.Address, rung.Port.Number))
	if rung.Page.Error == "" {
		rung.State = Passed
	}
	r.add(rung)
	return ctx.Err()
}

func (r *run) page(ctx context.Context, of *url.URL, at netip.AddrPort) *Page {
	const patience = 3 // a connection, a handshake, a reply
	ctx, cancel := context.WithTimeout(ctx, patience*r.options.Wait)
	defer cancel()
	transport := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return r.source.Dial(ctx, at)
		},
		TLSClientConfig:   &tls.Config{MinVersion: tls.VersionTLS12, ServerName: of.Hostname()},
		DisableKeepAlives: true,
	}
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, of.String(), http.NoBody)
	if err != nil {
		return &Page{Error: err.Error()}
	}
	req.Header.Set("User-Agent", "docker-netkit")
	begun := time.Now()
	resp, err := client.Do(req)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		if errors.Is(err, context.DeadlineExceeded) {
			err = errors.New("no reply in time")
		}
		return &Page{Error: err.Error()}
	}
	defer resp.Body.Close()
	took := time.Since(begun)
	return &Page{Status: resp.StatusCode, Text: http.StatusText(resp.StatusCode), Took: took, Location: resp.Header.Get("Location")}
}
