package snapshot

import (
	"bytes"
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
// is cached. Bytes that are no UTF are taken in the code page that the page names,
// else as windows-1252, as IIS 6 does on a western server.
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
	text, problem := source.DecodeANSI(it.name, fromNamedPage(cut(raw)))
	if text == nil {
		return nil, errors.New(problem.String())
	}
	return c.keep(it.name, text), nil
}

// <%@ CODEPAGE=1251 %>, <meta ... charset=windows-1251>, Response.Charset = "koi8-r"
var namedPage = source.Lazy(`(?i)(?:codepage|charset)\s*=\s*["']?\s*(?:windows-|cp)?([a-z0-9-]{3,12})`)

// fromNamedPage decodes the code page that a page names. It leaves the page as it is
// where it is in UTF, or names none that is known.
func fromNamedPage(raw []byte) []byte {
	if utf8.Valid(raw) || bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) || bytes.IndexByte(raw, 0) >= 0 {
		return raw
	}
	for _, m := range namedPage().FindAllSubmatch(raw[:min(len(raw), 4096)], 8) {
		if text, ok := source.DecodePage(string(m[1]), raw); ok {
			return text
		}
	}
	return raw
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
