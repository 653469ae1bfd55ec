package picker

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// networks are as many items as asked for. The first are the difficult ones.
func networks(count int) []Item {
	items := []Item{
		{Name: "shop_back", Facts: []string{"3 weeks", "172.20.0.0/16", "shop"}, Detail: []string{
			"removed: no container wants it",
			"docker compose up makes it again, for the project shop",
		}},
		{Name: "legacy", Facts: []string{"2 years", "172.21.0.0/16", ""}, Warning: true, Detail: []string{
			"removed, and 2 containers do not start any more:",
			"  web (stopped 3 days ago) wants it, with the address 172.21.0.7",
			"  worker-with-a-name-that-goes-on-for-a-while (created) wants it, and has to be made again for another network",
		}},
		{Name: "数据库网络-測試", Facts: []string{"5 days", "10.0.0.0/24, fd00:1::/64", "网络"}, Detail: []string{"removed"}},
		{Name: "long-" + strings.Repeat("0123456789", 19) + "-name", Facts: []string{"1 hour", "192.168.1.0/24", "a-project-with-a-long-name"}},
	}
	for i := len(items); i < count; i++ {
		items = append(items, Item{Name: fmt.Sprintf("net_%03d", i), Facts: []string{"4 months", fmt.Sprintf("10.%d.%d.0/24", i/250, i%250), "farm"}, Detail: []string{"removed"}})
	}
	return items[:count]
}

func words() Texts {
	return Texts{
		Titles:  []string{"Networks that nothing needs; all the others are kept as they are", "Networks that nothing needs"},
		Columns: []string{"NAME", "AGE", "SUBNETS", "PROJECT"},
		Action: func(chosen int) string {
			if chosen == 1 {
				return "remove 1 network"
			}
			return fmt.Sprintf("remove %d networks", chosen)
		},
		Empty: "No network matches.",
	}
}

// list is a list of so many networks on a terminal of the usual size.
func list(count int) model { return sized(newModel(Look{}, words(), networks(count)), 80, 24) }

func told(m model, msg tea.Msg) model {
	next, _ := m.Update(msg)
	after, ok := next.(model)
	if !ok {
		panic(fmt.Sprintf("a %T in place of the model", next))
	}
	return after
}

func sized(m model, width, height int) model {
	return told(m, tea.WindowSizeMsg{Width: width, Height: height})
}

// named are the keys that are no text.
var named = map[string]tea.KeyPressMsg{
	"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown},
	"home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd}, "enter": {Code: tea.KeyEnter}, "kpenter": {Code: tea.KeyKpEnter},
	"esc": {Code: tea.KeyEscape}, "backspace": {Code: tea.KeyBackspace},
	"ctrl+c": {Code: 'c', Mod: tea.ModCtrl}, "ctrl+a": {Code: 'a', Mod: tea.ModCtrl}, "tab": {Code: tea.KeyTab},
	"space": {Code: tea.KeySpace, Text: " "},
}

// press presses keys that are named with spaces between.
func press(m model, keys string) model {
	for key := range strings.FieldsSeq(keys) {
		msg, ok := named[key]
		if !ok {
			msg = tea.KeyPressMsg{Text: key, Code: []rune(key)[0]}
		}
		m = told(m, msg)
	}
	return m
}
