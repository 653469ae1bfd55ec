package explain

// Language is one in which things can be explained, by its tag of BCP 47.
type Language string

// The languages that there are.
const (
	English    Language = "en"
	Portuguese Language = "pt-BR"
)
