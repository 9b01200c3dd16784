package iis

// Alike is what requests have in common that get one answer, whatever else they
// carry: other fields, another query, a head of another size.
type Alike struct {
	Method, Host, Path string
	Secure             bool
	IP                 string
	Port               int
	ClientIP           string
}

// Alike gives what a request has in common with others. ok is false for one that
// must be decided by itself: it carries credentials, is near a limit of HTTP.sys, or
// was not read from a connection.
func (m *Model) Alike(r *Request) (a Alike, ok bool) {
	if r.User != "" || r.Password != "" || r.Trusted || !m.limits.hold(r) {
		return Alike{}, false
	}
	return Alike{r.Method, r.Host, r.Path, r.Secure, r.IP, r.Port, r.ClientIP}, true
}

// DecideAlike is Decide. alike reports that the answer is that of every request for
// which Alike gives the same: the Outcome is then theirs, but for its Request.
func (m *Model) DecideAlike(r Request) (o Outcome, alike bool) {
	d := &decision{Model: m, whole: &r}
	_, alike = m.Alike(&r)
	d.out.Request = r
	d.out.Request.Query, d.out.Request.Header, d.out.Request.HeadSize = "", nil, 0
	o = d.decide()
	o.Request = r
	return o, alike && !d.single
}

// apart is the whole request. The answer then holds for this request alone.
func (d *decision) apart() *Request {
	d.single = true
	return d.whole
}

// hold reports that the head as a whole is within the limits that do not depend on
// the path alone.
func (l *Limits) hold(r *Request) bool {
	url := len(r.Path) + len("?") + len(r.Query)
	return r.HeadSize > 0 && r.HeadSize <= l.MaxRequestBytes.Value && url <= l.MaxFieldLength.Value
}
