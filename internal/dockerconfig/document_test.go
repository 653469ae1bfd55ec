package dockerconfig

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func parsed(t *testing.T, text string) *Document {
	t.Helper()
	d, err := Parse([]byte(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return d
}

// TestSet: what is not about the setting stays as it is, byte by byte, and what is
// added looks like the rest.
func TestSet(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", "{\n\t\"plugins\": {\n\t\t\"netkit\": {\n\t\t\t\"hooks\": \"on\"\n\t\t}\n\t}\n}\n"},
		{"blanks", " \n", "{\n\t\"plugins\": {\n\t\t\"netkit\": {\n\t\t\t\"hooks\": \"on\"\n\t\t}\n\t}\n}\n"},
		{"an empty object", "{}", "{\n\t\"plugins\": {\n\t\t\"netkit\": {\n\t\t\t\"hooks\": \"on\"\n\t\t}\n\t}\n}"},
		{
			"docker's own form", "{\n\t\"auths\": {},\n\t\"z\": 1.50\n}",
			"{\n\t\"auths\": {},\n\t\"z\": 1.50,\n\t\"plugins\": {\n\t\t\"netkit\": {\n\t\t\t\"hooks\": \"on\"\n\t\t}\n\t}\n}",
		},
		{
			"two blanks, and a number that no float holds", "{\n  \"n\": 12345678901234567890\n}\n",
			"{\n  \"n\": 12345678901234567890,\n  \"plugins\": {\n    \"netkit\": {\n      \"hooks\": \"on\"\n    }\n  }\n}\n",
		},
		{"one line", `{"a":1}`, `{"a":1,"plugins":{"netkit":{"hooks":"on"}}}`},
		{"one line with blanks", `{ "a": 1, "b": 2 }`, `{ "a": 1, "b": 2, "plugins": {"netkit": {"hooks": "on"}} }`},
		{"lines of Windows", "{\r\n\t\"a\": 1\r\n}\r\n", "{\r\n\t\"a\": 1,\r\n\t\"plugins\": {\r\n\t\t\"netkit\": {\r\n\t\t\t\"hooks\": \"on\"\r\n\t\t}\r\n\t}\r\n}\r\n"},
		{
			"another plugin", "{\n\t\"plugins\": {\n\t\t\"scout\": {\n\t\t\t\"hooks\": \"pull\"\n\t\t}\n\t},\n\t\"a\": 1\n}",
			"{\n\t\"plugins\": {\n\t\t\"scout\": {\n\t\t\t\"hooks\": \"pull\"\n\t\t},\n\t\t\"netkit\": {\n\t\t\t\"hooks\": \"on\"\n\t\t}\n\t},\n\t\"a\": 1\n}",
		},
		{"another value", `{"plugins":{"netkit":{"hooks":"off","x":"y"}}}`, `{"plugins":{"netkit":{"hooks":"on","x":"y"}}}`},
		{"null", `{"plugins": null, "a": 1}`, `{"plugins": {"netkit": {"hooks": "on"}}, "a": 1}`},
		{"null within", `{"plugins":{"netkit":{"hooks":null}}}`, `{"plugins":{"netkit":{"hooks":"on"}}}`},
		{"another case at the top, as docker takes it", `{"Plugins":{"netkit":{}}}`, `{"Plugins":{"netkit":{"hooks":"on"}}}`},
		{"another case below, which is another name", `{"plugins":{"Netkit":{}}}`, `{"plugins":{"Netkit":{},"netkit":{"hooks":"on"}}}`},
		{"an escaped name", `{"plug\u0069ns":{"netkit":{}}}`, `{"plug\u0069ns":{"netkit":{"hooks":"on"}}}`},
		{"the same elsewhere", `{"x":{"plugins":{"netkit":{"hooks":"1"}}}}`, `{"x":{"plugins":{"netkit":{"hooks":"1"}}},"plugins":{"netkit":{"hooks":"on"}}}`},
		{"the same twice elsewhere", `{"x":1,"x":2,"plugins":{"netkit":{}}}`, `{"x":1,"x":2,"plugins":{"netkit":{"hooks":"on"}}}`},
		{"braces in texts", `{"a":"}{","b":"\"{"}`, `{"a":"}{","b":"\"{","plugins":{"netkit":{"hooks":"on"}}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := parsed(t, test.text)
			if err := d.Set("on", "plugins", "netkit", "hooks"); err != nil {
				t.Fatal(err)
			}
			if got := string(d.Text()); got != test.want {
				t.Errorf("%s\nwant\n%s", got, test.want)
			}
			if value, found, err := d.Get("plugins", "netkit", "hooks"); value != "on" || !found || err != nil {
				t.Errorf("Get: %q, %t, %v", value, found, err)
			}
		})
	}
}

// TestRemove: after what was set is taken away, the text is what it was.
func TestRemove(t *testing.T) {
	for _, text := range []string{
		"{}", "{\n\t\"auths\": {},\n\t\"z\": 1.50\n}", `{"a":1}`, `{ "a": 1, "b": [ 1,2 ] }`, "{\r\n  \"a\" : 1\r\n}\r\n", "{\n\"a\":1}",
		"{\n\t\"plugins\": {\n\t\t\"scout\": {\n\t\t\t\"hooks\": \"pull\"\n\t\t}\n\t},\n\t\"a\": 1\n}", `{"plugins":{"netkit":{"x":"y"}}}`,
	} {
		d := parsed(t, text)
		for _, path := range [][]string{{"plugins", "netkit", "hooks"}, {"plugins", "netkit", "more"}, {"features", "hooks"}} {
			if err := d.Set("on", path...); err != nil {
				t.Fatal(err)
			}
		}
		for _, path := range [][]string{{"plugins", "netkit", "hooks"}, {"features", "hooks"}, {"plugins", "netkit", "more"}, {"plugins", "netkit", "more"}} {
			if err := d.Remove(path...); err != nil {
				t.Fatal(err)
			}
		}
		if got := string(d.Text()); got != text {
			t.Errorf("%q, and it was %q", got, text)
		}
	}
	for text, want := range map[string]string{
		`{"a": "1", "b": 2}`: `{"b": 2}`, `{"b": 2, "a": "1"}`: `{"b": 2}`, `{"b": 2, "a": "1", "c": 3}`: `{"b": 2, "c": 3}`, `{ "a": "1" }`: `{}`,
		`{"A":"1"}`: `{}`, `{"b":{"a":"1"}}`: `{"b":{"a":"1"}}`, "": "",
	} {
		d := parsed(t, text)
		if err := d.Remove("a"); err != nil {
			t.Fatal(err)
		}
		if got := string(d.Text()); got != want {
			t.Errorf("%s without a: %s, want %s", text, got, want)
		}
	}
}

// TestDamaged: what docker does not take is refused, and where it is, is said.
func TestDamaged(t *testing.T) {
	for text, want := range map[string]string{
		"{\n\t\"a\": 1,\n}":                      "line 3: invalid character",
		"{\n\t\"a\": 1":                          "line 2: unexpected end",
		"{}\n{}":                                 "line 2: invalid character",
		"\n\n[]":                                 "line 3: not a JSON object",
		`"x"`:                                    "line 1: not a JSON object",
		"null":                                   "line 1: not a JSON object",
		"\xef\xbb\xbf{}":                         "line 1: a byte order mark",
		"{\n\"plugins\": []}":                    "line 2: plugins is not an object",
		"{\n\"plugins\":{\n\"netkit\": 3}}":      "line 3: plugins.netkit is not an object",
		`{"plugins":{"netkit":{"hooks": true}}}`: "line 1: plugins.netkit.hooks is not a text",
		"{\"plugins\":{},\n\"plugins\":{}}":      "line 2: plugins is there twice",
		"{\"plugins\":{},\n\"PLUGINS\":{}}":      "line 2: plugins is there twice",
		"{\"plugins\":{\"netkit\":{},\n\"netkit\":{}}}":                  "line 2: plugins.netkit is there twice",
		"{\"plugins\":{\"netkit\":{\"hooks\":\"\",\n\n\"hooks\":\"\"}}}": "line 3: plugins.netkit.hooks is there twice",
	} {
		d, err := Parse([]byte(text))
		if err == nil {
			_, _, err = d.Get("plugins", "netkit", "hooks")
		}
		if _, ok := errors.AsType[*DamagedError](err); !ok || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
		if d != nil && err != nil && string(d.Text()) != text {
			t.Errorf("%q changed to %q", text, d.Text())
		}
	}
}

func TestNames(t *testing.T) {
	d := parsed(t, `{"plugins":{"b":{},"a":{}}}`)
	if names, err := d.Names("plugins"); err != nil || !slices.Equal(names, []string{"b", "a"}) {
		t.Errorf("%q, %v", names, err)
	}
	if names, err := d.Names("features"); err != nil || names != nil {
		t.Errorf("%q, %v", names, err)
	}
}

// TestLarge: a file of a megabyte is changed as a small one is.
func TestLarge(t *testing.T) {
	var b strings.Builder
	b.WriteString("{\n\t\"auths\": {")
	for i := range 20000 {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n\t\t\"registry-%d.example.org\": {\"auth\": \"%s\"}", i, strings.Repeat("x", 20))
	}
	b.WriteString("\n\t}\n}")
	d := parsed(t, b.String())
	if err := d.Set("on", "features", "hooks"); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasSuffix(d.Text(), []byte("\n\t},\n\t\"features\": {\n\t\t\"hooks\": \"on\"\n\t}\n}")) {
		t.Errorf("it ends with %q", d.Text()[len(d.Text())-80:])
	}
	if err := d.Remove("features", "hooks"); err != nil {
		t.Fatal(err)
	}
	if string(d.Text()) != b.String() {
		t.Error("it is not what it was")
	}
}

// FuzzDocument: whatever the file holds, it is refused or stays JSON, and all that
// was in it stays in it.
func FuzzDocument(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"a":1}`, "{\n\t\"plugins\": {}\n}", `{"plugins":null,"Features":{"hooks":"x"}}`, `{"a":{"b":[{"c":"\u0000"}]}}`, `{"":0}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := Parse(text)
		if err != nil {
			return
		}
		before := valuesOf(t, d)
		if err := d.Set("on", "plugins", "netkit", "hooks"); err != nil {
			return
		}
		if got, found, err := d.Get("plugins", "netkit", "hooks"); got != "on" || !found || err != nil {
			t.Fatalf("%q: %q, %t, %v", d.Text(), got, found, err)
		}
		after := valuesOf(t, d)
		for name := range before {
			if !strings.EqualFold(name, "plugins") && !reflect.DeepEqual(before[name], after[name]) {
				t.Fatalf("%q became %q: %s changed", text, d.Text(), name)
			}
		}
		if err := d.Remove("plugins", "netkit", "hooks"); err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(maps.Keys(valuesOf(t, d))); len(got) > len(before) {
			t.Fatalf("%q became %q", text, d.Text())
		}
	})
}

func valuesOf(t *testing.T, d *Document) map[string]any {
	t.Helper()
	values := map[string]any{}
	if d.blank() {
		return values
	}
	if err := json.Unmarshal(d.Text(), &values); err != nil {
		t.Fatalf("%q: %v", d.Text(), err)
	}
	return values
}
