package server

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"strings"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
)

// maxNames bounds the host names in the certificate: a handshake message holds 64 KiB.
const maxNames = 1000

// hasCertificate reports whether the binding's site has a certificate assigned.
func (s *Server) hasCertificate(b iis.Binding) bool {
	v := s.tree.Effective(b.Site, "SSLCertHash")
	return v.IsSet() && (v.Secret() || strings.TrimSpace(v.Text()) != "")
}

// makeCertificate makes a certificate for this run. The real one's key is not in a
// snapshot; clients of this server trust RootCAs and nothing else.
func (s *Server) makeCertificate(bindings []iis.Binding) error {
	if !anySecure(bindings) {
		return nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(time.Now().UnixNano()),
		Subject:               pkix.Name{CommonName: "iisdoctor reference server"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().AddDate(1, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	template.DNSNames, template.IPAddresses = certificateNames(bindings)
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return err
	}
	s.roots.AddCert(leaf)
	s.tls = &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}},
		NextProtos:   []string{"http/1.1"},
	}
	return nil
}

func anySecure(bindings []iis.Binding) bool {
	for _, b := range bindings {
		if b.Secure {
			return true
		}
	}
	return false
}

// certificateNames are the hosts and addresses of the bindings, those of sites
// with a secure binding first, so that they fit.
func certificateNames(bindings []iis.Binding) (names []string, ips []net.IP) {
	secure := map[string]bool{}
	for _, b := range bindings {
		if b.Secure {
			secure[b.Site.Fold()] = true
		}
	}
	names, ips = []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1)}
	seen := map[string]bool{"localhost": true, "": true}
	for _, first := range [...]bool{true, false} {
		for _, b := range bindings {
			if secure[b.Site.Fold()] != first || len(names)+len(ips) >= maxNames {
				continue
			}
			if host := strings.ToLower(b.Host); !seen[host] && isDNSName(host) {
				seen[host] = true
				names = append(names, host)
			}
			if ip := net.ParseIP(b.IP); ip != nil && !seen[b.IP] {
				seen[b.IP] = true
				ips = append(ips, ip)
			}
		}
	}
	return names, ips
}

// isDNSName keeps names out of the certificate that x509 would refuse as a whole.
func isDNSName(s string) bool {
	if len(s) > 253 || strings.HasPrefix(s, ".") || strings.HasSuffix(s, ".") || strings.Contains(s, "..") {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c != '.' && c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
