package snapshot

import "bytes"

// metabaseSigns stand near the beginning of every MetaBase.xml. One is enough,
// wherever it stands: a damaged metabase goes to its reader, which names the place
// of the damage.
var metabaseSigns = [][]byte{
	[]byte("<MBProperty"), []byte("XML_Metabase_V"), []byte("<IIS_Global"), []byte("<IIS_ROOT"), []byte("<IIsComputer"), []byte("<IIsWebService"),
}

// roots are root elements of other files of an IIS server.
var roots = map[string]struct {
	kind       Kind
	what, hint string
}{
	"configSchema": {KindIIS7Schema, "an IIS_schema.xml (IIS 7 and later)", hintIIS7},
	"appcmd":       {KindUnknown, "an output of appcmd (IIS 7 and later)", hintIIS7},
	"html":         {KindUnknown, "an HTML page", hintPage},
	"HTML":         {KindUnknown, "an HTML page", hintPage},
}

func recogniseXML(text []byte) look {
	start, end := rootElement(text)
	name := string(text[start:end])
	l := look{kind: KindUnknown, hint: hintBeside, text: text, start: start, end: end}
	begins := bytes.ToLower(bytes.TrimLeft(text, " \t\r\n"))
	known, isKnown := roots[name]
	switch {
	case name == "MetaData" && bytes.Contains(text[start:], []byte(`"METABASE"`)), bytes.Contains(text[start:], []byte("catalog:MetaData_V")):
		return look{kind: KindSchema}
	case isKnown:
		l.kind, l.what, l.hint = known.kind, known.what, known.hint
	case name == "configuration":
		l.kind, l.what, l.hint = recogniseConfiguration(text[end:])
	case bytes.HasPrefix(begins, []byte("<%")):
		l.what, l.hint = "an ASP page", hintPage
	case bytes.HasPrefix(begins, []byte("<!doctype html")):
		l.what, l.hint = "an HTML page", hintPage
	case name == "" && len(text) >= headSize/2:
		l.what = "an XML file without an element in its first 64 KB"
	case name == "":
		l.what, l.hint = "an XML file that ends before its first element", hintCopy
	default:
		l.what = "an XML file with the root element <" + shorten(name) + ">"
	}
	return l
}

// shorten keeps a name from filling the screen.
func shorten(name string) string {
	if len(name) > 60 {
		return name[:60] + "..."
	}
	return name
}

// isPage reports whether a file is a page, which may well write about a metabase.
func isPage(trimmed []byte) bool {
	begins := bytes.ToLower(trimmed[:min(len(trimmed), 64)])
	for _, b := range []string{"<%", "<html", "<!doctype html"} {
		if bytes.HasPrefix(begins, []byte(b)) {
			return true
		}
	}
	return false
}

func hasSign(text []byte) bool {
	for _, sign := range metabaseSigns {
		if bytes.Contains(text, sign) {
			return true
		}
	}
	return false
}

// recogniseConfiguration tells the files whose root is <configuration> apart: the
// metabase shares it with every configuration file of .NET and IIS 7.
func recogniseConfiguration(after []byte) (kind Kind, what, hint string) {
	switch {
	case bytes.Contains(after, []byte("<system.applicationHost")), bytes.Contains(after, []byte(`"system.applicationHost"`)):
		return KindAppHost, "an applicationHost.config (IIS 7 and later)", hintIIS7
	case bytes.Contains(after, []byte("<configProtectedData")), bytes.Contains(after, []byte("<configurationRedirection")):
		return KindAppHost, "a configuration file of IIS 7 and later", hintIIS7
	case bytes.Contains(after, []byte("<system.webServer")):
		return KindWebConfig, "a web.config or a part of an applicationHost.config (IIS 7 and later)", hintIIS7
	case bytes.Contains(after, []byte("<system.web")), bytes.Contains(after, []byte("<appSettings")), bytes.Contains(after, []byte("<configSections")):
		return KindWebConfig, "a web.config or another .NET configuration file", hintBeside
	case len(bytes.TrimLeft(after, " \t\r\n>")) == 0:
		return KindUnknown, "a <configuration> file that ends after its first element", hintCopy
	}
	return KindUnknown, "a <configuration> file without <MBProperty>", "Name the server's MetaBase.xml."
}

// rootElement finds the name of the first element behind declaration, comments
// and processing instructions. Without one the stretch is empty, at the end.
func rootElement(text []byte) (start, end int) {
	at := 0
	for {
		i := bytes.IndexByte(text[at:], '<')
		if i < 0 {
			return len(text), len(text)
		}
		at += i
		skip := ""
		switch {
		case bytes.HasPrefix(text[at:], []byte("<?")):
			skip = "?>"
		case bytes.HasPrefix(text[at:], []byte("<!--")):
			skip = "-->"
		case bytes.HasPrefix(text[at:], []byte("<!")):
			skip = ">"
		default:
			start = at + 1
			return start, start + nameLength(text[start:])
		}
		i = bytes.Index(text[at:], []byte(skip))
		if i < 0 {
			return len(text), len(text)
		}
		at += i + len(skip)
	}
}

func nameLength(b []byte) int {
	if i := bytes.IndexAny(b, " \t\r\n/>"); i >= 0 {
		return i
	}
	return len(b)
}
