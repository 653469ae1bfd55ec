package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/docker-netkit/docker-netkit/internal/diagnose"
	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/reach"
	"github.com/docker-netkit/docker-netkit/internal/topology"
)

// told is what is to be said.
type told struct {
	topic *explain.Topic
	// networks are those of the topic's kind, where an engine told of them.
	networks []*topology.Network
	ix       *topology.Index

	network   *explain.NetworkFacts
	container *explain.ContainerFacts
	pair      *explain.PairFacts
	overview  *explain.OverviewFacts

	// also are what else has the name of the network or container.
	also explain.Also
}

// topicPatience is how long a topic waits for the networks beside it: it can do
// without.
const topicPatience = 5 * time.Second

func (e *explanation) find(ctx context.Context) (*told, error) {
	if len(e.args) == 0 {
		return e.findOverview(ctx)
	}
	topic, isTopic := explain.FindTopic(e.args[0])
	isTopic = isTopic && len(e.args) == 1 && !e.options.network && !e.options.container
	if e.options.topic {
		if !isTopic {
			return nil, e.unknown(nil, e.args[0])
		}
		if !topic.HasNetworks() {
			return &told{topic: &topic}, nil
		}
	}
	if isTopic {
		return e.findBeside(ctx, topic)
	}
	ix, err := e.survey(ctx)
	if err != nil {
		return nil, e.unasked(ctx, err)
	}
	const two = 2
	if len(e.args) == two {
		return e.findPair(ix)
	}
	return e.findNamed(ix, e.args[0])
}

// findOverview finds what there is to say of the engine; nothing of it is said
// where none answers.
func (e *explanation) findOverview(ctx context.Context) (*told, error) {
	if e.saved() {
		ix, err := e.survey(ctx)
		if err != nil {
			return nil, err
		}
		facts := explain.OfEngine(ix, explain.Drivers{})
		return &told{overview: &facts, ix: ix}, nil
	}
	ix, drivers, err := e.askOverview(ctx)
	if err != nil {
		return &told{}, e.without(ctx, err)
	}
	facts := explain.OfEngine(ix, drivers)
	return &told{overview: &facts, ix: ix}, nil
}

func (e *explanation) askOverview(ctx context.Context) (*topology.Index, explain.Drivers, error) {
	engine, err := e.connect(ctx)
	if err != nil {
		return nil, explain.Drivers{}, err
	}
	defer engine.Close()
	ctx, cancel := e.within(ctx)
	defer cancel()
	defer e.showBusy("Reading networks and containers…")()
	snapshot, err := explainSurvey(ctx, engine, nil)
	if err != nil {
		return nil, explain.Drivers{}, err
	}
	drivers, err := explainDrivers(ctx, engine)
	return topology.NewIndex(snapshot), drivers, err
}

// without says why a text comes without what the engine would add to it. An
// interruption is no such reason.
func (e *explanation) without(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	words := "without your networks: "
	if e.lang == explain.Portuguese {
		words = "sem as suas redes: "
	}
	_, _ = fmt.Fprintln(e.Err(), words+err.Error())
	return nil
}

// unasked says what is known of a word where no engine answers: which topics come
// near.
func (e *explanation) unasked(ctx context.Context, err error) error {
	if ctx.Err() != nil || e.saved() || len(e.args) != 1 || e.options.network || e.options.container {
		return err
	}
	text := "no topic " + quoteArg(e.args[0])
	if near := nearest(topicWords(), e.args); len(near) > 0 {
		text += " (did you mean " + alternatives(near) + "?)"
	}
	return fmt.Errorf("%s, and no engine to look for a network or a container: %w", text, err)
}

// topicWords are all words that name a topic.
func topicWords() []string {
	var words []string
	for _, topic := range explain.Topics() {
		words = append(words, topic.Words()...)
	}
	return words
}

// survey reads the engine or the snapshot, with what only an inspect tells of those
// that are named.
func (e *explanation) survey(ctx context.Context) (*topology.Index, error) {
	if e.saved() {
		snapshot, err := sampleOrSaved(e.session, e.options.from)
		if err != nil {
			return nil, err
		}
		return topology.NewIndex(snapshot), nil
	}
	engine, err := e.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer engine.Close()
	ctx, cancel := e.within(ctx)
	defer cancel()
	defer e.showBusy("Reading networks and containers…")()
	snapshot, err := explainSurvey(ctx, engine, e.args)
	if err != nil {
		return nil, err
	}
	return topology.NewIndex(snapshot), nil
}

// findBeside finds a topic, and whether the word is a network's or a container's
// name, too. Without an engine, it is a topic.
func (e *explanation) findBeside(ctx context.Context, topic explain.Topic) (*told, error) {
	quick := *e.session
	quick.timeout = topicPatience
	if e.timeout > 0 {
		quick.timeout = min(topicPatience, e.timeout)
	}
	asked := *e
	asked.session = &quick
	ix, err := asked.survey(ctx)
	if err != nil {
		if e.saved() {
			return nil, err
		}
		return &told{topic: &topic}, e.without(ctx, err)
	}
	if word := e.args[0]; !e.options.topic && namesOwn(ix, word) {
		found, err := e.findNamed(ix, word)
		if err != nil {
			return nil, err
		}
		found.also.Topic = topic.Name
		return found, nil
	}
	found := &told{topic: &topic, ix: ix}
	if topic.HasNetworks() {
		found.networks = explain.TopicNetworks(ix, topic)
	}
	return found, nil
}

