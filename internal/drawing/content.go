package drawing

// Content is what is to be drawn. All texts are printable. Keys are unique among
// networks and containers, and the order of each list is kept where there is a choice.
type Content struct {
	Title       string
	Facts       []string // about the engine and the moment
	Summary     string   // for who cannot see the drawing
	Groups      []Group
	Networks    []Network
	Containers  []Container
	Attachments []Attachment
	Ways        []Way
	Notes       []Note
	// Outside and Loopback name the two edges from which ports lead in.
	Outside, Loopback string
	// Words are what the legend says.
	Words Words
}

// Group is a compose project or a stack: its networks and containers are framed.
type Group struct {
	Key, Title, Detail string
}

// NetworkKind is what sort of medium a network is.
type NetworkKind uint8

const (
	// Open networks lead to the outside.
	Open NetworkKind = iota
	// Closed networks are internal.
	Closed
	// Mode is host or none: containers are in it rather than on it.
	Mode
	// Gone is something that is wanted and does not exist.
	Gone
)

// Network is a rail.
type Network struct {
	Key     string
	Kind    NetworkKind
	Group   string // the key of its group, if it is in one
	Name    string
	Details []string
	// Addresses are its subnets.
	Addresses []string
	// Summary is for who cannot see the drawing, or points at the network.
	Summary string
	// Identity is what the colour comes from, so that the network keeps it.
	Identity string
}

// Mark is the sign before a container's name.
type Mark uint8

// The marks.
const (
	Running Mark = iota
	Paused
	Created
	Stopped
	Restarting
	Dead
	Unknown
)

// Container is a card.
type Container struct {
	Key     string
	Group   string
	Name    string
	Mark    Mark
	Up      bool
	Details []string
	// State says what is not simply running, and Warning what will not start.
	State, Warning string
	Summary        string
	// Owner is the key of the container whose network this one shares, if that is
	// drawn: its card holds this one.
	Owner string
}

// AttachmentKind is how much of an attachment there is.
type AttachmentKind uint8

// The kinds of attachments.
const (
	Live AttachmentKind = iota
	// OnStart ones are there once the container is up.
	OnStart
	// InVain ones have no network.
	InVain
)

// Attachment is a container on a network.
type Attachment struct {
	Key, Network, Container string
	Kind                    AttachmentKind
	Lines                   []string
}

// Way is a path by which ports lead in to a container.
type Way struct {
	Key, Container string
	// Loopback tells that only the host itself gets there.
	Loopback bool
	Lines    []string
}

// Note is a line below the drawing.
type Note struct {
	Text    string
	Warning bool
}

// Words are the texts of the legend, and the title of the containers that are on no
// network. Those for what does not occur are not used.
type Words struct {
	Marks                            map[Mark]string
	Network, Closed, Gone, Elsewhere string
	OnStart, Share, Warning          string
	Way, LoopbackWay                 string
	Nowhere                          string
}
