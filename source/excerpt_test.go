package source

import "testing"

// TestMaskMisspelt: what follows a misspelt password's name is masked too, what
// follows a switch that only begins like one is shown.
func TestMaskMisspelt(t *testing.T) {
	for line, want := range map[string]string{
		`AnonymousPasswrd="a b"`:            `AnonymousPasswrd=[withheld]`,
		`WAMUserPas="x"`:                    `WAMUserPas=[withheld]`,
		`LogOdbcPasssword = 'x'`:            `LogOdbcPasssword = [withheld]`,
		`AdminACLs="x"`:                     `AdminACLs=[withheld]`,
		`SesionKey="x"`:                     `SesionKey=[withheld]`,
		`UNCPasword="x"`:                    `UNCPasword=[withheld]`,
		`clientSecret: x, credential=y;`:    `clientSecret: [withheld], credential=[withheld];`,
		`a=1;pwd=x;passphrase=y&PASSWORD=z`: `a=1;pwd=[withheld];passphrase=[withheld]&PASSWORD=[withheld]`,
		`AnonymousPasswordSync="TRUE"`:      `AnonymousPasswordSync="TRUE"`,
		`PassivePortRange="5000-6000"`:      `PassivePortRange="5000-6000"`,
		`UNCAuthenticationPassthrough="1"`:  `UNCAuthenticationPassthrough="1"`,
		`AuthNotifyPwdExpUrl="/a.asp"`:      `AuthNotifyPwdExpUrl="/a.asp"`,
	} {
		if got := MaskPasswords(line); got != want {
			t.Errorf("%s: got %s, want %s", line, got, want)
		}
	}
}
