// Count sums logs up and prints the totals, for measuring.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime/pprof"

	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
)

func main() {
	profile := flag.String("cpuprofile", "", "write a profile to this `file`")
	groups := flag.Bool("groups", false, "print every group")
	flag.Parse()
	if *profile != "" {
		out, err := os.Create(*profile)
		if err != nil {
			fail(err)
		}
		defer out.Close()
		if err := pprof.StartCPUProfile(out); err != nil {
			fail(err)
		}
		defer pprof.StopCPUProfile()
	}
	var sum weblog.Summary
	for _, name := range flag.Args() {
		if err := add(&sum, name); err != nil {
			fail(err)
		}
	}
	fmt.Printf("%+v, %d groups of requests, %d of errors\n", sum.Totals(), len(sum.Requests()), len(sum.Errors()))
	if *groups {
		for _, g := range sum.Requests() {
			fmt.Printf("%+v %d %s %s %d URLs %v\n", g.Key, g.Count, g.First, g.Last, len(g.URLs), g.Samples)
		}
		for _, g := range sum.Errors() {
			fmt.Printf("%+v %d %s %s %d URLs %v\n", g.Key, g.Count, g.First, g.Last, len(g.URLs), g.Samples)
		}
	}
}

func add(sum *weblog.Summary, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	for _, p := range sum.Add(name, weblog.SiteOf(name), file, info.Size()) {
		fmt.Println(p)
	}
	return nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "count:", err)
	os.Exit(1)
}
