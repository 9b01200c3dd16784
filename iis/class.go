package iis

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot"
)

// Class reports whether a class can be created. CDONTS was removed from Windows
// Server 2003 (S1): it is there only where the registry says so. Of other classes
// only the registry knows.
func (m *Model) Class(progID string) snapshot.Known {
	_, known := m.snapshot.Registry.ClassServer(progID)
	if known == snapshot.Unknown && strings.HasPrefix(strings.ToLower(progID), "cdonts.") {
		return snapshot.No
	}
	return known
}

// NoClass is the error of CreateObject for a class that is not there: that of
// Server.CreateObject is ASP 0177, that of VBScript's own function 429. The words
// behind the names are not documented.
func NoClass(class string, byServer bool) ASPError {
	if byServer {
		return ASPError{Category: "Server object", Code: "ASP 0177 : 800401f3", Title: "Server.CreateObject Failed", Detail: "Invalid class string"}
	}
	return ASPError{Category: "Microsoft VBScript runtime", Code: "800a01ad", Title: fmt.Sprintf("ActiveX component can't create object: '%s'", class)}
}
