package server

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"sync"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/source"
)

// application is one ASP application inside one worker process.
type application struct {
	process  *process
	key      metabase.Path
	folder   source.WinPath
	page     *asp.Page // global.asa, nil where there is none
	hasEnd   bool      // global.asa has Session_OnEnd or Session_OnStart: every session counts
	sessions map[string]*session
	values   map[string]value
	next     uint64 // number of the next session
}

// session is what one visitor's pages keep. It lives in the memory of one worker
// process and ends with it.
type session struct {
	sync.Mutex // one page at a time
	id         string
	values     map[string]value
	used       time.Time
	timeout    time.Duration
	fresh      bool // the client has no cookie of it yet
	kept       bool // stands among the application's sessions
	abandoned  bool
}

// Bounds of what one process keeps for sessions.
const (
	maxSessions = 100000
	maxHeld     = 256 << 20
	entryBytes  = 64 // counted for a variable beside its text
)

// application finds the application that the request belongs to; its first request
// starts it.
func (x *exchange) application() *application {
	w, key := x.process, x.out.Target.App
	w.Lock()
	defer w.Unlock()
	app := w.apps[key.Fold()]
	if app == nil {
		app = &application{process: w, key: key, folder: x.model.Folder(key), sessions: map[string]*session{}, values: map[string]value{}}
		if text, err := x.snapshot.Content.Text(app.folder.Join("global.asa")); err == nil {
			app.page = asp.Scan(text)
			_, ends := app.page.Routine("Session_OnEnd")
			_, starts := app.page.Routine("Session_OnStart")
			app.hasEnd = ends || starts
		}
		w.apps[key.Fold()] = app
	}
	return app
}

var sessionless = source.Lazy(`(?i)<%\s*@[^%]*\benablesessionstate\s*=\s*"?false`)

// enterSession finds the visitor's session or begins a new one. A page may do
// without (EnableSessionState), and so may an application (AspAllowSessionState).
func (r *run) enterSession(page *source.Text) {
	key := r.x.out.Target.Key
	if r.isFalse(key, "AspAllowSessionState") || sessionless().Match(page.Bytes()[:min(len(page.Bytes()), 4096)]) {
		return
	}
	sent, _ := r.x.head.cookie(r.cookieName()).(string)
	w := r.app.process
	w.Lock()
	s := r.app.sessions[sent]
	if s == nil {
		s = &session{id: sent, values: map[string]value{}, timeout: r.sessionTimeout(key)}
		if s.fresh = r.app.hasEnd || !r.app.issued(sent); s.fresh {
			s.id = r.app.newID()
		}
	}
	w.Unlock()
	s.Lock()
	r.session = s
	if s.fresh && r.app.hasEnd && r.keep() {
		r.startSession()
	}
}

// sessionTimeout is AspSessionTimeout. Where it is not set 20 minutes hold, as setup
// writes it (cc780679); the schema's 10 is not what a server does.
func (s *Server) sessionTimeout(key metabase.Path) time.Duration {
	if n, ok := s.tree.Effective(key, "AspSessionTimeout").Uint(); ok && n > 0 {
		return time.Duration(n) * time.Minute
	}
	return 20 * time.Minute
}

// keep stores the session, which until then is only a cookie. It reports false
// where the process holds too many.
func (r *run) keep() bool {
	s := r.session
	if s.kept {
		return true
	}
	r.app.process.Lock()
	defer r.app.process.Unlock()
	if len(r.app.sessions) >= maxSessions {
		return false
	}
	s.kept, s.used = true, r.options.Now()
	r.app.sessions[s.id] = s
	return true
}

// leaveSession ends the page's hold on the session; one that was abandoned ends now.
func (r *run) leaveSession() {
	s := r.session
	if s == nil {
		return
	}
	over := s.abandoned && s.kept
	r.app.process.Lock()
	s.used, s.fresh = r.options.Now(), false
	if over {
		delete(r.app.sessions, s.id)
	}
	r.app.process.Unlock()
	s.Unlock()
	if over {
		r.endSession(r.app, s, r.options.Now())
	}
}

