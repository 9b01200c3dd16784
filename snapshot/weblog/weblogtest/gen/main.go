// Gen writes a log to standard output, for measuring.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/iisdoctor/iisdoctor/snapshot/weblog/weblogtest"
)

func main() {
	size := flag.Int64("size", 1_000_000_000, "`bytes` to write, about")
	seed := flag.Uint64("seed", 1, "another seed gives another log")
	httperr := flag.Bool("httperr", false, "write an HTTPERR log instead of a W3C log")
	flag.Parse()
	var err error
	if *httperr {
		err = weblogtest.HTTPERR(os.Stdout, *size, *seed, true)
	} else {
		err = weblogtest.W3C(os.Stdout, *size, *seed)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
