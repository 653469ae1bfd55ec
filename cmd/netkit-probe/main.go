// Command netkit-probe measures the network from within the namespace that it is
// started in. The plugin starts it there, and speaks with it through its standard
// input and output (package wire); by hand, it is of little use.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"github.com/docker-netkit/docker-netkit/internal/probe/measure"
)

func main() {
	// It runs under limits of memory and of threads, beside programs that have
	// work to do. What it does is waiting.
	const memory, processors = 32 << 20, 2
	debug.SetMemoryLimit(memory)
	if runtime.GOMAXPROCS(0) > processors {
		runtime.GOMAXPROCS(processors)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := measure.Run(ctx, os.Stdin, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "netkit-probe:", err)
		os.Exit(1)
	}
}
