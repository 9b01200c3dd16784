package snapshot

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// ErrStdin is wrapped by the error of OpenWith where standard input cannot be read:
// it is named twice or not given.
var ErrStdin = errors.New("standard input")

// stdin takes what stands on standard input. A log is read as it comes, however
// long it is; anything else is held in memory.
func (c *collector) stdin(r io.Reader) error {
	if r == nil {
		return fmt.Errorf("%w is not connected", ErrStdin)
	}
	for _, f := range c.found {
		if f.name == "-" {
			return fmt.Errorf("%w is named twice", ErrStdin)
		}
	}
	head, err := io.ReadAll(io.LimitReader(r, headSize))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrStdin, err)
	}
	f := found{name: "-", shown: "-", asked: true}
	if look := recognise(head, true); look.streamed() {
		f.open = once(head, r)
		return c.take(f, head)
	}
	held, err := c.hold(io.MultiReader(bytes.NewReader(head), r))
	if over := (overLimit{}); errors.As(err, &over) {
		return fmt.Errorf("%w: %w; name a file, or raise the limit with %s", ErrStdin, err, over.flag)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrStdin, err)
	}
	f.open = inMemory("-", held)
	return c.take(f, head)
}

// once opens a stream whose head was read already. It can be opened a single time.
func once(head []byte, rest io.Reader) func() (fs.File, error) {
	used := false
	return func() (fs.File, error) {
		if used {
			return nil, fmt.Errorf("%w was read already", ErrStdin)
		}
		used = true
		return stream{&node{name: "-", size: unknownSize}, io.NopCloser(io.MultiReader(bytes.NewReader(head), rest))}, nil
	}
}
