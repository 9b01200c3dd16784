package server

import (
	"bufio"
	"io"
	"testing"
)

// BenchmarkStatic asks for a small file over one kept connection.
func BenchmarkStatic(b *testing.B) {
	srv := start(b, fixture(b, "", ""), Options{Now: nil})
	c := dial(b, srv, 80)
	r := bufio.NewReader(c)
	request := []byte("GET /hello.txt HTTP/1.1\r\nHost: www.contoso.com\r\nUser-Agent: bench\r\n\r\n")
	b.ReportAllocs()
	for b.Loop() {
		c.Write(request)
		for {
			line, err := r.ReadSlice('\n')
			if err != nil {
				b.Fatal(err)
			}
			if len(line) == 2 {
				break
			}
		}
		if _, err := io.CopyN(io.Discard, r, 5); err != nil {
			b.Fatal(err)
		}
	}
}
