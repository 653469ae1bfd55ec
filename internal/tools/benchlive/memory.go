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

// memoryRow tells of sizes read every second, without those of the first pictures.
func memoryRow(sizes []int) string {
	start := len(sizes) / 6
	settled := sizes[start:]
	third := len(settled) / 3
	return fmt.Sprintf("| server's memory, every second after the first %d | %d to %d MB; first third %d MB, last third %d MB (medians) |",
		start, slices.Min(settled), slices.Max(settled), median(settled[:third]), median(settled[len(settled)-third:]))
}

func median(all []int) int {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
