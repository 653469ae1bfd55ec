package dockerconfig

import (
	"bytes"
	"encoding/json"
	"strings"
)

// object is where a JSON object stands in the text: from its brace to behind the
// other.
type object struct {
	open, end int
	members   []member
}

// member is where a setting stands: its key, what is between, its value, and the
// end of that.
type member struct {
	name                   string
	key, colon, value, end int
}

// find finds a setting. Of two of one name it is not known which counts.
func (d *Document) find(path []string) (member, bool, error) {
	o, found, err := d.objectAt(path[:len(path)-1])
	if err != nil || !found {
		return member{}, false, err
	}
	name, top := path[len(path)-1], len(path) == 1
	var m *member
	for i := range o.members {
		other := &o.members[i]
		// Docker takes names at the top in any case, as Go's decoder does.
		if other.name != name && (!top || !strings.EqualFold(other.name, name)) {
			continue
		}
		if m != nil {
			return member{}, false, d.damaged(other.key, strings.Join(path, ".")+" is there twice; leave only one of them")
		}
		m = other
	}
	if m == nil {
		return member{}, false, nil
	}
	return *m, true, nil
}

// objectAt finds the object that names lead to. What docker would not take in its
// place is an error. It takes null, as if nothing were there.
func (d *Document) objectAt(path []string) (object, bool, error) {
	if len(path) == 0 {
		if d.blank() {
			return object{}, false, nil
		}
		return d.object(bytes.IndexByte(d.text, '{')), true, nil
	}
	m, found, err := d.find(path)
	if err != nil || !found || d.isNull(m) {
		return object{}, false, err
	}
	if d.text[m.value] != '{' {
		return object{}, false, d.damaged(m.value, strings.Join(path, ".")+" is not an object, which docker takes only")
	}
	return d.object(m.value), true, nil
}

func (d *Document) isNull(m member) bool { return string(d.text[m.value:m.end]) == "null" }

// object reads the object that begins at a place. The text is known to be JSON.
func (d *Document) object(open int) object {
	if o, read := d.objects[open]; read {
		return o
	}
	dec := json.NewDecoder(bytes.NewReader(d.text[open:]))
	at := func() int { return open + int(dec.InputOffset()) }
	o := object{open: open}
	_, _ = dec.Token() // the brace
	for dec.More() {
		key := at()
		key += bytes.IndexByte(d.text[key:], '"')
		token, _ := dec.Token()
		name, _ := token.(string)
		colon := at()
		var value json.RawMessage
		_ = dec.Decode(&value)
		o.members = append(o.members, member{name: name, key: key, colon: colon, value: at() - len(value), end: at()})
	}
	_, _ = dec.Token()
	o.end = at()
	if d.objects == nil {
		d.objects = map[int]object{}
	}
	d.objects[open] = o
	return o
}

// style is how the text is laid out.
type style struct {
	newline, indent string // both empty where all stands in a line
	colon           string
}

// style is taken from the file itself; of an empty one it is docker's own.
func (d *Document) style() style {
	s := style{newline: "\n", indent: "\t", colon: ": "}
	o := d.object(bytes.IndexByte(d.text, '{'))
	if len(o.members) == 0 {
		return s
	}
	s.colon = string(d.text[o.members[0].colon:o.members[0].value])
	lead := string(d.text[o.open+1 : o.members[0].key])
	at := strings.LastIndexByte(lead, '\n')
	if at < 0 {
		s.newline, s.indent = "", ""
		return s
	}
	s.indent = lead[at+1:]
	if at > 0 && lead[at-1] == '\r' {
		s.newline = "\r\n"
	}
	return s
}

// wrapped is an object with one member, at a depth.
func (s style) wrapped(member string, depth int) string {
	if s.newline == "" {
		return "{" + member + "}"
	}
	return "{" + s.newline + strings.Repeat(s.indent, depth+1) + member + s.newline + strings.Repeat(s.indent, depth) + "}"
}
