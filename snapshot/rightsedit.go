package snapshot

import (
	"maps"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// with gives the rights after the edits; r itself stays as it is. Who else holds a
// right that the file does not define stays unknown.
func (r *Rights) with(edits []Edit) *Rights {
	if r == nil || len(edits) == 0 {
		return r
	}
	after := *r
	after.held, after.places, after.partly = maps.Clone(r.held), maps.Clone(r.places), maps.Clone(r.partly)
	if after.partly == nil {
		after.partly = map[string]bool{}
	}
	for _, e := range edits {
		after.edit(e)
	}
	return &after
}

func (r *Rights) edit(e Edit) {
	fold := strings.ToLower(e.Target)
	list, defined := r.Holders(e.Target)
	same := func(h Holder) bool { return sameAccount(h.Account, e.Value) == Yes }
	switch {
	case e.Op == metabase.Remove && slices.ContainsFunc(list, same):
		r.held[fold] = slices.DeleteFunc(slices.Clone(list), same)
	case e.Op == metabase.Add && !slices.ContainsFunc(list, same):
		account := strings.TrimPrefix(e.Value, "*")
		r.held[fold] = append(slices.Clone(list), Holder{Account: account, SID: AccountSID(account), At: r.At(e.Target)})
		r.partly[fold] = r.partly[fold] || !defined
	}
}
