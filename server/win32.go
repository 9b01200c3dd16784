package server

import "github.com/iisdoctor/iisdoctor/iis"

// Win32 errors as sc-win32-status shows them.
const (
	errFileNotFound = 2
	errPathNotFound = 3
	errAccessDenied = 5
	errInvalidData  = 13
	errNotSupported = 50
	errNetNameGone  = 64
	errPolicy       = 1260
	errPrivilege    = 1314
	errLogonFailure = 1326
)

// win32Of pairs a status with the sc-win32-status of its log line. Seen in IIS 6.0
// logs or in its documentation: 404.2, 403.14, 401.2, 401.3, ASP errors 500 0 0,
// 500.19 (a bad script map), 404.0 where a map verifies the file. Seen for IIS 7
// and later only: 404.3, 403.6, 401.1. Not documented, the likely error: the others.
func win32Of(status iis.Status) uint32 {
	switch status {
	case "404.2":
		return errPolicy
	case "404", "404.0":
		return errFileNotFound
	case "403.14", "401.2", "401.3":
		return errAccessDenied
	case "500.19":
		return errInvalidData
	case "404.3":
		return errNotSupported
	case "403.6":
		return errAccessDenied
	case "401.1":
		return errLogonFailure
	case "403.1", "403.2", "403.3", "403.4", "403.5", "403.18":
		return errAccessDenied
	case "403.19":
		return errPrivilege
	case "500.16":
		return errLogonFailure
	}
	return 0
}
