package drawing

import (
	"fmt"
	"slices"
	"testing"
)

// moved counts the boxes that are in both drawings, and those of them that are at
// another place in the page or, if they have a frame, in that.
func moved(before, after *Drawing) (both, inPage, inFrame int) {
	type place struct{ page, frame Point }
	places := func(d *Drawing) map[string]place {
		at := map[string]place{}
		for i := range d.Boxes {
			if b := &d.Boxes[i]; b.Key != "" && b.Kind != GuestBox && b.Kind != EdgeBox {
				p := place{page: Point{b.Rect.X, b.Rect.Y}}
				if parent, ok := at[b.Parent]; ok {
					p.frame = Point{b.Rect.X - parent.page.X, b.Rect.Y - parent.page.Y}
				}
				at[b.Key] = p
			}
		}
		return at
	}
	a, b := places(before), places(after)
	for key, was := range a {
		is, ok := b[key]
		if !ok {
			continue
		}
		both++
		if was.page != is.page {
			inPage++
		}
		if was.frame != is.frame {
			inFrame++
		}
	}
	return both, inPage, inFrame
}

// A container more, as when one is started, leaves most of the drawing as it is.
func TestSmallChangeMovesLittle(t *testing.T) {
	var shares, frames []int
	for seed := range uint64(80) {
		size := town{seed: seed, containers: 40, networks: 12, groups: 5, mostNetworks: 2, ways: true}
		content := size.content()
		before := Make(content)
		n := content.Networks[seed%12]
		added := Container{Key: "c_new", Name: fmt.Sprintf("new-%d", seed), Group: n.Group, Up: true, Details: []string{"image"}}
		content.Containers = append(content.Containers, added)
		content.Attachments = append(content.Attachments, Attachment{Key: "a_new", Network: n.Key, Container: added.Key, Lines: []string{"172.20.0.9"}})
		both, inPage, inFrame := moved(before, Make(content))
		if both < 50 {
			t.Fatalf("only %d boxes are in both drawings", both)
		}
		shares, frames = append(shares, 100*inPage/both), append(frames, 100*inFrame/both)
	}
	slices.Sort(shares)
	slices.Sort(frames)
	half, most := len(shares)/2, len(shares)*9/10
	t.Logf("of the boxes, %d %% move in half of the cases, %d %% in nine of ten; within their frames %d %% and %d %%",
		shares[half], shares[most], frames[half], frames[most])
	if shares[half] > 40 || frames[half] > 5 || frames[most] > 20 {
		t.Error("a small change moves too much")
	}
}
