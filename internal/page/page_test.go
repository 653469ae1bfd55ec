package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/sample"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// pageOf makes a page of all of a snapshot.
func pageOf(t *testing.T, s *topology.Snapshot, options Options) *Page {
	t.Helper()
	ix := topology.NewIndex(s)
	sel, _ := ix.Select(nil, &topology.Filter{})
	look := &render.Look{Docker: "docker", NoTrunc: true}
	if options.Lang == "" {
		options.Lang = explain.English
	}
	options.More.Docker = "docker"
	return New(ix, &sel, look, options)
}

func shop(t *testing.T) *topology.Snapshot {
	t.Helper()
	s, err := sample.Shop()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func written(t *testing.T, p *Page) string {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// evil are names that end, in one medium or another, what they stand in.
var evil = []string{
	`</script><script>window.ran=1</script>`, `<!--<script>`, `<img src=x onerror="window.ran=1">`, `"><svg onload=window.ran=1>`,
	`</template></textarea></title></style><script>window.ran=1</script>`, `{{.Data}}`, "`![x](http://192.0.2.1/x.png)`", `![x](http://192.0.2.1/x.png)`,
	`[x](javascript:window.ran=1)`, `<http://192.0.2.1/>`, "a\x00b", "\u202eevil\u2069", "line\nfeed\r\n\r\n# heading", `]]>`, `&lt;b&gt;`, "\xff\xfe",
	`__proto__`, `constructor`, `' onfocus='window.ran=1' autofocus='`,
}

// hostile is an engine whose names are all evil.
func hostile() *topology.Snapshot {
	s := &topology.Snapshot{TakenAt: time.Unix(1e9, 0), Engine: topology.Engine{Product: evil[0], Version: evil[3], Endpoint: evil[2], Context: evil[4]}}
	for i, name := range evil {
		network, container := fmt.Sprintf("%064x", i+1), fmt.Sprintf("%064x", i+1000)
		s.Networks = append(s.Networks, topology.Network{
			ID: network, Name: name, Driver: evil[(i+1)%len(evil)], Scope: evil[(i+2)%len(evil)],
			Labels: map[string]string{topology.LabelComposeProject: evil[(i+3)%len(evil)], name: name}, Opts: map[string]string{name: name},
		})
		s.Containers = append(s.Containers, topology.Container{
			ID: container, Name: name, Image: evil[(i+4)%len(evil)], State: topology.Running, Project: evil[(i+3)%len(evil)], Service: name, Inspected: true, StartError: name,
		}, topology.Container{
			ID: fmt.Sprintf("%064x", i+2000), Name: name + "2", State: topology.ContainerState(name), Mode: topology.NetworkMode(name),
		})
		s.Attachments = append(s.Attachments,
			topology.Attachment{NetworkID: network, NetworkName: name, ContainerID: container, State: topology.Live, Aliases: evil, AliasesRead: true},
			topology.Attachment{NetworkName: "no " + name, ContainerID: fmt.Sprintf("%064x", i+2000), State: topology.Dangling})
	}
	s.Unread = []topology.Gap{{What: "container", ID: s.Containers[0].ID, Name: evil[0], Reason: evil[2]}}
	s.Sort()
	return s
}

var tag = regexp.MustCompile(`(?s)<(script|style|template|title|meta|link|iframe|img|object|embed|base|form|a|svg|image|foreignObject)\b[^>]*>`)

// The page holds the same elements of the kinds that act, whatever the names are.
func TestNamesAddNothingThatActs(t *testing.T) {
	p := pageOf(t, hostile(), Options{})
	page := written(t, p)
	count := map[string]int{}
	for _, found := range tag.FindAllStringSubmatch(page, -1) {
		count[found[1]]++
	}
	picture, err := p.picture()
	if err != nil {
		t.Fatal(err)
	}
	if titles := bytes.Count(picture, []byte("<title")); count["title"] != titles+1 {
		t.Errorf("the page has %d titles, and its picture %d", count["title"], titles)
	}
	if count["script"] != 2 || count["style"] != 1 || count["img"] != 0 || count["meta"] != 5 || count["link"] != 1 || count["image"] != 0 ||
		count["template"] != len(p.shown) || count["iframe"]+count["object"]+count["embed"]+count["base"]+count["foreignObject"] != 0 {
		t.Errorf("the page has %v and %d objects", count, len(p.shown))
	}
	for _, word := range []string{"onerror=\"window", "onload=window.ran=1>", "href=\"javascript", "<!--<script"} {
		if strings.Contains(page, word) {
			t.Errorf("the page holds %s", word)
		}
	}
	if links := regexp.MustCompile(`(href|src|action)="[^"#]*"`).FindAllString(page, -1); len(links) != 1 || !strings.HasPrefix(links[0], `href="data:image/svg+xml,`) {
		t.Errorf("the page leads to %q", links)
	}
	data := page[strings.Index(page, `id="data">`)+len(`id="data">`):]
	data = data[:strings.Index(data, "</script>")]
	var read struct {
		State state `json:"state"`
	}
	if err := json.Unmarshal([]byte(data), &read); err != nil {
		t.Fatal(err)
	}
	if len(read.State.Objects) != len(p.shown) {
		t.Errorf("the page knows %d objects of %d", len(read.State.Objects), len(p.shown))
	}
}

// The policy lets run what the page holds, to the letter, and nothing else.
func TestPolicyFitsThePage(t *testing.T) {
	for _, live := range []bool{false, true} {
		p := pageOf(t, shop(t), Options{Live: live})
		page := written(t, p)
		between := func(from, to string) string {
			_, rest, ok := strings.Cut(page, from)
			if !ok {
				t.Fatalf("no %s", from)
			}
			inside, _, _ := strings.Cut(rest, to)
			return inside
		}
		got := html.UnescapeString(between(`http-equiv="Content-Security-Policy" content="`, `"`))
		want := "default-src 'none'; style-src " + hash(between("<style>", "</style>")) + "; script-src " + hash(between("<script>", "</script>")) +
			"; img-src data:; base-uri 'none'; form-action 'none'"
		if live {
			want += "; connect-src 'self'"
		}
		if got != want {
			t.Errorf("the policy is\n%s, want\n%s", got, want)
		}
		if got := Policy(live); got != want {
			t.Errorf("the server's policy is\n%s, want\n%s", got, want)
		}
		if regexp.MustCompile(`\sstyle="|\son[a-z]+="`).MatchString(page) {
			t.Error("the page has a style or a script in an attribute, which the policy does not let act")
		}
	}
	for _, name := range append(scripts, "page.css") {
		if strings.Contains(asset(name), "</") || strings.Contains(asset(name), "<!--") {
			t.Errorf("%s holds what ends its element", name)
		}
	}
}

// The page's own classes are none of the picture's: a rule for one would change the
// other.
func TestClassesOfPageAndPictureDiffer(t *testing.T) {
	picture := map[string]bool{}
	for _, s := range []*topology.Snapshot{shop(t), hostile()} {
		drawn, err := pageOf(t, s, Options{}).picture()
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`class="([^"]*)"`).FindAllSubmatch(drawn, -1) {
			for _, class := range strings.Fields(string(found[1])) {
				picture[class] = true
			}
		}
	}
	if !picture["card"] || !picture["rail"] {
		t.Fatalf("the pictures have the classes %v", picture)
	}
	for _, found := range regexp.MustCompile(`(#picture )?\.([a-z][a-z-]*)`).FindAllStringSubmatch(asset("page.css"), -1) {
		if found[1] == "" && picture[found[2]] {
			t.Errorf("page.css has a rule for .%s, which pictures have, too", found[2])
		}
	}
}

func TestPageIsSmallAndTheSameTwice(t *testing.T) {
	p := pageOf(t, shop(t), Options{})
	one, two := written(t, p), written(t, p)
	if one != two {
		t.Error("two pages of one snapshot differ")
	}
	empty := pageOf(t, &topology.Snapshot{}, Options{})
	const most = 100_000
	if size := len(written(t, empty)); size > most {
		t.Errorf("a page without data has %d bytes, want %d at most", size, most)
	}
}

// All that explain says of each object is in the page, in the language asked for.
func TestPageSaysAllThereIsToSay(t *testing.T) {
	for _, lang := range explain.Languages() {
		p := pageOf(t, shop(t), Options{Lang: lang})
		page := written(t, p)
		without := map[explain.Language]string{explain.English: "<h3>Without it</h3>", explain.Portuguese: "<h3>Sem ela</h3>"}[lang]
		if got := strings.Count(page, without); got == 0 {
			t.Errorf("%s: nothing says what would break", lang)
		}
		for i := range p.shown {
			text, err := p.say(&p.shown[i])
			if err != nil || !strings.Contains(page, `<template data-detail="`+p.shown[i].Key+`">`+string(text)+"</template>") {
				t.Errorf("%s: the page does not say what there is to say of %s (%v)", lang, p.shown[i].Key, err)
			}
		}
		if !strings.Contains(page, `<html lang="`+string(lang)+`">`) {
			t.Errorf("the page is not marked as %s", lang)
		}
	}
}

func TestWordsAreThereInEachLanguage(t *testing.T) {
	for _, lang := range explain.Languages() {
		words := reflect.ValueOf(wordsIn[lang])
		for field, word := range words.Fields() {
			if word.String() == "" {
				t.Errorf("%s: there is no word for %s", lang, field.Name)
			}
		}
	}
}

// A live page has no details in itself, and updates say when nothing changed.
func TestLivePageIsUpdated(t *testing.T) {
	s := shop(t)
	p := pageOf(t, s, Options{Live: true})
	if page := written(t, p); strings.Contains(page, "<template data-detail") {
		t.Error("a live page holds details, which it asks for")
	}
	version := func(s *topology.Snapshot) string {
		p := pageOf(t, s, Options{Live: true})
		version, text, err := p.Update()
		var update state
		if err != nil || json.Unmarshal(text, &update) != nil || update.Version != version || !strings.HasPrefix(update.Picture, "<svg ") {
			t.Fatalf("the update is %s (%v)", text, err)
		}
		return update.Version
	}
	before := version(s)
	later := *s
	later.TakenAt = later.TakenAt.Add(time.Hour)
	if version(&later) != before {
		t.Error("the same, read later, is another version")
	}
	changed := *s
	changed.Containers = append([]topology.Container(nil), s.Containers...)
	changed.Containers[0].State = topology.Dead
	if version(&changed) == before {
		t.Error("another state is the same version")
	}
}

// What only details tell is a change, too: a panel may be open.
func TestDetailsAreAChange(t *testing.T) {
	s := shop(t)
	before, _, err := pageOf(t, s, Options{Live: true}).Update()
	if err != nil {
		t.Fatal(err)
	}
	s.Networks[0].Created = s.Networks[0].Created.Add(-time.Hour)
	after, _, err := pageOf(t, s, Options{Live: true}).Update()
	if err != nil {
		t.Fatal(err)
	}
	if before == after {
		t.Error("the same version, although the details of a network differ")
	}
}

func TestDetailOfAnUnknownObjectIsNone(t *testing.T) {
	p := pageOf(t, shop(t), Options{})
	if text, err := p.Detail("c_000000000000"); text != nil || err != nil {
		t.Errorf("it is %q (%v)", text, err)
	}
	if text, err := p.Detail(p.shown[0].Key); len(text) == 0 || err != nil {
		t.Errorf("that of %s is %q (%v)", p.shown[0].Key, text, err)
	}
}

// Findings stand with the objects that they are about, with what mends them.
func TestFindingsStandWhereTheyBelong(t *testing.T) {
	s := shop(t)
	report := checks.Run(&checks.Facts{Index: topology.NewIndex(s)}, checks.All())
	p := pageOf(t, s, Options{Report: report})
	marks := map[string]string{}
	for _, o := range p.objects() {
		marks[o.Name] = o.Mark
	}
	if marks["legacy"] != "error" || marks["web"] == "error" {
		t.Errorf("the marks are %v", marks)
	}
	for _, o := range p.shown {
		text, err := p.say(&o)
		if err != nil {
			t.Fatal(err)
		}
		has := strings.Contains(string(text), `<span class="id">network-gone</span>`)
		if is := o.Container != nil && o.Container.Name == "legacy"; has != is {
			t.Errorf("%s: network-gone is said: %v", o.Key, has)
		}
	}
}
