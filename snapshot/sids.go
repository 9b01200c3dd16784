package snapshot

import (
	"strings"
	"sync"
)

// wellKnown are the identifiers that Windows gives every computer (KB243330) with
// their names, English first, then as localised servers write them. The localised
// ones are as listings show them; a name that is not here is only unknown.
var wellKnown = []struct {
	sid   string
	names []string
}{
	{"S-1-1-0", []string{"Everyone", "Jeder", "Tout le monde", "Todos", "Iedereen", "Wszyscy", "Все", "Alla", "Herkes"}},
	{"S-1-3-0", []string{"CREATOR OWNER", "ERSTELLER-BESITZER", "CREATEUR PROPRIETAIRE", "CRÉATEUR PROPRIÉTAIRE", "СОЗДАТЕЛЬ-ВЛАДЕЛЕЦ"}},
	{"S-1-3-1", []string{"CREATOR GROUP", "ERSTELLERGRUPPE", "GROUPE CREATEUR"}},
	{"S-1-5-1", []string{"DIALUP"}},
	{"S-1-5-2", []string{"NETWORK", "NETZWERK", "RESEAU", "RÉSEAU", "RED", "RETE", "REDE", "СЕТЬ"}},
	{"S-1-5-3", []string{"BATCH", "BATCHAUFTRAG"}},
	{"S-1-5-4", []string{"INTERACTIVE", "INTERAKTIV", "INTERACTIF", "INTERACTIVO", "ИНТЕРАКТИВНЫЕ"}},
	{"S-1-5-6", []string{"SERVICE", "DIENST", "SERVICIO", "СЛУЖБА"}},
	{"S-1-5-7", []string{"ANONYMOUS LOGON", "ANONYMOUS-ANMELDUNG", "ANONYMOUS"}},
	{"S-1-5-9", []string{"ENTERPRISE DOMAIN CONTROLLERS"}},
	{"S-1-5-11", []string{"Authenticated Users", "Authentifizierte Benutzer", "Utilisateurs authentifiés", "Usuarios autentificados", "Usuários autenticados", "Geverifieerde gebruikers", "Użytkownicy uwierzytelnieni", "Прошедшие проверку", "Autentiserade användare"}},
	{"S-1-5-12", []string{"RESTRICTED", "EINGESCHRÄNKT"}},
	{"S-1-5-13", []string{"TERMINAL SERVER USER"}},
	{"S-1-5-14", []string{"REMOTE INTERACTIVE LOGON"}},
	{"S-1-5-17", []string{"IUSR"}},
	{"S-1-5-18", []string{"SYSTEM", "LocalSystem", "Système", "СИСТЕМА"}},
	{"S-1-5-19", []string{"LOCAL SERVICE", "LocalService", "LOKALER DIENST", "SERVICE LOCAL", "SERVICIO LOCAL", "SERVIZIO LOCALE", "SERVIÇO LOCAL", "USŁUGA LOKALNA"}},
	{"S-1-5-20", []string{"NETWORK SERVICE", "NetworkService", "NETZWERKDIENST", "SERVICE RÉSEAU", "SERVICE RESEAU", "SERVICIO DE RED", "SERVIZIO DI RETE", "SERVIÇO DE REDE", "USŁUGA SIECIOWA"}},
	{"S-1-5-32-544", []string{"Administrators", "Administratoren", "Administrateurs", "Administradores", "Administratorzy", "Администраторы"}},
	{"S-1-5-32-545", []string{"Users", "Benutzer", "Utilisateurs", "Usuarios", "Usuários", "Użytkownicy", "Пользователи", "Gebruikers"}},
	{"S-1-5-32-546", []string{"Guests", "Gäste", "Invités", "Invitados", "Convidados", "Goście", "Гости", "Gasten"}},
	{"S-1-5-32-547", []string{"Power Users", "Hauptbenutzer", "Utilisateurs avec pouvoir", "Usuarios avanzados", "Опытные пользователи"}},
	{"S-1-5-32-548", []string{"Account Operators"}},
	{"S-1-5-32-549", []string{"Server Operators"}},
	{"S-1-5-32-550", []string{"Print Operators"}},
	{"S-1-5-32-551", []string{"Backup Operators", "Sicherungs-Operatoren", "Opérateurs de sauvegarde", "Operadores de copia"}},
	{"S-1-5-32-552", []string{"Replicator"}},
	{"S-1-5-32-555", []string{"Remote Desktop Users", "Remotedesktopbenutzer"}},
	{"S-1-5-32-558", []string{"Performance Monitor Users"}},
	{"S-1-5-32-559", []string{"Performance Log Users", "Leistungsprotokollbenutzer"}},
	{"S-1-5-32-568", []string{"IIS_IUSRS"}},
	{"S-1-5-80-0", []string{"ALL SERVICES"}},
	{"S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464", []string{"TrustedInstaller"}},
}

