package probe

import (
	"context"
	"errors"
	"io"
	"time"
)

// Engine is what a [Lab] asks of an engine.
type Engine interface {
	// Platform tells what programs the engine runs, in Go's words.
	Platform(ctx context.Context) (os, arch string, err error)
	// ImportImage makes an image of a tar of its files, and gives its ID.
	ImportImage(ctx context.Context, repo, tag string, content io.Reader) (id string, err error)
	// RemoveUnnamedImage removes an imported image that has lost its name to another.
	RemoveUnnamedImage(ctx context.Context, id string)
	// StartHelper starts a helper container. Its errors may have the methods of
	// [Refusal].
	StartHelper(ctx context.Context, spec HelperSpec) (Helper, error)
	// SweepHelpers removes helpers that a crash has left.
	SweepHelpers(ctx context.Context) error
	// RunningSince tells whether a container is running, without a break since a time.
	RunningSince(ctx context.Context, containerID string, since time.Time) (bool, error)
	// Now is the time by the engine's clock.
	Now() time.Time
}

// HelperSpec is what is to run in a helper container.
type HelperSpec struct {
	// Image is the name and tag of the image, and Command what to run of it.
	Image   string
	Command []string
	// Of is whose network namespace it shares.
	Of Namespace
	// Raw gives it raw sockets.
	Raw bool
}

// Helper is a helper container: its standard input and output.
type Helper interface {
	io.ReadWriter
	// Said is the end of what it wrote to its standard error.
	Said() string
	// End removes it, also after the end of the context.
	End(ctx context.Context) error
}

// Refusal is what an error of StartHelper may tell.
type Refusal interface {
	error
	// NoImage tells that the same will do once the image is imported.
	NoImage() bool
	// SourceStopped tells that there is no namespace to share any more.
	SourceStopped() bool
}

// Namespace is whose network namespace is measured from.
type Namespace struct {
	// Container is the full ID of a container; empty for the engine's host.
	Container string
}

// Host is the namespace of the engine's host.
var Host = Namespace{}

// Of is the namespace of a container, by its full ID.
func Of(containerID string) Namespace { return Namespace{Container: containerID} }

// Program is the probe for one kind of machine, as an image.
type Program struct {
	// Repo and Tag are the name of its image; the tag changes with its content.
	Repo, Tag string
	// Command is what to run in the image.
	Command []string
	// Open gives the tar of the image's files. It is asked for only where the
	// engine does not have the image.
	Open func() (io.Reader, error)
}

// ErrSourceStopped is why nothing can be measured from a namespace any more: its
// container stopped. Who shares a namespace has only loopback left then [measured
// on Docker 28].
var ErrSourceStopped = errors.New("the container that it is measured from is not running any more")

// ErrClosed is why a [Lab] opens nothing any more.
var ErrClosed = errors.New("the measuring has ended")

// errNotGuessed is why no helper was started without asking what the engine is.
var errNotGuessed = errors.New("not guessed")

// noImage tells that the same will do once the image is imported.
func noImage(err error) bool {
	if errors.Is(err, errNotGuessed) {
		return true
	}
	refusal, ok := errors.AsType[Refusal](err)
	return ok && refusal.NoImage()
}

func sourceStopped(err error) bool {
	refusal, ok := errors.AsType[Refusal](err)
	return ok && refusal.SourceStopped()
}
