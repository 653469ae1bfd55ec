//go:build real

package real

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/zoo"
)

// TestPingLatency: the figures are right.
func TestPingLatency(t *testing.T) {
	eachEngine(t, func(t *testing.T, e *zoo.Engine) {
		p := buildPair(t, e)
		t.Run("busybox", p.asBusybox)
		t.Run("loss", p.losing)
		t.Run("delay", p.delayed)
	})
}

// asBusybox: as fast as busybox finds it. Both send 50 requests in the same
// namespace, in turns, five times; a busy machine makes some of these rounds slow,
// so that the least disturbed round of each is compared, by its average. It can
// fail where ping adds time of its own to an answer (a clock that is read late, a
// goroutine that is woken late), and where it leaves some out.
func (p *pair) asBusybox(t *testing.T) {
	const rounds, most = 5, 100 * time.Microsecond
	to := p.addressOf(p.b)
	ours, theirs := time.Hour, time.Hour
	for range rounds {
		said := p.measure(0, "-c", "50", "-i", "0.01", "a", to)
		echoes := said.rung(t, "icmp").Echoes
		if echoes.Received != 50 || echoes.Min > echoes.Avg || echoes.Avg > echoes.Max || echoes.Min <= 0 {
			t.Errorf("%+v", echoes)
		}
		ours = min(ours, echoes.Avg)
		theirs = min(theirs, busyboxAverage(t, inNamespace(t, p.a, "busybox", "ping", "-c", "50", "-i", "0.01", to)))
	}
	t.Logf("%s: %s, busybox says %s", p.Engine.Name, ours, theirs)
	if difference := (ours - theirs).Abs(); difference > most {
		t.Errorf("%s: %s, and busybox says %s: %s apart", p.Engine.Name, ours, theirs, difference)
	}
}

func busyboxAverage(t *testing.T, text string) time.Duration {
	t.Helper()
	found := regexp.MustCompile(`min/avg/max = [\d.]+/([\d.]+)/`).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("busybox says no average: %s", text)
	}
	average, err := strconv.ParseFloat(found[1], 64)
	ok(t, err)
	return time.Duration(average * float64(time.Millisecond))
}

// addressOf is the IPv4 address of a container's device.
func (p *pair) addressOf(id string) string {
	p.t.Helper()
	text := inNamespace(p.t, id, "ip", "-4", "-o", "addr", "show", "dev", "eth0")
	found := regexp.MustCompile(`inet ([\d.]+)/`).FindStringSubmatch(text)
	if found == nil {
		p.t.Fatalf("no address: %s", text)
	}
	return found[1]
}

