package commands

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/docker-netkit/docker-netkit/internal/render"
)

// written is the width for which the long texts are broken by hand.
const written = 80

// foldHelp has the help texts broken anew for a terminal that is narrower than what
// they were written for. All else of the help is docker's own.
func (s *session) foldHelp(root *cobra.Command) {
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		long := cmd.Long
		defer func() { cmd.Long = long }()
		if width := s.lookOn(s.Out()).Width; width > 0 && width < written {
			cmd.Long = refold(long, width)
		}
		show := (&cobra.Command{}).HelpFunc()
		if docker := root.Parent(); docker != nil {
			show = docker.HelpFunc()
		}
		show(cmd, args)
	})
}

// refold joins the lines of each paragraph, and breaks it where the width ends. What
// is indented is a table or to be pasted, and keeps its lines.
func refold(text string, width int) string {
	look := &render.Look{Width: width}
	var lines []string
	paragraph := ""
	flush := func() {
		if paragraph != "" {
			for i, line := range look.Fold(paragraph) {
				if i > 0 {
					line = strings.TrimPrefix(line, "  ")
				}
				lines = append(lines, line)
			}
			paragraph = ""
		}
	}
	for _, line := range strings.Split(text, "\n") {
		if line == "" || strings.HasPrefix(line, " ") {
			flush()
			lines = append(lines, line)
			continue
		}
		paragraph = strings.TrimSpace(paragraph + " " + line)
	}
	flush()
	return strings.Join(lines, "\n")
}
