package picker

import "strconv"

// hint is a key, and what it does now.
type hint struct{ key, does string }

// footerLines are what enter does, and the other keys. Where there is one line
// for both, it goes to what enter does as soon as it does something.
func (m model) footerLines(height int) []line {
	decision, keys := indented(m.decision()), indented(m.keyLine())
	switch {
	case height > 1:
		return []line{decision, keys}
	case height == 0:
		return nil
	case !m.typing && (m.nudge || len(m.chosen()) > 0):
		return []line{decision}
	}
	return []line{keys}
}

// decision is what enter does to what is ticked.
func (m model) decision() line {
	chosen := len(m.chosen())
	switch {
	case m.typing:
		return nil
	case m.nudge:
		return line{{"nothing is ticked: space ticks, a ticks all, q leaves", inkWarning}}
	case chosen == 0:
		return line{{"nothing is ticked", inkFaint}}
	}
	l := line{{"enter", inkCursor}, {" " + m.texts.Action(chosen), inkStrong}}
	switch breaking := m.breaking(); {
	case breaking == 0:
	case chosen == 1:
		l = append(l, span{"   ! it breaks something", inkWarning})
	case breaking == 1:
		l = append(l, span{"   ! 1 of them breaks something", inkWarning})
	default:
		l = append(l, span{"   ! " + strconv.Itoa(breaking) + " of them break something", inkWarning})
	}
	return l
}

// keyLine names the keys: with what they do, or without where that is too wide.
func (m model) keyLine() line {
	hints := m.hints()
	room := m.width - 2*margin
	for _, some := range [][]hint{hints, hints[1:]} {
		if l := spelled(some); l.width() <= room {
			return l
		}
	}
	for i := range hints {
		hints[i].does = ""
	}
	return spelled(hints[1:])
}

// hints are the keys that mean something now. The first is the one to leave
// out where there is no room, since everybody tries it anyway.
func (m model) hints() []hint {
	move := hint{m.look.strokes().arrows, "move"}
	switch {
	case m.typing:
		return []hint{move, {"enter", "keep the filter"}, {"esc", "clear it"}}
	case m.filter != "":
		return []hint{move, {"space", "tick"}, {"a", "all shown"}, {"/", "filter"}, {"esc", "clear it"}, {"q", "leave"}}
	}
	return []hint{move, {"space", "tick"}, {"a", "all"}, {"/", "filter"}, {"q", "leave"}}
}

// spelled is a line of hints.
func spelled(hints []hint) line {
	var l line
	for i, h := range hints {
		if i > 0 {
			l = append(l, span{"  ", inkPlain})
		}
		l = append(l, span{h.key, inkStrong})
		if h.does != "" {
			l = append(l, span{" " + h.does, inkFaint})
		}
	}
	return l
}
