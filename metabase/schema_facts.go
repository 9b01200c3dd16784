package metabase

import "slices"

// What documents say beyond MBSchema.xml. The names of the pages are those of
// Microsoft's documentation: ms… is the IIS 6.0 SDK, cc… the IIS 6.0 operations
// guide. "Real file" is a MetaBase.xml as setup wrote it.

// documented are properties that MBSchema.xml of Windows Server 2003 leaves out.
var documented = []struct {
	facts   PropertyFacts
	classes []string
}{
	{ // ms524892: ignored by IIS 6.0, but documented and settable (header IIScnfg.h: 3006)
		PropertyFacts{Name: "UNCAuthenticationPassthrough", ID: 3006, Type: Bool, Default: "FALSE", Inherit: true},
		[]string{"IIsWebService", "IIsWebServer", "IIsWebVirtualDir", "IIsWebDirectory", "IIsWebFile"},
	},
	{ // header IIScnfg.h, MD_MAX_GLOBAL_CONNECTIONS; files write it as a <Custom>
		PropertyFacts{Name: "MaxGlobalConnections", ID: 9202, Type: DWord, Inherit: true, noDefault: true},
		[]string{"IIsWebService"},
	},
}

// internalDefaults are the values IIS uses where a property is set nowhere and the
// schema's default is not what counts. Keys are folded names.
var internalDefaults = map[string]string{
	"periodicrestarttime":        "1740",                                                                    // ms525914 (schema 60); real file
	"periodicrestartrequests":    "0",                                                                       // ms525851 (schema 10000); real file
	"periodicrestartmemory":      "0",                                                                       // cc758408: memory recycling is off by default; real file
	"aspmaxrequestentityallowed": "204800",                                                                  // ms525409 (schema 200000), KB327659
	"asprequestqueuemax":         "3000",                                                                    // ms525044 (schema 500)
	"apppoolqueuelength":         "1000",                                                                    // cc783070: 4000 before SP1, 1000 since
	"logeventonrecycle":          "AppPoolRecycleTime | AppPoolRecycleMemory | AppPoolRecyclePrivateMemory", // ms525613 (schema: Memory); real file
}

// misleading are properties whose schema default is not what a server without the
// attribute does, and for which no page says what it does. Keys are folded names.
var misleading = map[string]bool{
	"anonymouspasswordsync":    true, // schema TRUE; cc783654: FALSE on a clean install, TRUE after an upgrade
	"iis5isolationmodeenabled": true, // schema TRUE; a clean install writes FALSE
	"aspsessiontimeout":        true, // schema 10; cc780679 and the real file 20
	"maxconnections":           true, // schema 0; the real file 4294967295
	"defaultdoc":               true, // schema default.htm; setup writes a longer list
	"logextfileflags":          true, // schema five fields; ms524906: fourteen
}

// addDocumented lays the documents' facts over a schema that was read.
func (s *Schema) addDocumented() {
	for _, d := range documented {
		if !s.add(d.facts) {
			continue
		}
		n := int32(len(s.facts) - 1)
		for _, name := range d.classes {
			if c := s.class(name); !slices.Contains(c.knows, n) {
				c.knows = append(c.knows, n)
			}
		}
	}
}
