package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// engine is asked by itself: no client is to cost what is measured.
type engine struct{ client *http.Client }

func engineAt(socket string) engine {
	return engine{&http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}}}
}

func (e engine) do(ctx context.Context, method, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, "http://engine/v1.41"+path, http.NoBody)
	if err != nil {
		return err
	}
	reply, err := e.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = reply.Body.Close() }()
	if reply.StatusCode >= http.StatusBadRequest {
		return errors.New(method + " " + path + ": " + reply.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(reply.Body).Decode(into)
}

func (e engine) labelled(ctx context.Context, label string) ([]string, error) {
	filters, err := json.Marshal(map[string][]string{"label": {label}})
	if err != nil {
		return nil, err
	}
	var list []struct {
		ID string `json:"Id"`
	}
	if err := e.do(ctx, http.MethodGet, "/containers/json?all=1&filters="+url.QueryEscape(string(filters)), &list); err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	if len(ids) == 0 {
		return nil, errors.New("no container has the label " + label)
	}
	return ids, nil
}

// rush renames containers at the rate, and reads the size of a process every second.
func (e engine) rush(ctx context.Context, o *options, containers []string, pid int) (sizes []int, changes int, err error) {
	end := time.After(o.lasting)
	change := time.NewTicker(time.Second / time.Duration(o.rate))
	defer change.Stop()
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		select {
		case <-end:
			return sizes, changes, nil
		case <-look.C:
			size, err := resident(pid)
			if err != nil {
				return nil, 0, err
			}
			sizes = append(sizes, size)
		case <-change.C:
			id := containers[changes%len(containers)]
			changes++
			if err := e.do(ctx, http.MethodPost, fmt.Sprintf("/containers/%s/rename?name=netkit-bench-r%d", id, changes), nil); err != nil {
				return nil, 0, err
			}
		}
	}
}
