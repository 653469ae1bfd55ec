package main

import (
	"strings"
	"testing"
	"time"
)

// read gives what is said of events, what goes to the file, and whether all is well.
func readEvents(t *testing.T, events ...string) (said, log string, good bool) {
	t.Helper()
	var out, file strings.Builder
	r := &report{out: &out, log: &file, began: time.Now(), wrote: map[string][]string{}}
	if err := r.read(strings.NewReader(strings.Join(events, "\n"))); err != nil {
		t.Fatal(err)
	}
	good = r.sum()
	return out.String(), file.String(), good
}

const (
	started = `{"Action":"start","Package":"x/real"}`
	wrote   = `{"Action":"output","Package":"x/real","Test":"TestA","Output":"    a_test.go:1: something\n"}`
	passed  = `{"Action":"pass","Package":"x/real","Test":"TestA","Elapsed":3.2}`
	failed  = `{"Action":"fail","Package":"x/real","Test":"TestA/deep","Elapsed":0}`
	why     = `{"Action":"output","Package":"x/real","Test":"TestA/deep","Output":"    a_test.go:2: the reason\n"}`
	skipped = `{"Action":"skip","Package":"x/real","Test":"TestB","Elapsed":0}`
	none    = `{"Action":"skip","Package":"x/none","Elapsed":0}`
)

func TestReport(t *testing.T) {
	for name, c := range map[string]struct {
		events []string
		good   bool
		says   []string
		not    string
	}{
		"all passed":         {[]string{started, wrote, passed, none}, true, []string{"passed in    3.2s  real TestA", "1 tests passed, 0 failed, 0 were skipped"}, "something"},
		"one failed":         {[]string{started, why, passed, failed}, false, []string{"FAILED in    0.0s  real TestA/deep", "x/real TestA/deep wrote last:\n      a_test.go:2: the reason", "--- FAIL: x/real TestA/deep\n"}, "SKIP"},
		"one was skipped":    {[]string{started, passed, skipped}, false, []string{"--- SKIP: x/real TestB\n"}, "FAIL"},
		"there was none":     {[]string{started, none}, false, []string{"0 tests passed"}, "FAIL"},
		"what does not fit":  {[]string{"make: *** [test] Error 1", passed}, true, []string{"make: *** [test] Error 1\n"}, "FAIL"},
		"a build that fails": {[]string{`{"ImportPath":"x","Action":"build-output","Output":"x.go:1: no\n"}`, `{"ImportPath":"x","Action":"build-fail"}`}, false, []string{"x.go:1: no\n"}, "passed in"},
	} {
		t.Run(name, func(t *testing.T) {
			said, log, good := readEvents(t, c.events...)
			if good != c.good {
				t.Errorf("all is well: %t, want %t", good, c.good)
			}
			for _, want := range c.says {
				if !strings.Contains(said, want) {
					t.Errorf("it does not say %q, but\n%s", want, said)
				}
			}
			if strings.Contains(said, c.not) {
				t.Errorf("it says %q:\n%s", c.not, said)
			}
			if strings.Contains(strings.Join(c.events, ""), "a_test.go:1") && !strings.Contains(log, "a_test.go:1: something\n") {
				t.Errorf("the file has only\n%s", log)
			}
		})
	}
}
