package main

import (
	"io"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/docker-netkit/docker-netkit/internal/probe/wire"
	"github.com/docker-netkit/docker-netkit/internal/probe/wiretest"
)

// places are what the probes of the scripts see, by the container's name. What is
// not there sees nothing.
var places = map[string]map[string]*wiretest.Place{
	// shop of the world of that name: all is well.
	"shop": {
		"web": {
			Names: map[string]wire.Resolution{"api": wiretest.Named("172.20.0.2"), "one.one.one.one": wiretest.Named("1.1.1.1")},
			Echo:  map[string]wire.Echoes{"172.20.0.2": wiretest.Answers(3), "172.20.0.1": wiretest.Answers(3), "1.1.1.1": wiretest.Answers(3)},
			TCP:   map[string]wire.Outcome{"172.20.0.2:80": wire.Reached, "172.20.0.2:81": wire.Refused, "1.1.1.1:443": wire.Reached},
		},
		"api": {
			Namespace: wire.Namespace{Listeners: []wire.Listener{wiretest.Listens("tcp", "0.0.0.0:80"), wiretest.Listens("tcp", "127.0.0.1:81")}},
			Names:     map[string]wire.Resolution{"web": wiretest.Named("172.20.0.3")},
			Echo:      map[string]wire.Echoes{"172.20.0.3": wiretest.Answers(3)},
			TCP:       map[string]wire.Outcome{"172.20.0.3:80": wire.Reached},
		},
	},
	// forbidden lets nobody send ICMP.
	"forbidden": {
		"web": {
			Names:    map[string]wire.Resolution{"api": wiretest.Named("172.20.0.2")},
			Failures: map[string]string{"echo": "cannot send: " + wire.NotPermitted},
		},
	},
	// pod of the world of that name: the owner's namespace sees all but who is stale.
	"pod": {
		"owner": {
			Echo: map[string]wire.Echoes{"172.20.0.3": wiretest.Answers(3), "127.0.0.1": wiretest.Answers(3)},
			TCP:  map[string]wire.Outcome{"172.20.0.3:5432": wire.Refused},
		},
		"db":    {Echo: map[string]wire.Echoes{"172.20.0.2": wiretest.Answers(3)}},
		"still": {}, "stale": {},
	},
	"silent": {},
}

// setProbe lets what runs in the helpers see places.
func setProbe(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 || places[args[0]] == nil {
		ts.Fatalf("usage: probe PLACES")
	}
	engineOf(ts).Probe(func(source string, in io.Reader, out io.Writer) {
		p := places[args[0]][source]
		if p == nil {
			p = &wiretest.Place{}
		}
		p.Serve(in, out)
	})
}
