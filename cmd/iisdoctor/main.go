// Command iisdoctor diagnoses the configuration of an IIS server from its files
// and proves what it says.
package main

import (
	"os"

	"github.com/iisdoctor/iisdoctor/server"
)

func main() {
	server.CGIMain() // the reference server starts this program as its CGI programs
	os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr))
}
