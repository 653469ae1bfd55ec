package render

import "github.com/docker-netkit/docker-netkit/internal/drawing"

func (s *svgWriter) legend() {
	s.printf("<g class=\"legend\">\n")
	for i := range s.d.Boxes {
		b := &s.d.Boxes[i]
		switch b.Kind { //nolint:exhaustive // the others are no legend
		case drawing.LegendBox:
			s.signs(b.Signs)
		case drawing.CardSample:
			s.rect("card", b.Rect, drawing.SampleRadius)
		case drawing.GuestSample:
			s.rect("guest sample", b.Rect, drawing.SampleRadius)
		}
	}
	for i := range s.d.Lines {
		line := &s.d.Lines[i]
		if !line.Legend {
			continue
		}
		switch line.Kind {
		case drawing.RuleLine:
			s.printf(`<path class="rule" d="%s"/>`, s.path(line.Strokes))
		case drawing.RailLine:
			class := "sample"
			if line.Network.Kind == drawing.Gone {
				class = "gone"
			}
			s.printf(`<g class="%s">`, class)
			s.rail(line)
			s.printf("</g>")
		case drawing.AttachmentLine:
			s.printf(`<g class="attachment sample%s">`, attachmentClass(line.Attachment))
			s.join(line)
			s.printf("</g>")
		case drawing.WayLine:
			s.printf(`<g class="way%s">`, loopbackClass(line.Loopback))
			s.join(line)
			s.printf("</g>")
		case drawing.TrunkLine:
		}
	}
	s.texts(s.d.Texts)
	s.printf("</g>\n")
}
