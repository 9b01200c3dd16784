package server

import (
	"os"
	"testing"
)

// TestMain lets this test binary be the CGI program that the server starts.
func TestMain(m *testing.M) {
	CGIMain()
	os.Exit(m.Run())
}
