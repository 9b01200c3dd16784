package iis

import (
	"testing"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// TestMachineBits: the machine numbers are those of Microsoft's PE format.
func TestMachineBits(t *testing.T) {
	image := func(at byte, signature string) []byte {
		b := make([]byte, 0x80)
		copy(b, "MZ")
		b[0x3c] = at
		copy(b[0x40:], signature)
		return b
	}
	for _, c := range []struct {
		name string
		head []byte
		want int
	}{
		{"x86", image(0x40, "PE\x00\x00\x4c\x01"), 32}, {"AMD64", image(0x40, "PE\x00\x00\x64\x86"), 64}, {"Itanium", image(0x40, "PE\x00\x00\x00\x02"), 64},
		{"another machine", image(0x40, "PE\x00\x00\xc4\x01"), 0}, {"16 bits", image(0x40, "NE\x00\x00\x4c\x01"), 0},
		{"beyond the end", image(0x7c, "PE"), 0}, {"cut off", image(0x40, "PE\x00\x00\x4c\x01")[:0x3f], 0}, {"text", []byte("MZ an invented program"), 0}, {"empty", nil, 0},
	} {
		if got := machineBits(c.head); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestWorkerBits(t *testing.T) {
	for _, c := range []struct {
		pools, arch string
		want        int
	}{
		{"", "", 0}, {"", "x86", 32}, {"", "AMD64", 64}, {"", "IA64", 64}, {"", "ARM", 0},
		{`Enable32bitAppOnWin64="TRUE"`, "AMD64", 32}, {`Enable32bitAppOnWin64="FALSE"`, "AMD64", 64}, {`Enable32bitAppOnWin64="TRUE"`, "", 32},
	} {
		m := with(t, map[string]string{"SERVICE": c.pools}, nil)
		if c.arch != "" {
			m.snapshot.Registry, _ = snapshot.ReadRegistry(source.NewText("r.reg", []byte("REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment]\n\"PROCESSOR_ARCHITECTURE\"=\""+c.arch+"\"\n")))
		}
		if got, _ := m.WorkerBits(); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}
