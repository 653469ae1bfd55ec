package commands

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/explain"
	"github.com/docker-netkit/docker-netkit/internal/pager"
	"github.com/docker-netkit/docker-netkit/internal/render"
)

// explained is an explanation for programs. Of the parts there are those that
// belong to what was asked for.
type explained struct {
	Language  explain.Language        `json:"language"`
	Topic     *explainedTopic         `json:"topic,omitempty"`
	Networks  []explain.NetworkFacts  `json:"networks,omitempty"`
	Network   *explain.NetworkFacts   `json:"network,omitempty"`
	Container *explain.ContainerFacts `json:"container,omitempty"`
	Pair      *explain.PairFacts      `json:"pair,omitempty"`
	Overview  *explain.OverviewFacts  `json:"overview,omitempty"`
	// Topics are all there are, in the overview.
	Topics []explainedTopic `json:"topics,omitempty"`
	// AlsoTopic and AlsoContainer are what else has the name.
	AlsoTopic     string `json:"also_topic,omitempty"`
	AlsoContainer string `json:"also_container,omitempty"`
	// Markdown is what people are told.
	Markdown string `json:"markdown"`
}

type explainedTopic struct {
	Name    string        `json:"name"`
	Group   explain.Group `json:"group"`
	Summary string        `json:"summary"`
}

func (e *explanation) show(ctx context.Context, t *told) error {
	switch e.options.format {
	case formatJSON:
		return e.writeJSON(e.asJSON(t))
	case formatMarkdown:
		_, err := fmt.Fprint(e.Out(), e.markdown(t))
		return err
	}
	look := e.look()
	// Text is read by people wherever it goes; letters with accents are in it.
	look.ASCII = !utf8Locale(os.Getenv)
	var text bytes.Buffer
	if err := render.Prose(&text, e.markdown(t), &look); err != nil {
		return err
	}
	return e.page(ctx, text.String())
}

// page shows text on a terminal through the pager if it is longer than the screen,
// and writes it to anything else.
func (e *explanation) page(ctx context.Context, text string) error {
	if e.options.noPager || !e.Out().IsTerminal() {
		_, err := fmt.Fprint(e.Out(), text)
		return err
	}
	lines, columns := e.Out().GetTtySize()
	terminal := &pager.Terminal{
		File: os.Stdout, Columns: int(columns), Lines: int(lines), //nolint:forbidigo // a pager inherits the terminal itself
		Width: render.PaintedWidth, LookupEnv: os.LookupEnv,
	}
	// The program does not end before the pager has given the terminal back.
	defer e.hold.take()()
	return pager.Show(ctx, terminal, text)
}

// markdown is all that is said, as Markdown.
func (e *explanation) markdown(t *told) string {
	var parts []string
	switch {
	case t.topic != nil:
		parts = append(parts, t.topic.Markdown(e.lang))
		if t.ix != nil && t.topic.HasNetworks() {
			parts = append(parts, explain.TopicNetworksMarkdown(t.ix, *t.topic, e.lang, e.details()))
		}
	case t.network != nil:
		parts = append(parts, t.network.Markdown(e.lang))
	case t.container != nil:
		parts = append(parts, t.container.Markdown(e.lang))
	case t.pair != nil:
		parts = append(parts, t.pair.Markdown(e.lang))
	case t.overview != nil:
		parts = append(parts, t.overview.Markdown(e.lang), explain.TopicList(e.lang))
	default:
		parts = append(parts, explain.DriverTable(e.lang), explain.TopicList(e.lang))
	}
	if also := t.also.Markdown(e.lang, e.details()); also != "" {
		parts = append(parts, also)
	}
	for i, part := range parts {
		parts[i] = strings.TrimRight(part, "\n") + "\n"
	}
	return strings.Join(parts, "\n")
}

func (e *explanation) asJSON(t *told) *explained {
	out := &explained{
		Language: e.lang, Network: t.network, Container: t.container, Pair: t.pair, Overview: t.overview, Markdown: e.markdown(t),
		AlsoTopic: t.also.Topic, AlsoContainer: t.also.Container,
	}
	if t.topic != nil {
		out.Topic = e.topicJSON(*t.topic)
		for _, n := range t.networks {
			out.Networks = append(out.Networks, explain.OfNetwork(t.ix, n))
		}
	}
	if len(e.args) == 0 {
		for _, topic := range explain.Topics() {
			out.Topics = append(out.Topics, *e.topicJSON(topic))
		}
	}
	return out
}

func (e *explanation) topicJSON(t explain.Topic) *explainedTopic {
	return &explainedTopic{Name: t.Name, Group: t.Group, Summary: t.Summary(e.lang)}
}
