package pager

import "os"

// end ends the pager: it cannot be asked to.
func end(pager *os.Process) error { return pager.Kill() }
