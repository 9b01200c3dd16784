package metabase

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// What is wrong inside a tag or at the end of the file, in words.

func (s *scanner) endOfFile() {
	n := len(s.data)
	switch {
	case len(s.open) > 0:
		top := s.open[len(s.open)-1]
		s.fail(n, n, fmt.Sprintf("the end of the file inside <%s> of line %d", s.data[top.name:top.end], s.line(top.tag)),
			fmt.Sprintf("</%s>", s.data[top.name:top.end]), "The file is cut off: copy it again, or take the newest file of the server's History folder.")
	case !s.root && n == 0:
		s.fail(0, 0, "an empty file", "a root element", "Copy the file again from the server.")
	case !s.root:
		s.fail(n, n, "the end of the file", "a root element", "Copy the file again from the server.")
	}
}

func (s *scanner) unclosedTag(at int) {
	top := s.open[len(s.open)-1]
	s.fail(at, at, fmt.Sprintf("the end of the file inside the tag <%s> of line %d", s.data[top.name:top.end], s.line(top.tag)),
		">", "The file is cut off: copy it again, or take the newest file of the server's History folder.")
}

func (s *scanner) badAttribute(i, from int, before attribute) {
	c, size := utf8.DecodeRune(s.data[i:])
	switch {
	case s.swallowed(before):
		s.fail(before.start-1, before.end, fmt.Sprintf("the value of %s runs into the next attribute", s.data[before.name:before.nameEnd]),
			"a closing quote", "Add the missing quote at the end of the value.")
	case c == '<':
		s.fail(i, i+1, `"<" inside a tag`, `">" before the next tag`, "Close the tag.")
	case c == '"' || c == '\'':
		s.fail(i, i+1, "a quote where an attribute should begin", `name="value"`, "Look for a quote too many or too few before it.")
	case nameEnd(s.data, i) > i && i == from:
		s.fail(i, nameEnd(s.data, i), "no blank before the next attribute", "a blank", "Look for a quote too many or too few before it.")
	default:
		s.fail(i, i+size, fmt.Sprintf("%q inside a tag", c), `name="value" or ">"`, "Look for a quote too many or too few before it.")
	}
}

// swallowed reports whether a value lacks its closing quote and so took the next
// attribute's name with it: its last line is name= alone.
func (s *scanner) swallowed(a attribute) bool {
	value := s.data[a.start:a.end]
	line := bytes.Trim(value[bytes.LastIndexByte(value, '\n')+1:], " \t\r")
	name, found := bytes.CutSuffix(line, []byte("="))
	name = bytes.TrimRight(name, " \t")
	return found && len(line) < len(value) && len(name) > 0 && nameEnd(name, 0) == len(name)
}

func (s *scanner) noValue(a *attribute, i int) {
	if i >= len(s.data) {
		s.unclosedTag(i)
		return
	}
	s.fail(a.name, a.nameEnd, fmt.Sprintf("the attribute %s without a value", s.data[a.name:a.nameEnd]), `="value"`, "Look for a quote too many or too few before it.")
}

func (s *scanner) noQuote(a *attribute, i int) {
	if i >= len(s.data) {
		s.unclosedTag(i)
		return
	}
	a.start = i
	s.fail(i, s.wordEnd(i), fmt.Sprintf("the value of %s without quotes", s.data[a.name:a.nameEnd]), "a quoted value", "Put the value in quotes.")
}

// textKind names a text that is no XML, by its first characters.
func textKind(d []byte) string {
	d = bytes.TrimLeft(d[:min(len(d), 256)], " \t\r\n")
	for _, k := range []struct{ prefix, kind string }{
		{"#Software:", "a W3C log"}, {"#Version:", "a W3C log"}, {"#Fields:", "a W3C log"},
		{"Windows Registry Editor", "a registry export"}, {"REGEDIT", "a registry export"},
		{"[Unicode]", "a secedit export"}, {"[options]", "UrlScan.ini"}, {"[", "an INI file"},
		{"{", "JSON"}, {"<%", "an ASP page"}, {"<!DOCTYPE html", "an HTML page"}, {"<html", "an HTML page"},
	} {
		if len(d) >= len(k.prefix) && bytes.EqualFold(d[:len(k.prefix)], []byte(k.prefix)) {
			return k.kind
		}
	}
	return ""
}
