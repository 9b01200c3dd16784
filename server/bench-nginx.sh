#!/bin/sh
# iisdoctor serve beside nginx: same file, same client (wrk), one core for the server
# and one for the client, in turns, so that a busy machine slows both: medians of
# requests a second and of processor time for a request, which others on the machine
# hardly change. Needs Linux with two cores, nginx and wrk. iisdoctor writes its live
# line for every request and, in a row of its own, the logs as well.
#
#   server/bench-nginx.sh [runs] [seconds]
set -eu
runs=${1:-5}
seconds=${2:-3}
for tool in nginx wrk taskset; do
	command -v $tool >/dev/null || { echo "bench-nginx.sh: $tool is not installed" >&2; exit 2; }
done
cd "$(dirname "$0")/.."
work=$(mktemp -d)
chmod 755 "$work"
pids=
trap 'kill $pids 2>/dev/null || :; wait; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
go build -o "$work/iisdoctor" ./cmd/iisdoctor
cp -r testdata/shop "$work/shop"
root=$work/shop/content/C/inetpub/shop
head -c 16384 /dev/zero | tr '\0' 'x' >"$root/page16k.htm"
host=www.harrowfinch.example

# nginx_at NAME PORT ACCESS_LOG
nginx_at() {
	cat >"$work/$1.conf" <<CONF
worker_processes 1; daemon off; pid $work/$1.pid; error_log $work/$1.error;
events { worker_connections 1024; }
http {
	types { text/html htm; }
	sendfile on; tcp_nopush on; keepalive_requests 1000000000; access_log $3;
	server { listen 127.0.0.1:$2; root $root; }
}
CONF
	taskset -c 0 nginx -e "$work/$1.error" -c "$work/$1.conf" &
	pids="$pids $!"
	sleep 0.5
	pgrep -P $! >"$work/$1.process"
	echo "127.0.0.1:$2" >"$work/$1.at"
}

# iisdoctor_at NAME FLAG...
iisdoctor_at() {
	name=$1
	shift
	GOMAXPROCS=1 taskset -c 0 "$work/iisdoctor" serve "$@" "$work/shop" >>"$work/$name.live" 2>"$work/$name.error" &
	pids="$pids $!"
	echo $! >"$work/$name.process"
	until grep -qs Ctrl-C "$work/$name.error"; do sleep 0.1; done
	sed -n "s|.*http://\([0-9.:]*\)/.*:80:$host\$|\1|p" "$work/$name.live" | head -n 1 >"$work/$name.at"
}

nginx_at nginx 18701 "$work/nginx.access"
nginx_at nginx-no-log 18702 off
iisdoctor_at iisdoctor
iisdoctor_at iisdoctor-logs --logs "$work/logs"
servers="nginx nginx-no-log iisdoctor iisdoctor-logs"

# ticks NAME is the processor time that a server has used.
ticks() { awk '{print $14 + $15}' "/proc/$(cat "$work/$1.process")/stat"; }

# load NAME FILE notes requests a second and microseconds a request.
load() {
	before=$(ticks "$1")
	taskset -c 1 wrk -t 1 -c 32 -d "${seconds}s" -H "Host: $host" "http://$(cat "$work/$1.at")/$2" >"$work/wrk"
	if grep -q 'Non-2xx\|Socket errors' "$work/wrk"; then cat "$work/wrk"; fi
	sed -n 's/^Requests.sec: *//p' "$work/wrk" >>"$work/$1.$2.rates"
	awk -v t=$(($(ticks "$1") - before)) -v hz="$(getconf CLK_TCK)" '/ requests in /{print t / hz * 1e6 / $1}' "$work/wrk" >>"$work/$1.$2.costs"
	for log in "$work"/*.live "$work"/nginx.access; do [ ! -e "$log" ] || : >"$log"; done
}

middle=$(((runs + 1) / 2))
median() { sort -n "$work/$1" | sed -n "${middle}p"; }

for file in about.htm page16k.htm; do
	for run in $(seq "$runs"); do
		for server in $servers; do load $server $file; done
	done
	echo "$file, $(wc -c <"$root/$file") bytes:"
	for server in $servers; do
		echo "$server $(median $server.$file.rates) $(median nginx.$file.rates) $(median $server.$file.costs) $(median nginx.$file.costs)"
	done | awk '{printf "  %-15s %8.0f requests/s, %4.2f x nginx   %6.1f us a request, %4.2f x nginx\n", $1, $2, $2 / $3, $4, $5 / $4}'
done
