package explain

// Markdown says the facts in a language.
func (f NetworkFacts) Markdown(_ Language) string { return f.Name }

// Markdown says the facts in a language.
func (f ContainerFacts) Markdown(_ Language) string { return f.Name }

// Markdown says the facts in a language.
func (f PairFacts) Markdown(_ Language) string { return f.From + f.To }

// Markdown says the facts in a language.
func (f OverviewFacts) Markdown(_ Language) string { return f.Product }
