// Package picker shows a list on a terminal, to tick some of it with the
// keyboard. It draws what it is given and says what was ticked. It does not
// know what that is, asks nothing of an engine, and does nothing to what was
// chosen: that is for the caller.
//
// Texts are shown as they come. Whoever calls makes them printable first.
package picker

import (
	"context"
	"fmt"
	"io"

	tea "charm.land/bubbletea/v2"
)

// Item is one thing to tick.
type Item struct {
	// Name is what the item is called, in full.
	Name string
	// Facts are short columns beside the name, such as age and subnet. One
	// that is empty leaves its place empty.
	Facts []string
	// Detail is what would happen if the item were chosen. It is shown for the
	// item under the cursor, and folded where a line is too long.
	Detail []string
	// Warning tells that choosing the item breaks something.
	Warning bool
}

// Look says how to draw.
type Look struct {
	// ASCII draws with ASCII characters only, for terminals that have no
	// others. Names keep theirs.
	ASCII bool
	// Colour tells whether to colour.
	Colour bool
}

// Texts are the words around the list.
type Texts struct {
	// Titles say what is listed, the longest first: the first that fits is shown.
	Titles []string
	// Columns are the headers of the name and of each fact.
	Columns []string
	// Action says what accepting does to so many chosen, as in "remove 3
	// networks". It is asked only when there are some.
	Action func(chosen int) string
	// Empty is shown when the filter matches nothing.
	Empty string
}

// ErrInterrupted is the error after Ctrl-C, which asks for more than q: to end
// the whole command.
var ErrInterrupted = fmt.Errorf("interrupted: %w", context.Canceled)

// Pick shows the list until the user decides. The chosen are indexes into the
// items, in rising order. It is not ok where the user left without choosing.
// When the context ends, so does the list, with the context's error.
//
// Both streams are to be those of a terminal: files, or docker's wrappers of
// such.
func Pick(ctx context.Context, in io.Reader, out io.Writer, look Look, texts Texts, items []Item) (chosen []int, ok bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, false, err // and the screen does not flash
	}
	program := tea.NewProgram(newModel(look, texts, items),
		tea.WithContext(ctx),
		tea.WithInput(input(in)),
		tea.WithOutput(output(out)),
		// Signals end the context, and that ends the program.
		tea.WithoutSignalHandler(),
		// It would print a trace of its own over ours.
		tea.WithoutCatchPanics(),
	)
	returned := false
	defer func() {
		if !returned {
			program.Kill() // a panic goes on, but on a terminal that can show it
		}
	}()
	last, err := program.Run()
	returned = true
	if ended := ctx.Err(); ended != nil {
		return nil, false, ended
	}
	if err != nil {
		return nil, false, fmt.Errorf("cannot show the list on the terminal: %w", err)
	}
	m, isModel := last.(model)
	switch {
	case !isModel:
		return nil, false, fmt.Errorf("cannot tell what was ticked from %T", last)
	case m.outcome == interrupted:
		return nil, false, ErrInterrupted
	case m.outcome != accepted:
		return nil, false, nil
	}
	return m.chosen(), true, nil
}
