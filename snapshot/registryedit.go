package snapshot

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// RegistryData writes a number as the value of an edit: "REG_DWORD 16384".
func RegistryData(n uint32) string { return "REG_DWORD " + strconv.FormatUint(uint64(n), 10) }

// RegistryText writes a text as the value of an edit: "REG_SZ IISSUBA".
func RegistryText(s string) string { return "REG_SZ " + s }

// ReadRegistryData takes the value of an edit apart into the type as reg.exe names
// it, REG_DWORD or REG_SZ, and the data; false for any other text.
func ReadRegistryData(value string) (kind, data string, ok bool) {
	kind, data, ok = strings.Cut(value, " ")
	if kind == "REG_DWORD" {
		_, err := strconv.ParseUint(data, 10, 32)
		return kind, data, ok && err == nil
	}
	return kind, data, ok && kind == "REG_SZ"
}

// with gives the registry after the edits; r itself stays as it is. Of a key that no
// export listed, only what is set becomes known.
func (r *Registry) with(edits []Edit) *Registry {
	if len(edits) == 0 {
		return r
	}
	after := &Registry{keys: map[string]*regKey{}, deleted: map[string]int{}}
	if r != nil {
		*after = *r
		after.keys, after.deleted = maps.Clone(r.keys), maps.Clone(r.deleted)
	}
	if after.keys == nil {
		after.keys, after.deleted = map[string]*regKey{}, map[string]int{}
	}
	for _, e := range edits {
		after.edit(e)
	}
	return after
}

func (r *Registry) edit(e Edit) {
	v, understood := e.registryValue()
	fold := foldKey(e.Target)
	there, known := r.key(e.Target)
	switch {
	case e.Op == metabase.Set && !understood, e.Op == metabase.Remove && there == nil, e.Op != metabase.Set && e.Op != metabase.Remove:
		return
	case there == nil:
		r.clock++
		r.size++
		r.keys[fold] = &regKey{born: r.clock, partly: known == Unknown}
		there = r.keys[fold]
	default:
		if other := r.otherSet(fold); r.keys[fold] != there && r.keys[other] == there {
			fold = other // the control set under which the export lists it
		}
		there = &regKey{at: there.at, born: there.born, partly: there.partly, values: slices.Clone(there.values), index: maps.Clone(there.index)}
		r.keys[fold] = there
	}
	if e.Op == metabase.Remove {
		there.remove(e.Property)
		return
	}
	v.At = there.at
	if i := there.find(e.Property); i >= 0 {
		v.At, v.Name = there.values[i].At, there.values[i].Name
	}
	v.secret = isSecret(fold, v.Name, v.form)
	there.set(v)
}

// registryValue is the value that an edit sets, as an export would write it.
func (e Edit) registryValue() (RegValue, bool) {
	kind, data, ok := ReadRegistryData(e.Value)
	v := RegValue{Name: e.Property, Type: RegString, form: regQuoted}
	if kind == "REG_DWORD" {
		n, _ := strconv.ParseUint(data, 10, 32)
		v.Type, v.form, data = RegDWORD, regNumber, fmt.Sprintf("%08x", n)
	} else {
		data = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(data)
	}
	v.data = source.NewText("", []byte(data)).Span(0, len(data))
	return v, ok
}
