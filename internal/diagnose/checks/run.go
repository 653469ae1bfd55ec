package checks

import (
	"cmp"
	"slices"
	"sync"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// Outcome is how a check ended.
type Outcome string

// The outcomes. A check that found something and could not look everywhere has found
// something.
const (
	Fine      Outcome = "fine"
	Found     Outcome = "finding"
	Unchecked Outcome = "could not check"
)

// Result is what came of one check.
type Result struct {
	Check    *Check
	Outcome  Outcome
	Findings []*Finding
	// Unknown says what could not be looked at.
	Unknown []Unknown
}

// Unknown is something that could not be looked at.
type Unknown struct {
	Says Sentence
	// Why is the reason, where the checks did not find it themselves. It is a text of an
	// engine or a system, and the same for all that lack the same.
	Why string
}

// Report is what came of an examination: a result for each check, in the order of the
// checks. Findings that follow from another are folded under that one, and so are in no
// result of their own.
type Report struct {
	Results []*Result
}

// exam is one examination under way.
type exam struct {
	*topology.Index
	facts  *Facts
	result *Result
	// troubled are the containers in trouble, worked out once for all checks.
	troubled func() []diagnose.Hazard
}

func (x *exam) found(f Finding) {
	f.Check = x.result.Check
	f.Severity = cmp.Or(f.Severity, f.Check.Severity)
	x.result.Findings = append(x.result.Findings, &f)
}

func (x *exam) unknown(format string, args ...any) { x.unknownSince("", format, args...) }

func (x *exam) unknownSince(why, format string, args ...any) {
	x.result.Unknown = append(x.result.Unknown, Unknown{Says: say(format, args...), Why: why})
}

// unreadSettings says of which containers the settings are missing.
func (x *exam) unreadSettings(all []*topology.Container) {
	if len(all) > 0 && x.facts.NoInspect != "" {
		x.unknownSince(x.facts.NoInspect, "the settings of containers were not read")
		return
	}
	x.unreadParts("settings", containers(all))
}

// unreadEndpoints says of which networks the endpoints are missing.
func (x *exam) unreadEndpoints(all []*topology.Network) {
	if len(all) > 0 && x.facts.NoInspect != "" {
		x.unknownSince(x.facts.NoInspect, "the endpoints of networks were not read")
		return
	}
	x.unreadParts("endpoints", networks(all))
}

// unreadParts says of which objects a part is missing, those for one reason together.
func (x *exam) unreadParts(part string, all []Ref) {
	var reasons []string
	lacking := map[string][]Ref{}
	for _, ref := range all {
		reason := ""
		for i := range x.Unread {
			if gap := &x.Unread[i]; gap.What == part && gap.ID == ref.ID {
				reason = gap.Reason
			}
		}
		if lacking[reason] == nil {
			reasons = append(reasons, reason)
		}
		lacking[reason] = append(lacking[reason], ref)
	}
	for _, reason := range reasons {
		if reason == "" {
			x.unknown("the "+part+" of %s were not read", lacking[reason])
		} else {
			x.unknown("the "+part+" of %s were not read: %s", lacking[reason], Foreign(reason))
		}
	}
}

// Run examines the facts by these checks.
func Run(facts *Facts, checks []*Check) *Report {
	report := &Report{}
	troubled := sync.OnceValue(func() []diagnose.Hazard { return diagnose.Hazards(facts.Index) })
	for _, check := range checks {
		x := &exam{Index: facts.Index, facts: facts, result: &Result{Check: check}, troubled: troubled}
		check.find(x)
		report.Results = append(report.Results, x.result)
	}
	report.fold()
	report.conclude()
	return report
}

// fold moves findings that follow from another under that one.
func (r *Report) fold() {
	roots := map[string]*Finding{}
	for _, f := range r.Findings() {
		for _, cause := range f.causes {
			roots[cause] = f
		}
	}
	for _, result := range r.Results {
		result.Findings = slices.DeleteFunc(result.Findings, func(f *Finding) bool {
			root := roots[f.cause]
			if f.cause == "" || root == nil || root == f || follows(root, f, roots) {
				return false
			}
			root.Followers = append(root.Followers, f)
			return true
		})
	}
}

// follows tells that a finding comes from another one, be it through others, so that
// the two would be folded under each other.
func follows(f, from *Finding, roots map[string]*Finding) bool {
	for range len(roots) {
		if f == nil || f.cause == "" {
			return false
		}
		if f = roots[f.cause]; f == from {
			return true
		}
	}
	return false
}

func (r *Report) conclude() {
	for _, result := range r.Results {
		slices.SortStableFunc(result.Findings, func(a, b *Finding) int { return cmp.Compare(b.Severity, a.Severity) })
		switch {
		case len(result.Findings) > 0:
			result.Outcome = Found
		case len(result.Unknown) > 0:
			result.Outcome = Unchecked
		default:
			result.Outcome = Fine
		}
	}
}

// Findings lists the findings, root causes only, in the order of the checks.
func (r *Report) Findings() []*Finding {
	var all []*Finding
	for _, result := range r.Results {
		all = append(all, result.Findings...)
	}
	return all
}

// Only keeps the findings that choose keeps.
func (r *Report) Only(choose func(*Finding) bool) {
	for _, result := range r.Results {
		result.Findings = slices.DeleteFunc(result.Findings, func(f *Finding) bool { return !choose(f) })
	}
	r.conclude()
}

// Worst is the highest severity of all findings, those that follow too; 0 where there
// are none.
func (r *Report) Worst() Severity {
	return worst(r.Findings())
}

func worst(findings []*Finding) Severity {
	var most Severity
	for _, f := range findings {
		most = max(most, f.Severity, worst(f.Followers))
	}
	return most
}
