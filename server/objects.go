package server

import (
	"net/url"
	"strings"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// object is what CreateObject gives. Only the file system object and what it opens
// do anything; a message takes what it is given and goes nowhere.
type object struct {
	class string // in lower case; "textstream" for an open file
	lines *stream
}

func (r *run) isObject(name string) bool {
	v, _ := r.find(name)
	_, ok := v.(*object)
	return ok
}

// cdoMessage is the class of a mail, which is never sent: nothing leaves the server.
const cdoMessage = "cdo.message"

func (r *run) isMessage(name string) bool {
	v, _ := r.find(name)
	o, ok := v.(*object)
	return ok && o.class == cdoMessage
}

// objectFault is an error of one of ASP's own objects.
func objectFault(category, code, title, detail string) error {
	return &fault{iis.ASPError{Category: category, Code: code, Title: title, Detail: detail}}
}

// runtimeFault is an error of the script engine, which has no detail.
func runtimeFault(code, title string) error {
	return &fault{iis.ASPError{Category: "Microsoft VBScript runtime", Code: code, Title: title}}
}

// name gives the value of a name, of a property of ASP's objects, or of a call.
func (r *run) name(name string, args []value, called bool) (value, error) {
	refs := r.refs
	r.refs = nil
	v, ok := r.find(name)
	if ok && !called {
		return v, nil
	}
	if l, ok := v.(*list); ok {
		return l.at(args)
	}
	if r.program != nil && r.program.routines[name] != nil {
		return r.invoke(r.program.routines[name], args, refs)
	}
	object, member, dotted := strings.Cut(name, ".")
	if !dotted {
		member = ""
	}
	switch object {
	case "response":
		return nil, r.response(member, args)
	case "request":
		return r.request(member, args)
	case "session", "application":
		return r.state(object, member, args)
	case "server":
		return r.server(member, args)
	}
	if dotted {
		return nil, errNotModelled
	}
	return r.function(name, args, called)
}

// function gives constants and the few functions of VBScript that pages of fault
// folders use. A name that is neither is Empty where it was assigned or declared.
func (r *run) function(name string, args []value, called bool) (value, error) {
	switch name {
	case "true", "false":
		return name == "true", nil
	case "empty", "nothing", "null":
		return nil, nil
	case "vbcrlf":
		return "\r\n", nil
	case "createobject":
		return r.create(args, false)
	case "isempty":
		return len(args) == 1 && args[0] == nil, nil
	}
	if len(args) == 1 {
		s, ok := textOf(args[0])
		n, number := numberOf(args[0])
		switch {
		case name == "cstr" && ok:
			return s, nil
		case name == "len" && ok:
			return int64(len(s)), nil
		case name == "ucase" && ok:
			return strings.ToUpper(s), nil
		case (name == "cint" || name == "clng") && number:
			return n, nil
		case name == "cint" || name == "clng":
			return nil, typeMismatch
		}
	}
	if v, ok, err := arrayFunction(name, args); ok {
		return v, err
	}
	if n, ok := numberOf(first(args)); name == "string" && len(args) == 2 && ok && n >= 0 && n <= maxText {
		s, _ := textOf(args[1])
		if s != "" {
			return strings.Repeat(s[:1], int(n)), nil
		}
	}
	return nil, errNotModelled
}

func first(args []value) value {
	if len(args) == 0 {
		return nil
	}
	return args[0]
}

// response runs a method of Response.
func (r *run) response(member string, args []value) error {
	if r.x == nil {
		return errNotModelled // there is no Response at the end of a session
	}
	s, isText := textOf(first(args))
	o := &r.out
	switch {
	case member == "write" && len(args) == 1:
		return r.writeValue(args[0])
	case member == "end":
		return errEnd
	case member == "flush" && o.buffers():
		o.flush()
	case member == "clear" && o.buffers():
		o.body = o.body[:0]
	case member == "flush" || member == "clear":
		return objectFault("Response object", "ASP 0159 : 80004005", "Buffering Off", "Buffering must be on.")
	case member == "redirect" && isText && len(args) == 1:
		if o.flushed {
			return headersSent
		}
		o.location, o.body = s, o.body[:0]
		return errEnd
	case member == "addheader" && len(args) == 2 && isFieldName(s) && !isFraming(s):
		text, _ := textOf(args[1])
		o.headers = append(o.headers, [2]string{s, text})
	case member == "appendtolog" && isText:
		o.log += s
	default:
		return errNotModelled
	}
	return nil
}

func (o *output) buffers() bool { return !o.direct }

// headersSent is the error of a header that comes too late.
var headersSent = objectFault("Response object", "ASP 0156 : 80004005", "Header Error",
	"The HTTP headers are already written to the client browser. Any HTTP header modifications must be made before writing page content.")

// assign sets a property of one of ASP's objects, or an entry of its collections.
func (r *run) assign(word string, args []value, v value) error {
	object, member, _ := strings.Cut(word, ".")
	key, _ := textOf(first(args))
	switch {
	case (object == "session" || object == "application") && (member == "" || member == "contents") && len(args) == 1:
		return r.setState(object, strings.ToLower(key), v)
	case word == "session.timeout" && r.session != nil:
		if n, ok := numberOf(v); ok && n > 0 && n <= 1440 {
			r.app.process.Lock() // sessions time out beside the page
			r.session.timeout = time.Duration(n) * time.Minute
			r.app.process.Unlock()
			return nil
		}
	case word == "server.scripttimeout":
		if n, ok := numberOf(v); ok && n > 0 {
			r.timeout = max(r.timeout, time.Duration(n)*time.Second) // never below AspScriptTimeout
			return nil
		}
	case object == "response" && args == nil && r.x != nil:
		return r.setResponse(member, v)
	case r.isMessage(object) && args == nil:
		return nil
	}
	return errNotModelled
}

func (r *run) setResponse(member string, v value) error {
	o := &r.out
	s, _ := textOf(v)
	n, isNumber := numberOf(v)
	switch {
	case member == "buffer":
		on, err := truth(v)
		if err == nil {
			o.direct = !on
		}
		return err
	case o.flushed:
		return headersSent
	case member == "contenttype":
		o.mime = s
	case member == "charset":
		o.charset = s
	case member == "status" && len(s) >= 3 && allDigits(s[:3]) && s[0] >= '2' && s[0] <= '5':
		o.status = s
	case member == "cachecontrol":
		o.private = s
	case member == "expires" && isNumber && n > -1e6 && n < 1e6:
		at := r.options.Now().Add(time.Duration(n) * time.Minute)
		o.expires = &at
	default:
		return errNotModelled
	}
	return nil
}

// server runs a method of Server.
func (r *run) server(member string, args []value) (value, error) {
	s, ok := textOf(first(args))
	switch {
	case member == "createobject" && len(args) == 1:
		return r.create(args, true)
	case member == "mappath" && ok && len(args) == 1:
		return r.mapPath(s)
	case member == "htmlencode" && ok:
		return escape(s), nil
	case member == "urlencode" && ok:
		return url.QueryEscape(s), nil
	case member == "scripttimeout":
		return int64(r.timeout / time.Second), nil
	}
	return nil, errNotModelled
}

// mapPath is Server.MapPath; ".." needs AspEnableParentPaths (ASP 0175). At the end
// of a session it may not be called (ms524858).
func (r *run) mapPath(path string) (value, error) {
	if r.x == nil {
		return nil, objectFault("Server object", "ASP 0180 : 80004005", "Disallowed object use", "")
	}
	t := &r.x.out.Target
	if hasParent(path) && !r.isTrue(t.Key, "AspEnableParentPaths") {
		return nil, objectFault("Server.MapPath()", "ASP 0175 : 80004005", "Disallowed Path Characters",
			"The '..' characters are not allowed in the Path parameter for the MapPath method.")
	}
	path = strings.ReplaceAll(path, `\`, "/")
	if !strings.HasPrefix(path, "/") {
		path = t.URL[:strings.LastIndexByte(t.URL, '/')+1] + path
	}
	return string(r.model.MapPath(t.Site, path)), nil
}

func hasParent(path string) bool {
	for _, name := range strings.FieldsFunc(path, func(c rune) bool { return c == '/' || c == '\\' }) {
		if name == ".." {
			return true
		}
	}
	return false
}

// create makes an object. A class that is not registered, such as those of CDONTS,
// fails. In fault folders only there are Fault.Crash, which brings the worker process
// down, and Fault.Slow, whose Work takes as many seconds as it is told.
func (r *run) create(args []value, byServer bool) (value, error) {
	class, ok := first(args).(string)
	if !ok || len(args) != 1 {
		return nil, errNotModelled
	}
	if r.options.Faults && strings.EqualFold(class, "Fault.Crash") {
		return nil, errCrash
	}
	if r.model.Class(class) == snapshot.No {
		return nil, &fault{iis.NoClass(class, byServer)}
	}
	return &object{class: strings.ToLower(class)}, nil
}
