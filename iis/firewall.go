package iis

import (
	"fmt"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// NoConnection stands in the place of a status where the client never gets a
// connection: what it sends is dropped, and it waits until its attempt times out.
const NoConnection Status = "no connection"

// checkFirewall: Windows Firewall is on and has no exception for the port (S1,
// "Clients cannot connect to server"). Programs of the server itself are let through.
// Where nothing was collected, or profiles differ, there is no step.
func checkFirewall(d *decision) verdict {
	r := &d.out.Request
	open, at := Unfiltered(d.snapshot, r.ClientIP, r.Port)
	why := &Because{Span: at, Property: "Windows Firewall"}
	switch open {
	case snapshot.No:
		return verdict{status: NoConnection, because: why,
			detail: fmt.Sprintf("Windows Firewall is on and lets nobody through to TCP port %d", r.Port)}
	case snapshot.Yes:
		return verdict{detail: fmt.Sprintf("Windows Firewall lets clients through to TCP port %d", r.Port), because: why}
	}
	return verdict{}
}

// Unfiltered reports whether Windows Firewall lets a client through to a TCP port, and
// the place that says so; Unknown where the snapshot does not tell.
func Unfiltered(s *snapshot.Snapshot, client string, port int) (snapshot.Known, source.Span) {
	if s.Firewall == nil || local(client) || port < 1 || port > 65535 {
		return snapshot.Unknown, source.Span{}
	}
	return s.Firewall.Opens(uint16(port))
}