// authorityNames stand before the names of well-known accounts.
var authorityNames = []string{
	"NT AUTHORITY", "NT-AUTORITÄT", "AUTORITE NT", "AUTORITÉ NT", "NT-AUTORITET", "ZARZĄDZANIE NT", "NT INSTANS",
	"BUILTIN", "VORDEFINIERT", "PREDEFINITO", "NT SERVICE",
}

// accountNames are the tables above for look-ups, folded.
type accountNames struct {
	sid       map[string]string // by name
	name      map[string]string // by SID: the English one
	authority map[string]bool
}

var accountTable = sync.OnceValue(func() accountNames {
	t := accountNames{map[string]string{}, map[string]string{}, map[string]bool{}}
	for _, a := range authorityNames {
		t.authority[foldAccount(a)] = true
	}
	for _, k := range wellKnown {
		t.name[k.sid] = k.names[0]
		for _, name := range k.names {
			t.sid[foldAccount(name)] = k.sid
		}
	}
	return t
})

// foldAccount makes the form that account names are compared by. Listings come in
// the code page of the console, which no file names, so letters beyond ASCII
// count as one unknown letter each; a name of nothing else stays as it is.
func foldAccount(name string) string {
	lower := strings.ToLower(strings.TrimSpace(name))
	if !strings.ContainsFunc(lower, func(r rune) bool { return 'a' <= r && r <= 'z' }) {
		return lower
	}
	return strings.Map(func(r rune) rune {
		if r >= 0x80 {
			return '?'
		}
		return r
	}, lower)
}

// AccountSID gives the SID of a well-known account by its name in any of the
// languages known here, or the SID that is written itself (S-1-5-20, *S-1-5-20);
// "" for any other account.
func AccountSID(account string) string {
	account = strings.TrimPrefix(strings.TrimSpace(account), "*")
	if len(account) > 4 && strings.EqualFold(account[:4], "S-1-") {
		return strings.ToUpper(account)
	}
	domain, name, ok := cutDomain(account)
	if ok && !accountTable().authority[foldAccount(domain)] {
		return ""
	}
	return accountTable().sid[foldAccount(name)]
}

// AccountName gives the English name of a well-known SID, "" for any other.
func AccountName(sid string) string {
	return accountTable().name[strings.ToUpper(strings.TrimPrefix(sid, "*"))]
}

func cutDomain(account string) (domain, name string, ok bool) {
	if i := strings.LastIndexByte(account, '\\'); i >= 0 {
		return account[:i], account[i+1:], true
	}
	return "", account, false
}

// sameAccount compares two accounts, each a name with or without its domain or a
// SID. It is Unknown where one is a SID and the other a name that has none here.
func sameAccount(a, b string) Known {
	sidA, sidB := AccountSID(a), AccountSID(b)
	switch {
	case sidA != "" && sidB != "":
		return known(sidA == sidB)
	case sidA != "" || sidB != "":
		if AccountName(sidA+sidB) != "" {
			return No // a well-known account, whose names are known
		}
		return Unknown
	}
	domainA, nameA, okA := cutDomain(a)
	domainB, nameB, okB := cutDomain(b)
	return known(foldAccount(nameA) == foldAccount(nameB) && (!okA || !okB || foldAccount(domainA) == foldAccount(domainB)))
}

func known(b bool) Known {
	if b {
		return Yes
	}
	return No
}
