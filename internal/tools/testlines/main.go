// Command testlines reads what "go test -json" writes, and says as it goes what a
// person wants to see of it: a line for each test that ended, unless it was over in
// no time. What the tests wrote goes to a file. At the end it repeats what failed,
// with the last that the failed tests wrote. It ends with 1 where a test failed or
// was skipped, and where there was none.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// event is one of "go doc test2json", or of "go help buildjson".
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64 // seconds
}

func main() {
	if len(os.Args) != 2 {
		_, _ = fmt.Fprintln(os.Stderr, "usage: go test -json … 2>&1 | testlines FILE")
		os.Exit(2)
	}
	log, err := os.Create(os.Args[1]) //nolint:gosec // who runs it says where
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "testlines:", err)
		os.Exit(1)
	}
	r := &report{out: os.Stdout, log: log, began: time.Now(), wrote: map[string][]string{}}
	if err := r.read(os.Stdin); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "testlines:", err)
		os.Exit(1)
	}
	good := r.sum()
	if err := log.Close(); err != nil || !good {
		os.Exit(1)
	}
}

// report is what is known so far.
type report struct {
	out, log io.Writer
	began    time.Time
	// wrote are the last lines that a test wrote which has not ended, or has failed.
	wrote                   map[string][]string
	passed, failed, skipped []string
}

// kept is how many lines are kept of a test.
const kept = 40

// read takes events until there are no more. A line that is none is shown as it is:
// it is by who runs the tests.
func (r *report) read(from io.Reader) error {
	const longest = 64 << 20
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, longest)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || e.Action == "" {
			r.say("%s", lines.Text())
			_, _ = fmt.Fprintln(r.log, lines.Text())
			continue
		}
		r.take(&e)
	}
	return lines.Err()
}

func (r *report) take(e *event) {
	key := strings.TrimSpace(e.Package + " " + e.Test)
	switch e.Action {
	case "output", "build-output":
		_, _ = io.WriteString(r.log, e.Output)
		shown := func(prefix string) bool { return strings.HasPrefix(e.Output, prefix) }
		if e.Action == "build-output" || slices.ContainsFunc([]string{"=== ENGINE", "=== TURN", "panic: ", "fatal error: "}, shown) {
			r.say("%s", strings.TrimSuffix(e.Output, "\n"))
		}
		if !strings.HasPrefix(e.Output, "=== ") {
			r.wrote[key] = append(r.wrote[key], e.Output)
			r.wrote[key] = r.wrote[key][max(0, len(r.wrote[key])-kept):]
		}
	case "pass":
		// Only these have something to tell. The rest is counted.
		if took := time.Duration(e.Elapsed * float64(time.Second)); took >= time.Second && strings.Count(e.Test, "/") <= 1 {
			r.say("%5.0fs  passed in %6.1fs  %s", time.Since(r.began).Seconds(), e.Elapsed, name(e))
		}
		if e.Test != "" {
			r.passed = append(r.passed, key)
		}
		delete(r.wrote, key)
	case "fail", "skip":
		if e.Action == "skip" && e.Test == "" {
			return // of a package without tests
		}
		r.say("%5.0fs  %s in %6.1fs  %s", time.Since(r.began).Seconds(), map[string]string{"fail": "FAILED", "skip": "SKIPPED"}[e.Action], e.Elapsed, name(e))
		if e.Action == "fail" {
			r.failed = append(r.failed, key)
		} else {
			r.skipped = append(r.skipped, key)
		}
	}
}

func name(e *event) string {
	at := e.Package[strings.LastIndex(e.Package, "/")+1:]
	if e.Test == "" {
		return "all of " + at
	}
	return at + " " + e.Test
}

func (r *report) say(format string, args ...any) {
	_, _ = fmt.Fprintf(r.out, format+"\n", args...)
}

// sum says what came of it all, and tells whether that is good.
func (r *report) sum() bool {
	for _, key := range slices.Concat(r.failed, r.skipped) {
		r.say("\n%s wrote last:", key)
		for _, line := range r.wrote[key] {
			r.say("  %s", strings.TrimRight(line, "\n"))
		}
	}
	r.say("\n%d tests passed, %d failed, %d were skipped", len(r.passed), len(r.failed), len(r.skipped))
	for _, key := range r.failed {
		r.say("--- FAIL: %s", key)
	}
	for _, key := range r.skipped {
		r.say("--- SKIP: %s", key)
	}
	return len(r.passed) > 0 && len(r.failed) == 0 && len(r.skipped) == 0
}