// state gives an entry or property of Session or Application.
func (r *run) state(object, member string, args []value) (value, error) {
	key, ok := textOf(first(args))
	key = strings.ToLower(key)
	if object == "session" && r.session == nil {
		return nil, noSession
	}
	switch {
	case (member == "" || member == "contents") && ok && len(args) == 1 && object == "session":
		return r.session.values[key], nil
	case (member == "" || member == "contents") && ok && len(args) == 1:
		r.app.process.Lock()
		defer r.app.process.Unlock()
		return r.app.values[key], nil
	case object == "application" && (member == "lock" || member == "unlock"):
		return nil, nil
	case object == "session" && member == "sessionid":
		return int64(binary.BigEndian.Uint32([]byte(r.session.id)) & 0x7fffffff), nil
	case object == "session" && member == "timeout":
		return int64(r.session.timeout / time.Minute), nil
	case object == "session" && member == "abandon":
		r.session.abandoned = true
		return nil, nil
	}
	return nil, errNotModelled
}

// noSession is the error of a page that uses Session where session state is off
// (its code is documented in the list of ASP errors, its detail is not).
var noSession = runtimeFault("800a01a8", "Object required: 'Session'")

// setState stores an entry of Session or Application.
func (r *run) setState(object, key string, v value) error {
	values := r.app.values
	if object == "session" {
		if r.session == nil {
			return noSession
		}
		if !r.keep() {
			return &fault{iis.ASPError{Code: "ASP 0146", Title: "New Session Failed"}}
		}
		values = r.session.values
	}
	w := r.app.process
	w.Lock()
	defer w.Unlock()
	grown := sizeOf(v) - sizeOf(values[key])
	if w.bytes+grown > maxHeld {
		return outOfMemory
	}
	w.bytes += grown
	values[key] = v
	return nil
}

var outOfMemory = &fault{iis.ASPError{Code: "ASP 0100", Title: "Out of memory", Detail: "Unable to allocate required memory."}}

func sizeOf(v value) int64 {
	if v == nil {
		return 0
	}
	if l, ok := v.(*list); ok {
		return l.size
	}
	s, _ := textOf(v)
	return int64(len(s)) + entryBytes
}

// held is what the process keeps for its applications, the model of its memory.
func (w *process) held() int64 {
	w.Lock()
	defer w.Unlock()
	return w.bytes
}

// cookieName is ASPSESSIONID with eight letters of the worker process: a new
// process does not know the old one's cookie.
func (r *run) cookieName() string {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(r.app.process.pid)))
	return "ASPSESSIONID" + letters(sum[:8])
}

// newID gives the next session its ID of 24 letters: its number and a proof that
// this process gave it. The caller holds the process' lock.
func (a *application) newID() string {
	a.next++
	return a.id(a.next)
}

func (a *application) id(n uint64) string {
	number := make([]byte, 12)
	for i, left := len(number)-1, n; i >= 0; i-- {
		number[i] = byte(left % 26)
		left /= 26
	}
	mac := hmac.New(sha256.New, a.process.secret[:])
	mac.Write(number)
	mac.Write([]byte(a.key.Fold()))
	return letters(append(number, mac.Sum(nil)[:12]...))
}

// issued reports whether this process gave the ID.
func (a *application) issued(id string) bool {
	if len(id) != 24 {
		return false
	}
	n := uint64(0)
	for i := range 12 {
		if id[i] < 'A' || id[i] > 'Z' || n > 1<<58 {
			return false
		}
		n = n*26 + uint64(id[i]-'A')
	}
	return n > 0 && n <= a.next && hmac.Equal([]byte(a.id(n)), []byte(id))
}

func letters(b []byte) string {
	out := make([]byte, len(b))
	for i, c := range b {
		out[i] = 'A' + c%26
	}
	return string(out)
}
