#!/bin/sh
# Measures the log readers against wc, grep and mawk on generated logs, side by side
# and in turns, so that a busy machine slows all of them: medians of five runs.
#
#   snapshot/weblog/weblogtest/bench-logs.sh [bytes] [folder for the logs]
set -eu
size=${1:-1000000000}
dir=${2:-${TMPDIR:-/tmp}}
cd "$(dirname "$0")/../../.."
work=$(mktemp -d "$dir/bench-logs.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
go build -o "$work/gen" ./snapshot/weblog/weblogtest/gen
go build -o "$work/count" ./snapshot/weblog/weblogtest/count
"$work/gen" -size "$size" >"$work/w3c.log"
"$work/gen" -size "$size" -httperr >"$work/httperr.log"

# run NAME COMMAND… notes the command's wall time.
run() {
	name=$1
	shift
	start=$(date +%s%N)
	"$@" >"$work/out" # grep stops at the first line when it writes to /dev/null
	end=$(date +%s%N)
	echo "$(((end - start) / 1000))" >>"$work/$name.times"
}

median() { sort -n "$work/$1.times" | sed -n 3p; }

report() {
	base=$(median "$1.wc")
	for tool in wc grep count mawk; do
		[ -s "$work/$1.$tool.times" ] || continue
		t=$(median "$1.$tool")
		echo "$1 $tool $t $base" | awk '{printf "%-8s %-6s %7.2f s  %6.1f x wc -l\n", $1, $2, $3/1e6, $3/$4}'
	done
}

cat >"$work/count.awk" <<'AWK'
/^#Fields:/ { split("", at); for (i = 2; i <= NF; i++) at[$i] = i - 1; next }
/^#/ { next }
{ n[$at["sc-status"] " " $at["sc-substatus"] " " $at["cs-method"]]++ }
END { for (k in n) print n[k], k }
AWK

for log in w3c httperr; do
	for round in 1 2 3 4 5; do
		run $log.wc wc -l "$work/$log.log"
		run $log.count "$work/count" "$work/$log.log"
		run $log.grep grep -c ' 50[03] ' "$work/$log.log"
	done
	if command -v mawk >/dev/null; then
		for round in 1 2 3 4 5; do
			run $log.mawk mawk -f "$work/count.awk" "$work/$log.log"
		done
	fi
	report $log
done
