package dockerconfig

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Document is the text of a config.json. The zero value is an empty one, which
// docker reads as no settings.
type Document struct {
	text []byte
	// Objects that were read, by where they begin, until the text changes: a file
	// may be large.
	objects map[int]object
}

// DamagedError tells what keeps a text from being docker's configuration.
type DamagedError struct {
	// Line is where, counted from 1.
	Line int
	Why  string
}

func (e *DamagedError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Why) }

// Parse reads a text. What docker does not take is a [DamagedError].
func Parse(text []byte) (*Document, error) {
	d := &Document{text: text}
	if bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
		return nil, &DamagedError{1, "a byte order mark, which docker does not read; save the file as UTF-8 without one"}
	}
	if d.blank() {
		return d, nil
	}
	var whole json.RawMessage
	if err := json.Unmarshal(text, &whole); err != nil {
		offset := len(text)
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			offset = int(syntax.Offset)
		}
		return nil, d.damaged(offset, strings.TrimPrefix(err.Error(), "json: "))
	}
	if whole[0] != '{' {
		return nil, d.damaged(bytes.IndexByte(text, whole[0]), "not a JSON object")
	}
	return d, nil
}

// Text is the document as it is to be written.
func (d *Document) Text() []byte { return d.text }

func (d *Document) blank() bool { return len(bytes.TrimSpace(d.text)) == 0 }

func (d *Document) damaged(offset int, why string) error {
	return &DamagedError{1 + bytes.Count(d.text[:min(offset, len(d.text))], []byte("\n")), why}
}

// Get reads a setting that is a text, by the names that lead to it.
func (d *Document) Get(path ...string) (value string, found bool, err error) {
	m, found, err := d.find(path)
	if err != nil || !found || d.isNull(m) {
		return "", false, err
	}
	if err := json.Unmarshal(d.text[m.value:m.end], &value); err != nil || d.text[m.value] != '"' {
		return "", false, d.damaged(m.value, strings.Join(path, ".")+" is not a text, which docker takes only")
	}
	return value, true, nil
}

// Names are those of the settings in an object, in their order; none where there
// is no such object.
func (d *Document) Names(path ...string) ([]string, error) {
	o, found, err := d.objectAt(path)
	if err != nil || !found {
		return nil, err
	}
	names := make([]string, len(o.members))
	for i := range o.members {
		names[i] = o.members[i].name
	}
	return names, nil
}

// Set gives a setting a text, and makes what leads to it.
func (d *Document) Set(value string, path ...string) error {
	if d.blank() {
		d.text, d.objects = []byte("{}\n"), nil
	}
	depth := len(path) - 1
	var o object
	for ; ; depth-- {
		var found bool
		var err error
		if o, found, err = d.objectAt(path[:depth]); err != nil {
			return err
		}
		if found {
			break
		}
	}
	m, found, err := d.find(path[:depth+1])
	if err != nil {
		return err
	}
	s := d.style()
	text := quote(value)
	for at := len(path) - 1; at > depth; at-- {
		text = s.wrapped(quote(path[at])+s.colon+text, at)
	}
	if found { // its value, or null in place of an object
		d.splice(m.value, m.end, text)
		return nil
	}
	d.insert(o, s, quote(path[depth])+s.colon+text, depth)
	return nil
}

func (d *Document) insert(o object, s style, member string, depth int) {
	if len(o.members) == 0 {
		d.splice(o.open, o.end, s.wrapped(member, depth))
		return
	}
	// As the members before it stand; else as the rest of the file does.
	lead := string(d.text[o.open+1 : o.members[0].key])
	if len(o.members) > 1 {
		before := o.members[len(o.members)-2].end
		lead = strings.Replace(string(d.text[before:o.members[len(o.members)-1].key]), ",", "", 1)
	}
	last := o.members[len(o.members)-1].end
	d.splice(last, last, ","+lead+member)
}

// Remove takes a setting away, and what led to nothing else.
func (d *Document) Remove(path ...string) error {
	m, found, err := d.find(path)
	if err != nil || !found {
		return err
	}
	o, _, err := d.objectAt(path[:len(path)-1])
	if err != nil {
		return err
	}
	at := slices.IndexFunc(o.members, func(other member) bool { return other.key == m.key })
	switch {
	case len(o.members) == 1 && len(path) > 1:
		return d.Remove(path[:len(path)-1]...)
	case len(o.members) == 1:
		d.splice(o.open+1, o.end-1, "")
	case at == 0:
		d.splice(m.key, o.members[1].key, "")
	default:
		d.splice(o.members[at-1].end, m.end, "")
	}
	return nil
}

func (d *Document) splice(from, to int, text string) {
	d.text, d.objects = slices.Concat(d.text[:from], []byte(text), d.text[to:]), nil
}

func quote(text string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a text always can be
	return strings.TrimSuffix(b.String(), "\n")
}
