package page

import (
	"html/template"
	"strings"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Both are made when they are first used: most commands make no page.
var (
	reader = sync.OnceValue(func() parser.Parser {
		const first = 1000
		return parser.NewParser(
			parser.WithBlockParsers(parser.DefaultBlockParsers()...),
			parser.WithInlineParsers(parser.DefaultInlineParsers()...),
			parser.WithParagraphTransformers(util.Prioritized(parser.LinkReferenceParagraphTransformer, first)),
		)
	})
	// The writer leaves out HTML that stands in the Markdown, and links that are
	// scripts.
	writer = sync.OnceValue(func() renderer.Renderer {
		const first = 1000
		return renderer.NewRenderer(renderer.WithNodeRenderers(util.Prioritized(html.NewRenderer(), first)))
	})
)

// markup makes HTML of an explanation, without the title in its first line. Its
// headings are below that of the panel in which it stands.
func markup(markdown string) (template.HTML, error) {
	if title, rest, _ := strings.Cut(markdown, "\n"); strings.HasPrefix(title, "# ") {
		markdown = rest
	}
	source := []byte(markdown)
	document := reader().Parse(text.NewReader(source))
	for n := document.FirstChild(); n != nil; n = n.NextSibling() {
		if heading, ok := n.(*ast.Heading); ok {
			heading.Level++
		}
	}
	var b strings.Builder
	if err := writer().Render(&b, source, document); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil //nolint:gosec // goldmark escapes all that is not Markdown
}
