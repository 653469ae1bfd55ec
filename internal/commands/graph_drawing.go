package commands

import (
	"errors"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/drawing"
	"github.com/docker-netkit/docker-netkit/internal/raster"
	"github.com/docker-netkit/docker-netkit/internal/render"
)

// themes are the words of --theme.
var themes = map[string]render.Theme{"auto": render.ThemeAuto, "light": render.ThemeLight, "dark": render.ThemeDark}

// drawnFormats are those that hold a drawing.
var drawnFormats = []string{formatSVG, formatPNG, formatHTML}

// checkDrawing refuses what does not go with the format.
func checkDrawing(cmd *cobra.Command, options *graphOptions) error {
	const least, most = 1, 4
	_, known := themes[options.theme]
	switch flags := cmd.Flags(); {
	case !known:
		return badUsage(cmd, "unknown theme %s; the themes are auto, light and dark", quoteArg(options.theme))
	case flags.Changed("theme") && !slices.Contains(drawnFormats, options.format):
		return badUsage(cmd, "--theme is for svg, png and html")
	case flags.Changed("scale") && options.format != formatPNG:
		return badUsage(cmd, "--scale is for png; svg has no pixels")
	case !(options.scale >= least && options.scale <= most):
		return badUsage(cmd, "--scale is from %d to %d", least, most)
	case options.format == formatPNG && options.watch:
		return badUsage(cmd, "--watch draws text, and png is none")
	}
	return nil
}

// writePNG makes pixels of a drawing.
func writePNG(w io.Writer, d *drawing.Drawing, options *graphOptions) error {
	palette := &render.Light
	if themes[options.theme] == render.ThemeDark {
		palette = &render.Dark
	}
	err := raster.PNG(w, d, palette, options.scale)
	if tooLarge, ok := errors.AsType[*raster.TooLargeError](err); ok {
		return errors.New(tooLarge.Error() + "; choose a part of it (docker netkit graph NETWORK), a smaller --scale, or svg")
	}
	return err
}
