#!/bin/sh
# One run on one large GPU, under ten minutes: vocabulary, tokens, training, GGUF.
# usage: gpu_train.sh CORPUS OUT [CONFIG]     CONFIG: configs/base.toml
# CORPUS holds <category>.txt.xz (see "subset" for one small enough to carry to the machine), or is
# a folder that "prepare" made, with vocabulary and tokens.
# OUT gets the model in parts of 15 MB (cat model.gguf.part* > model.gguf), its SHA-256, the
# vocabulary, meta.json, log.tsv and loss.svg. Work files go to ${TMPDIR:-/tmp}/trc-train; run it
# again with these in place and it resumes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
corpus=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
config=$(realpath "${3:-$here/configs/base.toml}")
work=${TMPDIR:-/tmp}/trc-train
python=${PYTHON:-python3}
cd "$here"
tokens=$corpus
if [ ! -f "$tokens/meta.json" ]; then
  tokens=$work/tokens
  [ -f "$tokens/meta.json" ] || "$python" -m trctrain prepare "$config" "$corpus" "$tokens"
fi
"$python" -u -m trctrain train "$config" "$tokens" "$work/run"
"$python" -m trctrain export "$work/run/checkpoint.pt" "$tokens/spm.model" "$work/model.gguf"
split -b 15000000 -d "$work/model.gguf" "$out/model.gguf.part"
(cd "$work" && sha256sum model.gguf) > "$out/model.sha256"
cp "$tokens/spm.model" "$tokens/meta.json" "$work/run/log.tsv" "$work/run/loss.svg" "$out/"
