package checks

import (
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Severity tells how bad a finding is. The order of the values is that order.
type Severity uint8

const (
	// Hint: nothing is wrong, and yet it is good to know.
	Hint Severity = iota + 1
	// Warning: it works now, and is about to fail, or is open to whom it should not be.
	Warning
	// Error: something does not work, or will not start again.
	Error
)

var severityNames = map[Severity]string{Hint: "hint", Warning: "warning", Error: "error"}

// String is the severity's name.
func (s Severity) String() string { return severityNames[s] }

// MarshalText writes the severity's name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// ParseSeverity reads a severity's name.
func ParseSeverity(name string) (Severity, bool) {
	for severity, known := range severityNames {
		if known == name {
			return severity, true
		}
	}
	return 0, false
}

// Severities are the names of all severities, the mildest first.
func Severities() []string {
	return []string{Hint.String(), Warning.String(), Error.String()}
}

// Check is one thing that is looked at.
type Check struct {
	// ID stays the same for ever: scripts name it.
	ID string
	// Title says in a line what is found.
	Title string
	// Severity is the worst that it reports.
	Severity Severity
	// Why says what follows where it is not mended, in one paragraph.
	Why string
	// Mend says how it is mended, in one paragraph.
	Mend string
	// Needs is what has to be known beside the lists of networks and containers.
	Needs Needs

	find func(*exam)
}

// Needs is what a check has to know beside the lists of networks and containers. The
// functions say of which objects; nil means of none.
type Needs struct {
	// Settings chooses the containers to inspect.
	Settings func(*topology.Index) []*topology.Container
	// Endpoints chooses the networks to inspect.
	Endpoints func(*topology.Index) []*topology.Network
	// Info tells that the engine's /info is needed.
	Info bool
	// Host tells that the engine's host is needed, which only a local engine has at
	// hand.
	Host bool
}

// All lists the checks in the order in which they are shown: what keeps containers
// from starting first.
func All() []*Check {
	return slices.Concat(startChecks, endpointChecks, nameChecks, addressChecks, publishedChecks, wireChecks, hostChecks, swarmChecks, composeChecks, unusedChecks)
}

// Find is the check with this ID, or nil.
func Find(id string) *Check {
	for _, check := range All() {
		if check.ID == id {
			return check
		}
	}
	return nil
}
