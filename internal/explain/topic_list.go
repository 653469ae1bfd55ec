package explain

import "strings"

// listWords are the words of the lists of topics, in a language.
type listWords struct {
	title   string
	groups  map[Group]string
	driver  string
	about   string
	read    string
	drivers string
}

var lists = map[Language]listWords{
	English: {
		title: "Topics",
		groups: map[Group]string{
			GroupBasics: "To begin with", GroupDrivers: "Kinds of networks", GroupPaths: "Ways of packets", GroupCommands: "The commands of `docker network`",
		},
		driver: "Driver", about: "What it is for",
		read:    "Read one with `docker netkit explain TOPIC`. The name of a network or a container explains that one, and two containers the way from one to the other.",
		drivers: "Network drivers",
	},
	Portuguese: {
		title: "Tópicos",
		groups: map[Group]string{
			GroupBasics: "Para começar", GroupDrivers: "Tipos de rede", GroupPaths: "Caminhos dos pacotes", GroupCommands: "Os comandos de `docker network`",
		},
		driver: "Driver", about: "Para que serve",
		read:    "Leia um deles com `docker netkit explain TOPIC`. O nome de uma rede ou de um contêiner explica essa rede ou esse contêiner; dois contêineres, o caminho de um até o outro.",
		drivers: "Drivers de rede",
	},
}

// TopicList lists all topics with what they are about, group by group, as Markdown.
func TopicList(lang Language) string {
	words := lists[lang]
	var b strings.Builder
	b.WriteString("## " + words.title + "\n\n" + words.read + "\n")
	for _, group := range Groups() {
		b.WriteString("\n### " + words.groups[group] + "\n\n| | |\n|---|---|\n")
		for _, t := range topics {
			if t.Group == group {
				b.WriteString("| `" + t.Name + "` | " + t.Summary(lang) + " |\n")
			}
		}
	}
	return b.String()
}

// DriverTable lists the drivers that every engine may have, with what each is for,
// as Markdown: what is said where no engine was asked.
func DriverTable(lang Language) string {
	words := lists[lang]
	var b strings.Builder
	b.WriteString("# " + words.drivers + "\n\n| " + words.driver + " | " + words.about + " |\n|---|---|\n")
	for _, t := range topics {
		if t.Driver != "" {
			b.WriteString("| `" + t.Driver + "` | " + t.Summary(lang) + " |\n")
		}
	}
	return b.String()
}
