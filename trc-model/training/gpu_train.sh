#!/bin/sh
# Trains on one GPU, in a call of limited time that can be repeated: tokens, training, GGUF.
# usage: gpu_train.sh DATA OUT CONFIG [SECONDS]
# DATA is a folder that "prepare" made for CONFIG (better: preparing needs no GPU), or a corpus of
# <category>.txt.xz; then VOCABULARY=model.gguf names the vocabulary, else one is learned.
# SECONDS: how long to train in this call; the schedule spans them all. State is kept in
# ${TMPDIR:-/tmp}/trc-train, or where WORK says: with it in place the next call goes on.
# JUDGES=folder: texts that are kept out of training (where DATA is a corpus), and whose ideal length
# in the codec's windows is printed at the end.
# OUT gets the model in parts of 15 MB (cat model.gguf.part* > model.gguf), its SHA-256, log.tsv and
# loss.svg.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
config=$(realpath "$3")
work=${WORK:-${TMPDIR:-/tmp}/trc-train}
mkdir -p "$work"
python=${PYTHON:-python3}
vocabulary=${VOCABULARY:+$(realpath "$VOCABULARY")}
judges=${JUDGES:+$(realpath "$JUDGES")}
cd "$here"
tokens=$data
if [ ! -f "$tokens/meta.json" ]; then
  tokens=$work/tokens
  if [ ! -f "$tokens/meta.json" ]; then
    "$python" -m trctrain prepare "$config" "$data" "$tokens" \
      ${vocabulary:+--vocabulary "$vocabulary"} ${judges:+--judges "$judges"}
  fi
fi
"$python" -u -m trctrain train "$config" "$tokens" "$work/run" --engine torch ${4:+--for "$4"}
"$python" -m trctrain export "$work/run/checkpoint.bin" "$tokens/spm.model" "$work/model.gguf"
if [ -n "$judges" ]; then
  "$python" -m trctrain ideal "$work/model.gguf" "$judges"
fi
split -b 15000000 -d "$work/model.gguf" "$out/model.gguf.part"
(cd "$work" && sha256sum model.gguf) > "$out/model.sha256"
cp "$tokens/meta.json" "$work/run/log.tsv" "$work/run/loss.svg" "$out/"
