package engine

import (
	"errors"
	"net/http"
	"strings"
)

// HelperCause is why no helper container could be started.
type HelperCause string

const (
	// Unexplained: the engine's words are all there is.
	Unexplained HelperCause = ""
	// NoImage: the engine does not have the image yet.
	NoImage HelperCause = "no image"
	// Denied: an authorisation plugin of the engine forbids it.
	Denied HelperCause = "denied"
	// ReadOnly: what stands before the engine lets such requests not through.
	ReadOnly HelperCause = "read-only"
	// UserNamespaces: the engine maps users, and so gives nobody its own
	// network namespace.
	UserNamespaces HelperCause = "user namespaces"
	// SourceStopped: whose namespace was to be shared is gone or not running.
	SourceStopped HelperCause = "source stopped"
	// NoSpace: the disk of the engine is full.
	NoSpace HelperCause = "no space"
	// WrongArchitecture: the probe is a program for another kind of machine.
	WrongArchitecture HelperCause = "wrong architecture"
	// NoStream: what stands before the engine cuts two-way connections short.
	NoStream HelperCause = "no stream"
)

// HelperError tells why no helper container could be started.
type HelperError struct {
	Cause HelperCause
	// What was not done: "start a helper container".
	What string
	// Why is the reason, on one line.
	Why string
	Err error
}

// Error says what could not be done, and why.
func (e *HelperError) Error() string { return "cannot " + e.What + ": " + e.Why }

// Unwrap gives what the engine answered.
func (e *HelperError) Unwrap() error { return e.Err }

// NoImage tells that the same will do once the image is imported.
func (e *HelperError) NoImage() bool { return e.Cause == NoImage }

// SourceStopped tells that there is no namespace to share any more.
func (e *HelperError) SourceStopped() bool { return e.Cause == SourceStopped }

// helperWords are what engines say for each cause [measured on 20.10, 26.1,
// 28.5, Podman 5.4, except those of authorisation plugins, user namespaces, a
// full disk and restarting, which are from moby's source].
var helperWords = []struct {
	cause HelperCause
	why   string
	words []string
}{
	{Denied, "an authorisation plugin of the engine forbids it", []string{"authorization denied by plugin"}},
	{UserNamespaces, "the engine maps users, and so shares no host's network", []string{"network namespace when user namespaces are enabled"}},
	{SourceStopped, "the container whose network it measures from is not running any more", []string{
		"cannot join network of a non running container", "cannot join network namespace of a non running container",
		"joining network namespace of container", "is restarting, wait until", "some dependencies of container",
		"looking up container to share net namespace", "/ns/net: no such file",
	}},
	{NoSpace, "no space is left on the engine's disk", []string{"no space left on device"}},
	{WrongArchitecture, "the probe is for another kind of machine than the engine's", []string{"exec format error", "Exec format error"}},
	{NoImage, "the engine does not have the probe's image", []string{"o such image"}},
}

// leftError is the error of a start after which the helper could not be removed.
type leftError struct {
	Name string
	Err  error
}

func (e *leftError) Error() string { return e.Err.Error() + e.note() }

func (e *leftError) Unwrap() error { return e.Err }

func (e *leftError) note() string {
	return "; and the container " + e.Name + " could not be removed, which the next ping tries again"
}

// asHelperError explains what an engine, or what stands before it, answered.
func asHelperError(what string, err error) error {
	if _, explained := errors.AsType[*HelperError](err); explained || err == nil {
		return err
	}
	failed := &HelperError{What: what, Err: err, Why: err.Error()}
	if refused, ok := errors.AsType[*RefusedError](err); ok {
		failed.Cause, failed.Why = causeOf(refused)
	} else if request, ok := errors.AsType[*RequestError](err); ok {
		switch request.Status {
		case http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusProxyAuthRequired, http.StatusNotImplemented:
			failed.Cause = ReadOnly
			failed.Why = "what stands before the engine does not let " + request.Request + " through (status " + http.StatusText(request.Status) + ")"
		}
	}
	if left, ok := errors.AsType[*leftError](err); ok && !strings.HasSuffix(failed.Why, left.note()) {
		failed.Why += left.note()
	}
	return failed
}

// causeOf explains an engine's refusal. Its own words are part of that, unless they
// say no more.
func causeOf(refused *RefusedError) (cause HelperCause, why string) {
	for _, known := range helperWords {
		for _, words := range known.words {
			if !strings.Contains(refused.Message, words) {
				continue
			}
			why = known.why
			switch known.cause {
			case Denied, UserNamespaces, NoSpace, WrongArchitecture:
				why += " (" + refused.Error() + ")"
			case SourceStopped, NoImage, ReadOnly, NoStream, Unexplained:
			}
			return known.cause, why
		}
	}
	if refused.Status == http.StatusUnauthorized || refused.Status == http.StatusForbidden {
		return Denied, "it is forbidden (" + refused.Error() + ")"
	}
	return Unexplained, refused.Error()
}
