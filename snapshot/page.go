package snapshot

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

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
	raw = cut(raw)
	if own := codePage(raw); own != nil {
		if raw, err = own.NewDecoder().Bytes(raw); err != nil {
			return nil, err
		}
	}
	text, problem := source.DecodeANSI(it.name, raw)
	if text == nil {
		return nil, errors.New(problem.String())
	}
	return c.keep(it.name, text), nil
}

// codePages are the single-byte pages by the names that ASP and HTML have for them.
var codePages = map[string]*charmap.Charmap{
	"1250": charmap.Windows1250, "1251": charmap.Windows1251, "1253": charmap.Windows1253, "1254": charmap.Windows1254,
	"1255": charmap.Windows1255, "1256": charmap.Windows1256, "1257": charmap.Windows1257, "874": charmap.Windows874,
	"20866": charmap.KOI8R, "koi8-r": charmap.KOI8R, "28592": charmap.ISO8859_2, "iso-8859-2": charmap.ISO8859_2,
	"28595": charmap.ISO8859_5, "iso-8859-5": charmap.ISO8859_5, "28605": charmap.ISO8859_15, "iso-8859-15": charmap.ISO8859_15,
}

// <%@ CODEPAGE=1251 %>, <meta ... charset=windows-1251>, Response.Charset = "koi8-r"
var namedPage = source.Lazy(`(?i)(?:codepage|charset)\s*=\s*["']?\s*(?:windows-|cp)?([a-z0-9-]{3,12})`)

// codePage gives the code page that a page names, nil for UTF and windows-1252.
func codePage(raw []byte) *charmap.Charmap {
	if utf8.Valid(raw) || bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) || bytes.IndexByte(raw, 0) >= 0 {
		return nil
	}
	for _, m := range namedPage().FindAllSubmatch(raw[:min(len(raw), 4096)], 8) {
		if page := codePages[strings.ToLower(string(m[1]))]; page != nil {
			return page
		}
	}
	return nil
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
