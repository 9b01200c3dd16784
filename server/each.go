package server

import "strings"

// list is an array of one dimension whose elements are no arrays. They cannot be changed.
type list struct {
	items []value
	size  int64 // bytes that it holds
}

// maxItems bounds an array.
const maxItems = 100000

func listOf(items []value) (*list, error) {
	l := &list{items: items, size: entryBytes}
	for _, v := range items {
		if _, nested := v.(*list); nested || len(items) > maxItems {
			return nil, errNotModelled
		}
		l.size += sizeOf(v)
	}
	return l, nil
}

// at is the element at an index.
func (l *list) at(args []value) (value, error) {
	n, ok := numberOf(first(args))
	switch {
	case len(args) != 1:
		return nil, errNotModelled
	case !ok:
		return nil, typeMismatch
	case n < 0 || n >= int64(len(l.items)):
		return nil, runtimeFault("800a0009", "Subscript out of range")
	}
	return l.items[n], nil
}

// arrayFunction runs the functions that make and measure arrays; ok is false for others.
func arrayFunction(name string, args []value) (v value, ok bool, err error) {
	l, isList := first(args).(*list)
	switch {
	case name == "array":
		made, err := listOf(append([]value(nil), args...))
		return made, true, err
	case name == "ubound" && len(args) == 1 && isList:
		return int64(len(l.items) - 1), true, nil
	case name == "lbound" && len(args) == 1 && isList:
		return int64(0), true, nil
	case name == "isarray" && len(args) == 1:
		return isList, true, nil
	case name == "split" && (len(args) == 1 || len(args) == 2):
		v, err := splitText(args)
		return v, true, err
	}
	return nil, false, nil
}

// splitText is Split(text, between); between is a blank where it is left out.
func splitText(args []value) (value, error) {
	text, ok := textOf(args[0])
	between, also := " ", true
	if len(args) == 2 {
		between, also = textOf(args[1])
	}
	switch {
	case !ok || !also:
		return nil, typeMismatch
	case between == "" || strings.Count(text, between) >= maxItems:
		return nil, errNotModelled
	}
	var parts []value
	for part := range strings.SplitSeq(text, between) {
		parts = append(parts, part)
	}
	return listOf(parts)
}

// enterEach begins For Each name In elements.
func (r *run) enterEach(at int, op *operation, tail string) (int, error) {
	name, rest := firstWord(tail)
	word, source := firstWord(rest)
	if word != "in" || name == "" || strings.Contains(name, ".") {
		return at, errNotModelled
	}
	items, err := r.elements(strings.TrimSpace(source))
	if err != nil {
		return at, err
	}
	c := &counter{name: name, each: true, items: items}
	r.counters()[at] = c
	return r.nextEach(op.jump, at, c)
}

// elements are those of an array, or the names of a form or query in the order in
// which they came.
func (r *run) elements(source string) ([]value, error) {
	switch strings.ToLower(source) {
	case "request.querystring":
		if r.x != nil {
			return formNames(r.x.out.Request.Query), nil
		}
	case "request.form":
		if r.x != nil {
			f := r.readForm()
			return formNames(string(f.raw)), f.err
		}
	}
	v, err := r.evaluate(source)
	if err != nil {
		return nil, err
	}
	if l, ok := v.(*list); ok {
		return l.items, nil
	}
	return nil, errNotModelled
}

// nextEach goes on with the next element, or behind the loop: next is its Next.
func (r *run) nextEach(next, begin int, c *counter) (int, error) {
	if len(c.items) == 0 {
		return next + 1, nil
	}
	v := c.items[0]
	c.items = c.items[1:]
	return begin + 1, r.store(c.name, v)
}

// formNames are the names of name=value pairs, each once, in order.
func formNames(s string) (names []value) {
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(s, "&") {
		name, _, _ := strings.Cut(pair, "=")
		name = unescape(name)
		if name != "" && !seen[strings.ToLower(name)] && len(names) < maxItems {
			seen[strings.ToLower(name)] = true
			names = append(names, name)
		}
	}
	return names
}
