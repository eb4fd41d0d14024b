#!/bin/sh
# The whole way on a toy corpus, in a minute: vocabulary, tokens, training in two halves (the second
# resumes the first), GGUF; a few steps more from that GGUF file; then, if a trc command is named,
# compression and decompression with it.
# usage: smoke.sh OUT [TRC]     e.g. ./smoke.sh build/smoke ../../trc
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
trc=${2:+$(realpath "$2")}
python=${PYTHON:-python3}
config=$here/configs/smoke.toml
cd "$here"
rm -rf "$out/corpus" "$out/tokens" "$out/run" "$out/tuned" "$out/held-out"
"$python" -m trctrain toy "$out/corpus"
"$python" -m trctrain prepare "$config" "$out/corpus" "$out/tokens"
"$python" -m trctrain train "$config" "$out/tokens" "$out/run" --stop-at 30
"$python" -m trctrain train "$config" "$out/tokens" "$out/run"
"$python" -m trctrain export "$out/run/checkpoint.bin" "$out/tokens/spm.model" "$out/smoke.gguf"
"$python" -m trctrain inspect "$out/smoke.gguf"
"$python" -m trctrain train "$config" "$out/tokens" "$out/tuned" --init "$out/smoke.gguf" --stop-at 3
"$python" -m trctrain export "$out/tuned/checkpoint.bin" "$out/smoke.gguf" "$out/tuned.gguf"
"$python" -m trctrain held-out "$config" "$out/corpus" "$out/held-out" --most 20000
if [ -n "$trc" ]; then
  "$python" -m trctrain evaluate "$out/held-out" --model "$out/smoke.gguf" --trc "$trc"
fi
