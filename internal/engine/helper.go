package engine

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// HelperSpec is what is to run in a helper container.
type HelperSpec struct {
	// Image is the name and tag of an image that was imported, and Command what to
	// run of it.
	Image   string
	Command []string
	// Source is the full ID of the container whose network namespace it shares;
	// empty for the host's.
	Source string
	// Raw gives it raw sockets: it is root then, and may do nothing else that an
	// ordinary user may not. Without it, it is nobody.
	Raw bool
	// Run tells this run of the plugin from others.
	Run string

	hostUsers bool
}

// Helper is a container that runs for us in a network namespace, and is gone
// after its end. What is written to it is its standard input, what is read its
// standard output.
type Helper struct {
	engine *Engine
	id     string
	stream *multiplexed
}

// StartHelper starts a helper container. It is there once this returns, and not
// where this returns an error, which is a [HelperError] but for what the
// connection or the context has to say.
//
// The engine removes it by itself when its program ends, which it does when
// its standard input ends: also where this process is killed.
func (e *Engine) StartHelper(ctx context.Context, spec HelperSpec) (*Helper, error) {
	h, err := e.startHelper(ctx, spec)
	if refused, ok := errors.AsType[*RefusedError](err); ok && spec.Source != "" && ownUsers(refused) {
		spec.hostUsers = true
		h, err = e.startHelper(ctx, spec)
	}
	return h, err
}

// ownUsers tells that the engine may map users, and the source run with those of the
// host (--userns host), so that a helper must, too. No list tells it, and newer engines
// say so, while older ones say only that the first process failed [measured on 20.10,
// 28.5].
func ownUsers(refused *RefusedError) bool {
	return strings.Contains(refused.Message, "user namespaces enabled, but both namespace path") ||
		strings.Contains(refused.Message, "can't get final child's PID from pipe")
}

func (e *Engine) startHelper(ctx context.Context, spec HelperSpec) (*Helper, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	name := newHelperName()
	id, err := e.createHelper(ctx, name, spec)
	if err != nil {
		if mayBeMade(err) {
			err = e.clear(ctx, name, name, err)
		}
		return nil, asHelperError("make a helper container", err)
	}
	// Attached before the start, so that nothing is missed. And Podman refuses
	// this where the source is not running; a start would start the source
	// [measured on 5.4].
	stream, err := e.attach(ctx, id)
	if err != nil {
		return nil, asHelperError("attach to a helper container", e.clear(ctx, id, name, err))
	}
	err = e.act(ctx, http.MethodPost, "/containers/"+id+"/start", nil, nil)
	if err == nil {
		err = ctx.Err() // it was started in the last moment, and nobody wants it any more
	}
	if err != nil {
		const what = "start a helper container"
		stream.close()
		gone := e.clear(ctx, id, name, err)
		if refused, ok := errors.AsType[*RefusedError](err); ok && refused.NotFound() && strings.Contains(refused.Message, spec.Source) {
			// Docker 20 says so of the source [measured].
			return nil, &HelperError{Cause: SourceStopped, What: what, Why: "the container whose network it measures from is gone", Err: gone}
		}
		return nil, asHelperError(what, gone)
	}
	return &Helper{engine: e, id: id, stream: stream}, nil
}

// createHelper makes the container. Where the context ends meanwhile, the reply
// is waited for a little more, to learn what is to be removed: a busy engine goes
// on to make what nobody waits for any more.
func (e *Engine) createHelper(ctx context.Context, name string, spec HelperSpec) (id string, err error) {
	const grace = 10 * time.Second
	patient, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	defer stop()
	var made struct {
		ID string `json:"Id"`
	}
	path := "/containers/create?name=" + url.QueryEscape(name)
	if err := e.act(patient, http.MethodPost, path, spec.body(), &made); err != nil {
		return "", e.failedAgain(ctx, http.MethodPost, path, err)
	}
	if made.ID == "" {
		return "", errors.New("the engine made a container and did not say which")
	}
	if ctx.Err() != nil {
		return "", e.failedAt(ctx, http.MethodPost, path, 0, ctx.Err())
	}
	return made.ID, nil
}

// mayBeMade tells that the engine may have made a container although that failed:
// it did not say no, and neither did what stands before it.
func mayBeMade(err error) bool {
	if _, refused := errors.AsType[*RefusedError](err); refused {
		return false
	}
	failed, ok := errors.AsType[*RequestError](err)
	return !ok || failed.Status < http.StatusBadRequest || failed.Status >= http.StatusInternalServerError
}

