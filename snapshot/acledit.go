package snapshot

import (
	"maps"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// with gives the listings after the edits; l itself stays as it is. As cacls /E does
// it, an edit changes the entries that a list has of its own: what it inherits
// changes at the folder that it comes from.
func (l *ACLs) with(edits []Edit) *ACLs {
	if l == nil || len(edits) == 0 {
		return l
	}
	after := &ACLs{lists: maps.Clone(l.lists), size: l.size}
	for _, e := range edits {
		after.edit(e)
	}
	return after
}

// Only gives the listing of one path, to try edits of it without all the others.
func (l *ACLs) Only(p source.WinPath) *ACLs {
	if l == nil {
		return nil
	}
	only := &ACLs{lists: map[string]*ACL{}}
	if list, ok := l.Of(p); ok {
		only.lists[key(p)], only.size = list, 1+len(list.ACEs)
	}
	return only
}

func (l *ACLs) edit(e Edit) {
	letter := strings.ToUpper(e.Value)
	if _, ok := caclsRights[letter]; !ok && e.Op != metabase.Remove {
		return
	}
	target, folder := source.WinPath(e.Target), strings.HasSuffix(e.Target, `\`)
	top, listed := l.Of(target)
	if !folder {
		if listed {
			l.lists[key(target)] = top.with(e, letter, false, func(ACE) bool { return true })
		}
		return
	}
	for at, list := range l.lists {
		switch {
		case at == key(target):
			l.lists[at] = list.with(e, letter, folder, func(ACE) bool { return true })
		case list.Path.Within(target):
			// What the folder itself inherits goes on to what lies below it.
			l.lists[at] = list.with(e, letter, false, func(a ACE) bool { return !listed || top.inherits(a) })
		}
	}
}

// inherits reports whether the list has inherited that entry.
func (a *ACL) inherits(e ACE) bool {
	return slices.ContainsFunc(a.ACEs, func(own ACE) bool {
		return own.Flags&Inherited != 0 && sameAccount(own.Account, e.Account) == Yes && own.Deny == e.Deny && own.Rights == e.Rights
	})
}

// with gives the list after one edit; stays tells which inherited entries the edit
// cannot reach.
func (a *ACL) with(e Edit, letter string, folder bool, stays func(ACE) bool) *ACL {
	after := &ACL{Path: a.Path, At: a.At, ACEs: slices.Clone(a.ACEs)}
	if e.Op == metabase.Set || e.Op == metabase.Remove {
		after.ACEs = slices.DeleteFunc(after.ACEs, func(x ACE) bool {
			return sameAccount(x.Account, e.Property) == Yes && (x.Flags&Inherited == 0 || !stays(x))
		})
	}
	if e.Op == metabase.Set || e.Op == metabase.Add {
		x := ACE{Account: e.Property, Deny: letter == "N", Rights: caclsRights[letter], At: a.At}
		if folder {
			x.Flags = ObjectInherit | ContainerInherit
		}
		after.ACEs = append(after.ACEs, x)
	}
	return after
}
