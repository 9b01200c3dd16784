package main

import (
	"errors"
	"math"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iisdoctor/iisdoctor/snapshot"
)

// limits is the category of the flags that bound archives and standard input.
const limits = "limits"

// snapshotFlags are those of every command that opens a snapshot.
func snapshotFlags() []cli.Flag {
	d := snapshot.DefaultLimits()
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "map", Usage: "the folder `'WINDOWS=FOLDER'` holds the content of a folder of the server: 'C:\\inetpub=./inetpub'; may be given several times"},
		limitFlag("max-entries", "most files and folders (`COUNT`) of one archive", int64(d.Entries)),
		limitFlag("max-expanded", "most bytes (`SIZE`) that one archive may expand to", d.Expanded),
		limitFlag("max-ratio", "how many `TIMES` its packed size an entry may expand to", d.Ratio),
		limitFlag("max-depth", "most archives (`COUNT`) around a file", int64(d.Depth)),
		limitFlag("max-name", "most bytes (`SIZE`) of the path of an entry", int64(d.Name)),
		limitFlag("max-memory", "most bytes (`SIZE`) held at once of standard input and packed files", d.Memory),
	}
}

func limitFlag(name, usage string, standard int64) cli.Flag {
	return &cli.StringFlag{Name: name, Usage: usage, Value: sizeText(standard), Category: limits}
}

// open opens the paths as one server, the way the flags say. What the operating
// system refuses is told in its words.
func (p *program) open(c *cli.Context, paths []string) (*snapshot.Snapshot, error) {
	for _, path := range paths {
		if path == "" {
			return nil, usage("", "a PATH is empty")
		}
		if strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://") {
			return nil, usage("name a file or a folder", "cannot read %q", path)
		}
	}
	o := snapshot.Options{Paths: paths, Stdin: c.App.Reader}
	var err error
	if o.Limits, err = limitsOf(c); err != nil {
		return nil, err
	}
	if o.Maps, err = mapsOf(c); err != nil {
		return nil, err
	}
	if err := spareInputs(c.StringSlice("output"), paths, o.Maps); err != nil {
		return nil, err
	}
	line := p.progress()
	if line != nil {
		o.Progress = line.say
		defer line.clear()
	}
	s, err := snapshot.OpenWith(o)
	if err != nil {
		return nil, openError(err)
	}
	saveMemory(s)
	return s, nil
}

// openError leaves alone what is said in whole sentences already.
func openError(err error) error {
	for _, whole := range []error{snapshot.ErrTwoMetabases, snapshot.ErrMap, snapshot.ErrNothing} {
		if errors.Is(err, whole) {
			return usage("", "%v", err)
		}
	}
	return usage("", "cannot read the snapshot: %v", err)
}

// largeMetabase is the size of a metabase, in bytes, from which memory is saved.
const largeMetabase = 16 << 20

// heapBeside is what the heap may take beside twice the file.
const heapBeside = 36 << 20

// saveMemory gives back what reading a large metabase left over and bounds what the
// checks may fill with garbage. Text and tree stay to the end. The budget is twice the
// file and 64 MB, of which some is not the heap's: by default 200 MB (20,000 sites)
// would need 620 MB.
func saveMemory(s *snapshot.Snapshot) {
	if s.Metabase != nil && len(s.Metabase.Text().Bytes()) > largeMetabase {
		debug.SetMemoryLimit(2*int64(len(s.Metabase.Text().Bytes())) + heapBeside)
		debug.FreeOSMemory()
	}
}

func mapsOf(c *cli.Context) ([]snapshot.Map, error) {
	var maps []snapshot.Map
	for _, text := range c.StringSlice("map") {
		m, err := snapshot.ParseMap(text)
		if err != nil {
			return nil, usage("", "--map: %v", err)
		}
		maps = append(maps, m)
	}
	return maps, nil
}

// limitsOf reads the limits; the first that is wrong is the error.
func limitsOf(c *cli.Context) (snapshot.Limits, error) {
	var first error
	get := func(name string, most int64) int64 {
		n, ok := parseSize(c.String(name))
		if (!ok || n > most) && first == nil {
			first = usage("K, M and G stand for 1024, 1024² and 1024³", "--%s %q is no number from 1 to %d, such as 500, 64K, 512M or 2G", name, c.String(name), most)
		}
		return n
	}
	l := snapshot.Limits{
		Entries: int(get("max-entries", math.MaxInt32)), Expanded: get("max-expanded", math.MaxInt64), Ratio: get("max-ratio", math.MaxInt32),
		Depth: int(get("max-depth", math.MaxInt32)), Name: int(get("max-name", math.MaxInt32)), Memory: get("max-memory", math.MaxInt64),
	}
	return l, first
}

// sizeText is the shortest text that parseSize reads as n.
func sizeText(n int64) string {
	unit := 0
	for ; unit < 3 && n%1024 == 0; unit++ {
		n /= 1024
	}
	return strconv.FormatInt(n, 10) + []string{"", "K", "M", "G"}[unit]
}

// parseSize reads a number above 0 that may end in K, M or G.
func parseSize(text string) (int64, bool) {
	factor := int64(1)
	if text != "" {
		if power := strings.IndexByte("KMG", text[len(text)-1]&^0x20); power >= 0 {
			factor, text = 1<<(10*(power+1)), text[:len(text)-1]
		}
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil || n == 0 || int64(n) > math.MaxInt64/factor {
		return 0, false
	}
	return int64(n) * factor, true
}
