package server

import "time"

// second is one second of the server's clock as answers and logs write it.
type second struct {
	unix       int64
	http       string // Mon, 14 Mar 2005 09:26:53 GMT
	field      string // Date: Mon, 14 Mar 2005 09:26:53 GMT, with its line end
	date, time string // 2005-03-14, 09:26:53
}

// second is the present second; most requests find it written out already.
func (s *Server) second() *second {
	now := s.options.Now()
	if kept := s.present.Load(); kept != nil && kept.unix == now.Unix() {
		return kept
	}
	now = now.UTC()
	date := string(appendDate(nil, now))
	made := &second{now.Unix(), date, "Date: " + date + "\r\n", now.Format("2006-01-02"), now.Format("15:04:05")}
	s.present.Store(made)
	return made
}

// addDate adds the field Date.
func (s *Server) addDate(r *response) { r.fields = append(r.fields, s.second().field...) }

func appendDate(b []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(b, "Mon, 02 Jan 2006 15:04:05 GMT")
}