// namesOwn tells that the word is the whole name of a network that the user made,
// or of a container. The names of predefined networks are the names of topics.
func namesOwn(ix *topology.Index, word string) bool {
	return slices.ContainsFunc(ix.Networks, func(n topology.Network) bool { return n.Name == word && !n.Predefined() }) ||
		slices.ContainsFunc(ix.Containers, func(c topology.Container) bool { return c.Name == word })
}

// findNamed finds the network or the container that a word means.
func (e *explanation) findNamed(ix *topology.Index, word string) (*told, error) {
	if !e.options.container {
		networks := ix.FindNetworks(word)
		// An ID's beginning gives way to a container's whole name.
		whole := slices.ContainsFunc(networks, func(n *topology.Network) bool { return n.Name == word || n.ID == word })
		if len(networks) > 0 && (whole || e.options.network || !namesOwn(ix, word)) {
			if len(networks) > 1 {
				return nil, severalNetworks(ix, word, networks)
			}
			facts := explain.OfNetwork(ix, networks[0])
			found := &told{network: &facts, ix: ix}
			if slices.ContainsFunc(ix.Containers, func(c topology.Container) bool { return c.Name == word }) && !e.options.network {
				found.also.Container = word
			}
			return found, nil
		}
	}
	if e.options.network {
		if wanted := wantedInVain(ix, word); wanted != nil {
			return nil, wanted
		}
		return nil, unknownNetwork(ix, word)
	}
	container, err := reach.FindSource(ix, word)
	if err != nil {
		return nil, several(err)
	}
	if container == nil {
		if e.options.container {
			return nil, e.unknownContainer(ix, word)
		}
		return nil, e.unknown(ix, word)
	}
	facts := explain.OfContainer(ix, container, e.details())
	return &told{container: &facts, ix: ix}, nil
}

func (e *explanation) findPair(ix *topology.Index) (*told, error) {
	ends := make([]*topology.Container, len(e.args))
	for i, word := range e.args {
		c, err := reach.FindSource(ix, word)
		switch {
		case err != nil:
			return nil, several(err)
		case c == nil && i > 0 && (word == reach.WordHost || word == reach.WordInternet):
			topic := map[string]string{reach.WordHost: "host-access", reach.WordInternet: "outside"}[word]
			return nil, fmt.Errorf("no container %s; for the way there, see: docker netkit explain %s, docker netkit ping --predict %s %s",
				quoteArg(word), topic, quoteArg(e.args[0]), word)
		case c == nil:
			return nil, e.unknownContainer(ix, word)
		}
		ends[i] = c
	}
	facts := explain.OfPair(ix, ends[0], ends[1], e.details())
	return &told{pair: &facts, ix: ix}, nil
}

// unknownContainer says so of a word that may be a network's name.
func (e *explanation) unknownContainer(ix *topology.Index, word string) error {
	if len(ix.FindNetworks(word)) == 0 {
		return unknownContainer(ix, word)
	}
	return fmt.Errorf("no container %s: it is a network; docker netkit explain %s explains it", quoteArg(word), quoteArg(word))
}

// details are what the facts need to know beside the snapshot.
func (e *explanation) details() explain.Details {
	return explain.Details{Docker: e.dockerCommand(), Offline: e.saved()}
}

// wantedInVain says of a network that is not there who wants it; nil where nobody does.
func wantedInVain(ix *topology.Index, word string) error {
	for _, h := range diagnose.Hazards(ix) {
		if h.NetworkName == word && h.Healable() {
			return fmt.Errorf("no network %s, and containers want one of that name; they are mended by: docker netkit restore --heal", quoteArg(word))
		}
	}
	return nil
}

// unknown says that a word means nothing, and which come near, in the language of
// the text that was asked for. The index is nil where only topics are meant.
func (e *explanation) unknown(ix *topology.Index, word string) error {
	say := unknownWords[e.lang]
	names, text := topicWords(), say.topic
	if ix != nil {
		text = say.any
		if slices.Contains(ix.Projects(), word) {
			return fmt.Errorf("%s %s: %s: docker netkit graph %s", text, quoteArg(word), say.project, quoteArg(word))
		}
		if wanted := wantedInVain(ix, word); wanted != nil {
			return wanted
		}
		for i := range ix.Networks {
			names = append(names, ix.Networks[i].Name)
		}
		for i := range ix.Containers {
			names = append(names, ix.Containers[i].Name)
		}
	}
	if near := nearest(names, []string{strings.TrimSpace(word)}); len(near) > 0 {
		return fmt.Errorf("%s %s; %s %s?", text, quoteArg(word), say.near, joined(near, say.or))
	}
	return fmt.Errorf("%s %s; %s: docker netkit explain", text, quoteArg(word), say.all)
}

// unknownWords are for a word that means nothing: a student who misspells a topic reads
// on in the same language.
var unknownWords = map[explain.Language]struct{ topic, any, project, near, or, all string }{
	explain.English: {
		"no topic", "no topic, network or container", "it is a project; its networks and containers", "did you mean", "or", "all topics",
	},
	explain.Portuguese: {
		"não há nenhum tópico", "não há nenhum tópico, rede ou contêiner", "é um projeto; as redes e os contêineres dele", "você quis dizer", "ou", "todos os tópicos",
	},
}
