package render

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// EchoHead is the first line of what ping writes.
func EchoHead(target, from string, to netip.Addr, size int) string {
	return fmt.Sprintf("PING %s (%s) from %s: %d data bytes", label(target, false), to, label(from, false), size)
}

// EchoLine is the line for the answer to one echo request, as ping writes it.
func EchoLine(to netip.Addr, r *wire.Reply) string {
	from := r.From
	if !from.IsValid() {
		from = to
	}
	if r.Outcome != wire.Reached {
		if r.From.IsValid() && r.From != to {
			return fmt.Sprintf("from %s: seq=%d %s", from, r.Sequence, outcomeWords(r.Outcome, true))
		}
		return fmt.Sprintf("seq=%d %s", r.Sequence, outcomeWords(r.Outcome, true))
	}
	const header = 8 // of ICMP, which ping counts in
	line := fmt.Sprintf("%d bytes from %s: seq=%d", r.Size+header, from, r.Sequence)
	if r.TTL > 0 {
		line += fmt.Sprintf(" ttl=%d", r.TTL)
	}
	line += fmt.Sprintf(" time=%.3f ms", float64(r.Took)/float64(time.Millisecond))
	if r.Duplicate {
		line += " (DUP!)"
	}
	return line
}

// EchoSummary is what ping writes in the end.
func EchoSummary(target string, e *wire.Echoes) []string {
	lost := 0.0
	if e.Sent > 0 {
		const whole = 100
		lost = float64(e.Sent-e.Received) * whole / float64(e.Sent)
	}
	duplicates := ""
	if e.Duplicates > 0 {
		duplicates = fmt.Sprintf(", +%d duplicates", e.Duplicates)
	}
	lines := []string{
		fmt.Sprintf("--- %s ping statistics ---", label(target, false)),
		fmt.Sprintf("%d packets transmitted, %d received%s, %.4g%% packet loss", e.Sent, e.Received, duplicates, lost),
	}
	if e.Received > 0 {
		ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
		lines = append(lines, fmt.Sprintf("round-trip min/avg/max/jitter = %.3f/%.3f/%.3f/%.3f ms", ms(e.Min), ms(e.Avg), ms(e.Max), ms(e.Jitter)))
	}
	return lines
}
