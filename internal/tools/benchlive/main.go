// Command benchlive puts graph --serve under load and tells how it bears it: containers
// of a real engine are renamed many times a second, a browser shows the page, some more
// streams are read, and some never are. It prints rows of a table for
// docs/performance.md.
//
//	benchlive -plugin docker-netkit -socket docker.sock -browser chromium -label netkit-bench-live
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"time"
)

func main() {
	o := options{}
	flag.StringVar(&o.plugin, "plugin", "docker-netkit", "the plugin to measure")
	flag.StringVar(&o.socket, "socket", "", "where the engine listens")
	flag.StringVar(&o.browser, "browser", "chromium", "the browser that shows the page")
	flag.StringVar(&o.label, "label", "", "the label of the containers to rename")
	flag.DurationVar(&o.lasting, "for", time.Minute, "how long")
	flag.IntVar(&o.rate, "rate", 20, "changes a second")
	flag.Parse()
	if err := run(context.Background(), &o); err != nil {
		log.Fatal(err)
	}
}

type options struct {
	plugin, socket, browser, label string
	lasting                        time.Duration
	rate                           int
}

// Streams beside the browser's.
const (
	readers = 3
	silent  = 5
)

func run(ctx context.Context, o *options) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	e := engine{&http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", o.socket)
	}}}}
	containers, err := e.labelled(ctx, o.label)
	if err != nil {
		return err
	}
	server, address, err := serve(ctx, o)
	if err != nil {
		return err
	}
	pictures := 0
	counted := make(chan struct{})
	for i := range readers + silent {
		body, err := open(ctx, address+"stream")
		if err != nil {
			return err
		}
		defer func() { _ = body.Body.Close() }()
		switch {
		case i == 0:
			go func() { pictures = count(body, "event: picture"); close(counted) }()
		case i < readers:
			go count(body, "")
		}
	}
	page, err := show(ctx, o.browser, address)
	if err != nil {
		return err
	}
	defer page.close()
	sizes, changes, err := e.rush(ctx, o, containers, server.Process.Pid)
	if err != nil {
		return err
	}
	frames, err := page.frames()
	if err != nil {
		return err
	}
	asked := time.Now()
	if err := server.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	if err := server.Wait(); err != nil {
		return fmt.Errorf("the server ended with: %w", err)
	}
	ended := time.Since(asked)
	<-counted
	settled := sizes[len(sizes)/6:] // after the first pictures
	fmt.Printf("| changes | %d of %d containers in %s |\n", changes, len(containers), o.lasting)
	fmt.Printf("| pictures pushed to a browser | %d |\n", pictures)
	fmt.Printf("| server's memory, every second after the first %d | %d to %d MB; first third %d MB, last third %d MB (medians) |\n",
		len(sizes)/6, least(settled), most(settled), median(settled[:len(settled)/3]), median(settled[len(settled)-len(settled)/3:]))
	fmt.Printf("| browser | %d frames; between two: median %.0f ms, 99th percentile %.0f ms, longest %.0f ms |\n", frames.Count, frames.Median, frames.P99, frames.Longest)
	fmt.Printf("| ends after Ctrl-C | %d ms |\n", ended.Milliseconds())
	return nil
}

// serve starts the server, and tells its address.
func serve(ctx context.Context, o *options) (*exec.Cmd, string, error) {
	server := exec.CommandContext(ctx, o.plugin, "-H", "unix://"+o.socket, "graph", "--all", "--serve") //nolint:gosec // the program to measure
	out, err := server.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := server.Start(); err != nil {
		return nil, "", err
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	return server, strings.TrimSpace(address), err
}

func open(ctx context.Context, address string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	return new(http.Transport).RoundTrip(req)
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

// engine is asked by itself: no client is to cost what is measured.
type engine struct{ client *http.Client }

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
