package server

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
)

// expire ends the sessions of a process that nobody used for their time-out.
func (s *Server) expire(w *process, now time.Time) {
	type over struct {
		app *application
		*session
	}
	var list []over
	w.Lock()
	for _, app := range w.apps {
		for id, one := range app.sessions {
			if one.used.Add(one.timeout).After(now) || !one.TryLock() {
				continue
			}
			one.Unlock()
			delete(app.sessions, id)
			list = append(list, over{app, one})
		}
	}
	w.Unlock()
	slices.SortFunc(list, func(a, b over) int { return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.id, b.id)) })
	for _, o := range list {
		s.endSession(o.app, o.session, o.used.Add(o.timeout))
	}
}

// endSession runs Session_OnEnd and frees what the session kept.
func (s *Server) endSession(app *application, one *session, at time.Time) {
	s.endRoutine(app, one, "Session_OnEnd", at)
	app.process.Lock()
	for _, v := range one.values {
		app.process.bytes -= sizeOf(v)
	}
	app.process.Unlock()
}

// endApplications ends all sessions of the applications, then the applications.
func (s *Server) endApplications(apps map[string]*application, at time.Time) {
	var order []*application
	for _, app := range apps {
		order = append(order, app)
	}
	slices.SortFunc(order, func(a, b *application) int { return cmp.Compare(a.key.Fold(), b.key.Fold()) })
	for _, app := range order {
		var sessions []*session
		for _, one := range app.sessions {
			sessions = append(sessions, one)
		}
		slices.SortFunc(sessions, func(a, b *session) int { return cmp.Compare(a.id, b.id) })
		for _, one := range sessions {
			s.endSession(app, one, at)
		}
		s.endRoutine(app, nil, "Application_OnEnd", at)
	}
}

const sourceASP = "Active Server Pages"

// endRoutine runs a routine of global.asa that no request belongs to. With
// AspRunOnEndAnonymously, the default, it runs as the anonymous user; where there is
// none it does not run and an event tells (ms524696, cc781350).
func (s *Server) endRoutine(app *application, one *session, name string, at time.Time) {
	if app.page == nil {
		return
	}
	routine, ok := app.page.Routine(name)
	if !ok {
		return
	}
	token := iis.ProcessToken(s.identity(app.process.pool.name))
	if !s.isFalse(app.key, "AspRunOnEndAnonymously") {
		user := s.tree.Effective(app.key, "AnonymousUserName").Text()
		if user == "" || s.model.SubAuthentication(app.key, app.process.pool.name).Fails {
			s.logs.write(eventAt(at, "Error", sourceASP, 21, fmt.Sprintf(
				"Failed to retrieve the anonymous user token for ASP application %s. Global.asa OnEnd routines will not be executed.", app.key)))
			return
		}
		if !s.impersonates(app.process.pool.name) {
			s.logs.write(eventAt(at, "Error", sourceASP, 22, fmt.Sprintf(
				"Failed to impersonate the anonymous user for ASP application %s. Global.asa OnEnd routines will not be executed.", app.key)))
			return
		}
		token = iis.UserToken(user)
	}
	r := &run{Server: s, app: app, session: one, token: token, program: routineOf(app.page, routine)}
	r.prepare(at)
	if step, err := r.do(); err != nil {
		s.reportEnd(r, app, step, err, at)
	}
}

// impersonates reports whether the processes of a pool may act as somebody else: the
// user right "Impersonate a client after authentication", which every service has
// unless the policy that was collected says otherwise. That its want is what event
// 22 tells of is inferred.
func (s *Server) impersonates(pool string) bool {
	account := s.identity(pool)
	const serviceGroup = "S-1-5-6"
	return account == iis.LocalSystem ||
		s.snapshot.Rights.Holds("SeImpersonatePrivilege", append(iis.ProcessToken(account), serviceGroup)...) != snapshot.No
}

// prepare gives a routine what a page's run has.
func (r *run) prepare(at time.Time) {
	r.vars, r.loops = map[string]value{}, map[int]*counter{}
	r.began, r.timeout = at, 90*time.Second
	r.out.limit = maxOutput
}

// reportEnd writes event 5, whose text is "Error: %1." (cc781350); the words inside
// are not documented.
func (s *Server) reportEnd(r *run, app *application, step int, err error, at time.Time) {
	what := err.Error()
	var f *fault
	switch {
	case errors.As(err, &f):
		what = f.asp.Title
	case !s.options.Faults:
		return // a statement that is not modelled says nothing of a user's own server
	}
	line := 0
	if op := r.operation(step); op != nil {
		line = op.span().Pos().Line
	}
	s.logs.write(eventAt(at, "Error", sourceASP, 5, fmt.Sprintf("Error: File %s/global.asa Line %d %s.", app.key, line, what)))
}

// routineOf is a routine ready to run.
func routineOf(page *asp.Page, routine asp.Routine) *program {
	p := &program{}
	for i := range routine.Statements {
		p.list = append(p.list, operationOf(&routine.Statements[i], page.Text))
	}
	p.match()
	return p
}

// startSession runs Session_OnStart before the page.
func (r *run) startSession() {
	if r.app.page == nil {
		return
	}
	if routine, ok := r.app.page.Routine("Session_OnStart"); ok {
		start := *r
		start.program = routineOf(r.app.page, routine)
		start.do()
	}
}
