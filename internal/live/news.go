package live

import (
	"slices"
	"strings"
	"sync"
)

// news holds the newest of each kind.
type news struct {
	lock   sync.Mutex
	items  []item // in the order in which kinds first came
	change chan struct{}
}

// item is the newest news of a kind. It is never changed, only replaced.
type item struct {
	kind    string
	text    []byte
	version uint64
}

func newNews() *news { return &news{change: make(chan struct{})} }

// publish replaces the news of a kind. Text that says the same as before is none.
func (n *news) publish(kind string, text []byte) {
	n.lock.Lock()
	defer n.lock.Unlock()
	at := slices.IndexFunc(n.items, func(i item) bool { return i.kind == kind })
	if at < 0 {
		at = len(n.items)
		n.items = append(n.items, item{kind: kind})
	}
	if string(n.items[at].text) == string(text) {
		return
	}
	n.items[at] = item{kind, text, n.items[at].version + 1}
	close(n.change)
	n.change = make(chan struct{})
}

// since lists what is newer than what was seen, and notes that it was; changed is
// closed when there is more.
func (n *news) since(seen map[string]uint64) (fresh []item, changed <-chan struct{}) {
	n.lock.Lock()
	defer n.lock.Unlock()
	for _, i := range n.items {
		if seen[i.kind] != i.version {
			fresh = append(fresh, i)
			seen[i.kind] = i.version
		}
	}
	return fresh, n.change
}

// event is an item in the form of an event stream, in which a line ends an item.
func (i item) event() []byte {
	return []byte("event: " + i.kind + "\ndata: " + strings.NewReplacer("\r", "", "\n", " ").Replace(string(i.text)) + "\n\n")
}
