package wiretest

import (
	"io"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
)

// Many is a number of echo requests that is not waited for.
const Many = 1000

// Serve speaks as the probe does, until the input ends. Echo requests that have no
// number, or many, go on until they are stopped.
func (p *Place) Serve(in io.Reader, out io.Writer) {
	lines, to := wire.NewReader(in), wire.NewWriter(out)
	if to.Write(wire.Hello{Version: wire.Version}) != nil {
		return
	}
	open := map[int]wire.Result{}
	for {
		var r wire.Request
		if lines.Read(&r) != nil {
			return
		}
		results := p.Answer(&r)
		switch {
		case r.Kind == wire.Stop:
			if last, ok := open[r.Of]; ok {
				delete(open, r.Of)
				results = append(results, last)
			}
		case r.Kind == wire.Echo && (r.Count == 0 || r.Count >= Many) && len(results) > 1:
			open[r.ID] = results[len(results)-1]
			results = results[:len(results)-1]
		}
		for _, result := range results {
			if to.Write(result) != nil {
				return
			}
		}
	}
}
