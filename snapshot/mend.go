package snapshot

import (
	"bytes"
	"fmt"

	"github.com/iisdoctor/iisdoctor/source"
)

// mend gives a text as its reader expects it: line ends in place of the CRs of a text
// that has no others, and no NUL bytes at its end. NUL bytes are a problem: no tool
// writes them, they stand where a disk or a copy has lost the text.
func mend(t *source.Text) (*source.Text, []source.Problem) {
	b := lineEnds(t.Bytes())
	first := bytes.IndexByte(b, 0)
	if first < 0 {
		return source.NewText(t.Name(), b), nil
	}
	nuls := bytes.Count(b, []byte{0})
	t = source.NewText(t.Name(), bytes.TrimRight(b, "\x00"))
	return t, []source.Problem{{
		Pos:   t.Span(first, first+1).Pos(),
		Found: fmt.Sprintf("NUL bytes, %d in all: what stood there is lost", nuls), Expected: "text to the end of the file", Hint: hintCopy,
	}}
}

// lineEnds makes LF of every CR in a text that has CRs and no LF.
func lineEnds(b []byte) []byte {
	if bytes.IndexByte(b, '\n') >= 0 || bytes.IndexByte(b, '\r') < 0 {
		return b
	}
	return bytes.ReplaceAll(b, []byte{'\r'}, []byte{'\n'})
}
