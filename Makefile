# Everything here needs Go alone; the race detector is used where a C compiler is found.

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME ?= 10s

BUILD = CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$(VERSION)"
RACE = $(shell test "$$(go env CGO_ENABLED)" = 1 && command -v "$$(go env CC)" >/dev/null 2>&1 && echo -race)

.PHONY: build test lint bench bench-logs bench-server fuzz cover dist

build:
	$(BUILD) -o iisdoctor$$(go env GOEXE) ./cmd/iisdoctor

test:
	go test $(RACE) ./...

lint:
	@test -z "$$(gofmt -l .)" || { echo "not formatted, run gofmt -w:"; gofmt -l .; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...

bench:
	go test -run '^$$' -bench . -benchmem ./...

# Logs beside wc -l, grep -c and mawk: medians of five runs on a generated log.
bench-logs:
	sh snapshot/weblog/weblogtest/bench-logs.sh 1000000000

# The reference server beside nginx, with wrk, on one core each.
bench-server:
	sh server/bench-nginx.sh

fuzz:
	@for package in $$(go list ./...); do \
		for name in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			go test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$package || exit 1; \
		done; \
	done

cover:
	go test -coverpkg=./... -coverprofile=cover.out ./...
	go tool cover -func=cover.out | tail -n 1

dist:
	@mkdir -p dist
	$(BUILD) -o dist/iisdoctor-$(VERSION)-$$(go env GOOS)-$$(go env GOARCH)$$(go env GOEXE) ./cmd/iisdoctor
	GOOS=windows GOARCH=amd64 $(BUILD) -o dist/iisdoctor-$(VERSION)-windows-amd64.exe ./cmd/iisdoctor
