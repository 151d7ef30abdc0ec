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
# nvcc makes names of internal variables from the name of the file, so it is always the same: without a folder
cd "$(dirname "${BASH_SOURCE[0]}")"
families=("$@")
if ((${#families[@]} == 0)); then
    for file in *.cu; do
        families+=("${file%.cu}")
    done
fi

for target in compute_75 compute_80; do
    mkdir -p "$to/$target"
    for family in ${families[@]+"${families[@]}"}; do
        ptx=$to/$target/$family.ptx
        nvcc -ptx -O3 -std=c++17 -Werror all-warnings "-arch=$target" -o "$ptx.new" "$family.cu"
        sed -i 's/^\.version 9\.0$/.version 7.8/' "$ptx.new"
        mv "$ptx.new" "$ptx"
    done
done
