#!/bin/sh
# Builds the stand-in libraries of the emulated GPU with gcc: build.sh FOLDER
set -eu
sources=$(dirname -- "$0")
mkdir -p "$1"
library() { # SONAME SOURCE FLAG...
    soname=$1 source=$2
    shift 2
    gcc -std=c11 -O2 -Wall -Wextra -Werror -fPIC -fvisibility=hidden -shared -Wl,-soname,"$soname" "$@" \
        -o "$target/$soname.new" "$sources/$source"
    mv "$target/$soname.new" "$target/$soname" # a running program keeps the old one
}
target=$1
library libcuda.so.1 libcuda.c
library libcublas.so.12 libcublas.c -Wl,--version-script="$sources/libcublas.version"
