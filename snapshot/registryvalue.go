package snapshot

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/iisdoctor/iisdoctor/source"
)

// RegType is the type of a registry value; the numbers are those of winnt.h.
type RegType uint32

// The types that IIS reads; .reg files may hold others, as hex(number):.
const (
	RegString   RegType = 1  // "text"
	RegExpand   RegType = 2  // hex(2):
	RegBinary   RegType = 3  // hex:
	RegDWORD    RegType = 4  // dword: or hex(4):
	RegDWORDBig RegType = 5  // hex(5):
	RegMulti    RegType = 7  // hex(7):
	RegQWORD    RegType = 11 // hex(b):
)

// regForm is how a .reg file writes a value's data.
type regForm byte

const (
	regHex    regForm = iota // bytes in hexadecimal, parted by commas
	regNumber                // eight hexadecimal digits behind dword:
	regQuoted                // text with \\ and \"
)

// RegValue is one value of a registry export. Its data is decoded when asked for.
type RegValue struct {
	Name string // "" for the default value
	Type RegType
	At   source.Span // the data with its type, as written

	form   regForm
	ansi   bool // texts in hexadecimal are in the server's code page, not in UTF-16
	secret bool
	data   source.Span // between the quotes, or behind the colon
}

// Secret reports whether key or name say that the data must not be shown. A
// secret's accessors give nothing, and its excerpt is withheld.
func (v RegValue) Secret() bool { return v.secret }

// Set reports whether the value holds any data: all that is said of a secret.
func (v RegValue) Set() bool { return len(bytes.TrimSpace(v.data.Bytes())) > 0 }

// DWORD gives a number: of a DWORD, or of binary data of one to four bytes, as
// some documents call switches "binary" that are DWORD values (S1, KB954864).
func (v RegValue) DWORD() (uint32, bool) {
	if v.form == regNumber {
		n, err := strconv.ParseUint(string(bytes.TrimSpace(v.data.Bytes())), 16, 32)
		return uint32(n), err == nil && !v.secret
	}
	raw := v.Bytes()
	if len(raw) == 0 || len(raw) > 4 {
		return 0, false
	}
	var four [4]byte
	switch v.Type {
	case RegDWORD, RegBinary:
		copy(four[:], raw)
		return binary.LittleEndian.Uint32(four[:]), true
	case RegDWORDBig:
		copy(four[4-len(raw):], raw)
		return binary.BigEndian.Uint32(four[:]), true
	}
	return 0, false
}

// Str gives a text: of a string or an expandable string, whose %variables% stay
// as they are.
func (v RegValue) Str() (string, bool) {
	switch {
	case v.secret:
		return "", false
	case v.form == regQuoted:
		return unescape(v.data.Bytes()), true
	case v.form == regHex && (v.Type == RegString || v.Type == RegExpand):
		return strings.TrimRight(v.text(), "\x00"), true
	}
	return "", false
}

// Strings gives the texts of a multi-string, or the one text of a string.
func (v RegValue) Strings() []string {
	if v.Type != RegMulti || v.form != regHex {
		if s, ok := v.Str(); ok {
			return []string{s}
		}
		return nil
	}
	all := strings.TrimRight(v.text(), "\x00")
	if all == "" {
		return nil
	}
	return strings.Split(all, "\x00")
}

// Bytes gives data that is written in hexadecimal, nil for other data.
func (v RegValue) Bytes() []byte {
	if v.secret || v.form != regHex {
		return nil
	}
	var out []byte
	walkHex(v.data.Bytes(), func(b byte) { out = append(out, b) })
	return out
}

func (v RegValue) text() string {
	raw := v.Bytes()
	if v.ansi {
		s, _ := source.DecodePage("1252", raw)
		return string(s)
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(raw[2*i:])
	}
	return string(utf16.Decode(units))
}

// unescape undoes \\ and \", the only escapes of .reg files.
func unescape(b []byte) string {
	if bytes.IndexByte(b, '\\') < 0 {
		return string(b)
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' && i+1 < len(b) && (b[i+1] == '\\' || b[i+1] == '"') {
			i++
		}
		out = append(out, b[i])
	}
	return string(out)
}

// walkHex gives the bytes of "41,00,\<line end>  42,00" and reports whether all of
// it was understood; it stops at the first fault, bad bytes into b.
func walkHex(b []byte, each func(byte)) (bad int, ok bool) {
	n, digits := 0, 0
	for i, c := range b {
		d := hexDigit(c)
		switch {
		case d >= 0 && digits < 2:
			n, digits = n<<4|d, digits+1
		case c == ',' && digits > 0:
			each(byte(n))
			n, digits = 0, 0
		case isBlank(c) || c == '\n' || c == '\\':
		default:
			return i, false
		}
	}
	if digits > 0 {
		each(byte(n))
	}
	return len(b), true
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// secretName are value names whose data is a password, a key or a hash.
var secretName = source.Lazy(`(?i)pass(word|wd|phrase|code)|pwd|secret|credential|token|cpassword|privatekey|private key|sessionkey|apikey|encryptionkey|productkey|digitalproductid|connectionstring|connection string|^(pass|pin|nthash|lmhash)$`)

// secretKey are keys that hold nothing but secrets, or name them (the community
// names of SNMP), folded.
var secretKey = []string{`hklm\security`, `hklm\sam`, `\validcommunities`, `\lsa\jd`, `\lsa\skew1`, `\lsa\gbg`, `\lsa\data`}

// isSecret judges by key and name. Numbers are policies ("LimitBlankPasswordUse"),
// no passwords.
func isSecret(fold, name string, form regForm) bool {
	for _, k := range secretKey {
		if strings.HasPrefix(k, `hklm`) && below(fold, k) || strings.HasPrefix(k, `\`) && strings.HasSuffix(fold, k) {
			return true
		}
	}
	return form != regNumber && secretName().MatchString(name)
}
