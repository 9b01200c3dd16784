// Package snapshot opens, recognises and holds the evidence collected from one
// server: metabase, schema, content; later registry, rights, logs and events.
package snapshot

import (
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// Kind is what a file was taken for; the words are part of the JSON contract.
type Kind string

const (
	KindMetabase Kind = "metabase"
	KindSchema   Kind = "metabase-schema"
	KindHistory  Kind = "metabase-history" // a copy under History or MetaBack: listed, not read
	KindContent  Kind = "content"
	KindAccounts Kind = "accounts"
	KindUnknown  Kind = "unknown"
)

// File is one file of the snapshot. In a folder its path is relative to that
// folder, with slashes; a single file keeps the name as given.
type File struct {
	Path string
	Kind Kind
}

// Snapshot is all evidence of one server, immutable.
type Snapshot struct {
	Files    []File         // content files are not listed one by one: one entry for each content root
	Metabase *metabase.Tree // nil where the snapshot holds none
	Content  *Content       // never nil; empty where there is none
	Accounts *Accounts      // nil for a user's own snapshot
	Problems []source.Problem
}