// body is the container as the engine wants it described.
func (s HelperSpec) body() map[string]any {
	host := map[string]any{
		"NetworkMode": "host", "AutoRemove": true, "RestartPolicy": map[string]string{"Name": "no"},
		"CapDrop": []string{"ALL"}, "SecurityOpt": []string{"no-new-privileges"}, "ReadonlyRootfs": true,
		"Memory": 64 << 20, "PidsLimit": 64,
		// Nobody reads logs of it. Shared memory takes a mount, and an init of the
		// engine's a process; it needs neither.
		"LogConfig": map[string]string{"Type": "none"}, "IpcMode": "none", "Init": false,
	}
	if s.Source != "" {
		host["NetworkMode"] = "container:" + s.Source
	}
	if s.Source == "" || s.hostUsers {
		// An engine that maps users shares the host's network with nobody else.
		host["UsernsMode"] = "host"
	}
	// Sockets for ICMP datagrams are open to a range of groups: with Docker to
	// all, on hosts and with Podman often to the group 0 only [measured].
	user := "65534:0"
	if s.Raw {
		// A capability goes to root only.
		user, host["CapAdd"] = "0:0", []string{"NET_RAW"}
	}
	return map[string]any{
		"Image": library + s.Image, "Entrypoint": s.Command, "User": user, "Tty": false,
		"OpenStdin": true, "StdinOnce": true, "AttachStdin": true, "AttachStdout": true, "AttachStderr": true,
		"Labels": map[string]string{HelperLabel: s.Run}, "HostConfig": host,
	}
}

// Read reads what the helper writes to its standard output. It ends with io.EOF
// when the helper does.
func (h *Helper) Read(into []byte) (int, error) { return h.stream.Read(into) }

// Write writes to the helper's standard input.
func (h *Helper) Write(text []byte) (int, error) { return h.stream.Write(text) }

// Said is the end of what the helper wrote to its standard error, on one line. It
// is complete when Read ended.
func (h *Helper) Said() string { return h.stream.said() }

// End removes the helper, whatever it is doing. It is gone once this returns
// without an error. A context that has ended keeps nobody from that: there are
// a few seconds for it then.
func (h *Helper) End(ctx context.Context) error {
	ctx, cancel := afterTheEnd(ctx)
	defer cancel()
	// Its input stays open until then: as it ended by itself, the engine would
	// remove it meanwhile, and we would have to ask when that is done.
	_, err := h.engine.removeHelper(ctx, h.id)
	h.stream.close()
	if err != nil && h.engine.endsByItself(ctx, h.id) {
		return nil
	}
	return err
}

// endsByItself waits until a helper is gone whose input has ended, where its removal
// was refused. It tells whether it is gone.
func (e *Engine) endsByItself(ctx context.Context, id string) bool {
	const soon = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	return e.awaitRemoval(ctx, "/containers/"+id) == nil
}

// clear removes what a start that failed has left, and gives the error of that,
// which tells also where it could not be removed. Where the engine has none of that
// name, it may be about to, and is asked for a while.
func (e *Engine) clear(ctx context.Context, ref, name string, failed error) error {
	ctx, cancel := afterTheEnd(ctx)
	defer cancel()
	const first, last = 50 * time.Millisecond, 800 * time.Millisecond
	for pause := first; ; pause *= 2 {
		there, err := e.removeHelper(ctx, ref)
		switch {
		case err != nil:
			return &leftError{Name: name, Err: failed}
		case there, ref != name, pause > last:
			return failed
		}
		select {
		case <-ctx.Done():
			return failed
		case <-time.After(pause):
		}
	}
}

// afterTheEnd is a context for what must be done although another ended.
func afterTheEnd(ctx context.Context) (context.Context, context.CancelFunc) {
	const most = 20 * time.Second
	return context.WithTimeout(context.WithoutCancel(ctx), most)
}

// removeHelper removes a helper, and waits until the engine has none such. It tells
// whether there was one.
func (e *Engine) removeHelper(ctx context.Context, ref string) (there bool, err error) {
	path := "/containers/" + ref
	err = e.act(ctx, http.MethodDelete, path+"?force=1", nil, nil)
	refused, ok := errors.AsType[*RefusedError](err)
	switch {
	case goneAlready(err):
		return false, nil
	case ok && refused.Status == http.StatusConflict:
		// The engine is removing it by itself, since its program ended.
		return true, e.awaitRemoval(ctx, path)
	}
	return true, err
}

// goneAlready tells that the engine has no such container. Podman may find that out
// while it looks at one that is being removed, and answers 500 then [measured on
// 5.4].
func goneAlready(err error) bool {
	const words = "no such container"
	if refused, ok := errors.AsType[*RefusedError](err); ok {
		return refused.NotFound() || strings.Contains(refused.Message, words)
	}
	failed, ok := errors.AsType[*RequestError](err)
	return ok && (failed.NotFound() || failed.Status >= http.StatusBadRequest && strings.Contains(failed.Err.Error(), words))
}

func (e *Engine) awaitRemoval(ctx context.Context, path string) error {
	const first, longest = 5 * time.Millisecond, 200 * time.Millisecond
	for pause := first; ; pause = min(2*pause, longest) {
		reply, err := e.get(ctx, path+"/json", nil)
		if goneAlready(err) {
			return nil
		}
		if err != nil {
			return err
		}
		_ = reply.body.Close()
		select {
		case <-ctx.Done():
			return e.failed(ctx, path, 0, ctx.Err())
		case <-time.After(pause):
		}
	}
}

var _ io.ReadWriter = (*Helper)(nil)
