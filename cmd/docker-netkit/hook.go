package main

import (
	"context"
	"io"
	"os"
	"time"

	"github.com/docker/cli/cli-plugins/metadata"

	"github.com/docker-netkit/docker-netkit/internal/commands"
)

// hookPatience is how long a hint may take from here on; after that there is
// none. People wait for it and did not ask for it. The linker can set another
// one, as for tests on a busy machine: -X main.hookPatience=1m.
var hookPatience = "35ms"

// hooked tells that docker asks for a hint, and gives its request.
func hooked(args []string) (request string, ok bool) {
	if len(args) == 4 && args[1] == commands.Name && args[2] == metadata.HookSubcommandName {
		return args[3], true
	}
	return "", false
}

// hook answers docker. It never fails: whatever goes wrong, a panic too, there
// is no hint then, and docker's user does not hear of it.
func hook(out io.Writer, answer func(context.Context) ([]byte, error)) {
	patience, err := time.ParseDuration(hookPatience)
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	answered := make(chan []byte, 1)
	go func() {
		var reply []byte
		defer func() {
			if recover() != nil {
				reply = nil
			}
			answered <- reply
		}()
		if text, err := answer(ctx); err == nil {
			reply = text
		}
	}()
	select {
	case reply := <-answered:
		_, _ = out.Write(reply) // docker takes it or not
	case <-ctx.Done(): // also where what is stuck heeds no context
	}
}

// hookAnswer is the reply to a request.
func hookAnswer(request string) func(context.Context) ([]byte, error) {
	return func(ctx context.Context) ([]byte, error) {
		return commands.Hook(ctx, commands.HookCall{Request: request, Parent: dockerArgs(parentArgs(), os.Getenv(metadata.ReexecEnvvar))})
	}
}

// dockerArgs are the arguments of the docker that asks, or nil: who started this
// is docker only if it calls itself as docker says that it does.
func dockerArgs(args []string, docker string) []string {
	if len(args) == 0 || docker == "" || args[0] != docker {
		return nil
	}
	return args[1:]
}
