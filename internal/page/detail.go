package page

import (
	"html"
	"html/template"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/diagnose/checks"
	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/render"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Find gives the object that has this key in the picture, or nil.
func (p *Page) Find(key string) *render.DiagramObject {
	for i := range p.shown {
		if p.shown[i].Key == key {
			return &p.shown[i]
		}
	}
	return nil
}

// Detail is what there is to say of the object with this key, as HTML; nil where there
// is none.
func (p *Page) Detail(key string) ([]byte, error) {
	o := p.Find(key)
	if o == nil {
		return nil, nil
	}
	text, err := p.say(o)
	return []byte(text), err
}

// say is what there is to say of one object: what was found about it, then what it is.
func (p *Page) say(o *render.DiagramObject) (template.HTML, error) {
	switch {
	case o.Network != nil:
		text, err := markup(explain.OfNetwork(p.ix, o.Network).Markdown(p.options.Lang))
		return p.findings(o.Network.ID) + text, err
	case o.Container != nil:
		text, err := markup(explain.OfContainer(p.ix, o.Container, p.options.More).Markdown(p.options.Lang))
		return p.findings(o.Container.ID) + text, err
	}
	says := p.words.GoneSays
	switch o.Gone.State {
	case topology.Ambiguous:
		says = p.words.SeveralSay
	case topology.Unverified:
		says = p.words.ElsewhereIs
	case topology.Dangling, topology.Live, topology.Configured:
	}
	return template.HTML("<p>" + html.EscapeString(says) + "</p>"), nil //nolint:gosec // escaped
}

// sortFindings puts each finding, and those that follow from it, to the objects that
// it is about.
func (p *Page) sortFindings() {
	p.found = map[string][]*checks.Finding{}
	if p.options.Report == nil {
		return
	}
	var add func(all []*checks.Finding)
	add = func(all []*checks.Finding) {
		for _, f := range all {
			for _, ref := range f.About {
				if ref.ID != "" {
					p.found[ref.ID] = append(p.found[ref.ID], f)
				}
			}
			add(f.Followers)
		}
	}
	add(p.options.Report.Findings())
}

// mark is the severity of the worst that was found about an object; nothing where that
// is no more than a hint.
func (p *Page) mark(id string) string {
	worst := checks.Hint
	for _, f := range p.found[id] {
		worst = max(worst, f.Severity)
	}
	if worst == checks.Hint {
		return ""
	}
	return worst.String()
}

// findings says what was found about an object. It is in English, as all of the doctor's
// words.
func (p *Page) findings(id string) template.HTML {
	all := p.found[id]
	if len(all) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("<section class=\"findings\"><h3>" + html.EscapeString(p.words.Findings) + "</h3><ul lang=\"en\">")
	for _, f := range all {
		text := render.FindingText(p.ix, f, p.look)
		b.WriteString("<li class=\"is-" + f.Severity.String() + "\"><p>" + html.EscapeString(text.Says) + " <span class=\"id\">" + html.EscapeString(f.Check.ID) + "</span></p>")
		for _, also := range text.Also {
			b.WriteString("<p>" + html.EscapeString(also) + "</p>")
		}
		if len(text.Commands) > 0 {
			b.WriteString("<pre><code>" + html.EscapeString(strings.Join(text.Commands, "\n")) + "</code></pre>")
		}
		b.WriteString("</li>")
	}
	b.WriteString("</ul></section>")
	return template.HTML(b.String()) //nolint:gosec // each text is escaped
}
