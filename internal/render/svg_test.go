package render

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/drawing"
	"github.com/docker-netkit/docker-netkit/internal/goldentest"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

func svgOf(t testing.TB, s *topology.Snapshot, look *Look, options SVGOptions) string {
	t.Helper()
	ix := topology.NewIndex(s)
	return draw(t, func(w *strings.Builder) error { return SVG(w, ix, everything(ix), look, options) })
}

func TestGoldenSVG(t *testing.T) {
	goldentest.Compare(t, "shop.svg", svgOf(t, shop(t), &Look{}, SVGOptions{}))
	goldentest.Compare(t, "nothing.svg", svgOf(t, newComposer().snapshot(), &Look{}, SVGOptions{Theme: ThemeDark}))
	b := newComposer()
	b.container("", "web", []string{b.network("", "front")}, 80)
	goldentest.Compare(t, "small.svg", svgOf(t, b.snapshot(), &Look{}, SVGOptions{Theme: ThemeLight}))
}

// svgObject is a group of an SVG that stands for something: its attributes, and the
// texts that are its own, by their class.
type svgObject struct {
	attributes map[string]string
	texts      map[string]string
}

// readSVG reads what a drawing holds. Anything in it that could act, or ask for
// something, fails the test.
func readSVG(t *testing.T, text string) []*svgObject {
	t.Helper()
	known := []string{"svg", "title", "desc", "style", "rect", "g", "path", "circle", "text"}
	decoder := xml.NewDecoder(strings.NewReader(text))
	var objects, open []*svgObject
	class, inTitle := "", false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return objects
		}
		if err != nil {
			t.Fatalf("it is no XML: %v", err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if !slices.Contains(known, e.Name.Local) {
				t.Errorf("it holds an element %s", e.Name.Local)
			}
			o := &svgObject{attributes: map[string]string{}, texts: map[string]string{}}
			for _, a := range e.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || a.Name.Local == "style" {
					t.Errorf("an element %s has an attribute %s", e.Name.Local, a.Name.Local)
				}
				o.attributes[a.Name.Local] = a.Value
			}
			if e.Name.Local == "g" && o.attributes["data-key"] == "" && len(open) > 0 {
				o = open[len(open)-1] // a sign
			}
			if e.Name.Local == "g" {
				objects, open = append(objects, o), append(open, o)
			}
			class, inTitle = o.attributes["class"], e.Name.Local == "title" || e.Name.Local == "desc"
		case xml.EndElement:
			if e.Name.Local == "g" {
				open = open[:len(open)-1]
			}
			class, inTitle = "", false
		case xml.CharData:
			if len(open) > 0 && !inTitle {
				open[len(open)-1].texts[class] += string(e)
			}
		}
	}
}

func unspaced(text string) string { return strings.ReplaceAll(text, " ", "") }

// Names are shown as they are, whatever they hold, and act on nothing.
func TestSVGShowsNames(t *testing.T) {
	for name, s := range map[string]*topology.Snapshot{"shop": shop(t), "town": town(), "odd": odd(), "hostile": hostile()} {
		for _, look := range []*Look{{All: true}, {All: true, NoTrunc: true}} {
			t.Run(fmt.Sprintf("%s %t", name, look.NoTrunc), func(t *testing.T) {
				text := svgOf(t, s, look, SVGOptions{})
				byKey := map[string]*svgObject{}
				for _, o := range readSVG(t, text) {
					byKey[o.attributes["data-key"]] = o
				}
				keys := diagramKeys{}
				for i := range s.Containers {
					c := &s.Containers[i]
					want := label(c.Name, look.NoTrunc)
					o := byKey[keys.container(c.ID)]
					if o == nil {
						t.Errorf("container %q is not drawn", c.Name)
						continue
					}
					if unspaced(o.texts["name"]) != unspaced(want) || o.attributes["data-name"] != want {
						t.Errorf("container %q is shown as %q, %q", c.Name, o.texts["name"], o.attributes["data-name"])
					}
				}
				for i := range s.Networks {
					n := &s.Networks[i]
					want := label(n.Name, look.NoTrunc)
					o := byKey[keys.network(n.ID)]
					if o == nil {
						t.Errorf("network %q is not drawn", n.Name)
						continue
					}
					shown := o.texts["name"] + o.texts["heading"]
					if !strings.HasPrefix(unspaced(shown), unspaced(want)) {
						t.Errorf("network %q is shown as %q", n.Name, shown)
					}
				}
			})
		}
	}
}

