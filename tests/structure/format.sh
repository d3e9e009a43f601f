#!/bin/sh
# Every C and C++ file is as clang-format leaves it. Exit 77 (skipped) without clang-format.
set -eu
cd "$(dirname "$0")/../.."
if ! command -v clang-format >/dev/null 2>&1; then
  echo "skipped: clang-format is not installed"
  exit 77
fi
folders=""
for folder in src include tests examples bench; do
  [ -d "$folder" ] && folders="$folders $folder"
done
files=$(find $folders -name '*.c' -o -name '*.h' -o -name '*.cpp')
[ -n "$files" ] || { echo "no files found"; exit 1; }
clang-format --dry-run -Werror $files
echo "formatted: $(echo "$files" | wc -l) files"
