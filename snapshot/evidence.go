package snapshot

import (
	"errors"

	"github.com/iisdoctor/iisdoctor/source"
)

// hasEvidence reports whether there is anything beside metabase and content.
func (s *Snapshot) hasEvidence() bool {
	return s.Registry != nil || s.ACLs != nil || s.Firewall != nil || s.Rights != nil || s.WorkerGroup != nil || s.URLScan != nil || s.URLScanLogs != nil || s.Logs != nil || s.Events != nil
}

// evidence reads what there is beside metabase and content.
func (c *collector) evidence(s *Snapshot, files []found) error {
	if err := c.settings(s, files); err != nil {
		return err
	}
	if s.Firewall == nil && s.Registry != nil {
		s.Firewall = FirewallFrom(s.Registry)
	}
	if s.WorkerGroup != nil && s.Metabase != nil {
		s.WorkerGroup.settle(s.Metabase)
	}
	return c.logs(s, files)
}

// settings reads what is kept as text, with a place for every value.
func (c *collector) settings(s *Snapshot, files []found) error {
	return errors.Join(
		c.each(only(files, KindRegistry), maxExport, func(t *source.Text) []source.Problem {
			if s.Registry == nil {
				s.Registry = &Registry{}
			}
			return s.Registry.Read(t)
		}),
		c.each(only(files, KindACLs), maxExport, func(t *source.Text) []source.Problem {
			if s.ACLs == nil {
				s.ACLs = &ACLs{}
			}
			return s.ACLs.Read(t)
		}),
		c.each(only(files, KindFirewall), maxSettings, func(t *source.Text) []source.Problem {
			if s.Firewall == nil {
				s.Firewall = &Firewall{}
			}
			return s.Firewall.Read(t)
		}),
		c.each(c.one(files, KindSecurityPolicy, "security policy", "one policy of one server"), maxSettings, func(t *source.Text) (p []source.Problem) {
			s.Rights, p = ReadRights(t)
			return p
		}),
		c.each(c.one(files, KindWorkerGroup, "list of the group "+WorkerGroupName, "one list of one server"), maxSettings, func(t *source.Text) (p []source.Problem) {
			s.WorkerGroup, p = ReadWorkerGroup(t)
			return p
		}),
		c.each(c.one(files, KindURLScanINI, "UrlScan.ini", "one UrlScan.ini"), maxSettings, func(t *source.Text) (p []source.Problem) {
			s.URLScan, p = ReadUrlScan(t)
			return p
		}),
		c.each(only(files, KindURLScanLog), maxExport, func(t *source.Text) []source.Problem {
			l, p := ReadUrlScanLog(t)
			s.URLScanLogs = append(s.URLScanLogs, l)
			return p
		}),
	)
}

// each reads files as text. They say nothing of their encoding.
func (c *collector) each(files []found, limit int64, take func(*source.Text) []source.Problem) error {
	for _, f := range files {
		text, ok, err := c.read(f, limit, source.DecodeANSI)
		if err != nil {
			return err
		}
		if ok {
			text, problems := mend(text)
			c.problems = append(append(c.problems, problems...), take(text)...)
		}
	}
	return nil
}

// one gives the only file of a kind. Of several the first is read, and the others
// are a problem: which of them is in force only the server's owner knows.
func (c *collector) one(files []found, kind Kind, what, expected string) []found {
	list := only(files, kind)
	for _, f := range list[min(1, len(list)):] {
		c.problem(f.name, "a second "+what, expected, "Leave out "+f.name+" or "+list[0].name+"; the second was not read.")
	}
	return list[:min(1, len(list))]
}
