package enginetest

import "slices"

// Networks are those that the engine has now.
func (e *Engine) Networks() []Network {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.networks)
}

// Containers are those that the engine has now.
func (e *Engine) Containers() []Container {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := slices.Clone(e.containers)
	for i := range list {
		list[i].On = slices.Clone(list[i].On)
	}
	return list
}
