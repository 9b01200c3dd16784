package weblog

import (
	"bytes"
	"github.com/iisdoctor/iisdoctor/source"
	"strings"
)

// Format is what a log is by its content.
type Format int

const (
	None      Format = iota
	W3C              // W3C extended log of IIS
	HTTPERR          // error log of HTTP.sys, with or without header lines
	IISFormat        // Microsoft IIS log file format: not read
	NCSA             // NCSA common log file format: not read
)

func (f Format) String() string {
	switch f {
	case W3C:
		return "W3C extended log"
	case HTTPERR:
		return "HTTPERR log"
	case IISFormat:
		return "log in the Microsoft IIS format"
	case NCSA:
		return "log in the NCSA common format"
	}
	return "no Web log"
}

var (
	// date, time, site or computer, addresses: a W3C row whose #Fields line is lost.
	w3cRow = source.Lazy(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+ \S+ .*(GET|POST|HEAD|OPTIONS|PUT|PROPFIND) /`)
	// date time c-ip c-port s-ip s-port cs-version (KB820729)
	httperrRow = source.Lazy(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [0-9a-fA-F:.%]+ \d+ [0-9a-fA-F:.%]+ \d+ (HTTP/\S+|-) \S`)
	// 192.168.114.201, -, 03/20/01, 7:55:20, W3SVC2, SERVER, 172.21.13.45, …
	iisRow = source.Lazy(`^[0-9a-fA-F:.%]+, [^,]*, [0-9./-]+, [0-9:]+, [A-Z0-9]+SVC\d*, `)
	// 172.21.13.45 - fred [08/Apr/2001:17:39:04 -0800] "GET …
	ncsaRow = source.Lazy(`^\S+ \S+ .*\[\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d [-+]\d{4}\] "`)
)

// Recognise tells a log by its first bytes; some kilobytes are enough.
func Recognise(head []byte) Format {
	if wide(head) {
		head = narrow(head)
	}
	head = bytes.TrimLeft(bytes.TrimPrefix(head, utf8Mark), "\x00\r\n ")
	foreign := false
	for len(head) > 0 {
		var line []byte
		line, head, _ = bytes.Cut(head, []byte{'\n'})
		line = bytes.TrimRight(line, "\r ")
		if len(line) == 0 {
			continue
		}
		if line[0] != '#' {
			return recogniseRow(line, foreign)
		}
		switch name, value := directive(line); name {
		case "#software":
			if f := software(string(value)); f != None {
				return f
			}
			foreign = true // #Fields of a firewall: the rest decides
		case "#fields":
			return newLayout(string(value)).format
		}
	}
	return None
}

func software(name string) Format {
	name = strings.ToLower(name)
	switch {
	case strings.HasPrefix(name, "microsoft internet information services"):
		return W3C
	case strings.HasPrefix(name, "microsoft http api"):
		return HTTPERR
	}
	return None
}

func recogniseRow(line []byte, foreign bool) Format {
	line = line[:min(len(line), maxLine)]
	switch {
	case foreign:
		return None
	case httperrRow().Match(line):
		return HTTPERR
	case w3cRow().Match(line):
		return W3C
	case iisRow().Match(line):
		return IISFormat
	case ncsaRow().Match(line):
		return NCSA
	}
	return None
}

// folder is the folder of one site's logs: W3SVC1, MSFTPSVC1, FTPSVC2.
var folder = source.Lazy(`(?i)^(W3SVC|MSFTPSVC|FTPSVC|SMTPSVC|NNTPSVC)(\d+)$`)

// SiteOf tells a log's site by the folder it lies in: "1" for
// LogFiles/W3SVC1/ex030424.log, "" where no folder tells. For the logs of other
// services it is the folder's name, which Add understands.
func SiteOf(path string) string {
	dirs := strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '\\' })
	for i := len(dirs) - 2; i >= 0; i-- {
		m := folder().FindStringSubmatch(dirs[i])
		switch {
		case m == nil:
		case strings.EqualFold(m[1], "W3SVC"):
			return m[2]
		default:
			return strings.ToUpper(dirs[i])
		}
	}
	return ""
}

// siteNumber reads the s-sitename column, and reports false for another service.
// A name of another form is kept as it is.
func siteNumber(name string) (string, bool) {
	m := folder().FindStringSubmatch(name)
	switch {
	case m == nil:
		return name, true
	case strings.EqualFold(m[1], "W3SVC"):
		return m[2], true
	}
	return "", false
}
