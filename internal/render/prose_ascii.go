package render

import "strings"

// inWords are the characters that our texts use beyond ASCII, and what stands for
// them where a terminal has no others. Letters of names that are not among them
// stay: there is nothing better to show.
var inWords = strings.NewReplacer(
	"á", "a", "à", "a", "â", "a", "ã", "a", "ä", "a", "é", "e", "ê", "e", "è", "e", "í", "i", "ó", "o", "ô", "o", "õ", "o",
	"ö", "o", "ú", "u", "ü", "u", "ç", "c", "ñ", "n",
	"Á", "A", "À", "A", "Â", "A", "Ã", "A", "É", "E", "Ê", "E", "Í", "I", "Ó", "O", "Ô", "O", "Õ", "O", "Ú", "U", "Ç", "C",
	"“", `"`, "”", `"`, "‘", "'", "’", "'", "–", "-", "—", "-", "…", "...", "\u00a0", " ", "º", "o", "ª", "a", "°", " deg",
	"→", "->", "←", "<-", "↔", "<->", "⇒", "=>", "·", "-", "•", "*", "✓", "+", "✗", "x", "×", "x", "≤", "<=", "≥", ">=", "≠", "!=",
	"●", "*", "○", "o", "─", "-", "│", "|",
)

// inDrawings are what stands for the characters of drawings: each takes the one
// column that it had.
var inDrawings = strings.NewReplacer(
	"─", "-", "━", "-", "═", "=", "│", "|", "┃", "|", "║", "|", "┌", "+", "┐", "+", "└", "+", "┘", "+", "├", "+", "┤", "+",
	"┬", "+", "┴", "+", "┼", "+", "╪", "+", "╫", "+", "╔", "+", "╗", "+", "╚", "+", "╝", "+", "╭", "+", "╮", "+", "╰", "+", "╯", "+",
	"→", ">", "←", "<", "↑", "^", "↓", "v", "▶", ">", "◀", "<", "▲", "^", "▼", "v", "…", ".", "✗", "x", "✓", "+",
	"·", ".", "•", "*", "●", "*", "○", "o", "–", "-", "—", "-", "×", "x",
)

// ascii is text as the look's characters can write it.
func (p *prose) ascii(text string) string {
	if !p.look.ASCII {
		return text
	}
	return inWords.Replace(text)
}

// drawing is a line of code or of a drawing as the look can show it: columns stay
// where they are.
func (p *prose) drawing(line string) string {
	const tab = "    "
	line = spelledOut(strings.ReplaceAll(line, "\t", tab))
	if !p.look.ASCII {
		return line
	}
	return inWords.Replace(inDrawings.Replace(line))
}
