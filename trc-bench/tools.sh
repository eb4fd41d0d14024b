# shellcheck shell=bash
# What peers and ratio share: how each program packs a file and gives it back, and rows of a table.
# To be sourced, with $here (the root of the source tree) and $scratch (a folder) set.
# shellcheck disable=SC2154

# A tool's first word is its command.
is_there() { # tool
  command -v "${1%% *}" >/dev/null
}

pack() { # tool in out
  case $1 in
    "gzip -9") gzip -9c "$2" >"$3" ;;
    "zstd -19") zstd -q -19 -c "$2" >"$3" ;;
    "zstd --ultra -22") zstd -q --ultra -22 -c "$2" >"$3" ;;
    "xz -9e") xz -9e -c "$2" >"$3" ;;
    "brotli -q 11") brotli -q 11 -c "$2" >"$3" ;;
    "7z PPMd") # it adds its suffix to names without one
      7z a -bd -m0=PPMd -mx=9 "$scratch/packed.7z" "$2" >"$scratch/7z.log"
      mv "$scratch/packed.7z" "$3"
      ;;
    "zpaq -m5") # it stores the name, too: the same one for all
      cp "$2" "$scratch/text"
      (cd "$scratch" && zpaq a packed.zpaq text -m5 >zpaq.log 2>&1)
      mv "$scratch/packed.zpaq" "$3"
      ;;
    "paq8px -8") paq8px -8 "$2" "$3" >"$scratch/paq8px.log" ;;
    "trc -3") "$here/trc" -q -3 -c "$2" >"$3" ;;
    "trc -6") "$here/trc" -q -6 -c "$2" >"$3" ;;
    "trc -9") "$here/trc" -q -9 -c "$2" >"$3" ;;
    "trc -6 --engine portable") "$here/trc" -q -6 --engine portable -c "$2" >"$3" ;;
  esac
}

unpack() { # tool in out
  case $1 in
    gzip*) gzip -dc "$2" >"$3" ;;
    zstd*) zstd -q -dc "$2" >"$3" ;;
    xz*) xz -dc "$2" >"$3" ;;
    brotli*) brotli -dc "$2" >"$3" ;;
    7z*) 7z e -so "$2" >"$3" 2>"$scratch/7z.log" ;;
    zpaq*) # it takes only names with its suffix, and overwrites nothing
      mv "$2" "$scratch/packed.zpaq"
      rm -f "$3"
      zpaq x "$scratch/packed.zpaq" text -to "$3" >"$scratch/zpaq.log" 2>&1
      mv "$scratch/packed.zpaq" "$2"
      ;;
    paq8px*) paq8px -d "$2" "$3" >"$scratch/paq8px.log" ;;
    *portable) "$here/trc" -q -dc --engine portable "$2" >"$3" ;;
    trc*) "$here/trc" -q -dc "$2" >"$3" ;;
  esac
}

# Puts the bytes that a tool makes of a file into $size, once it gave the file back.
measure() { # tool file
  rm -f "$scratch/packed" "$scratch/back"
  pack "$1" "$2" "$scratch/packed"
  unpack "$1" "$scratch/packed" "$scratch/back"
  cmp -s "$2" "$scratch/back" || { echo "$1: $2 does not come back" >&2; exit 1; }
  # shellcheck disable=SC2034
  size=$(stat -c %s "$scratch/packed")
}

row() { # cell...
  printf '|'
  printf ' %s |' "$@"
  printf '\n'
}
