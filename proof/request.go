package proof

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Sending is what a request sends beside its first line: header fields, and a body
// of a given text or size or the parts of a form.
type Sending struct {
	Header []string // "NAME: VALUE", or "NAME: (17000 bytes)"
	Body   *Content // nil for none
	Fields []Part
	Files  []Part
}

// Part is one part of a form.
type Part struct {
	Name string
	Content
}

// Content is a text, or so many bytes that are made for it.
type Content struct {
	Text string
	Size int // of made bytes, 0 for Text
}

// Bounds of what a proof may ask for.
const (
	maxTimes  = 1000
	maxSent   = 64 << 20
	maxWaited = 1000 * 24 * time.Hour
)

// parseStep reads "request METHOD URL [option]…", "connect URL" and "wait DURATION".
func parseStep(word, rest string) (r Request, err error) {
	f := strings.Fields(rest)
	switch {
	case word == "wait":
		if r.Wait, err = time.ParseDuration(rest); err != nil || r.Wait <= 0 || r.Wait > maxWaited {
			return r, fmt.Errorf("wait %q; expected a time such as 90s or 20m", rest)
		}
		return r, nil
	case word == "connect" && len(f) == 1:
		return Request{Method: Connect, URL: f[0]}, nil
	case word == "request" && len(f) >= 2:
		r.Method, r.URL = f[0], f[1]
		return r, r.options(f[2:])
	}
	return r, fmt.Errorf("%s %q; expected request METHOD URL, or connect URL", word, rest)
}

// options reads what stands behind the URL.
func (r *Request) options(words []string) error {
	for len(words) > 0 {
		n, err := r.option(words)
		if err != nil {
			return err
		}
		words = words[n:]
	}
	return nil
}

// option reads one option and gives the number of its words.
func (r *Request) option(w []string) (n int, err error) {
	at := func(i int) string {
		if i < len(w) {
			return w[i]
		}
		return ""
	}
	switch {
	case w[0] == "as":
		var ok bool
		r.User, r.Password, ok = strings.Cut(at(1), ":")
		return 2, expect(ok && r.User != "", w, `DOMAIN\user:password`)
	case w[0] == "from":
		r.From = at(1)
		return 2, expect(net.ParseIP(r.From) != nil, w, "an address")
	case w[0] == "times":
		r.Times, err = strconv.Atoi(at(1))
		return 2, expect(err == nil && r.Times > 0 && r.Times <= maxTimes, w, "a number")
	case w[0] == "in" && at(1) == "parallel":
		r.Times, err = strconv.Atoi(at(2))
		r.Parallel = true
		return 3, expect(err == nil && r.Times > 1 && r.Times <= maxTimes, w, "a number above 1")
	case w[0] == "keep-alive":
		r.KeepAlive = true
		return 1, nil
	case w[0] == "slow" && at(1) == "head":
		r.SlowHead, err = time.ParseDuration(at(2))
		return 3, expect(err == nil && r.SlowHead > 0, w, "a time such as 20s")
	case w[0] == "reading":
		r.Rate, err = strconv.Atoi(at(1))
		return 2, expect(err == nil && r.Rate > 0, w, "bytes a second")
	}
	return 0, fmt.Errorf("%q is no option of a request", strings.Join(w, " "))
}

func expect(ok bool, words []string, what string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%q; expected %s", strings.Join(words, " "), what)
}

// send reads what stands behind the word of a line "send …".
func (r *Request) send(rest string) error {
	if r.URL == "" || r.Method == Connect {
		return fmt.Errorf("send %s below a step that sends nothing", rest)
	}
	what, value, _ := strings.Cut(rest, " ")
	value = strings.TrimSpace(value)
	name, content, ok := strings.Cut(value, "=")
	s := &r.Send
	switch {
	case what == "header":
		field, _, ok := strings.Cut(value, ":")
		s.Header = append(s.Header, value)
		return expect(ok && field != "", []string{rest}, "header NAME: VALUE")
	case what == "body" && value != "":
		body := contentOf(value)
		s.Body = &body
	case what == "field" && ok && name != "":
		s.Fields = append(s.Fields, Part{name, contentOf(content)})
	case what == "file" && ok && name != "":
		s.Files = append(s.Files, Part{name, contentOf(content)})
	default:
		return fmt.Errorf("send %q; expected header, body, field or file and what is sent", rest)
	}
	return nil
}

// contentOf reads "(300000 bytes)" or a text.
func contentOf(s string) Content {
	number, ok := strings.CutSuffix(s, " bytes)")
	n, err := strconv.Atoi(strings.TrimPrefix(number, "("))
	if ok && strings.HasPrefix(s, "(") && err == nil && n > 0 && n <= maxSent {
		return Content{Size: n}
	}
	return Content{Text: s}
}

// bytes are what is sent for the content.
func (c Content) bytes() []byte {
	if c.Size > 0 {
		return bytes.Repeat([]byte("x"), c.Size)
	}
	return []byte(c.Text)
}

// boundary stands between the parts of a form with files.
const boundary = "-----------------------------7d31a2b3c4d5e"

// body is the entity and its type; nil for none.
func (s *Sending) body() (body []byte, contentType string) {
	switch {
	case s.Body != nil:
		return s.Body.bytes(), ""
	case len(s.Files) > 0:
		return s.multipart()
	case len(s.Fields) > 0:
		var all []string
		for _, f := range s.Fields {
			all = append(all, url.QueryEscape(f.Name)+"="+url.QueryEscape(string(f.bytes())))
		}
		return []byte(strings.Join(all, "&")), "application/x-www-form-urlencoded"
	}
	return nil, ""
}

func (s *Sending) multipart() (body []byte, contentType string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	w.SetBoundary(boundary)
	for _, f := range s.Fields {
		w.WriteField(f.Name, string(f.bytes()))
	}
	for _, f := range s.Files {
		part, _ := w.CreateFormFile(f.Name, f.Name+".bin") // a buffer takes everything
		part.Write(f.bytes())
	}
	w.Close()
	return b.Bytes(), w.FormDataContentType()
}

// message is the request as http writes it.
func (r *Request) message(cookies string) (*http.Request, error) {
	body, contentType := r.Send.body()
	var entity io.Reader
	if body != nil {
		entity = bytes.NewReader(body)
	}
	m, err := http.NewRequest(r.Method, r.URL, entity)
	if err != nil {
		return nil, err
	}
	m.Close = !r.KeepAlive
	if contentType != "" {
		m.Header.Set("Content-Type", contentType)
	}
	if cookies != "" {
		m.Header.Set("Cookie", cookies)
	}
	if r.User != "" {
		m.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(r.User+":"+r.Password)))
	}
	for _, field := range r.Send.Header {
		name, value, _ := strings.Cut(field, ":")
		switch value = string(contentOf(strings.TrimSpace(value)).bytes()); http.CanonicalHeaderKey(name) {
		case "Host": // net/http writes these two itself
			m.Host = value
		case "Transfer-Encoding":
			m.TransferEncoding, m.ContentLength = []string{value}, -1
		default:
			m.Header.Add(name, value)
		}
	}
	return m, nil
}
