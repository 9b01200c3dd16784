// Command iisdoctor diagnoses the configuration of an IIS server from its files
// and proves what it says.
package main

import "os"

func main() { os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr)) }
