package commands

import "sync/atomic"

// Hold keeps the program from ending on a signal while an act is under way that
// must be brought to an end: half a removal is worse than a moment's wait.
type Hold struct {
	acts      atomic.Int32
	concluded atomic.Bool
}

// Held tells that such an act is under way.
func (h *Hold) Held() bool { return h != nil && h.acts.Load() > 0 }

// take holds the program until release is called.
func (h *Hold) take() (release func()) {
	if h == nil {
		return func() {}
	}
	h.acts.Add(1)
	return func() { h.acts.Add(-1) }
}

// Concluded tells that a signal is how the command is meant to end, so that its
// own status stands.
func (h *Hold) Concluded() bool { return h != nil && h.concluded.Load() }

// conclude says so.
func (h *Hold) conclude() {
	if h != nil {
		h.concluded.Store(true)
	}
}
