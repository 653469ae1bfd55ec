package page

import "github.com/docker-netkit/docker-netkit/internal/explain"

// words are the page's own, in one language. The script has those that it says itself.
type words struct {
	Networks  string `json:"-"`
	Network   string `json:"network"`
	Container string `json:"container"`
	Gone      string `json:"gone"`
	Internal  string `json:"-"`

	Skip        string `json:"-"`
	Map         string `json:"map"`
	Search      string `json:"-"`
	SearchHint  string `json:"-"`
	Found       string `json:"found"` // # of % are found
	NoneFound   string `json:"noneFound"`
	Filter      string `json:"-"`
	Project     string `json:"-"`
	State       string `json:"-"`
	AnyProject  string `json:"-"`
	AnyNetwork  string `json:"-"`
	AnyState    string `json:"-"`
	NoProject   string `json:"noProject"`
	Clear       string `json:"-"`
	ZoomIn      string `json:"-"`
	ZoomOut     string `json:"-"`
	Fit         string `json:"-"`
	Keys        string `json:"-"`
	Theme       string `json:"theme"`
	Auto        string `json:"auto"`
	Light       string `json:"light"`
	Dark        string `json:"dark"`
	Close       string `json:"-"`
	Loading     string `json:"loading"`
	Unsaid      string `json:"unsaid"`
	OnNetworks  string `json:"onNetworks"`
	SharedWith  string `json:"sharedWith"`
	OnIt        string `json:"onIt"`
	WantedBy    string `json:"wantedBy"`
	Live        string `json:"live"`
	Connecting  string `json:"connecting"`
	NoEngine    string `json:"noEngine"` // since %, showing #
	Lost        string `json:"lost"`
	Ended       string `json:"ended"`
	Vanished    string `json:"vanished"`
	TakenAt     string `json:"-"`
	NoScript    string `json:"-"`
	KeyPan      string `json:"-"`
	KeyZoom     string `json:"-"`
	KeyFit      string `json:"-"`
	KeySearch   string `json:"-"`
	KeyOpen     string `json:"-"`
	KeyClose    string `json:"-"`
	Findings    string `json:"findings"`
	GoneSays    string `json:"-"`
	SeveralSay  string `json:"-"`
	ElsewhereIs string `json:"-"`
}

var wordsIn = map[explain.Language]words{
	explain.English: {
		Networks: "Networks", Network: "Network", Container: "Container", Gone: "Missing network", Internal: "internal",
		Skip: "Skip the map", Map: "Map of networks and containers", Search: "Search", SearchHint: "Name, address, image, port …",
		Found: "# of % shown", NoneFound: "Nothing has this", Filter: "Filter", Project: "Project", State: "State",
		AnyProject: "All projects", AnyNetwork: "All networks", AnyState: "All states", NoProject: "In no project", Clear: "Clear",
		ZoomIn: "Zoom in", ZoomOut: "Zoom out", Fit: "Show all of it", Keys: "Keyboard",
		Theme: "Colours", Auto: "as the system", Light: "light", Dark: "dark",
		Close: "Close", Loading: "Reading …", Unsaid: "The details could not be read",
		OnNetworks: "On", SharedWith: "Same interfaces as", OnIt: "On it", WantedBy: "Wanted by",
		Live: "Live", Connecting: "Connecting …", NoEngine: "The engine does not answer since %; showing #",
		Lost: "Connection lost, trying again", Ended: "netkit has ended; showing #", Vanished: "is not there any more", TakenAt: "As of",
		NoScript: "Without JavaScript, this page shows the picture alone.",
		KeyPan:   "move the map", KeyZoom: "zoom", KeyFit: "show all of it", KeySearch: "search", KeyOpen: "details of what has the focus", KeyClose: "close",
		Findings:    "What the doctor finds",
		GoneSays:    "There is no such network. The containers above want it, and will not start as long as that is so. Each of them says what mends it.",
		SeveralSay:  "Several networks have this name, and the engine does not choose. The containers above will not start as long as that is so.",
		ElsewhereIs: "This engine does not list such a network. Whether there is one cannot be told: other nodes of the swarm may have it.",
	},
	explain.Portuguese: {
		Networks: "Redes", Network: "Rede", Container: "Contêiner", Gone: "Rede ausente", Internal: "interna",
		Skip: "Pular o mapa", Map: "Mapa de redes e contêineres", Search: "Buscar", SearchHint: "Nome, endereço, imagem, porta …",
		Found: "# de % em destaque", NoneFound: "Nada corresponde", Filter: "Filtrar", Project: "Projeto", State: "Estado",
		AnyProject: "Todos os projetos", AnyNetwork: "Todas as redes", AnyState: "Todos os estados", NoProject: "Sem projeto", Clear: "Limpar",
		ZoomIn: "Aproximar", ZoomOut: "Afastar", Fit: "Mostrar tudo", Keys: "Teclado",
		Theme: "Cores", Auto: "como o sistema", Light: "claras", Dark: "escuras",
		Close: "Fechar", Loading: "Lendo …", Unsaid: "Não foi possível ler os detalhes",
		OnNetworks: "Em", SharedWith: "Mesmas interfaces que", OnIt: "Nela", WantedBy: "Procurada por",
		Live: "Ao vivo", Connecting: "Conectando …", NoEngine: "O engine não responde desde %; mostrando #",
		Lost: "Conexão perdida, tentando de novo", Ended: "O netkit foi encerrado; mostrando #", Vanished: "não existe mais", TakenAt: "Em",
		NoScript: "Sem JavaScript, esta página mostra só a imagem.",
		KeyPan:   "mover o mapa", KeyZoom: "aproximar e afastar", KeyFit: "mostrar tudo", KeySearch: "buscar", KeyOpen: "detalhes do que está em foco", KeyClose: "fechar",
		Findings:    "O que o doctor encontra",
		GoneSays:    "Essa rede não existe. Os contêineres acima a procuram e, enquanto for assim, não iniciam. Cada um deles diz o que resolve.",
		SeveralSay:  "Várias redes têm esse nome, e o engine não escolhe. Enquanto for assim, os contêineres acima não iniciam.",
		ElsewhereIs: "Este engine não lista uma rede assim. Não dá para saber se ela existe: outros nós do swarm podem tê-la.",
	},
}
