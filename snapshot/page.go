package snapshot

import (
	"errors"
	"io"
	"unicode/utf8"

	"github.com/iisdoctor/iisdoctor/source"
)

const (
	maxText  = 4 << 20  // a page is never as long; what follows is not scanned
	maxTexts = 64 << 20 // beyond it texts are read again when asked again
)

// Text reads a file of the content (at most 4 MiB) as text for scanning; the text
// is cached. Bytes that are no UTF are taken as windows-1252, as IIS 6 does on a
// western server.
func (c *Content) Text(p source.WinPath) (*source.Text, error) {
	it, ok := c.find(p)
	if !ok {
		return nil, notCollected(p)
	}
	c.mu.Lock()
	t := c.texts[it.name]
	c.mu.Unlock()
	if t != nil {
		return t, nil
	}
	f, err := it.open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxText))
	if err != nil {
		return nil, err
	}
	text, problem := source.DecodeANSI(it.name, cut(raw))
	if text == nil {
		return nil, errors.New(problem.String())
	}
	return c.keep(it.name, text), nil
}

// keep caches a text. Of two that were read at the same time the first stays, so
// that all spans of a file share one text.
func (c *Content) keep(name string, t *source.Text) *source.Text {
	c.mu.Lock()
	defer c.mu.Unlock()
	if first := c.texts[name]; first != nil {
		return first
	}
	if c.held += len(t.Bytes()); c.held > maxTexts {
		c.held -= len(t.Bytes())
		return t
	}
	if c.texts == nil {
		c.texts = map[string]*source.Text{}
	}
	c.texts[name] = t
	return t
}

// cut leaves out the half character at the end of a text that reached the limit.
func cut(b []byte) []byte {
	if len(b) < maxText {
		return b
	}
	for i := len(b) - 1; i >= max(0, len(b)-utf8.UTFMax); i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				return b[:i]
			}
			break
		}
	}
	return b
}
