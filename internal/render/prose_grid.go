package render

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Tables are found here and not by goldmark's own extension: that one brings all
// extensions along, which cost each start of the program, whatever it does, twice as
// much as all the rest of goldmark.

// The kinds of a table, its rows and their cells.
var (
	kindGrid     = ast.NewNodeKind("Grid")
	kindGridRow  = ast.NewNodeKind("GridRow")
	kindGridCell = ast.NewNodeKind("GridCell")
)

// grid is a block of a table: the whole, a row, or a cell. The first row is the head.
type grid struct {
	ast.BaseBlock
	kind ast.NodeKind
}

// Kind is what part of a table it is.
func (g *grid) Kind() ast.NodeKind { return g.kind }

// Dump shows it, as every node of goldmark's can be.
func (g *grid) Dump(source []byte, level int) { ast.DumpHelper(g, source, level, nil, nil) }

// gridFinder makes tables of paragraphs whose second line is one of dashes and bars.
type gridFinder struct{}

// newParser makes a parser of Markdown with tables.
func newParser() parser.Parser {
	const early = 200
	return parser.NewParser(
		parser.WithBlockParsers(parser.DefaultBlockParsers()...),
		parser.WithInlineParsers(parser.DefaultInlineParsers()...),
		parser.WithParagraphTransformers(append(parser.DefaultParagraphTransformers(), util.Prioritized(gridFinder{}, early))...),
	)
}

// Transform puts a table in place of a paragraph that is written as one.
func (gridFinder) Transform(paragraph *ast.Paragraph, reader text.Reader, _ parser.Context) {
	lines, source := paragraph.Lines(), reader.Source()
	const least = 2
	if lines.Len() < least {
		return
	}
	head := cellsOf(lines.At(0), source)
	rule := cellsOf(lines.At(1), source)
	second := lines.At(1)
	if len(rule) != len(head) || !bytes.ContainsRune(second.Value(source), '|') {
		return
	}
	for _, cell := range rule {
		if dashes := bytes.Trim(cell.Value(source), ":"); len(dashes) == 0 || len(bytes.Trim(dashes, "-")) > 0 {
			return
		}
	}
	table := &grid{kind: kindGrid}
	for i := range lines.Len() {
		if i != 1 {
			table.AppendChild(table, rowOf(cellsOf(lines.At(i), source), len(head)))
		}
	}
	paragraph.Parent().ReplaceChild(paragraph.Parent(), paragraph, table)
}

// rowOf makes a row of as many cells as the head has.
func rowOf(cells []text.Segment, columns int) *grid {
	row := &grid{kind: kindGridRow}
	for i := range columns {
		cell := &grid{kind: kindGridCell}
		if i < len(cells) && !cells[i].IsEmpty() {
			cell.Lines().Append(cells[i])
		}
		row.AppendChild(row, cell)
	}
	return row
}

// cellsOf splits a line at its bars. A bar behind a backslash is none.
func cellsOf(line text.Segment, source []byte) []text.Segment {
	line = line.TrimLeftSpace(source)
	line = line.TrimRightSpace(source)
	at, end := line.Start, line.Stop
	if at < end && source[at] == '|' {
		at++
	}
	if end > at && source[end-1] == '|' && !escaped(source[at:end-1]) {
		end--
	}
	var cells []text.Segment
	begin := at
	for i := at; i <= end; i++ {
		if i < end && (source[i] != '|' || escaped(source[at:i])) {
			continue
		}
		cell := text.NewSegment(begin, i)
		cell = cell.TrimLeftSpace(source)
		cells = append(cells, cell.TrimRightSpace(source))
		begin = i + 1
	}
	return cells
}

// escaped tells that what follows stands behind a backslash that is none itself.
func escaped(before []byte) bool {
	return (len(before)-len(bytes.TrimRight(before, `\`)))%2 == 1
}
