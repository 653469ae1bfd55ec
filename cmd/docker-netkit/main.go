// Command docker-netkit is a Docker CLI plugin: docker runs it as
// "docker netkit". Started by itself, it behaves the same.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	runtimedebug "runtime/debug"
	"syscall"
	"time"

	"github.com/docker/cli/cli-plugins/metadata"
	"github.com/docker/cli/cli-plugins/plugin"
	"github.com/docker/cli/cli/command"
	"github.com/docker/cli/cli/debug"
	"go.opentelemetry.io/otel"

	"github.com/docker-netkit/docker-netkit/internal/buildinfo"
	"github.com/docker-netkit/docker-netkit/internal/commands"
	"github.com/docker-netkit/docker-netkit/internal/engine"
	"github.com/docker-netkit/docker-netkit/internal/probe/measure"
	probes "github.com/docker-netkit/docker-netkit/internal/probe/program"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == probes.Within {
		os.Exit(probe())
	}
	if request, ok := hooked(os.Args); ok {
		hook(os.Stdout, hookAnswer(request))
		return
	}
	// A command lives for milliseconds, so it is better to collect garbage
	// less often: a third less work with thousands of containers, for a sixth
	// more memory (docs/performance.md). GOGC still decides where it is set.
	const percent = 200
	if os.Getenv("GOGC") == "" {
		runtimedebug.SetGCPercent(percent)
	}
	os.Exit(run())
}

// probe makes this program the probe, where the build brings none along for the
// engine. Nothing of the CLI is set up: it runs in an empty container.
func probe() int {
	const memory = 32 << 20 // as the one that is a program of its own
	runtimedebug.SetMemoryLimit(memory)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := measure.Run(ctx, os.Stdin, os.Stdout); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "netkit-probe:", err)
		return 1
	}
	return 0
}

// run ends with the command, or soon after a signal: a command that is stuck
// where no context reaches (a pipe that nobody writes to, a template that never
// ends) does not hold up who wants to leave. An act on an engine is brought to
// its end or undone first; another signal, later, does not wait for that.
func run() int {
	// The next ones are taken here, too, and not left to what the system does by
	// itself: it does nothing where whoever started the program ignores the signal,
	// as scripts do for what they run in the background.
	const several = 8
	signals := make(chan os.Signal, several)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan int, 1)
	var hold commands.Hold
	go func() { ended <- execute(ctx, &hold) }()
	select {
	case status := <-ended:
		return status
	case <-signals:
		cancel()
	}
	// Who ends a group of processes, as timeout does, sends a signal twice: to the
	// program and to the group. And docker hands on what the terminal sends, too. So
	// what comes within a moment is the same one.
	const same = 500 * time.Millisecond
	began := time.Now()
	const grace = 500 * time.Millisecond // to give the terminal back, if it was taken
	overdue := time.After(grace)
	for {
		select {
		case status := <-ended:
			return status
		case <-overdue:
			if !hold.Held() {
				return commands.Interrupted
			}
		case <-signals:
			if time.Since(began) > same {
				return commands.Interrupted
			}
		}
	}
}

func execute(ctx context.Context, hold *commands.Hold) int {
	// Telemetry is the CLI's affair; what goes wrong with it is no news here.
	otel.SetErrorHandler(debug.OTELErrorHandler)

	var tap engine.Tap
	dockerCLI, err := command.NewDockerCli(
		command.WithBaseContext(ctx),
		command.WithAPIClientOptions(tap.Option()),
	)
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if plugin.RunningStandalone() {
		os.Args = append(os.Args[:1:1], standaloneArgs(os.Args[1:])...)
	}
	err = plugin.RunPlugin(dockerCLI, commands.New(ctx, dockerCLI, &tap, hold), metadata.Metadata{
		SchemaVersion:    "0.1.0",
		Vendor:           "docker-netkit",
		Version:          buildinfo.Version(),
		ShortDescription: commands.Short,
		URL:              "https://github.com/docker-netkit/docker-netkit",
	})
	if ctx.Err() != nil && !hold.Concluded() {
		return commands.Interrupted // what failed for that is no news
	}
	return commands.Report(dockerCLI.Err(), err)
}
