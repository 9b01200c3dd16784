package iis

import (
	"encoding/binary"
	"io"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

const environment = `HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment`

// WorkerBits is 32 or 64 for the worker processes of the server, 0 where the snapshot
// does not tell: Enable32bitAppOnWin64 makes them 32-bit ones (cc735105 names the mode
// in event 2274), else they are what the processor is. from is the setting that says
// so, unset where the registry does.
func (m *Model) WorkerBits() (bits int, from metabase.Value) {
	from = m.tree.Effective("/LM/W3SVC/AppPools", "Enable32bitAppOnWin64")
	if on, ok := from.Bool(); ok && on && from.IsSet() {
		return 32, from
	}
	v, known := m.snapshot.Registry.Value(environment, "PROCESSOR_ARCHITECTURE")
	if known != snapshot.Yes {
		return 0, from
	}
	arch, _ := v.Str()
	switch strings.ToUpper(arch) {
	case "X86":
		return 32, from
	case "AMD64", "IA64":
		return 64, from
	}
	return 0, from
}

// DLLBits is 32 or 64 for a DLL of the snapshot by the machine that its PE header
// names (Microsoft, PE format), 0 for what is none or was not collected.
func (m *Model) DLLBits(path source.WinPath) int {
	if _, known := m.snapshot.Content.Stat(path, path.Dir()); known != snapshot.Yes {
		return 0
	}
	f, err := m.snapshot.Content.Open(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, _ := io.ReadFull(f, head)
	return machineBits(head[:n])
}

// OtherBits reports whether a DLL is known to be built for another processor mode than
// that of the worker processes.
func (m *Model) OtherBits(path source.WinPath) bool {
	worker, _ := m.WorkerBits()
	if worker == 0 {
		return false
	}
	dll := m.DLLBits(path)
	return dll != 0 && dll != worker
}

func machineBits(head []byte) int {
	const newHeader = 0x3c
	if len(head) < newHeader+4 || string(head[:2]) != "MZ" {
		return 0
	}
	at := binary.LittleEndian.Uint32(head[newHeader:])
	if uint64(at)+6 > uint64(len(head)) || string(head[at:at+4]) != "PE\x00\x00" {
		return 0
	}
	switch binary.LittleEndian.Uint16(head[at+4:]) {
	case 0x14c:
		return 32
	case 0x8664, 0x200:
		return 64
	}
	return 0
}
