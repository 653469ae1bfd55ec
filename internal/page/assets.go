package page

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"strings"
	"sync"

	"github.com/docker-netkit/docker-netkit/internal/render"
)

// assets are the parts of the page, each in a file of its own.
//
//go:embed assets
var assets embed.FS

// scripts are the files of the page's script, in the order in which they need each
// other.
var scripts = []string{"model.js", "view.js", "picture.js", "panel.js", "find.js", "theme.js", "live.js", "start.js"}

var (
	script = sync.OnceValue(func() string {
		var b strings.Builder
		b.WriteString("\"use strict\";\n")
		for _, name := range scripts {
			b.WriteString(asset(name))
		}
		return b.String()
	})
	// style is that of the page, and of the picture in it.
	style = sync.OnceValue(func() string {
		return asset("page.css") + render.SVGStyle(render.ThemeAuto)
	})
	skeleton = sync.OnceValue(func() *template.Template {
		return template.Must(template.New("page").Parse(asset("page.html")))
	})
)

// asset is the text of a file that is part of the program.
func asset(name string) string {
	text, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// Policy is the content security policy of the page, which the page has in itself, too:
// it may run its own script and show its own style. A live one may ask its server.
func Policy(live bool) string {
	rules := []string{
		"default-src 'none'", "style-src " + hash(style()), "script-src " + hash(script()),
		"img-src data:", "base-uri 'none'", "form-action 'none'",
	}
	if live {
		rules = append(rules, "connect-src 'self'")
	}
	return strings.Join(rules, "; ")
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
