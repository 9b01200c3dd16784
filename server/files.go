package server

import (
	"strings"
	"time"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// Errors of the Scripting library.
var (
	noPermission = runtimeFault("800a0046", "Permission denied")
	noFile       = runtimeFault("800a0035", "File not found")
	badFileMode  = runtimeFault("800a0036", "Bad file mode")
)

// Modes of OpenTextFile.
const (
	forReading   = 1
	forWriting   = 2
	forAppending = 8
)

// stream is an open text file. What is written to it goes nowhere: nothing of a
// snapshot is ever changed.
type stream struct {
	text string
	mode int64
}

// method runs a method of an object.
func (r *run) method(v value, member string, args []value) (value, error) {
	o, ok := v.(*object)
	switch {
	case !ok:
		return nil, runtimeFault("800a01a8", "Object required")
	case o.lines != nil:
		return o.lines.method(member, args)
	case o.class == "fault.slow" && r.options.Faults && member == "work":
		return nil, r.work(args)
	case o.class == cdoMessage && (member == "send" || member == "addattachment"):
		return nil, nil
	case o.class != "scripting.filesystemobject":
		return nil, errNotModelled
	}
	path, ok := first(args).(string)
	switch {
	case !ok:
		return nil, errNotModelled
	case member == "fileexists":
		e, known := r.stat(source.WinPath(path).Clean())
		return known == snapshot.Yes && !e.Dir, nil
	case member == "opentextfile":
		mode := int64(forReading)
		if len(args) > 1 {
			if mode, ok = numberOf(args[1]); !ok {
				return nil, typeMismatch
			}
		}
		return r.open(source.WinPath(path).Clean(), mode, len(args) > 2 && args[2] == true)
	case member == "createtextfile":
		return r.open(source.WinPath(path).Clean(), forWriting, true)
	}
	return nil, errNotModelled
}

// work lets seconds of the server's time pass, as a component does that waits for a
// database. A script that is over its time by then ends when the component returns.
func (r *run) work(args []value) error {
	n, ok := numberOf(first(args))
	if !ok || n < 0 || n > 1<<31 {
		return typeMismatch
	}
	select {
	case <-time.After(r.clock.real(time.Duration(n) * time.Second)):
		return r.overdue()
	case <-r.conns.ended: // the server closes
		return errEnd
	}
}

func (r *run) stat(path source.WinPath) (snapshot.Entry, snapshot.Known) {
	return r.snapshot.Content.Stat(path, path.Dir())
}

// open opens a file under the account of the script: an access list that was
// collected decides; a file that was not collected is there and empty.
func (r *run) open(path source.WinPath, mode int64, create bool) (value, error) {
	want := snapshot.AccessRead
	if mode != forReading {
		want = snapshot.AccessWrite
	}
	at := path
	e, known := r.stat(path)
	if known != snapshot.Yes && mode != forReading && !r.snapshot.ACLs.Listed(path) {
		at = path.Dir() // a new file needs the right to the folder
	}
	if r.snapshot.ACLs.Allows(at, r.token, want) == snapshot.No || known == snapshot.Yes && e.Dir {
		return nil, noPermission
	}
	if known == snapshot.No && !(create && mode != forReading) {
		return nil, noFile
	}
	s := &stream{mode: mode}
	if known == snapshot.Yes && mode == forReading {
		text, err := r.snapshot.Content.Text(path)
		if err != nil {
			return nil, noPermission
		}
		s.text = string(text.Bytes())
	}
	return &object{class: "textstream", lines: s}, nil
}

func (s *stream) method(member string, args []value) (value, error) {
	switch member {
	case "close":
		return nil, nil
	case "write", "writeline":
		if s.mode == forReading {
			return nil, badFileMode
		}
		return nil, nil
	case "atendofstream":
		return s.text == "", nil
	case "readall", "readline":
		if s.mode != forReading {
			return nil, badFileMode
		}
		if s.text == "" {
			return nil, runtimeFault("800a003e", "Input past end of file")
		}
		return s.read(member == "readline"), nil
	}
	return nil, errNotModelled
}

// read takes the next line, or all that is left.
func (s *stream) read(line bool) string {
	text, rest, found := strings.Cut(s.text, "\n")
	if !line || !found {
		text, rest = s.text, ""
	}
	s.text = rest
	if line {
		text = strings.TrimSuffix(text, "\r")
	}
	return text
}
