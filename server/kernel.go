package server

import (
	"strconv"

	"github.com/iisdoctor/iisdoctor/iis"
)

// refusal is an answer of HTTP.sys itself.
type refusal struct {
	status string // with its phrase, as in the status line
	text   string // between <h1> and </h1>
	reason string // s-reason of the HTTP error log (KB820729)
}

// Texts seen in captured answers: Invalid Verb, Invalid Hostname, Invalid Header
// Name, Header Field Too Long, Request Header Too Long, Service Unavailable. The
// other texts follow their pattern and are not documented.
var (
	badVerb     = &refusal{"400 Bad Request", "Bad Request (Invalid Verb)", "Verb"}
	badHostname = &refusal{"400 Bad Request", "Bad Request (Invalid Hostname)", "Hostname"}
	badHeader   = &refusal{"400 Bad Request", "Bad Request (Invalid Header Name)", "Header"}
	longField   = &refusal{"400 Bad Request", "Bad Request (Header Field Too Long)", "FieldLength"}
	longRequest = &refusal{"400 Bad Request", "Bad Request (Request Header Too Long)", "RequestLength"}
	unavailable = &refusal{"503 Service Unavailable", "Service Unavailable", "AppOffline"}

	badURL     = &refusal{"400 Bad Request", "Bad Request (Invalid URL)", "URL"}
	badNumber  = &refusal{"400 Bad Request", "Bad Request (Invalid Number)", "Number"}
	badRequest = &refusal{"400 Bad Request", "Bad Request", "BadRequest"}
	badValue   = &refusal{"400 Bad Request", "Bad Request", "Header"}
	badNewline = &refusal{"400 Bad Request", "Bad Request", "Invalid_CR/LF"}
	longURL    = &refusal{"414 Request-URI Too Long", "Request-URI Too Long", "URL_Length"}
	needLength = &refusal{"411 Length Required", "Length Required", "LengthRequired"}
	badVersion = &refusal{"505 HTTP Version Not Supported", "HTTP Version Not Supported", "Version_N/S"}
	badCoding  = &refusal{"501 Not Implemented", "Not Implemented", "N/I"}
	forbidden  = &refusal{"403 Forbidden", "Forbidden", "Forbidden"}

	largeEntity = &refusal{"413 Request Entity Too Large", "Request Entity Too Large", "EntityTooLarge"}
	queueFull   = &refusal{"503 Service Unavailable", "Service Unavailable", "QueueFull"}
	appShutdown = &refusal{"503 Service Unavailable", "Service Unavailable", "AppShutdown"}
	connLimit   = &refusal{"503 Service Unavailable", "Service Unavailable", "ConnLimit"}
)

// Reasons of lines without an answer (KB820729, cc759448).
const (
	reasonRefused   = "Connections_Refused"
	reasonIdle      = "Timer_ConnectionIdle"
	reasonHead      = "Timer_HeaderWait"
	reasonBody      = "Timer_EntityBody"
	reasonSlow      = "Timer_MinBytesPerSecond"
	reasonQueue     = "Timer_AppPool"
	reasonReset     = "Client_Reset"
	reasonDropped   = "Connection_Dropped"
	reasonAbandoned = "Connection_Abandoned_By_AppPool"
)

// code is the three-digit status.
func (r *refusal) code() string { return r.status[:3] }

// refusalOf is the kernel answer for an outcome that HTTP.sys decided.
func refusalOf(o *iis.Outcome) *refusal {
	code := o.Status.Code()
	for _, r := range [...]*refusal{badVerb, badHostname, badHeader, longField, longRequest, badURL, badNumber, longURL, needLength, badVersion, badCoding, forbidden, largeEntity} {
		if r.reason == o.KernelReason && r.code() == code {
			return r
		}
	}
	phrase := phraseOf(code)
	return &refusal{code + " " + phrase, phrase, o.KernelReason}
}

// appendKernel writes an answer of HTTP.sys: these four fields in this order, no
// Server, no line end after the text (captured from IIS 6.0).
func appendKernel(b []byte, r *refusal, date string, bodyless bool) []byte {
	b = append(b, "HTTP/1.1 "...)
	b = append(b, r.status...)
	b = append(b, "\r\nContent-Type: text/html\r\nDate: "...)
	b = append(b, date...)
	b = append(b, "\r\nConnection: close\r\nContent-Length: "...)
	b = strconv.AppendInt(b, int64(len("<h1></h1>")+len(r.text)), 10)
	b = append(b, "\r\n\r\n"...)
	if bodyless {
		return b
	}
	b = append(b, "<h1>"...)
	b = append(b, r.text...)
	return append(b, "</h1>"...)
}

// phraseOf is the reason phrase of a status line.
func phraseOf(code string) string {
	if p, ok := phrases[code]; ok {
		return p
	}
	return "Error"
}

var phrases = map[string]string{
	"200": "OK", "301": "Moved Permanently", "302": "Redirect", "304": "Not Modified", "307": "Temporary Redirect",
	"400": "Bad Request", "401": "Unauthorized", "403": "Forbidden", "404": "Not Found", "405": "Method Not Allowed",
	"406": "Not Acceptable", "407": "Proxy Authentication Required", "411": "Length Required", "412": "Precondition Failed",
	"413": "Request Entity Too Large", "414": "Request-URI Too Long", "415": "Unsupported Media Type",
	"416": "Requested Range Not Satisfiable", "417": "Expectation Failed", "423": "Locked",
	"500": "Internal Server Error", "501": "Not Implemented", "502": "Bad Gateway", "503": "Service Unavailable",
	"504": "Gateway Timeout", "505": "HTTP Version Not Supported",
}
