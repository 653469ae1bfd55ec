package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// resident is how much memory a process has now, in MB.
func resident(pid int) (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	var kB int
	if _, err := fmt.Sscan(after, &kB); err != nil {
		return 0, fmt.Errorf("no size of process %d: %w", pid, err)
	}
	return kB / 1024, nil
}

func least(all []int) int { return slices.Min(all) }

func most(all []int) int { return slices.Max(all) }

func median(all []int) int {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
