package topology

import "fmt"

// Check finds what no collector writes and what would be drawn wrongly or not
// at all: states that do not exist, and attachments whose container or, where
// the state says that there is one, whose network is not in the snapshot.
func (s *Snapshot) Check() error {
	networks, containers := map[string]bool{}, map[string]bool{}
	for i := range s.Networks {
		if id := s.Networks[i].ID; networks[id] || id == "" {
			return fmt.Errorf("two networks have the ID %q, or one has none", id)
		}
		networks[s.Networks[i].ID] = true
	}
	for i := range s.Containers {
		c := &s.Containers[i]
		if containers[c.ID] || c.ID == "" {
			return fmt.Errorf("two containers have the ID %q, or one has none", c.ID)
		}
		containers[c.ID] = true
		for _, p := range c.Ports {
			if int(p.First)+p.Len()-1 > maxPort || int(p.HostPort)+p.Len()-1 > maxPort {
				return fmt.Errorf("a run of ports of container %q goes beyond %d", c.ID, maxPort)
			}
		}
	}
	for i := range s.Attachments {
		a := &s.Attachments[i]
		switch a.State {
		case Live, Configured:
			if !networks[a.NetworkID] {
				return fmt.Errorf("container %q is attached to network %q, which is not in it", a.ContainerID, a.NetworkID)
			}
		case Dangling, Ambiguous, Unverified:
		default:
			return fmt.Errorf("an attachment is in the state %q, and there is no such state", string(a.State))
		}
		if !containers[a.ContainerID] {
			return fmt.Errorf("network %q is attached to container %q, which is not in it", a.NetworkID, a.ContainerID)
		}
	}
	return nil
}

const maxPort = 65535
