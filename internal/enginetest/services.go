package enginetest

import (
	"net/http"
	"slices"
)

type wireSwarmService struct {
	ID   string
	Spec struct {
		Name         string
		TaskTemplate struct{ Networks []wireTarget }
	}
}

type wireTarget struct{ Target string }

// serveServices lists the services that networks name. Only a manager answers.
func (e *Engine) serveServices(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r)
	switch _, manages := e.flavour.swarmState(); {
	case e.flavour.Podman:
		http.Error(w, "Not Found", http.StatusNotFound)
		return
	case !manages:
		e.writeRefusal(w, refuse(http.StatusServiceUnavailable, "%s", e.notManager()))
		return
	}
	list := []*wireSwarmService{}
	e.mu.Lock()
	for i := range e.networks {
		n := &e.networks[i]
		for _, name := range n.Services {
			at := slices.IndexFunc(list, func(s *wireSwarmService) bool { return s.Spec.Name == name })
			if at < 0 {
				at = len(list)
				list = append(list, &wireSwarmService{ID: ID("service " + name)[:25]})
				list[at].Spec.Name = name
			}
			wants := &list[at].Spec.TaskTemplate.Networks
			*wants = append(*wants, wireTarget{Target: n.ID})
		}
	}
	e.mu.Unlock()
	writeJSON(w, list)
}
