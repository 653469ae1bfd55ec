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
	"flag"
	"fmt"
	"log"
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

// leastLasting gives enough sizes of the server for a first and a last third.
const leastLasting = 10 * time.Second

// Streams beside the browser's.
const (
	readers = 3
	silent  = 5
)

func run(ctx context.Context, o *options) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if o.lasting < leastLasting {
		return fmt.Errorf("-for %s is too short to tell the beginning from the end; it takes %s", o.lasting, leastLasting)
	}
	e := engineAt(o.socket)
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
	fmt.Printf("| changes | %d of %d containers in %s |\n", changes, len(containers), o.lasting)
	fmt.Printf("| pictures pushed to a browser | %d |\n", pictures)
	fmt.Println(memoryRow(sizes))
	fmt.Printf("| browser | %d frames; between two: median %.0f ms, 99th percentile %.0f ms, longest %.0f ms |\n", frames.Count, frames.Median, frames.P99, frames.Longest)
	fmt.Printf("| ends after Ctrl-C | %d ms |\n", ended.Milliseconds())
	return nil
}

// serve starts the server, and tells its address.
func serve(ctx context.Context, o *options) (*exec.Cmd, string, error) {
	server := exec.CommandContext(ctx, o.plugin, "-H", "unix://"+o.socket, "graph", "--all", "--serve")
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
