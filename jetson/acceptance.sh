#!/usr/bin/env bash
# Runs everything on a device that only a device can show, and writes a report with the figures: doctor, engine build, bench, accuracy, memory,
# and triggered frames through a real wire. Untested on hardware.
#
#   jetson/acceptance.sh [--output FOLDER] [--picture FILE] [--model NAME] [--data ANNOTATIONS --images FOLDER]
#                        [--wire OUTPUT-LINE --pulses N] [--broker HOST] [--hil SCRIPT] [--dry-run]
#
#   --output    acceptance-DEVICE-TIME in the current folder if left out; report.md, report.json, and each command's output
#   --picture   what bench runs on; a frame of the simulated belt if left out
#   --model     the network; the bundled one if left out
#   --data, --images   labelled pictures for 'eval'; without them it makes 50 frames of the belt (right for the bundled model alone)
#   --wire      name of an output line that is wired to the line which triggers the camera (such as PQ.05): it is pulsed, and each pulse must
#               bring one detections message. The appliance must be running, with trigger mode edge
#   --pulses    how many; 100 if left out
#   --broker    where the appliance publishes; 127.0.0.1 if left out
#   --hil       the hardware suite's script, run last
#   --dry-run   print every command instead of running it
#
# Needs mosquitto-clients, gpiod 1.x (for --wire) and jq. Exit code: 0 every step passed, 1 one did not, 2 bad arguments.
# shellcheck disable=SC2317 # 'step' calls the functions below by name.
set -euo pipefail
usage() { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }

output="" picture="" model=yolact_belt data="" images="" wire="" pulses=100 broker=127.0.0.1 hil="" dry=no
while [ $# -gt 0 ]; do
    case $1 in
        --dry-run) dry=yes; shift; continue ;;
        --output | --picture | --model | --data | --images | --wire | --pulses | --broker | --hil) [ $# -ge 2 ] || usage ;;&
        --output) output=$2 ;;
        --picture) picture=$2 ;;
        --model) model=$2 ;;
        --data) data=$2 ;;
        --images) images=$2 ;;
        --wire) wire=$2 ;;
        --pulses) pulses=$2 ;;
        --broker) broker=$2 ;;
        --hil) hil=$2 ;;
        *) usage ;;
    esac
    shift 2
done
[[ $pulses =~ ^[1-9][0-9]{0,5}$ ]] || usage
[[ -z $data && -z $images || -n $data && -n $images ]] || usage
output=${output:-acceptance-$(hostname)-$(date -u +%Y%m%dT%H%M%SZ)}
mkdir -p "$output"
results=()
failed=0

# step NAME COMMAND...: its output goes to NAME.txt, and its verdict into the report.
step() {
    local name=$1 started code=0
    shift
    printf '== %s: ' "$name"
    printf '%q ' "$@"
    printf '\n'
    [ "$dry" = no ] || return 0
    started=$(date +%s)
    "$@" >"$output/$name.txt" 2>"$output/$name.log" || code=$?
    results+=("$name $code $(($(date +%s) - started))")
    [ $code -eq 0 ] || { failed=1; tail -n 5 "$output/$name.log" >&2; }
}

# NvMap is the memory that a Jetson's GPU takes out of the machine's; RSS is the program's own.
memory() {
    local pid
    pid=$(systemctl show -p MainPID --value yolact-edge)
    [ "$pid" -gt 0 ] || { echo "the service does not run" >&2; return 1; }
    awk '/VmRSS|VmHWM/ { print $1, $2 }' "/proc/$pid/status"
    awk '/NvMapMemUsed/ { print $1, $2 }' /proc/meminfo
}

# Each pulse on the wire must bring one message. The pulses are half a second apart: slower than any network here, so that none is an overrun.
triggered() {
    local chip line listener count
    read -r chip line < <(gpiofind "$wire") || { echo "there is no line $wire" >&2; return 1; }
    mosquitto_sub -h "$broker" -t 'yolact/1/+/camera/+/detections' -q 1 >"$output/messages.jsonl" &
    listener=$!
    sleep 2
    for ((i = 0; i < pulses; i++)); do
        gpioset --mode=time --usec=20000 "$chip" "$line=1"
        gpioset --mode=time --usec=480000 "$chip" "$line=0"
    done
    sleep 5
    kill "$listener" 2>/dev/null || true
    wait "$listener" 2>/dev/null || true
    count=$(wc -l <"$output/messages.jsonl")
    jq -s '{pulses: '"$pulses"', messages: length,
            frame_minus_edge_ms: (map(.trigger.frame_minus_edge_ns? // empty | . / 1000000) | sort | if length > 0 then {median: .[length / 2 | floor], p99: .[length * 99 / 100 | floor]} else null end)}' \
        "$output/messages.jsonl"
    [ "$count" -eq "$pulses" ]
}

report() {
    local result name code seconds
    {
        printf '# Acceptance of %s\n\n' "$(hostname)"
        printf '%s, %s, %s\n\n' "$(tr -d '\0' </proc/device-tree/model 2>/dev/null || uname -m)" "$(head -n 1 /etc/nv_tegra_release 2>/dev/null || echo 'no Jetson')" \
            "$(date -u +%FT%TZ)"
        printf '| step | result | seconds |\n|---|---|---|\n'
        for result in "${results[@]}"; do
            read -r name code seconds <<<"$result"
            printf '| %s | %s | %s |\n' "$name" "$([ "$code" -eq 0 ] && echo passed || echo "failed ($code)")" "$seconds"
        done
        for result in "${results[@]}"; do
            read -r name code seconds <<<"$result"
            # shellcheck disable=SC2016
            printf '\n## %s\n\n```\n' "$name"
            cat "$output/$name.txt"
            [ "$code" -eq 0 ] || cat "$output/$name.log"
            # shellcheck disable=SC2016
            printf '```\n'
        done
    } >"$output/report.md"
    for result in "${results[@]}"; do
        read -r name code seconds <<<"$result"
        # What a step printed as JSON stays JSON.
        jq -n --arg name "$name" --argjson code "$code" --argjson seconds "$seconds" --rawfile text "$output/$name.txt" \
            '{name: $name, exit_code: $code, seconds: $seconds, output: ($text | try fromjson catch $text)}'
    done | jq -s --arg machine "$(hostname)" '{machine: $machine, steps: .}' >"$output/report.json"
    echo "$output/report.md"
}

step version yolact-edge --version
step doctor yolact-edge doctor --json
step engine yolact-edge engine build "$model"
step engine_status yolact-edge engine status --json
if [ -z "$picture" ]; then
    step frame yolact-edge dataset synth --seed 900001 --count 1 -o "$output/frame"
    picture=$output/frame/images/000001.png
fi
step bench yolact-edge bench "$picture" --model "$model" --frames 200 --json
if [ -z "$data" ]; then
    step frames yolact-edge dataset synth --seed 900001 --count 50 -o "$output/held-out"
    data=$output/held-out/annotations.json images=$output/held-out/images
fi
step accuracy yolact-edge eval --data "$data" --images "$images" --model "$model"
step memory memory
[ -z "$wire" ] || step triggered triggered
[ -z "$hil" ] || step hil "$hil"
[ "$dry" = yes ] || report
exit $failed
