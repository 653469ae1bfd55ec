package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Options are how a page is made.
type Options struct {
	Lang explain.Language
	// More is what explanations need to know beside the snapshot.
	More explain.Details
	// Theme is light, dark or auto.
	Theme string
	// Report is what an examination found; nil where there was none.
	Report *checks.Report
	// Live is set for a page that its server keeps up to date.
	Live bool
}

// Page is a page of one picture.
type Page struct {
	ix      *topology.Index
	shown   []render.DiagramObject
	sel     *topology.Selection
	look    *render.Look
	options Options
	words   words
	found   map[string][]*checks.Finding // by the ID of the object
}

// New makes the page of what a picture of this selection shows.
func New(ix *topology.Index, sel *topology.Selection, look *render.Look, options Options) *Page {
	p := &Page{ix: ix, sel: sel, look: look, options: options, words: wordsIn[options.Lang], shown: render.DiagramObjects(ix, sel, look)}
	p.sortFindings()
	return p
}

// picture is the SVG that the page shows. Live pages tell the time themselves: pictures
// that differ in nothing but that are to be the same.
func (p *Page) picture() ([]byte, error) {
	ix := p.ix
	if p.options.Live {
		ix = topology.NewIndex(p.timeless())
	}
	var drawn bytes.Buffer
	err := render.SVG(&drawn, ix, p.sel, p.look, render.SVGOptions{Bare: true})
	return drawn.Bytes(), err
}

// timeless is the snapshot without when it was taken.
func (p *Page) timeless() *topology.Snapshot {
	s := *p.ix.Snapshot
	s.TakenAt = time.Time{}
	return &s
}

// state is all that changes in a page when something changes in the engine.
type state struct {
	// Version differs where anything but the time does.
	Version string    `json:"version"`
	Taken   time.Time `json:"taken"`
	Engine  string    `json:"engine"`
	Objects []object  `json:"objects"`
	// Picture is the SVG.
	Picture string `json:"picture,omitempty"`
}

func (p *Page) state() (*state, error) {
	picture, err := p.picture()
	if err != nil {
		return nil, err
	}
	s := &state{Taken: p.ix.TakenAt, Engine: p.engine(), Objects: p.objects()}
	text, err := json.Marshal(s.Objects)
	if err != nil {
		return nil, err
	}
	// Details tell of more than the picture shows.
	rest, err := json.Marshal(p.timeless())
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	sum.Write(rest)
	sum.Write(text)
	sum.Write(picture)
	sum.Write([]byte(s.Engine))
	s.Version, s.Picture = hex.EncodeToString(sum.Sum(nil)[:8]), string(picture)
	return s, nil
}

// engine says in a line of what the picture is.
func (p *Page) engine() string {
	e := &p.ix.Engine
	parts := []string{strings.TrimSpace(printable(e.Product) + " " + printable(e.Version))}
	if e.Context != "" && e.Context != "default" {
		parts = append(parts, printable(e.Context))
	}
	parts = append(parts, printable(e.Endpoint))
	return strings.Trim(strings.Join(parts, " · "), " ·")
}

// Update is what a live page is told, as JSON, when something changed. Its version
// differs from another's where the page does.
func (p *Page) Update() (version string, text []byte, err error) {
	s, err := p.state()
	if err != nil {
		return "", nil, err
	}
	text, err = json.Marshal(s)
	return s.Version, text, err
}

// detail is what there is to say of one object.
type detail struct {
	Key  string
	HTML template.HTML
}

// Write writes the page.
func (p *Page) Write(w io.Writer) error {
	state, err := p.state()
	if err != nil {
		return err
	}
	picture := state.Picture
	state.Picture = "" // it stands in the page
	data, err := json.Marshal(map[string]any{
		"state": state, "words": p.words, "lang": p.options.Lang, "live": p.options.Live, "theme": p.options.Theme,
	})
	if err != nil {
		return err
	}
	var details []detail
	for i := range p.shown {
		if p.options.Live {
			break // they are asked for
		}
		html, err := p.say(&p.shown[i])
		if err != nil {
			return err
		}
		details = append(details, detail{p.shown[i].Key, html})
	}
	var page bytes.Buffer
	err = skeleton().Execute(&page, map[string]any{
		"Lang": p.options.Lang, "Words": p.words, "Engine": state.Engine, "Taken": state.Taken.Format(time.RFC3339),
		"TakenText": state.Taken.Format("2006-01-02 15:04:05 MST"),
		"Policy":    Policy(p.options.Live), "Live": p.options.Live, "Details": details,
		"Style":   template.CSS(style()),  //nolint:gosec // our own
		"Script":  template.JS(script()),  //nolint:gosec // our own
		"Data":    template.JS(data),      //nolint:gosec // json.Marshal escapes what could end a script
		"Picture": template.HTML(picture), //nolint:gosec // made by package render, which escapes names
	})
	if err != nil {
		return err
	}
	_, err = w.Write(page.Bytes())
	return err
}
