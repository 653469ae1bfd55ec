// Command docs writes docs/reference, a page of Markdown for each command, made
// from the command's own help, and docs/checks, a page for each check of the doctor.
//
//	go run ./internal/tools/docs          write the pages anew
//	go run ./internal/tools/docs -check   change nothing; end with status 1 if a page differs
//
// Only what stands between the markers MARKER_GEN_START and MARKER_GEN_END of a
// page is generated. What stands after them is written by hand, and kept. A page
// whose command is gone is removed.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	clidocstool "github.com/docker/cli-docs-tool"
	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/commands"
)

const (
	reference = "docs/reference"
	genStart  = "<!---MARKER_GEN_START-->\n"
	genEnd    = "<!---MARKER_GEN_END-->"
)

func main() {
	check := flag.Bool("check", false, "change nothing; fail if a page differs from what would be written")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	if _, err := os.Stat("go.mod"); err != nil {
		return errors.New("run it from the top of the repository: go run ./internal/tools/docs")
	}
	pages, err := generate()
	if err != nil {
		return err
	}
	if err := update(reference, pages, check); err != nil {
		return err
	}
	return update(checkPages, pagesOfChecks(), check)
}

// update writes those pages of a directory that differ, or says that they do.
func update(dir string, pages map[string][]byte, check bool) error {
	old, err := readPages(dir)
	if err != nil {
		return err
	}
	changed := differences(old, pages)
	if check {
		if len(changed) > 0 {
			return fmt.Errorf("not as the code has it, in %s: %s; run: make docs", dir, strings.Join(changed, ", "))
		}
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // docs are for everybody to read
		return err
	}
	for _, name := range changed {
		file := filepath.Join(dir, name)
		if page, ok := pages[name]; ok {
			err = os.WriteFile(file, page, 0o644)
		} else {
			err = os.Remove(file)
		}
		if err != nil {
			return err
		}
		fmt.Println(file)
	}
	return nil
}

// generate makes the pages in a directory of its own, so that a fault leaves
// the ones in the repository as they are.
func generate() (map[string][]byte, error) {
	root, err := docker()
	if err != nil {
		return nil, err
	}
	target, err := os.MkdirTemp("", "docker-netkit-docs")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(target) }()
	log.SetOutput(io.Discard) // the tool names every page it writes
	tool, err := clidocstool.New(clidocstool.Options{Root: root, SourceDir: reference, TargetDir: target, Plugin: true})
	if err != nil {
		return nil, err
	}
	if err := tool.GenMarkdownTree(root); err != nil {
		return nil, err
	}
	pages, err := readPages(target)
	if err != nil {
		return nil, err
	}
	helps := map[string]*cobra.Command{}
	collect(root, helps)
	for name, page := range pages {
		if pages[name], err = withHelp(page, helps[name]); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return pages, nil
}

// docker is a docker command with the plugin in it, as docker has it.
func docker() (*cobra.Command, error) {
	cli, err := command.NewDockerCli(command.WithCombinedStreams(io.Discard))
	if err != nil {
		return nil, err
	}
	root := &cobra.Command{Use: "docker [OPTIONS] COMMAND", DisableAutoGenTag: true}
	root.AddCommand(commands.New(context.Background(), cli, nil, nil))
	return root, nil
}

func collect(cmd *cobra.Command, into map[string]*cobra.Command) {
	_, name, _ := strings.Cut(cmd.CommandPath(), " ")
	into[strings.ReplaceAll(name, " ", "_")+".md"] = cmd
	for _, sub := range cmd.Commands() {
		collect(sub, into)
	}
}

// padding is the blanks with which the tool lines up its tables. They would
// make every row differ when one of them gets longer.
var padding = regexp.MustCompile(` {2,}\|`)

// rule is the line under a table's head.
var rule = regexp.MustCompile(`(?m)^\|(:-+\|)+$`)

var blankLines = regexp.MustCompile(`\n{3,}`)

// withHelp puts what the command's help says into the generated part: its usage,
// its long text and its examples.
func withHelp(page []byte, cmd *cobra.Command) ([]byte, error) {
	head, rest, ok := bytes.Cut(page, []byte(genStart))
	generated, tail, ended := bytes.Cut(rest, []byte(genEnd))
	if !ok || !ended || cmd == nil {
		return nil, errors.New("the markers of the generated part are missing")
	}
	description := cmd.Long
	if description == "" {
		description = cmd.Short
	}
	tables := strings.TrimPrefix(string(generated), description)
	tables = padding.ReplaceAllString(tables, " |")
	tables = rule.ReplaceAllStringFunc(tables, func(line string) string {
		return strings.Repeat("|:---", strings.Count(line, ":")) + "|"
	})
	var b strings.Builder
	b.Write(head)
	b.WriteString(genStart)
	block(&b, "console", "$ "+useLine(cmd))
	prose(&b, description)
	if cmd.Example != "" {
		b.WriteString("### Examples\n\n")
		block(&b, "console", examples(cmd.Example))
	}
	b.WriteString(strings.TrimSpace(blankLines.ReplaceAllString(tables, "\n\n")) + "\n\n")
	b.WriteString(genEnd)
	b.Write(bytes.TrimRight(tail, "\n"))
	b.WriteString("\n")
	return []byte(b.String()), nil
}

// prose writes a help text as Markdown: indented lines stand as they are, for
// Markdown would run them together.
func prose(b *strings.Builder, text string) {
	var lines []string
	indented := false
	end := func() {
		switch {
		case len(lines) == 0:
		case indented:
			block(b, "text", strings.Join(lines, "\n"))
		default:
			b.WriteString(markdown.Replace(strings.Join(lines, "\n")) + "\n\n")
		}
		lines = nil
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if is := strings.HasPrefix(line, "  "); is != indented || line == "" {
			end()
			indented = is
		}
		if line != "" {
			lines = append(lines, strings.TrimPrefix(line, "  "))
		}
	}
	end()
}

// markdown escapes what Markdown would take for markup.
var markdown = strings.NewReplacer("<", `\<`, "*", `\*`)

func useLine(cmd *cobra.Command) string {
	_, rest, _ := strings.Cut(cmd.Use, " ")
	return strings.TrimSpace(cmd.CommandPath() + " " + rest)
}

func examples(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = "$ " + strings.TrimSpace(line)
	}
	return strings.Join(lines, "\n")
}

func block(b *strings.Builder, language, text string) {
	fmt.Fprintf(b, "```%s\n%s\n```\n\n", language, strings.Trim(text, "\n"))
}

func readPages(dir string) (map[string][]byte, error) {
	pages := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) != ".md" {
			continue
		}
		if pages[entry.Name()], err = os.ReadFile(filepath.Join(dir, entry.Name())); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// differences names the pages that are not the same in both.
func differences(old, pages map[string][]byte) []string {
	var names []string
	for name, page := range pages {
		if before, ok := old[name]; !ok || !bytes.Equal(before, page) {
			names = append(names, name)
		}
	}
	for name := range old {
		if _, ok := pages[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
