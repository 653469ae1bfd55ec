package render

import (
	"fmt"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/drawing"
)

// Theme is whether a drawing is light or dark.
type Theme uint8

// The themes. ThemeAuto is what the reader's system prefers.
const (
	ThemeAuto Theme = iota
	ThemeLight
	ThemeDark
)

// Palette is the colours of a theme, as #rrggbb.
type Palette struct {
	Canvas, Card, CardLine, Frame   string
	Ink, Muted, Wire                string
	Up, Halted, Warning             string
	Outside, OutsideInk, OutsideBar string
	Host, HostInk, HostBar          string
	Hues                            [drawing.Hues]string
}

// Light and Dark are the palettes. The hues of networks are told apart by most people
// who see few colours, and patterns help where they are not.
var (
	Light = Palette{
		Canvas: "#f8fafc", Card: "#ffffff", CardLine: "#c3ccd8", Frame: "#d3dae4",
		Ink: "#141d2b", Muted: "#55627a", Wire: "#7c889a",
		Up: "#1a9250", Halted: "#8a5a00", Warning: "#c2202e",
		Outside: "#d07a00", OutsideInk: "#8a4b00", OutsideBar: "#fdf0dc",
		Host: "#64748b", HostInk: "#475569", HostBar: "#e9eef4",
		Hues: [...]string{"#2f6fde", "#0b8f83", "#7d4fd6", "#c0397f", "#6f8200", "#96602b", "#1489b5", "#56618f"},
	}
	Dark = Palette{
		Canvas: "#0f141b", Card: "#1a222d", CardLine: "#3b4757", Frame: "#2c3644",
		Ink: "#e8edf4", Muted: "#9dabbd", Wire: "#8493a8",
		Up: "#45c584", Halted: "#e3b257", Warning: "#ff7b83",
		Outside: "#ee9f35", OutsideInk: "#f3bb70", OutsideBar: "#33271a",
		Host: "#8fa0b6", HostInk: "#b4c1d1", HostBar: "#232d3a",
		Hues: [...]string{"#6ea2ff", "#3cc8ba", "#b394ff", "#f07db4", "#b4c83c", "#d59b62", "#58c1e8", "#9daae0"},
	}
)

// svgForms are the rules that are the same in each theme: selectors and declarations.
func svgForms() [][2]string {
	return [][2]string{
		{".netkit text", `font-family:Arial,"Liberation Sans",Helvetica,sans-serif;font-size:11px;white-space:pre`},
		{".netkit .title", "font-size:22px;font-weight:bold"},
		{".netkit .fact,.netkit .note", "font-size:12px"},
		{".netkit .heading,.netkit .name", "font-size:13px;font-weight:bold"},
		{".netkit .edge-name", "font-size:12px;font-weight:bold"},
		{".netkit .warning,.netkit .rail-name", "font-weight:bold"},
		{".netkit .address,.netkit .port", `font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace`},
		{".netkit .frame,.netkit .rail,.netkit .core,.netkit .line,.netkit .guest,.netkit .rule", "fill:none"},
		{".netkit .rail,.netkit .line,.netkit .cap,.netkit .plate,.netkit .guest", "stroke:currentColor"},
		{".netkit .frame", pen(drawing.FramePen)},
		{".netkit .mode .frame", pen(drawing.ModePen) + ";stroke-linecap:round"},
		{".netkit .plate", fmt.Sprintf("fill:currentColor;fill-opacity:%g;", drawing.PlateOpacity) + pen(drawing.PlatePen)},
		{".netkit .guest", pen(drawing.GuestPen)},
		{".netkit .rail", pen(drawing.PatternPens[drawing.SolidPattern])},
		{".netkit .p1 .rail", pen(drawing.PatternPens[drawing.DoublePattern])},
		{".netkit .core", pen(drawing.Pen{Width: drawing.PatternPens[drawing.DoublePattern].Core})},
		{".netkit .p2 .rail", pen(drawing.PatternPens[drawing.DashedPattern])},
		{".netkit .p3 .rail", pen(drawing.PatternPens[drawing.DashDotPattern])},
		{".netkit .gone .rail", pen(drawing.GonePen)},
		{".netkit .cap", pen(drawing.CapPen)},
		{".netkit .line", pen(drawing.LinePen)},
		{".netkit .dot", fmt.Sprintf("fill:currentColor;stroke-width:%d", drawing.DotRing)},
		{".netkit .arrow", "fill:currentColor"},
		{".netkit .onstart .line,.netkit .invain .line", pen(drawing.WaitingPen)},
		{".netkit .loopback .line", pen(drawing.LoopbackPen)},
		{".netkit .card", pen(drawing.CardPen)},
		{".netkit .down>.card", pen(drawing.DownPen)},
		{".netkit .rule", pen(drawing.RulePen)},
		{".netkit .sign path", "fill:none;stroke:currentColor;stroke-linecap:round;stroke-linejoin:round;" + pen(drawing.SignPen)},
		{".netkit .sign .full", "fill:currentColor;stroke-width:.5"},
		{".netkit .sign .dashed", pen(drawing.SignDashPen)},
	}
}

