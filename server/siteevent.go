package server

import "fmt"

// siteEvents are the events of sites that the WWW service does not start at its own
// start: a binding is no IP:port:host (1003), or another site has it (1007; texts of
// cc786887).
func (s *Server) siteEvents() (events []Record) {
	for _, d := range s.model.Deactivated() {
		text := "The URL may be invalid. The site has been deactivated."
		if d.Event == 1007 {
			text = "The necessary network binding may already be in use. The site has been deactivated."
		}
		events = append(events, s.event("Error", "W3SVC", d.Event, fmt.Sprintf(
			"Cannot register the URL prefix '%s' for site '%s'. %s", d.Because.Value, d.Site, text)))
	}
	return events
}
