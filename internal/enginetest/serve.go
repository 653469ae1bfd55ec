package enginetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// makeRoutes lists the requests that are known. Further ones go here, each
// with the reply of a real engine.
func (e *Engine) makeRoutes() *http.ServeMux {
	routes := http.NewServeMux()
	for pattern, answer := range e.answers() {
		routes.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { e.answer(w, r, nameOf(pattern), answer) })
	}
	routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		e.t.Errorf("the fake engine does not know %s %s", r.Method, r.URL)
		writeError(w, http.StatusNotFound, "page not found")
	})
	return routes
}

func (e *Engine) answers() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"HEAD /_ping":                              e.servePing,
		"GET /_ping":                               e.servePing,
		"GET /{version}/version":                   e.serveVersion,
		"GET /{version}/info":                      e.serveInfo,
		"GET /{version}/networks":                  e.serveNetworks,
		"GET /{version}/networks/{id}":             e.serveNetwork,
		"POST /{version}/networks/create":          e.serveCreate,
		"DELETE /{version}/networks/{id}":          e.serveRemove,
		"POST /{version}/networks/{id}/connect":    e.serveConnect,
		"POST /{version}/networks/{id}/disconnect": e.serveDisconnect,
		"GET /{version}/libpod/networks/json":      e.serveLibpodNetworks,
		"POST /{version}/libpod/networks/create":   e.serveLibpodCreate,
		"GET /{version}/services":                  e.serveServices,
		"GET /{version}/containers/json":           e.serveContainers,
		"GET /{version}/containers/{id}/json":      e.serveContainer,
		"POST /{version}/containers/create":        e.serveCreateContainer,
		"POST /{version}/containers/{id}/attach":   e.serveAttach,
		"DELETE /{version}/containers/{id}":        e.serveDeleteContainer,
		"GET /{version}/images/json":               e.serveImages,
		"GET /{version}/images/{ref...}":           e.serveImage,
		"DELETE /{version}/images/{ref...}":        e.serveDeleteImage,
		"POST /{version}/images/create":            e.serveImport,
		"POST /{version}/containers/{id}/start":    e.serveStart,
		"POST /{version}/containers/{id}/stop":     e.serveStop,
		"POST /{version}/containers/{id}/kill":     e.serveKill,
		"GET /{version}/events":                    e.serveEvents,
	}
}

func (e *Engine) knows(name string) bool {
	for pattern := range e.answers() {
		if nameOf(pattern) == name {
			return true
		}
	}
	return false
}

// ServeHTTP answers a request as the engine would.
func (e *Engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !e.begin(r) {
		return
	}
	defer e.end()
	e.routes.ServeHTTP(w, r)
}

func (e *Engine) answer(w http.ResponseWriter, r *http.Request, name string, answer http.HandlerFunc) {
	if r.Method == http.MethodHead && strings.HasPrefix(name, http.MethodGet) {
		e.t.Errorf("the fake engine does not know %s %s", r.Method, r.URL) // GET patterns take HEAD too
	}
	e.enter(name, r)
	defer e.leave(name)
	whole := func(w http.ResponseWriter, r *http.Request) {
		e.flavour.setHeaders(w.Header())
		if !e.speaks(r.PathValue("version")) {
			writeError(w, http.StatusBadRequest, fmt.Sprintf("client version %s is too new. Maximum supported API version is %s",
				strings.TrimPrefix(r.PathValue("version"), "v"), e.flavour.API))
			return
		}
		answer(w, r)
	}
	e.hooked(w, r, name, whole)
}

// speaks tells whether the engine takes this version in a path. Podman takes
// any; a path without a version has no {version}.
func (e *Engine) speaks(version string) bool {
	if version == "" || e.flavour.Podman {
		return true
	}
	asked, err := strconv.Atoi(strings.TrimPrefix(version, "v1."))
	newest, _ := strconv.Atoi(strings.TrimPrefix(e.flavour.API, "1."))
	if err != nil {
		e.t.Errorf("the fake engine does not know the version %q", version)
	}
	return asked <= newest
}

func (e *Engine) servePing(w http.ResponseWriter, r *http.Request) {
	e.flavour.setPingHeaders(w.Header())
	if r.Method == http.MethodGet {
		_, _ = w.Write([]byte("OK"))
	}
}

func (e *Engine) serveVersion(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r)
	writeJSON(w, e.flavour.versionReply())
}

func (e *Engine) serveNetworks(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r)
	e.writeKept(w, "networks", e.wireNetworks)
}

func (e *Engine) serveContainers(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r, "all", "filters")
	all, _ := strconv.ParseBool(r.URL.Query().Get("all"))
	wants := e.labelFilter(r)
	e.writeKept(w, "containers?"+r.URL.RawQuery, func() any { return e.wireContainers(all, wants) })
}

func (e *Engine) serveContainer(w http.ResponseWriter, r *http.Request) {
	e.allowQuery(r)
	e.mu.Lock()
	c := e.container(r.PathValue("id"))
	var reply any
	if c != nil {
		reply = e.wireInspect(c)
	}
	e.mu.Unlock()
	if c == nil {
		e.writeRefusal(w, e.noContainer(r.PathValue("id")))
		return
	}
	writeJSON(w, reply)
}

// writeKept writes a reply that is made once for each state, so that a
// benchmark measures what reads it and not what writes it.
func (e *Engine) writeKept(w http.ResponseWriter, key string, reply func() any) {
	e.mu.Lock()
	text, ok := e.written[key]
	if !ok {
		text = mustJSON(reply())
		e.written[key] = text
	}
	e.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text)
}

func writeJSON(w http.ResponseWriter, reply any) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(mustJSON(reply))
}

func writeError(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(mustJSON(map[string]string{"message": message}))
}

func mustJSON(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // only a Raw that is no JSON; Body serves such a thing
	}
	return append(text, '\n')
}
