package server

import "time"

// closeTime is how long Close waits for requests under way.
const closeTime = time.Second

// Ending tells how a server ended.
type Ending struct {
	Answered int           // requests that were answered since the start, by HTTP.sys or a worker process
	Dropped  int           // requests whose connection was reset instead
	Drained  int           // requests that were under way at the end and were finished
	Cut      int           // requests that were under way and were cut off
	Waited   time.Duration // for those
	Logs     []string      // files below Options.Logs that were written, in order of their names
	Open     []Record      // the Begin records of requests that never ended, in order, at most the first 65,536
}

// Close ends the server: see Drain. Requests under way have a second.
func (s *Server) Close() error {
	_, err := s.Drain(closeTime, nil)
	return err
}

// Drain stops listening, ends idle connections and lets requests under way finish,
// for the given time at most, or until hurry is closed; then it cuts them. The error
// is one of writing the logs.
func (s *Server) Drain(patience time.Duration, hurry <-chan struct{}) (Ending, error) {
	var e Ending
	begun, before := time.Now(), s.answered.Load()
	for _, l := range s.endpoints {
		if l.listener != nil {
			l.listener.Close()
		}
	}
	s.conns.close()
	done := make(chan struct{})
	go func() { s.wait.Wait(); close(done) }()
	select {
	case <-done:
	case <-hurry:
		e.Cut = s.conns.cut()
	case <-time.After(patience):
		e.Cut = s.conns.cut()
	}
	<-done
	e.Drained, e.Waited = int(s.answered.Load()-before), time.Since(begun)
	e.Answered, e.Dropped = int(s.answered.Load()), int(s.dropped.Load())
	e.Open = s.logs.unfinished()
	var err error
	e.Logs, err = s.closeLogs()
	return e, err
}
