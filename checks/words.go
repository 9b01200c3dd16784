package checks

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

// failures holds the fault folders: words, snapshots and proofs. healthy is the
// complete server that a fault folder's broken/ is laid over.
//
//go:embed all:failures all:healthy
var files embed.FS

// Folder gives the fault folder of a check, and Healthy the server below it.
func Folder(id string) (fs.FS, error) { return fs.Sub(files, path.Join("failures", id)) }

// Healthy is a complete server without a fault.
func Healthy() (fs.FS, error) { return fs.Sub(files, "healthy") }

// WordsOf gives the words of a check, read from its fault folder's README.md; ok
// is false for an ID that has none.
func WordsOf(id string) (Words, bool) {
	text, err := fs.ReadFile(files, path.Join("failures", id, "README.md"))
	if err != nil {
		return Words{}, false
	}
	return parseWords(id, string(text)), true
}

// parseWords takes a README apart at its headings.
func parseWords(id, text string) Words {
	w := Words{ID: id}
	parts := map[string]*string{"Symptom": &w.Symptom, "Cause": &w.Cause, "Remedy": &w.Remedy, "Sources": &w.Sources}
	var at *string
	var lines []string
	end := func() {
		if at != nil {
			*at = strings.Trim(strings.Join(lines, "\n"), "\n")
		}
		at, lines = nil, nil
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if title, ok := strings.CutPrefix(line, "# "); ok && w.Title == "" {
			w.Title = strings.TrimSpace(title)
			continue
		}
		if heading, ok := strings.CutPrefix(line, "## "); ok {
			end()
			at = parts[strings.TrimSpace(heading)]
			continue
		}
		if codes, ok := strings.CutPrefix(line, "Codes:"); ok && at == nil {
			for code := range strings.SplitSeq(codes, ",") {
				w.Codes = append(w.Codes, strings.TrimSpace(code))
			}
			continue
		}
		lines = append(lines, line)
	}
	end()
	return w
}
