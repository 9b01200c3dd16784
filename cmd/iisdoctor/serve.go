package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/reports"
	"github.com/iisdoctor/iisdoctor/server"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

func (p *program) serve() *cli.Command {
	return &cli.Command{
		Name:      "serve",
		Usage:     "serves the snapshot's sites from a reference server on loopback",
		ArgsUsage: "PATH...",
		Description: `Starts a server that answers as IIS 6.0 with this configuration would, prints where
each site is to be found, and then a line for every request: method, URL, status, the
stage that decided and the place of the value that refused. Nothing of the snapshot is
ever executed. It listens on this computer alone unless --listen says otherwise; every
binding gets a free port of its own, the first ` + strconv.Itoa(server.MaxEndpoints) + ` of them.

With --map-ports every site has one URL that opens in a browser, also a site that
answers to a host header alone: what comes to its port is taken to be for that name,
and redirects and links in HTML pages that name one of the sites lead to its port.

Ctrl-C lets requests under way finish for five seconds, a second Ctrl-C cuts them; then
it says what was done. With --begin-log it names the requests that began and never
ended, which a log of IIS does not show.`,
		UsageText: examples("serve server", "serve server --map-ports", "serve server --client-ip 127.0.0.1", "serve server --logs logs --faster 60", "serve server --begin-log --status-header"),
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "listen", Value: "127.0.0.1:0", Usage: "`ADDRESS` to listen on; the ports are free ones"},
			&cli.BoolFlag{Name: "map-ports", Usage: "one port for every site, so that its URL opens in a browser without its host name"},
			&cli.BoolFlag{Name: "status-header", Usage: "send X-IIS-Status with every answer: the status with its substatus and the stage that decided"},
			&cli.StringFlag{Name: "client-ip", Value: "192.0.2.1", Usage: "`ADDRESS` that every client is taken to have, in logs and for restrictions"},
			&cli.Float64Flag{Name: "faster", Value: 1, Usage: "`N` seconds of the server's clock and timers pass in a real one"},
			&cli.StringFlag{Name: "logs", Usage: "`FOLDER` in which the logs are written, as scan reads them"},
			&cli.BoolFlag{Name: "begin-log", Usage: "log every request also when it begins, so that unfinished ones show"},
			colorFlag(),
		}, snapshotFlags()...),
		Action: p.runServe,
	}
}

func (p *program) runServe(c *cli.Context) error {
	args, err := arguments(c, 1, -1)
	if err != nil {
		return err
	}
	host, err := listenAddress(c.String("listen"))
	if err != nil {
		return err
	}
	client := c.String("client-ip")
	if net.ParseIP(client) == nil {
		return usage("", "--client-ip %q is no IP address", client)
	}
	speed := c.Float64("faster")
	if !(speed >= 1 && speed <= 10000) {
		return usage("", "--faster %v is not between 1 and 10000", speed)
	}
	o, err := p.options(c, false)
	if err != nil {
		return err
	}
	s, err := p.open(c, args)
	if err != nil {
		return err
	}
	p.warnOfVisitors(host)
	return p.answer(s, func() error {
		return p.serveUntil(s, server.Options{Listen: host, ClientIP: client,
			Speed: speed, Logs: c.String("logs"), BeginLog: c.Bool("begin-log"),
			MapPorts: c.Bool("map-ports"), Status: c.Bool("status-header")}, o)
	})
}

// warnOfVisitors says loudly that others can reach the server, if they can.
func (p *program) warnOfVisitors(host string) {
	if !net.ParseIP(host).IsLoopback() {
		fmt.Fprintf(p.stderr, "WARNING: listening on %s. Whoever reaches this computer can read the content of the snapshot.\n", host)
	}
}

// listenAddress reads ADDRESS or ADDRESS:0. A port cannot be chosen, because one
// port cannot stand for all ports of the bindings.
func listenAddress(text string) (string, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		host, port = strings.Trim(text, "[]"), "0"
	}
	if strings.EqualFold(host, "localhost") {
		host = "127.0.0.1"
	}
	switch {
	case net.ParseIP(host) == nil:
		return "", usage("", "--listen %q is no IP address", text)
	case port != "0":
		return "", usage("give the address alone: --listen "+host, "--listen %q: the port cannot be chosen, every binding gets a free one", text)
	}
	return host, nil
}

// drainTime is how long requests under way may take after Ctrl-C.
const drainTime = 5 * time.Second

// garbage is what a server with little in memory may leave behind between two
// collections. At the default, as much as is in use, a small site would spend a quarter
// of its time looking for it.
const garbage = 32 << 20

// collectSeldom allows that much and gives the setting before.
func collectSeldom() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return debug.SetGCPercent(int(max(100, 100*garbage/max(m.HeapAlloc, 1))))
}

// serveUntil serves the snapshot until the user interrupts.
func (p *program) serveUntil(s *snapshot.Snapshot, options server.Options, o reports.Options) error {
	out := &lateWriter{w: p.stdout}
	defer out.flush()
	live := reports.NewLive(out, o)
	options.Unlogged = true
	options.OnAnswer = func(a server.Answer) { _ = live.Answer(&a) }
	srv, err := server.Start(s, options)
	if err != nil {
		return usage("", "cannot serve: %v", err)
	}
	ctx, stop := signal.NotifyContext(p.ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	write := reports.WriteSites
	if options.MapPorts {
		write = reports.WriteMappedSites
	}
	if err := write(out, iis.Bindings(s.Metabase), srv.Endpoints(), o); err != nil {
		return errors.Join(err, srv.Close())
	}
	out.flush()
	defer debug.SetGCPercent(collectSeldom())
	fmt.Fprintln(p.stderr, "Ctrl-C ends it.")
	<-ctx.Done()
	stop() // from here on a second Ctrl-C is a new signal
	return p.drain(srv, out, options, o)
}

// drain ends the server and tells what became of its requests and logs.
func (p *program) drain(srv *server.Server, live *lateWriter, options server.Options, o reports.Options) error {
	again, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ending, err := srv.Drain(drainTime, again.Done())
	live.flush()
	ending.Logs = below(options.Logs, ending.Logs)
	talked := reports.WriteEnding(p.stderr, ending, o)
	if options.BeginLog {
		err = errors.Join(reports.WriteUnfinished(p.stdout, ending.Open, o), err)
	}
	return errors.Join(talked, err)
}

// below joins a folder as the user gave it with the names of files in it.
func below(folder string, names []string) (paths []string) {
	for _, name := range names {
		paths = append(paths, filepath.Join(folder, filepath.FromSlash(name)))
	}
	return paths
}
