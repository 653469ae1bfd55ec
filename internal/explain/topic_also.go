package explain

import (
	"fmt"
	"strings"

	"github.com/docker-netkit/docker-netkit/internal/render"
)

// Also are a topic and a container that have the name of what is explained, too.
// Either is empty where there is none.
type Also struct{ Topic, Container string }

// Markdown says how to have them explained; it is empty where there are none.
func (a Also) Markdown(lang Language, more Details) string {
	title, topic, container := "Also of this name", "a topic", "a container"
	if lang == Portuguese {
		title, topic, container = "Também com esse nome", "um tópico", "um contêiner"
	}
	docker := more.Docker
	if docker == "" {
		docker = "docker"
	}
	var b strings.Builder
	say := func(what, flag, word string) {
		fmt.Fprintf(&b, "- %s: `%s netkit explain --%s %s`\n", what, docker, flag, word)
	}
	if a.Topic != "" {
		say(topic, "topic", a.Topic)
	}
	if word, ok := render.ShellWord(a.Container); ok && a.Container != "" {
		say(container, "container", word)
	}
	if b.Len() == 0 {
		return ""
	}
	return "## " + title + "\n\n" + b.String()
}
