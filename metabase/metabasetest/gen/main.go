// Command gen writes a metabase of any size to standard output:
//
//	go run ./metabase/metabasetest/gen -sites 20000 > big.xml
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/iisdoctor/iisdoctor/metabase/metabasetest"
)

func main() {
	sites := flag.Int("sites", 2000, "how many sites, some 10 KB each")
	flag.Parse()
	if err := metabasetest.Generate(os.Stdout, *sites); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
