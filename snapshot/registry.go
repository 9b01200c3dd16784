package snapshot

import (
	"bytes"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// Registry keys that IIS and HTTP.sys read, as look-ups take them.
const (
	RegHTTP     = `HKLM\SYSTEM\CurrentControlSet\Services\HTTP\Parameters`                        // limits of HTTP.sys, KB820129
	RegInetInfo = `HKLM\SYSTEM\CurrentControlSet\Services\InetInfo\Parameters`                    // DisableStaticFileCache, S1
	RegMSV1     = `HKLM\SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0`                              // Auth132: the sub-authentication DLL
	RegFirewall = `HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy` // profiles and open ports
	RegPolicies = `HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall`                              // the same, set by group policy
	RegClasses  = `HKLM\SOFTWARE\Classes`                                                         // HKEY_CLASSES_ROOT
)

// Registry is what registry exports (.reg) say of a server. Keys and names
// compare without case; HKEY_LOCAL_MACHINE and HKLM, HKEY_CLASSES_ROOT and
// HKLM\SOFTWARE\Classes, CurrentControlSet and the control set it stands for are
// the same. A nil Registry knows nothing.
type Registry struct {
	keys    map[string]*regKey // by canonical path, folded
	deleted map[string]int     // the clock when an export took the key and all below it out
	clock   int
	size    int // keys and values held
}

// regKey is one key that an export lists.
type regKey struct {
	at     source.Span
	born   int  // the clock when it was first listed
	partly bool // no export listed it: only what an edit set is known
	values []RegValue
	index  map[string]int // by name, folded; only for keys with many values
}

// maxRegistry bounds keys and values together: a whole machine has about a
// million, what IIS reads of them a few dozen.
const maxRegistry = 1 << 20

// maxKey and maxKeyDepth bound a key's path. Windows ends at 512 levels of 255
// letters; no key of a server is near that.
const (
	maxKey      = 2048
	maxKeyDepth = 128
)

// manyValues is from where on a key's values are found by a map.
const manyValues = 16

// Value looks a value up; name "" is the key's default value. It is No where an
// export lists the key or one above it, as exports hold whole subtrees, and
// Unknown where none does.
func (r *Registry) Value(key, name string) (RegValue, Known) {
	k, known := r.key(key)
	if k == nil {
		return RegValue{}, known
	}
	if i := k.find(name); i >= 0 {
		return k.values[i], Yes
	}
	if k.partly {
		return RegValue{}, Unknown
	}
	return RegValue{}, No
}

// HasKey reports whether the key exists: No where an export lists one above it.
func (r *Registry) HasKey(key string) Known {
	_, known := r.key(key)
	return known
}

// At is where the key stands, for a value that is absent; zero for an unknown key.
func (r *Registry) At(key string) source.Span {
	if k, _ := r.key(key); k != nil {
		return k.at
	}
	return source.Span{}
}

// Values gives all values of a key in the order of the exports.
func (r *Registry) Values(key string) []RegValue {
	if k, _ := r.key(key); k != nil {
		return slices.Clone(k.values)
	}
	return nil
}

// ContentType is the MIME type that HKEY_CLASSES_ROOT gives an extension (".png"),
// which IIS uses beside MimeMap (cc784353).
func (r *Registry) ContentType(ext string) (RegValue, Known) {
	return r.Value(RegClasses+`\`+ext, "Content Type")
}

// ClassServer is the DLL behind a programmatic ID such as CDONTS.NewMail. It is
// No where the ID, its CLSID or the CLSID's server is not registered (KB324649).
func (r *Registry) ClassServer(progID string) (RegValue, Known) {
	id, known := r.Value(RegClasses+`\`+progID+`\CLSID`, "")
	if known != Yes {
		return RegValue{}, known
	}
	clsid, _ := id.Str()
	return r.Value(RegClasses+`\CLSID\`+clsid+`\InprocServer32`, "")
}

func (r *Registry) key(path string) (*regKey, Known) {
	if r == nil {
		return nil, Unknown
	}
	fold := foldKey(path)
	k, known := r.exactly(fold)
	if other := r.otherSet(fold); k == nil && other != "" {
		if there, also := r.exactly(other); also != Unknown {
			return there, also
		}
	}
	return k, known
}

// otherSet is the same key below CurrentControlSet or below the set that this
// stands for, "" for a key of neither.
func (r *Registry) otherSet(fold string) string {
	if !strings.HasPrefix(fold, `hklm\system\c`) {
		return ""
	}
	set := r.controlSet()
	if rest, ok := strings.CutPrefix(fold, currentSet); ok {
		return set + rest
	}
	if rest, ok := strings.CutPrefix(fold, set); ok {
		return currentSet + rest
	}
	return ""
}

// exactly looks for the key itself, then for one above it that was exported or
// deleted with all below it.
func (r *Registry) exactly(fold string) (*regKey, Known) {
	k, known := r.keys[fold], Unknown
	for i := len(fold); i > 0; i = strings.LastIndexByte(fold[:i], '\\') {
		died, gone := r.deleted[fold[:i]]
		if gone && k != nil && died > k.born {
			k = nil
		}
		if above := r.keys[fold[:i]]; gone || above != nil && !above.partly {
			known = No
		}
	}
	if k != nil {
		known = Yes
	}
	return k, known
}

// ensure gives the key for values to be set in, new where it is not alive.
func (r *Registry) ensure(fold string, at source.Span) *regKey {
	k := r.keys[fold]
	if k != nil && len(r.deleted) > 0 {
		k, _ = r.exactly(fold)
	}
	if k == nil {
		r.clock++
		r.size++
		k = &regKey{at: at, born: r.clock}
		r.keys[fold] = k
	}
	return k
}

// remove takes a key out with all below it.
func (r *Registry) remove(fold string) {
	r.clock++
	r.size++
	r.deleted[fold] = r.clock
}

const currentSet = `hklm\system\currentcontrolset\`

// controlSet is the set that CurrentControlSet stands for, by HKLM\SYSTEM\Select.
func (r *Registry) controlSet() string {
	number := byte(1)
	if k := r.keys[`hklm\system\select`]; k != nil {
		if i := k.find("Current"); i >= 0 {
			if n, ok := k.values[i].DWORD(); ok && 0 < n && n < 10 {
				number = byte(n)
			}
		}
	}
	return `hklm\system\controlset00` + string('0'+number) + `\`
}

// foldKey makes the path that keys are compared by.
func foldKey(path string) string {
	fold := strings.ToLower(strings.Trim(path, `\`))
	hive, rest, _ := strings.Cut(fold, `\`)
	if short := hives[hive]; short != "" {
		hive = short
	}
	if rest != "" {
		hive += `\` + rest
	}
	return hive
}

// hives are the spellings of the roots.
var hives = map[string]string{
	"hkey_local_machine": "hklm", "hkey_classes_root": `hklm\software\classes`, "hkcr": `hklm\software\classes`,
	"hkey_current_user": "hkcu", "hkey_users": "hku", "hkey_current_config": "hkcc",
}

func (k *regKey) find(name string) int {
	if k.index != nil {
		if i, ok := k.index[strings.ToLower(name)]; ok {
			return i
		}
		return -1
	}
	return slices.IndexFunc(k.values, func(v RegValue) bool { return strings.EqualFold(v.Name, name) })
}

func (k *regKey) set(v RegValue) (added bool) {
	if i := k.find(v.Name); i >= 0 {
		k.values[i] = v
		return false
	}
	k.values = append(k.values, v)
	if k.index == nil && len(k.values) > manyValues {
		k.index = map[string]int{}
		for i, v := range k.values {
			k.index[strings.ToLower(v.Name)] = i
		}
	} else if k.index != nil {
		k.index[strings.ToLower(v.Name)] = len(k.values) - 1
	}
	return true
}

func (k *regKey) remove(name string) {
	if i := k.find(name); i >= 0 {
		k.values = slices.Delete(k.values, i, i+1)
		if k.index = nil; len(k.values) > manyValues {
			k.index = map[string]int{}
			for i, v := range k.values {
				k.index[strings.ToLower(v.Name)] = i
			}
		}
	}
}

// looksLikeRegistry recognises a registry export by its first line. head is text.
func looksLikeRegistry(head []byte) bool {
	_, ok := registryHeader(bytes.TrimLeft(head, " \t\r\n\uFEFF"))
	return ok
}

// registryHeader reports whether a line begins a .reg file and, if so, whether
// its strings are in the server's ANSI code page (REGEDIT4) or in UTF-16.
func registryHeader(line []byte) (ansi, ok bool) {
	const newer, older = "windows registry editor version", "regedit4"
	switch {
	case len(line) >= len(newer) && strings.EqualFold(string(line[:len(newer)]), newer):
		return false, true
	case len(line) >= len(older) && strings.EqualFold(string(line[:len(older)]), older):
		return true, true
	}
	return false, false
}