// A page has the style already, and finds everything else in the bare drawing.
func TestSVGIsTheSameBare(t *testing.T) {
	whole, bare := svgOf(t, shop(t), &Look{}, SVGOptions{}), svgOf(t, shop(t), &Look{}, SVGOptions{Bare: true})
	if strings.Contains(bare, "<style") {
		t.Error("the bare drawing has a style")
	}
	if with := strings.Replace(whole, "<style>"+SVGStyle(ThemeAuto)+"</style>\n", "", 1); with != bare {
		t.Error("the bare drawing differs in more than the style")
	}
}

func TestSVGThemes(t *testing.T) {
	const media = "@media(prefers-color-scheme:dark)"
	for theme, want := range map[Theme][2]bool{ThemeAuto: {true, true}, ThemeLight: {true, false}, ThemeDark: {false, true}} {
		style := SVGStyle(theme)
		if got := [2]bool{strings.Contains(style, Light.Canvas), strings.Contains(style, Dark.Canvas)}; got != want {
			t.Errorf("theme %d has the light and the dark colours: %v, want %v", theme, got, want)
		}
		if strings.Contains(style, media) != (theme == ThemeAuto) {
			t.Errorf("theme %d: what the system prefers counts: %t", theme, strings.Contains(style, media))
		}
	}
	for line := range strings.Lines(SVGStyle(ThemeLight)) {
		selectors, _, _ := strings.Cut(line, "{")
		for _, selector := range strings.Split(selectors, ",") {
			if !strings.HasPrefix(selector, ".netkit ") {
				t.Errorf("the rule %q is not of drawings alone", selector)
			}
		}
	}
}

// An attachment of a container that shares a network, and one that is drawn nowhere
// else, are in the drawing too.
func TestDrawingHoldsAllLines(t *testing.T) {
	for name, s := range map[string]*topology.Snapshot{"shop": shop(t), "town": town(), "odd": odd(), "hostile": hostile()} {
		ix := topology.NewIndex(s)
		look := &Look{All: true}
		lines := map[string]bool{}
		inMode := map[string]bool{}
		made := Drawing(ix, everything(ix), look)
		for i := range made.Lines {
			lines[made.Lines[i].Key] = true
		}
		for i := range made.Boxes {
			if b := &made.Boxes[i]; b.Kind == drawing.CardBox {
				inMode[b.Parent+"_"+b.Key] = true
			}
		}
		for _, e := range buildDiagram(ix, everything(ix), look).d.edges {
			key := e.from + "_" + e.to
			if e.kind != edgeShares && !lines[key] && !inMode[key] {
				t.Errorf("%s: the line from %s to %s is not drawn", name, e.from, e.to)
			}
		}
	}
}

// What a choice leaves out is not said not to be there.
func TestDrawingOfPartSaysWhatIsElsewhere(t *testing.T) {
	b := newComposer()
	b.container("", "holder", []string{b.network("", "front")})
	holder := b.Containers[0].ID
	b.container("", "sidecar", nil).Mode = topology.NetworkMode("container:" + holder)
	b.container("", "second", nil).Mode = topology.NetworkMode("container:" + b.Containers[1].ID)
	ix := topology.NewIndex(b.snapshot())
	filter, err := topology.ParseFilter(map[string][]string{"driver": {"macvlan"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []struct {
		refs     []string
		filter   topology.Filter
		say, not []string
	}{
		{nil, topology.Filter{}, nil, []string{"on no network", "shares the network of"}},
		{[]string{"sidecar"}, topology.Filter{}, nil, []string{"on no network", "shares the network of"}},
		{[]string{"sidecar"}, filter, []string{"on no network drawn here", "shares the network of holder"}, []string{"on no network<"}},
		{[]string{"second"}, filter, []string{"on no network drawn here", "shares the network of sidecar"}, []string{"on no network<"}},
	} {
		sel, unknown := ix.Select(part.refs, &part.filter)
		if len(unknown) > 0 {
			t.Fatalf("unknown: %v", unknown)
		}
		text := strings.ReplaceAll(draw(t, func(w *strings.Builder) error { return SVG(w, ix, &sel, &Look{}, SVGOptions{}) }), "&#10;", " ")
		text = wrappedLine.ReplaceAllString(text, " ")
		for _, words := range part.say {
			if !strings.Contains(text, words) {
				t.Errorf("the drawing of %v does not say %q: %s", part.refs, words, text)
			}
		}
		for _, words := range part.not {
			if strings.Contains(text, words) {
				t.Errorf("the drawing of %v says %q", part.refs, words)
			}
		}
	}
}

// wrappedLine is what is between two lines of one text.
var wrappedLine = regexp.MustCompile(`</text><text class="detail"[^>]*>`)
