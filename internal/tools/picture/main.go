// Command picture puts real output into the documentation: it builds the
// plugin, runs commands on a terminal of its own, and writes what they say.
//
//	go run ./internal/tools/picture          write the documents anew
//	go run ./internal/tools/picture -check   change nothing; end with status 1 if one differs
//
// It writes docs/graph.svg, the drawing docs/networks.svg, and in the Markdown files
// whatever follows a line
//
//	<!-- output: docker netkit graph --demo -->
//
// namely the command and its output as a code block. "<!-- output mermaid: …"
// makes it a drawing, without the command. The commands have no engine to ask,
// so they use the built-in sample.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/creack/pty"
)

const (
	pictureFile    = "docs/graph.svg"
	pictureCommand = "docker netkit graph --demo"
	drawingFile    = "docs/networks.svg"
	drawingCommand = "docker netkit graph --demo --format svg"
	columns        = 96
	patience       = time.Minute
)

// documents are the files that may ask for output.
var documents = []string{"README.md", "CONTRIBUTING.md", "docs/reference/*.md"}

func main() {
	check := flag.Bool("check", false, "change nothing; fail if a document differs from what would be written")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	if _, err := os.Stat("go.mod"); err != nil {
		return errors.New("run it from the top of the repository: go run ./internal/tools/picture")
	}
	dir, err := os.MkdirTemp("", "docker-netkit-picture")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	term, err := newTerminal(dir)
	if err != nil {
		return err
	}
	written, err := documentsAnew(term)
	if err != nil {
		return err
	}
	drawn, err := term.output(pictureCommand, true)
	if err != nil {
		return err
	}
	written[pictureFile] = svg("$ "+pictureCommand+"\n"+drawn, pictureCommand)
	if written[drawingFile], err = term.output(drawingCommand, false); err != nil {
		return err
	}
	var changed []string
	for file, text := range written {
		if old, err := os.ReadFile(file); err == nil && string(old) == text {
			continue
		}
		changed = append(changed, file)
		if check {
			continue
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
		fmt.Println(file)
	}
	if check && len(changed) > 0 {
		return fmt.Errorf("not as the commands write it: %s; run: make picture", strings.Join(changed, ", "))
	}
	return nil
}

// documentsAnew gives the text of every document, with its output made anew.
func documentsAnew(term *terminal) (map[string]string, error) {
	texts := map[string]string{}
	for _, pattern := range documents {
		files, err := filepath.Glob(pattern)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			if texts[file], err = fill(term, string(text)); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	return texts, nil
}

// marker is a comment that asks for output, and the code block below it.
var marker = regexp.MustCompile("(?m)^<!-- output(?: (\\w+))?: (.+) -->\n(?:(?s:```.*?\n```)\n)?")

func fill(term *terminal, text string) (string, error) {
	var failed error
	filled := marker.ReplaceAllStringFunc(text, func(found string) string {
		parts := marker.FindStringSubmatch(found)
		language, command := parts[1], parts[2]
		said, err := term.output(command, false)
		if err != nil {
			failed = errors.Join(failed, err)
			return found
		}
		comment, _, _ := strings.Cut(found, "\n")
		if language == "" {
			language, said = "console", "$ "+command+"\n"+said
		}
		return comment + "\n```" + language + "\n" + said + "```\n"
	})
	return filled, failed
}

// terminal runs commands with the plugin of this checkout as "docker netkit",
// and with no engine to ask.
type terminal struct {
	dir string
	env []string
}

const shim = `#!/bin/sh
shift
exec docker-netkit "$@"
`

func newTerminal(dir string) (*terminal, error) {
	build := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(dir, "docker-netkit"), "./cmd/docker-netkit") //nolint:noctx // ends by itself
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building the plugin: %w\n%s", err, said)
	}
	if err := os.WriteFile(filepath.Join(dir, "docker"), []byte(shim), 0o755); err != nil {
		return nil, err
	}
	return &terminal{dir: dir, env: []string{
		"PATH=" + dir + ":" + os.Getenv("PATH"), "HOME=" + dir, "DOCKER_CONFIG=" + dir,
		"DOCKER_HOST=unix:///nonexistent/docker.sock", "LC_ALL=C.UTF-8", "TZ=UTC", "TERM=xterm-256color", "PAGER=cat",
	}}, nil
}

// output runs a line of shell on a pseudo-terminal and gives what it showed.
func (t *terminal) output(line string, colour bool) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", line)
	cmd.Dir, cmd.Env = t.dir, t.env
	if !colour {
		cmd.Env = append([]string{"NO_COLOR=1"}, t.env...)
	}
	screen, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 50, Cols: columns})
	if err != nil {
		return "", err
	}
	defer func() { _ = screen.Close() }()
	var said bytes.Buffer
	// The end of a terminal whose program has ended is an input/output error.
	if _, err := io.Copy(&said, screen); err != nil && !errors.Is(err, syscall.EIO) {
		return "", err
	}
	text := strings.ReplaceAll(said.String(), "\r\n", "\n")
	const refused = 2 // a command that says why it does not do what it was asked for
	if err := cmd.Wait(); err != nil && cmd.ProcessState.ExitCode() != refused {
		return "", fmt.Errorf("%s: %w\n%s", line, err, text)
	}
	return text, nil
}
