package topology

import (
	"encoding/json"
	"fmt"
)

// Ternary is a yes-or-no fact that may not be known. The zero value means
// that the engine did not say.
type Ternary uint8

// The three answers.
const (
	Unknown Ternary = iota
	No
	Yes
)

// Known makes a Ternary of a fact the engine stated.
func Known(value bool) Ternary {
	if value {
		return Yes
	}
	return No
}

// MarshalJSON writes true, false, or null for not known.
func (t Ternary) MarshalJSON() ([]byte, error) {
	switch t {
	case Yes:
		return []byte("true"), nil
	case No:
		return []byte("false"), nil
	case Unknown:
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads true, false or null.
func (t *Ternary) UnmarshalJSON(text []byte) error {
	var value *bool
	if err := json.Unmarshal(text, &value); err != nil {
		return fmt.Errorf("want true, false or null: %w", err)
	}
	*t = Unknown
	if value != nil {
		*t = Known(*value)
	}
	return nil
}