func pen(p drawing.Pen) string {
	text := fmt.Sprintf("stroke-width:%g", p.Width)
	if len(p.Dash) > 0 {
		text += ";stroke-dasharray:" + strings.Trim(fmt.Sprint(p.Dash), "[]")
	}
	return text
}

// SVGStyle is the stylesheet of drawings. It says nothing of what else is on a page.
func SVGStyle(theme Theme) string {
	var b strings.Builder
	for _, rule := range svgForms() {
		fmt.Fprintf(&b, "%s{%s}\n", rule[0], rule[1])
	}
	switch theme {
	case ThemeLight:
		b.WriteString(svgColours(&Light))
	case ThemeDark:
		b.WriteString(svgColours(&Dark))
	case ThemeAuto:
		b.WriteString(svgColours(&Light))
		b.WriteString("@media(prefers-color-scheme:dark){\n" + svgColours(&Dark) + "}\n")
	}
	return b.String()
}

// svgColours are the rules that differ between themes.
func svgColours(p *Palette) string {
	var b strings.Builder
	rule := func(selectors, property, colour string) {
		fmt.Fprintf(&b, "%s{%s:%s}\n", selectors, property, colour)
	}
	rule(".netkit .canvas", "fill", p.Canvas)
	rule(".netkit .core,.netkit .dot", "stroke", p.Canvas)
	rule(".netkit text", "fill", p.Ink)
	rule(".netkit .fact,.netkit .note,.netkit .detail,.netkit .address,.netkit .down>.name", "fill", p.Muted)
	rule(".netkit .state", "fill", p.Halted)
	rule(".netkit text.warning", "fill", p.Warning)
	rule(".netkit .port", "fill", p.OutsideInk)
	rule(".netkit .loopback .port", "fill", p.HostInk)
	rule(".netkit .edge-name", "fill", p.OutsideInk)
	rule(".netkit .loopback .edge-name", "fill", p.HostInk)
	rule(".netkit .frame,.netkit .rule", "stroke", p.Frame)
	rule(".netkit .card", "fill", p.Card)
	rule(".netkit .card", "stroke", p.CardLine)
	rule(".netkit .down>.card", "fill", p.Canvas)
	rule(".netkit .bar", "fill", p.OutsideBar)
	rule(".netkit .bar", "stroke", p.Outside)
	rule(".netkit .loopback .bar", "fill", p.HostBar)
	rule(".netkit .loopback .bar", "stroke", p.Host)
	rule(".netkit .sample,.netkit .sign", "color", p.Muted)
	for i, hue := range p.Hues {
		rule(fmt.Sprintf(".netkit .h%d,.netkit .h%d .lock", i, i), "color", hue)
	}
	rule(".netkit .drop .line", "color", p.Wire)
	rule(".netkit .gone,.netkit .invain,.netkit .sign.warning,.netkit .sign.dead", "color", p.Warning)
	rule(".netkit .troubled>.card", "stroke", p.Warning)
	rule(".netkit .way,.netkit .trunk", "color", p.Outside)
	rule(".netkit .way.loopback,.netkit .trunk.loopback", "color", p.Host)
	rule(".netkit .sign.running", "color", p.Up)
	rule(".netkit .sign.paused,.netkit .sign.restarting", "color", p.Halted)
	return b.String()
}
