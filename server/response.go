package server

import (
	"io/fs"
	"strconv"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
)

// response is an answer of a worker process.
type response struct {
	status   iis.Status
	phrase   string // "" for the usual one
	fields   []byte // header lines with CRLF
	first    bool   // Connection stands first, as ASP sends it
	body     []byte
	file     fs.File // instead of body
	size     int64   // of file, or of the part of it that is sent
	skip     int64   // bytes of the file before that part
	bodyless bool    // 304
	close    bool
	win32    uint32
	query    string // cs-uri-query as it is logged
	crash    bool   // the page brought its worker process down
	decided  string // what of the server's state decided; "" where the configuration did
	number   int    // of the request, where its beginning is logged
}

func (r *response) add(name, value string) {
	r.fields = append(r.fields, name...)
	r.fields = append(r.fields, ": "...)
	r.fields = appendClean(r.fields, value)
	r.fields = append(r.fields, "\r\n"...)
}

// appendClean keeps text of a snapshot or request from ending a header line.
func appendClean(b []byte, value string) []byte {
	for i := range len(value) {
		if c := value[i]; c >= ' ' && c != 0x7f || c == '\t' {
			b = append(b, c)
		}
	}
	return b
}

func (r *response) addLength(n int64) {
	r.fields = append(r.fields, "Content-Length: "...)
	r.fields = strconv.AppendInt(r.fields, n, 10)
	r.fields = append(r.fields, "\r\n"...)
}

func (r *response) addTime(name string, t time.Time) {
	r.fields = append(r.fields, name...)
	r.fields = append(r.fields, ": "...)
	r.fields = appendDate(r.fields, t)
	r.fields = append(r.fields, "\r\n"...)
}

func (r *response) appendHead(b []byte, h *head, keep bool) []byte {
	b = append(b, "HTTP/1.1 "...)
	b = append(b, r.status.Code()...)
	b = append(b, ' ')
	if r.phrase != "" {
		b = append(b, r.phrase...)
	} else {
		b = append(b, phraseOf(r.status.Code())...)
	}
	b = append(b, "\r\n"...)
	connection := ""
	switch {
	case !keep:
		connection = "Connection: close\r\n"
	case h.old:
		connection = "Connection: Keep-Alive\r\n"
	}
	if r.first {
		b = append(b, connection...)
		connection = ""
	}
	b = append(b, r.fields...)
	b = append(b, connection...)
	return append(b, "\r\n"...)
}
