package reach

import (
	"github.com/docker-netkit/docker-netkit/internal/diagnose"
)

// judge says what became of the whole, and why.
func (r *run) judge() {
	l := r.ladder
	r.settlePath()
	l.settle(len(l.Target.Ports) > 0)
	l.Verdict = l.verdict()
	if l.Verdict == NotReached && l.Changed != "" && l.Changed != Paused {
		l.Verdict = NotTested // what did not answer was not there any more
	}
	if l.Measured {
		l.Findings = r.findings()
	}
}

// settlePath holds what was measured against the foreseen path: whatever
// answered, there is one.
func (r *run) settlePath() {
	path := r.ladder.Rung(Path)
	if path == nil || !r.ladder.Measured {
		return
	}
	for i := range r.ladder.Rungs {
		rung := &r.ladder.Rungs[i]
		switch rung.Layer {
		case ICMP, TCP, UDP:
			if rung.State == Passed || rung.refused() {
				path.State = Passed
				return
			}
			if rung.State == Failed {
				path.State = Failed
			}
		case Running, Path, Name, MTU, HTTP:
		}
	}
	if path.State == Skipped && path.Foreseen == diagnose.ForecastNo && r.ladder.Failure == "" {
		path.State = Failed // there is nothing that could be sent
	}
	// Where packets are foreseen to get there and none does, the path is not what
	// fails: something on it drops them, and that is told at its layer.
	if path.State == Failed && path.Foreseen != diagnose.ForecastNo {
		path.State = Passed
	}
}

// settle leaves the decision to as few rungs as it takes. Of several addresses one
// is enough, and so it is of several ports that nobody asked for. Where none of
// those answers and one could not be tested, that one leaves it open.
func (l *Ladder) settle(asked bool) {
	type group struct {
		layer Layer
		port  Port
	}
	of := func(r *Rung) group {
		if r.Layer == TCP && !asked {
			return group{layer: TCP}
		}
		return group{r.Layer, r.Port}
	}
	passed, unclear := map[group]bool{}, map[group]bool{}
	for i := range l.Rungs {
		if r := &l.Rungs[i]; r.Decides {
			passed[of(r)] = passed[of(r)] || r.State == Passed
			unclear[of(r)] = unclear[of(r)] || r.State == Untested
		}
	}
	for i := range l.Rungs {
		r := &l.Rungs[i]
		switch r.Layer {
		case ICMP, TCP, UDP:
			open := r.Layer == TCP && !asked && unclear[of(r)]
			if passed[of(r)] && r.State != Passed || open && r.State == Failed {
				r.Decides = false
			}
		case Running, Path, Name, MTU, HTTP:
		}
	}
}

func (l *Ladder) verdict() Verdict {
	if l.Failure != "" {
		return NotTested
	}
	if !l.Measured {
		return l.foreseenVerdict()
	}
	tested, unclear := false, false
	for i := range l.Rungs {
		r := &l.Rungs[i]
		if !r.Decides {
			continue
		}
		switch r.State {
		case Failed:
			return NotReached
		case Untested:
			unclear = true
		case Passed:
			tested = tested || r.Layer == ICMP || r.Layer == TCP || r.Layer == UDP
		case Skipped:
		}
	}
	if path := l.Rung(Path); !tested && !unclear && path != nil && path.Foreseen == diagnose.ForecastNo {
		return NotReached // there is no address to try
	}
	if unclear || !tested {
		return NotTested
	}
	return Reached
}

func (l *Ladder) foreseenVerdict() Verdict {
	verdict := Reached
	for i := range l.Rungs {
		r := &l.Rungs[i]
		if !r.Decides {
			continue
		}
		switch {
		case r.State == Failed, r.Foreseen == diagnose.ForecastNo:
			return NotReached
		case r.State == Passed, r.Foreseen == diagnose.ForecastYes:
		default:
			verdict = NotTested
		}
	}
	return verdict
}
