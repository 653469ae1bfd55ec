package picker

import (
	"strings"
	"testing"

	"github.com/docker-netkit/docker-netkit/internal/goldentest"
)

func TestGolden(t *testing.T) {
	unicode, ascii, colour := Look{}, Look{ASCII: true}, Look{Colour: true}
	for name, c := range map[string]struct {
		look          Look
		items         int
		width, height int
		keys          string
	}{
		"3-80x24":            {unicode, 3, 80, 24, "down space"},
		"3-120x40":           {unicode, 3, 120, 40, "down space"},
		"3-80x24-nothing":    {unicode, 3, 80, 24, "enter"},
		"3-80x24-ascii":      {ascii, 3, 80, 24, "down space"},
		"3-80x24-colour":     {colour, 3, 80, 24, "down space"},
		"1-80x24":            {unicode, 1, 80, 24, ""},
		"300-80x24":          {unicode, 300, 80, 24, "space down down down space"},
		"300-80x24-end":      {unicode, 300, 80, 24, "a G"},
		"300-80x24-typing":   {unicode, 300, 80, 24, "space G space / l e g"},
		"300-80x24-filtered": {unicode, 300, 80, 24, "G space / 1 2 enter a"},
		"300-80x24-empty":    {unicode, 300, 80, 24, "/ z z"},
		"300-120x40":         {unicode, 300, 120, 40, "space down down down space"},
		"300-120x40-colour":  {colour, 300, 120, 40, "space pgdown space"},
		"300-40x10":          {unicode, 300, 40, 10, "down space"},
		"300-40x10-filtered": {unicode, 300, 40, 10, "space / l e g enter"},
		"300-20x5":           {unicode, 300, 20, 5, "down"},
		"300-20x5-ticked":    {unicode, 300, 20, 5, "space"},
	} {
		m := press(sized(newModel(c.look, words(), networks(c.items)), c.width, c.height), c.keys)
		goldentest.Compare(t, name+".txt", strings.Join(m.screen(), "\n")+"\n")
	}
}
