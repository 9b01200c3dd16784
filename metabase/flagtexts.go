package metabase

import (
	"bytes"
	"sync"
)

// flagTexts remembers what a property's flags are together: a server with many sites
// says them in few texts.
type flagTexts struct {
	mu    sync.RWMutex
	known map[string]flagSum
}

// flagSum is the value of flags joined by |; ok is false where one is unknown.
type flagSum struct {
	value uint32
	ok    bool
}

// sum adds up the flags that a text names.
func (p *PropertyFacts) sum(text []byte) (value uint32, ok bool) {
	if p.texts == nil {
		return p.addUp(text)
	}
	p.texts.mu.RLock()
	known, met := p.texts.known[string(text)]
	p.texts.mu.RUnlock()
	if met {
		return known.value, known.ok
	}
	value, ok = p.addUp(text)
	p.texts.mu.Lock()
	defer p.texts.mu.Unlock()
	if p.texts.known == nil {
		p.texts.known = map[string]flagSum{}
	}
	if len(p.texts.known) < maxTexts && len(text) <= maxText {
		p.texts.known[string(text)] = flagSum{value, ok}
	}
	return value, ok
}

func (p *PropertyFacts) addUp(text []byte) (value uint32, ok bool) {
	for word := range bytes.SplitSeq(text, []byte{'|'}) {
		f, named := p.Flag(string(bytes.TrimSpace(word)))
		if !named {
			return 0, false
		}
		value |= f.Value
	}
	return value, true
}
