package render

import (
	"slices"
	"strings"
)

const (
	// columnGap is how far columns stand apart.
	columnGap = 2
	// narrowest is what a column that is folded takes at least.
	narrowest = 8
)

// cells are a table's words: its rows, the head being the first.
type cells [][][]word

func (p *prose) cells(table *grid) cells {
	var rows cells
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		with := inkPlain
		if row.PreviousSibling() == nil {
			with = inkGroup
		}
		var now [][]word
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			now = append(now, p.words(cell, with))
		}
		rows = append(rows, now)
	}
	return rows
}

// table draws columns beside each other, their cells folded where the table is
// wider than the screen; and a row as a list of its cells where that would not do.
func (p *prose) table(table *grid, indent int) {
	rows := p.cells(table)
	if len(rows) == 0 || len(rows[0]) == 0 {
		return
	}
	widths, ok := shareWidths(rows, p.width-indent)
	if !ok {
		p.records(rows, indent)
		return
	}
	headless := len(slices.Concat(rows[0]...)) == 0
	// Rows of many lines run into each other where nothing stands between them.
	const many = 4
	apart := slices.ContainsFunc(rows, func(row [][]word) bool { return p.height(row, widths) >= many })
	for i, row := range rows {
		if i == 0 && headless {
			continue
		}
		if i > 1 && apart {
			p.line("")
		}
		p.row(row, widths, indent)
		if i == 0 {
			p.rule(widths, indent)
		}
	}
}

// shareWidths shares the room among the columns. It is not ok where there is too
// little for their longest words.
func shareWidths(rows cells, room int) (widths []int, ok bool) {
	columns := len(rows[0])
	whole, least := make([]int, columns), make([]int, columns)
	for _, row := range rows {
		for i, cell := range row[:min(columns, len(row))] {
			wide, longest := measured(cell)
			whole[i], least[i] = max(whole[i], wide), max(least[i], longest)
		}
	}
	room -= columnGap * (columns - 1)
	if sum(whole) <= room {
		return whole, true
	}
	for i := range least {
		least[i] = min(whole[i], max(least[i], narrowest))
	}
	spare := room - sum(least)
	if spare < 0 {
		return nil, false
	}
	// Each gets of what is left by what it lacks, and the last ones the remainder.
	widths = least
	lacking := sum(whole) - sum(least)
	for i := range widths {
		lack := whole[i] - widths[i]
		if lacking == 0 {
			break
		}
		share := spare * lack / lacking
		widths[i] += share
		spare, lacking = spare-share, lacking-lack
	}
	return widths, true
}

// measured is how wide words are in one line, and the longest of them.
func measured(words []word) (whole, longest int) {
	for i, w := range words {
		if i > 0 {
			whole++
		}
		whole += w.width()
		longest = max(longest, w.width())
	}
	return whole, longest
}

func sum(numbers []int) int {
	total := 0
	for _, n := range numbers {
		total += n
	}
	return total
}

// height is how many lines a row takes.
func (p *prose) height(row [][]word, widths []int) int {
	height := 1
	for i, cell := range row[:min(len(row), len(widths))] {
		height = max(height, len(p.foldWords(cell, widths[i])))
	}
	return height
}

// row draws a row, whose cells may take several lines.
func (p *prose) row(row [][]word, widths []int, indent int) {
	type column struct {
		lines, bare []string
	}
	columns := make([]column, len(widths))
	height := 1
	for i := range widths {
		if i < len(row) && len(row[i]) > 0 {
			columns[i] = column{p.foldWords(row[i], widths[i]), p.foldWords(unpainted(row[i]), widths[i])}
			height = max(height, len(columns[i].lines))
		}
	}
	for at := range height {
		line := margin(indent)
		for i, c := range columns {
			used := 0
			if at < len(c.lines) {
				line += c.lines[at]
				used = Width(c.bare[at])
			}
			if i < len(columns)-1 {
				line += margin(widths[i] - used + columnGap)
			}
		}
		p.line(line)
	}
}

// unpainted are the words without colours, for measuring lines of them.
func unpainted(words []word) []word {
	plain := make([]word, len(words))
	for i, w := range words {
		for _, s := range w {
			plain[i] = append(plain[i], bit{s.text, inkPlain})
		}
	}
	return plain
}

func (p *prose) rule(widths []int, indent int) {
	parts := make([]string, len(widths))
	for i, width := range widths {
		parts[i] = strings.Repeat(p.ascii("─"), width)
	}
	p.line(margin(indent) + p.look.paint(strings.Join(parts, margin(columnGap)), inkFaint))
}

// records draws each row as a heading, its first cell, and a line for each other
// that is not empty.
func (p *prose) records(rows cells, indent int) {
	head := rows[0]
	for i, row := range rows[1:] {
		if i > 0 {
			p.line("")
		}
		for at, cell := range row {
			if len(cell) == 0 {
				continue
			}
			inner := indent
			words := cell
			if at > 0 {
				inner += columnGap
				if at < len(head) && len(head[at]) > 0 {
					words = append(labelled(head[at]), cell...)
				}
			}
			for n, line := range p.foldWords(words, p.width-inner-columnGap) {
				further := 0
				if n > 0 {
					further = columnGap
				}
				p.line(margin(inner+further) + line)
			}
		}
	}
}

// labelled is the head of a column as it stands before a cell.
func labelled(head []word) []word {
	words := make([]word, len(head))
	copy(words, head)
	last := len(words) - 1
	words[last] = append(append(word{}, words[last]...), bit{":", inkGroup})
	return words
}
