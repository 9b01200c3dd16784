package source

import "testing"

// TestMaskMisspelt: what follows a misspelt password's name is masked too, what
// follows a switch that only begins like one is shown.
func TestMaskMisspelt(t *testing.T) {
	for line, want := range map[string]string{
		`AnonymousPasswrd="a b"`:                        `AnonymousPasswrd=[withheld]`,
		`WAMUserPas="x"`:                                `WAMUserPas=[withheld]`,
		`LogOdbcPasssword = 'x'`:                        `LogOdbcPasssword = [withheld]`,
		`AdminACLs="x"`:                                 `AdminACLs=[withheld]`,
		`SesionKey="x"`:                                 `SesionKey=[withheld]`,
		`UNCPasword="x"`:                                `UNCPasword=[withheld]`,
		`clientSecret: x, credential=y;`:                `clientSecret: [withheld], credential=[withheld];`,
		`a=1;pwd=x;passphrase=y&PASSWORD=z`:             `a=1;pwd=[withheld];passphrase=[withheld]&PASSWORD=[withheld]`,
		`AnonymousPasswordSync="TRUE"`:                  `AnonymousPasswordSync="TRUE"`,
		`password=ab&amp;S3CRET`:                        `password=[withheld]`,
		`password=ab'S3CRET`:                            `password=[withheld]`,
		`password=ab&quot;S3CRET x`:                     `password=[withheld] x`,
		`x Password={a;S3CRET};b`:                       `x Password=[withheld];b`,
		`s="Pwd=""S3CRET""" : x`:                        `s="Pwd=[withheld]" : x`,
		`a="x.exe password=\"ab\" %s"`:                  `a="x.exe password=[withheld] %s"`,
		`x.exe pwd=&quot;S3CRET&quot; %s`:               `x.exe pwd=[withheld] %s`,
		`password=&#83;3CRET,1`:                         `password=[withheld],1`,
		`&#112;assword=S3CRET`:                          `&#112;assword=[withheld]`,
		`Session("password")="S3CRET" : x`:              `Session("password")=[withheld] : x`,
		`rs("pwd") = "S3CRET"`:                          `rs("pwd") = [withheld]`,
		`rs['pwd'] = 'S3CRET';`:                         `rs['pwd'] = [withheld];`,
		`strPassword1="S3CRET"`:                         `strPassword1=[withheld]`,
		`Const DBPW="S3CRET"`:                           `Const DBPW=[withheld]`,
		`pw=S3CRET;passcode=S3CRET`:                     `pw=[withheld];passcode=[withheld]`,
		`apikey=S3CRET&api_key=S3CRET&b=1`:              `apikey=[withheld]&api_key=[withheld]&b=1`,
		`API-Key: S3CRET`:                               `API-Key: [withheld]`,
		`x.exe -pin S3CRET`:                             `x.exe -pin [withheld]`,
		"client\u017fecret = S3CRET":                    `clientſecret = [withheld]`,
		"PA\u017f\u017fWORD=S3CRET":                     `PAſſWORD=[withheld]`,
		"api\u212aey=S3CRET":                            "api\u212aey=[withheld]",
		`token=S3CRET pin=S3CRET`:                       `token=[withheld] pin=[withheld]`,
		`<param name="Password" value="S3CRET">`:        `<param name="Password" value=[withheld]>`,
		`<input type=password name=p value='S3CRET' />`: `<input type=password name=p value=[withheld] />`,
		`<input type=text name=p value='open' />`:       `<input type=text name=p value='open' />`,
		`http://u:S3CRET@h/ x`:                          `http://u:[withheld]@h/ x`,
		`http://h:8080/a@b`:                             `http://h:8080/a@b`,
		`c.Open "dsn","sa","S3CRET" : y`:                `c.Open "dsn","sa",[withheld] : y`,
		`x.Open "GET", "/a.asp", False`:                 `x.Open "GET", "/a.asp", False`,
		`x.exe --password S3CRET %s`:                    `x.exe --password [withheld] %s`,
		`pwd = Request("x") & "S3CRET" %> b`:            `pwd = [withheld]%> b`,
		`<% c.Password("S3CRET") %>`:                    `<% c.Password([withheld]) %>`,
		`Request("password")`:                           `Request("password")`,
		`unexpected token: "a"`:                         `unexpected token: "a"`,
		`type the password "x"`:                         `type the password "x"`,
		`mapping=1;spinning=2`:                          `mapping=1;spinning=2`,
		`PassivePortRange="5000-6000"`:                  `PassivePortRange="5000-6000"`,
		`UNCAuthenticationPassthrough="1"`:              `UNCAuthenticationPassthrough="1"`,
		`AuthNotifyPwdExpUrl="/a.asp"`:                  `AuthNotifyPwdExpUrl="/a.asp"`,
	} {
		if got := MaskPasswords(line); got != want {
			t.Errorf("%s: got %s, want %s", line, got, want)
		}
	}
}
