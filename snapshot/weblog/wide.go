package weblog

import (
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// No server writes a log in UTF-16, but Notepad and "Get-Content … > file" of
// Windows PowerShell do, so logs that people cut out of larger ones come like that.

// wide reports whether text begins as UTF-16 does.
func wide(head []byte) bool {
	if len(head) < 4 {
		return false
	}
	little := head[0] == 0xff && head[1] == 0xfe || head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0
	big := head[0] == 0xfe && head[1] == 0xff || head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0
	return little || big
}

// narrow gives the ASCII of UTF-16, for recognising.
func narrow(head []byte) []byte {
	out := make([]byte, 0, len(head)/2)
	for _, c := range head {
		if c > 0 && c < utf8.RuneSelf {
			out = append(out, c)
		}
	}
	return out
}

// narrowReader turns UTF-16 into UTF-8.
type narrowReader struct {
	r   io.Reader
	big bool

	in   [4096]byte
	have int    // bytes of in
	out  []byte // not handed out yet
	err  error
}

func (n *narrowReader) Read(p []byte) (int, error) {
	for len(n.out) == 0 && n.err == nil {
		n.convert()
	}
	if len(n.out) == 0 {
		return 0, n.err
	}
	k := copy(p, n.out)
	n.out = n.out[k:]
	return k, nil
}

// convert reads and turns what is whole; half a character waits for the rest.
func (n *narrowReader) convert() {
	var got int
	got, n.err = n.r.Read(n.in[n.have:])
	n.have += got
	n.out = n.out[:0]
	at := 0
	for ; at+1 < n.have; at += 2 {
		r := n.unit(at)
		if utf16.IsSurrogate(r) {
			if at+3 >= n.have && n.err == nil {
				break
			}
			if at+3 < n.have {
				if pair := utf16.DecodeRune(r, n.unit(at+2)); pair != utf8.RuneError {
					r = pair
					at += 2
				}
			}
		}
		n.out = utf8.AppendRune(n.out, r)
	}
	n.have = copy(n.in[:], n.in[at:n.have])
}

func (n *narrowReader) unit(at int) rune {
	if n.big {
		return rune(n.in[at])<<8 | rune(n.in[at+1])
	}
	return rune(n.in[at+1])<<8 | rune(n.in[at])
}
