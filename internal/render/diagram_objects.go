package render

import "github.com/docker-netkit/docker-netkit/internal/topology"

// DiagramObject is an object of a picture, with the key by which the picture names it.
// One of the three is set.
type DiagramObject struct {
	Key       string
	Network   *topology.Network
	Container *topology.Container
	// Gone is what an attachment names in vain.
	Gone *topology.Attachment
}

// DiagramObjects lists the objects that a picture of the selection shows, networks
// first.
func DiagramObjects(ix *topology.Index, sel *topology.Selection, look *Look) []DiagramObject {
	b := buildDiagram(ix, sel, look)
	var objects []DiagramObject
	for i := range ix.Networks {
		if key := b.keys.network(ix.Networks[i].ID); b.drawn[key] {
			objects = append(objects, DiagramObject{Key: key, Network: &ix.Networks[i]})
		}
	}
	gone := map[string]bool{}
	for i := range ix.Attachments {
		a := &ix.Attachments[i]
		if a.Resolved() {
			continue
		}
		if key := b.keys.wanted(a); b.drawn[key] && !gone[key] {
			gone[key] = true
			objects = append(objects, DiagramObject{Key: key, Gone: a})
		}
	}
	for i := range ix.Containers {
		if key := b.keys.container(ix.Containers[i].ID); b.drawn[key] {
			objects = append(objects, DiagramObject{Key: key, Container: &ix.Containers[i]})
		}
	}
	return objects
}
