package removal

import (
	"slices"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// judge tells of each container of some plans whether it starts once all of them
// are done.
func judge(after *topology.Index, plans []*RestorePlan) {
	hazards := map[string]*diagnose.Hazard{}
	for _, h := range diagnose.Hazards(topology.NewIndex(stopped(after))) {
		if hazards[h.Container.ID] == nil && h.Kind != diagnose.MaybeElsewhere {
			hazards[h.Container.ID] = &h
		}
	}
	for _, p := range plans {
		for i := range p.Starts {
			s := &p.Starts[i]
			h := hazards[s.Container]
			if s.Starts = h == nil; s.Starts {
				continue
			}
			if s.Why = h.Kind; h.Kind == diagnose.ModeGone {
				s.Mode = h.Container.Mode
			}
		}
	}
}

// stopped is the snapshot with every container stopped, so that what it wants on
// its next start is seen.
func stopped(ix *topology.Index) *topology.Snapshot {
	s := *ix.Snapshot
	s.Containers, s.Attachments = slices.Clone(ix.Containers), slices.Clone(ix.Attachments)
	for i := range s.Containers {
		if s.Containers[i].State.Up() {
			s.Containers[i].State = topology.Exited
		}
	}
	for i := range s.Attachments {
		if s.Attachments[i].State == topology.Live {
			s.Attachments[i].State = topology.Configured
		}
	}
	return &s
}

// restored is the snapshot as it will be.
func (r *restorer) restored() *topology.Snapshot {
	s := *r.ix.Snapshot
	s.Networks, s.Attachments = slices.Clone(r.ix.Networks), nil
	if r.plan.definition != nil {
		made := *r.plan.definition
		made.ID = r.new
		s.Networks = append(s.Networks, made)
	}
	connected, forgotten := map[string]*Record{}, map[string]string{}
	for i := range r.plan.records {
		connected[r.plan.records[i].Container] = &r.plan.records[i]
	}
	for _, step := range r.plan.Steps {
		if step.Kind == StepForget {
			forgotten[step.Container] = step.Key
		}
	}
	for i := range r.ix.Attachments {
		a := r.ix.Attachments[i]
		switch {
		case connected[a.ContainerID] != nil && (a.NetworkName == r.lost.Name && a.State == topology.Dangling || a.NetworkID == r.new),
			forgotten[a.ContainerID] == a.NetworkName && a.State == topology.Dangling:
			continue
		case a.State == topology.Dangling && a.NetworkID == "" && a.NetworkName == r.lost.Name && r.new != "":
			a.State, a.NetworkID, a.ByName = topology.Configured, r.new, true
		}
		s.Attachments = append(s.Attachments, a)
	}
	for id, record := range connected {
		a := record.Attachment
		a.ContainerID, a.NetworkID, a.NetworkName, a.State = id, r.new, r.lost.Name, topology.Configured
		if record.State.Up() {
			a.State = topology.Live
		}
		s.Attachments = append(s.Attachments, a)
	}
	s.Sort()
	return &s
}
