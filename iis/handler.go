package iis

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// scriptMaps is the list in force with the value it came from.
type scriptMaps struct {
	*ScriptMapList
	value metabase.Value
}

func (d *decision) readMaps() {
	v := d.value("ScriptMaps")
	d.maps = scriptMaps{d.ScriptMaps(v), v}
}

// chooseHandler: wildcard maps first, then the extension's map, then programs
// called directly where Execute is set, else the static file handler (Wang, "IIS 6
// Request Processing Basics").
func chooseHandler(d *decision) verdict {
	d.readMaps()
	if d.maps.Bad != nil {
		return verdict{status: "500.19", because: becauseEntry(d.maps.value, *d.maps.Bad),
			detail: "a script map entry is malformed; IIS refuses every request below the key"}
	}
	if m := d.mapFor(); m != nil {
		if HandlerOf(m.Processor) == ASP && strings.EqualFold(d.out.Target.Physical.Base(), "global.asa") {
			return verdict{status: "500.15", detail: "direct requests for global.asa are refused (KB318380)"}
		}
		d.entry, d.out.Handler = m, HandlerOf(m.Processor)
		return verdict{detail: fmt.Sprintf("%s is mapped to %s", m.Extension, m.Processor), because: becauseEntry(d.maps.value, m.Item)}
	}
	if d.folder {
		d.out.Handler = Listing
		return verdict{}
	}
	physical := d.out.Target.Physical
	ext := physical.Ext()
	if isProgram(ext) && d.value("AccessFlags").Has("AccessExecute") {
		d.program, d.out.Handler = true, HandlerOf(string(physical))
		return verdict{detail: "a program called directly, as Execute is allowed", because: because(d.value("AccessFlags"))}
	}
	d.out.Handler = Static
	if ext == "" {
		return verdict{detail: "no script map takes the file: static file"}
	}
	return verdict{detail: "no script map for " + ext + ": static file"}
}

// mapFor is the entry that takes the request, nil where none does.
func (d *decision) mapFor() *ScriptMap {
	physical, root := d.out.Target.Physical, d.out.Target.RootPath
	if len(d.maps.wild) > 0 {
		_, known := d.snapshot.Content.Stat(physical, root)
		for _, i := range d.maps.wild {
			if m := &d.maps.Maps[i]; m.Flags&4 == 0 || known != snapshot.No {
				return m
			}
		}
	}
	if d.folder {
		return nil
	}
	ext := physical.Ext()
	if ext == "" {
		return nil
	}
	return d.maps.For(ext)
}

// StageImage is the stage at which the program of a script map is loaded; the server
// writes an event where it fails.
const StageImage = "program"

// checkImage: a script map whose DLL is known to be missing. That the worker process
// cannot load it is an event (2220, cc758052); that the answer is 500 is inferred.
func checkImage(d *decision) verdict {
	if d.entry == nil || d.out.Handler == CGI {
		return verdict{}
	}
	file := source.WinPath(ExpandPath(d.entry.Processor)).Clean()
	if !file.IsAbs() {
		return verdict{}
	}
	root := file.Dir()
	if file.Within(d.out.Target.RootPath) {
		root = d.out.Target.RootPath
	}
	if _, known := d.snapshot.Content.Stat(file, root); known != snapshot.No {
		return verdict{}
	}
	return verdict{status: "500", because: becauseEntry(d.maps.value, d.entry.Item), detail: string(file) + " does not exist and cannot be loaded"}
}

func isProgram(ext string) bool { return ext == ".exe" || ext == ".dll" || ext == ".com" }

// HandlerOf is the kind of a script map's processor: ASP and server-side includes
// are known by the name of their DLL, any other DLL is an ISAPI extension, the rest CGI.
func HandlerOf(processor string) Handler {
	switch strings.ToLower(source.WinPath(strings.Trim(processor, `"`)).Base()) {
	case "asp.dll":
		return ASP
	case "ssinc.dll":
		return SSI
	}
	if isISAPI(processor) {
		return ISAPI
	}
	return CGI
}

// checkExtension is the Web service extension list, asked before the image is
// loaded (cc759233). A prohibited one is 404.2 (S1).
func checkExtension(d *decision) verdict {
	processor := ""
	switch {
	case d.entry != nil:
		processor = d.entry.Processor
	case d.program:
		processor = string(d.out.Target.Physical)
	default:
		return verdict{}
	}
	r := d.Restriction(processor)
	switch {
	case !r.Known:
		return verdict{assumed: true, detail: "the metabase has no WebSvcExtRestrictionList; " + processor + " is assumed to be allowed"}
	case r.Allowed:
		return verdict{detail: processor + " is allowed", because: becauseEntry(r.List, r.Item)}
	case r.Listed:
		return verdict{status: "404.2", detail: processor + " is prohibited", because: becauseEntry(r.List, r.Item)}
	case r.Item.Text == "":
		return verdict{status: "404.2", assumed: true, because: becauseList(r.List),
			detail: processor + " is not listed, and the list does not say what holds for unlisted ones; they are assumed to be prohibited"}
	}
	return verdict{status: "404.2", detail: processor + " is not listed, and unlisted extensions are prohibited",
		because: becauseList(r.List)}
}