// losing: of 300 requests, the kernel drops each with a probability of 0.2 on the
// way in. What is reported lost is what the kernel counts; and that count is one
// which chance gives, but for once in 10,000 runs: the kernel drops what it is
// told to.
func (p *pair) losing(t *testing.T) {
	const sent, probability, never = 300, 0.2, 1e-4
	// Requests with 56 bytes of data only: those that look for the MTU are larger.
	inNamespace(t, p.b, "iptables", "-w", "-A", "INPUT", "-p", "icmp", "--icmp-type", "echo-request", "-m", "length", "--length", "84",
		"-m", "statistic", "--mode", "random", "--probability", fmt.Sprint(probability), "-j", "DROP")
	defer inNamespace(t, p.b, "iptables", "-w", "-F", "INPUT")
	got := p.ping("-c", strconv.Itoa(sent), "-i", "0.005", "-W", "1", "a", p.addressOf(p.b))
	if got.status != 0 {
		t.Errorf("status %d: %s%s", got.status, got.stdout, got.stderr)
	}
	summary := regexp.MustCompile(`(\d+) packets transmitted, (\d+) (?:packets )?received, (?:\+\d+ duplicates, )?([\d.]+)% packet loss`).FindStringSubmatch(got.stdout)
	if summary == nil {
		t.Fatalf("no summary: %s", got.stdout)
	}
	transmitted, received := number(t, summary[1]), number(t, summary[2])
	lost := transmitted - received
	dropped := number(t, strings.Fields(lastLine(inNamespace(t, p.b, "iptables", "-w", "-nvxL", "INPUT")))[0])
	low, high := binomialInterval(sent, probability, never)
	t.Logf("%s: %d of %d lost (%s%%), the kernel dropped %d; chance gives %d to %d", p.Engine.Name, lost, transmitted, summary[3], dropped, low, high)
	if transmitted != sent || lost != dropped {
		t.Errorf("%d of %d lost, and the kernel dropped %d of %d", lost, transmitted, dropped, sent)
	}
	if lost < low || lost > high {
		t.Errorf("%d of %d lost, which chance does not give: %d to %d", lost, sent, low, high)
	}
	told, err := strconv.ParseFloat(summary[3], 64)
	ok(t, err)
	if math.Abs(told-100*float64(lost)/float64(transmitted)) > 1 {
		t.Errorf("%d of %d lost is told as %s%%", lost, transmitted, summary[3])
	}
	if lines := strings.Count(got.stdout, "bytes from"); lines != received {
		t.Errorf("%d replies are shown, and %d summed up", lines, received)
	}
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	ok(t, err)
	return n
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// binomialInterval is what n trials give, but for the given probability, half of
// it on each side.
func binomialInterval(n int, p, never float64) (low, high int) {
	chance := make([]float64, n+1)
	for k := range chance {
		all, _ := math.Lgamma(float64(n + 1))
		hits, _ := math.Lgamma(float64(k + 1))
		misses, _ := math.Lgamma(float64(n - k + 1))
		chance[k] = math.Exp(all - hits - misses + float64(k)*math.Log(p) + float64(n-k)*math.Log(1-p))
	}
	below := 0.0
	for below+chance[low] < never/2 {
		below += chance[low]
		low++
	}
	slices.Reverse(chance)
	above := 0.0
	for above+chance[high] < never/2 {
		above += chance[high]
		high++
	}
	return low, n - high
}

// delayed: something of the test's own answers 50 ms later, on a busy machine a little
// after that. What is reported is within 5 % of what the kernel counts from the request's
// leaving to the answer's coming. A halt of ping itself just before it sends, or once it is
// answered, counts into what it reports; so there are five rounds, of which the one that
// it halted the least in is compared: what it adds by itself would be in all.
func (p *pair) delayed(t *testing.T) {
	const delay, rounds, each = 50 * time.Millisecond, 5, 10
	slow := answerSlowly(t, p.a, delay)
	kernel := stampsOf(t, p.a, "slow0")
	type round struct{ reported, counted time.Duration }
	all := map[string][]round{}
	for range rounds {
		said := p.measure(0, "-c", strconv.Itoa(each), "-i", "0.02", "-p", "80", "a", slow.address)
		// The first are those that were asked for; one for the MTU comes after them.
		echoes, opened := kernel.took(icmpProtocol), kernel.took(tcpProtocol)
		if len(echoes) < each || len(opened) < 1 {
			t.Fatalf("of %d echo requests %d were answered, and %d connections", each, len(echoes), len(opened))
		}
		all["icmp"] = append(all["icmp"], round{said.rung(t, "icmp").Echoes.Avg, mean(echoes[:each])})
		all["tcp"] = append(all["tcp"], round{said.rung(t, "tcp").Connection.Took, opened[0]})
	}
	for layer, of := range all {
		t.Logf("%s: %s, reported and counted: %v", p.Engine.Name, layer, of)
		near := slices.ContainsFunc(of, func(r round) bool { return (r.reported - r.counted).Abs() <= r.counted/20 })
		early := slices.ContainsFunc(of, func(r round) bool { return r.reported < delay || r.counted < delay })
		if !near || early {
			t.Errorf("%s: %s is reported otherwise than it is: %v", p.Engine.Name, layer, of)
		}
	}
}

func mean(of []time.Duration) time.Duration {
	var sum time.Duration
	for _, d := range of {
		sum += d
	}
	return sum / time.Duration(len(of))
}
