// Package snapshot opens, recognises and holds the evidence collected from one
// server: metabase, registry, user rights, members of IIS_WPG, UrlScan, ACLs, firewall,
// logs, events and content, from files, folders, archives and standard input.
package snapshot

import (
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// Kind is what a file was taken for; the words are part of the JSON contract.
type Kind string

const (
	KindMetabase       Kind = "metabase"
	KindSchema         Kind = "metabase-schema"
	KindHistory        Kind = "metabase-history" // a copy under History or MetaBack: listed, not read
	KindContent        Kind = "content"
	KindAccounts       Kind = "accounts"
	KindRegistry       Kind = "registry"
	KindSecurityPolicy Kind = "security-policy"
	KindWorkerGroup    Kind = "group-members"
	KindURLScanINI     Kind = "urlscan-ini"
	KindURLScanLog     Kind = "urlscan-log"
	KindACLs           Kind = "acl-listing"
	KindFirewall       Kind = "firewall"
	KindW3C            Kind = "w3c-log"
	KindHTTPERR        Kind = "httperr-log"
	KindEvents         Kind = "event-log"
	KindArchive        Kind = "archive" // an archive in a folder or in another archive; its files follow
	KindUnknown        Kind = "unknown"
)

// Kinds that are recognised and not read; the file's note says what to hand over.
const (
	KindEVT         Kind = "evt"
	KindEVTX        Kind = "evtx"
	KindIISLog      Kind = "iis-log"  // the Microsoft IIS log file format
	KindNCSALog     Kind = "ncsa-log" // the NCSA common log file format
	KindFirewallLog Kind = "firewall-log"
	KindHive        Kind = "registry-hive"
	KindAppHost     Kind = "applicationhost-config"
	KindWebConfig   Kind = "web-config"
	KindIIS7Schema  Kind = "iis7-schema"
)

// File is one file of the snapshot. In a folder or archive its path is relative to
// that, with slashes; a single file keeps the name as given, and standard input is -.
type File struct {
	Path string
	Kind Kind
	Note string // why it was not read, for one that was not
}

// Snapshot is all evidence of one server, immutable. Where the server's owner handed
// over no evidence of a kind, its field is nil.
type Snapshot struct {
	Files    []File         // content files are not listed one by one: one entry for each content root
	Metabase *metabase.Tree // nil where the snapshot holds none
	Content  *Content       // never nil; empty where there is none
	Accounts *Accounts      // nil for a user's own snapshot

	Registry    *Registry         // all exports together
	ACLs        *ACLs             // all listings together
	Firewall    *Firewall         // all outputs of netsh together; without one, what Registry says
	Rights      *Rights           // the user rights of a security policy
	WorkerGroup *WorkerGroup      // who is in IIS_WPG
	URLScan     *UrlScan          // UrlScan.ini
	URLScanLogs []*UrlScanLog     // in the order of Files
	Logs        *weblog.Summary   // all W3C and HTTPERR logs together
	Events      *eventlog.Summary // all event logs together

	Problems []source.Problem
}
