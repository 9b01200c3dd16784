package eventlog

import "strings"

// missing finds the insert strings in the text that Windows gives where it has not
// the program's message file: "The description for Event ID ( 1009 ) in Source
// ( W3SVC ) cannot be found. ... The following information is part of the event:
// DefaultAppPool, 1204, c0000005." An export made on another computer has it. From
// Vista on the strings stand on lines of their own.
func missing(message string) ([]string, bool) {
	if !strings.Contains(message, "cannot be found") {
		return nil, false
	}
	if _, list, ok := strings.Cut(message, "is part of the event:"); ok {
		return insertList(list), true
	}
	_, list, ok := strings.Cut(message, "was included with the event:")
	if !ok {
		return nil, false
	}
	var inserts []string
	for line := range strings.Lines(list) {
		line = strings.TrimSpace(line)
		if line != "" && len(inserts) < maxInserts {
			inserts = append(inserts, line)
		}
	}
	return inserts, len(inserts) > 0
}

// insertList splits "a, b, c." and, as .NET writes it, "'a', 'b', 'c'".
func insertList(list string) []string {
	list = strings.TrimSpace(list)
	separator := ", "
	if strings.HasPrefix(list, "'") && strings.HasSuffix(list, "'") && len(list) > 1 {
		list, separator = list[1:len(list)-1], "', '"
	} else {
		list = strings.TrimSuffix(list, ".")
	}
	if list == "" {
		return nil
	}
	return strings.SplitN(list, separator, maxInserts+1)[:min(maxInserts, 1+strings.Count(list, separator))]
}
