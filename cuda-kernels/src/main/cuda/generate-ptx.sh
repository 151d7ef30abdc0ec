#!/usr/bin/env bash
# Makes PTX from the .cu files of this folder, for the two targets that the backend loads:
#
#   generate-ptx.sh [--to DIR] [FAMILY...]
#
# FAMILY is the name of a .cu file without its ending; without any, all are made. DIR is where the folders compute_75
# and compute_80 are, the resources by default. nvcc 13 writes PTX of version 9.0, which drivers before the 580 series
# refuse; nothing in these files needs more than 7.8, which those of the 525 series read.
set -euo pipefail
shopt -s nullglob

to=../resources/dev/halcyon/cuda/ptx
if [[ ${1:-} == --to ]]; then
    to=$(realpath -m -- "$2")
    shift 2
fi
cd "$(dirname "${BASH_SOURCE[0]}")"
families=("$@")
if ((${#families[@]} == 0)); then
    for file in *.cu; do
        families+=("${file%.cu}")
    done
fi

# generate TARGET FAMILY
generate() {
    local ptx=$to/$1/$2.ptx
    nvcc -ptx -O3 -std=c++17 -Werror all-warnings "-arch=$1" -o "$ptx.new" "$2.cu"
    # names of internal variables hold a hash of the folder, which is another one on every machine;
    # used_bytes_mask is a hint about loads that versions before 8.3 may not have
    sed -i -E -e 's/^\.version 9\.0$/.version 7.8/' -e '/^\t\.pragma "used_bytes_mask [^"]*";$/d' \
        -e "s/_[0-9a-f]{8}_([0-9]+_$2_cu)/_00000000_\\1/g" "$ptx.new"
    mv "$ptx.new" "$ptx"
}
export to
export -f generate

for target in compute_75 compute_80; do
    mkdir -p "$to/$target"
    for family in ${families[@]+"${families[@]}"}; do
        printf '%s\n' "$target" "$family"
    done
done | xargs -r -n 2 -P "$(nproc)" bash -euo pipefail -c 'generate "$@"' generate
