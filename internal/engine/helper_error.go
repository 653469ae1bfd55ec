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

// asHelperError explains what an engine, or what stands before it, answered.
func asHelperError(what string, err error) error {
	if _, explained := errors.AsType[*HelperError](err); explained || err == nil {
		return err
	}
	failed := &HelperError{What: what, Err: err, Why: err.Error()}
	if refused, ok := errors.AsType[*RefusedError](err); ok {
		for _, known := range helperWords {
			for _, words := range known.words {
				if failed.Cause == Unexplained && strings.Contains(refused.Message, words) {
					failed.Cause, failed.Why = known.cause, known.why
					if known.cause == Denied || known.cause == UserNamespaces {
						failed.Why += " (" + refused.Error() + ")"
					}
				}
			}
		}
		return failed
	}
	if request, ok := errors.AsType[*RequestError](err); ok {
		switch request.Status {
		case http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusNotImplemented:
			failed.Cause = ReadOnly
			failed.Why = "what stands before the engine does not let " + request.Request + " through (status " + http.StatusText(request.Status) + ")"
		}
	}
	return failed
}
