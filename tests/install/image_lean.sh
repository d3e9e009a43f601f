#!/bin/sh
# Pictures without WebP, codes, an embedded network, OCR, audio and YAML: it builds, links none of their libraries, and what was left out
# is refused by name, while regions, and faces with a network of one's own, work. Usage: image_lean.sh SOURCE-FOLDER CC CXX
set -eu
source=$1 cc=$2 cxx=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() {
  "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}
run cmake -S "$source" -B "$work/build" -G Ninja -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_BUILD_TYPE=Debug \
  -DCMAKE_C_FLAGS=-O0 -DCMAKE_CXX_FLAGS=-O0 -DVEIL_WEBP=OFF -DVEIL_CODES=OFF -DVEIL_EMBED_MODEL=OFF -DVEIL_OCR=OFF \
  -DVEIL_AUDIO=OFF -DVEIL_YAML=OFF -DVEIL_TESTS=OFF -DVEIL_EXAMPLES=OFF
run cmake --build "$work/build" --target veil veil_cli
veil=$work/build/bin/veil
picture=$source/examples/picture.jpg
webp=$source/tests/fuzz/corpus/fuzz_image_decode/webp_lossless

wrong() {
  echo "image_lean: $1"
  cat "$work/out"
  exit 1
}
# refused CODE WORD ARGUMENTS: the command ends with that code, says the word, and writes nothing
refused() {
  code=$1 word=$2
  shift 2
  got=0
  "$veil" "$@" -o "$work/copy" >"$work/out" 2>&1 || got=$?
  [ "$got" = "$code" ] || wrong "veil $*: exit code $got, not $code"
  grep -q "$word" "$work/out" || wrong "veil $*: it does not say $word"
  [ ! -e "$work/copy" ] || wrong "veil $*: it wrote a copy"
}
# works PATTERN ARGUMENTS
works() {
  pattern=$1
  shift
  "$veil" "$@" >"$work/out" 2>&1 || wrong "veil $*: it fails"
  grep -q "$pattern" "$work/out" || wrong "veil $*: no $pattern"
}

for file in "$veil" "$(find "$work/build" -name 'libveil.so')"; do
  ldd "$file" >"$work/out"
  ! grep -E 'webp|ZXing|sndfile|yaml|tesseract' "$work/out" || wrong "$file must not need these"
done
refused 3 "UNSUPPORTED: image: format WebP" redact --entities REGION --region 2,2,8,8 "$webp"
refused 2 "QR_CODE: UNSUPPORTED" redact --entities QR_CODE "$picture"
refused 2 "BARCODE: UNSUPPORTED" redact --entities BARCODE "$picture"
refused 2 "MODEL: this build embeds no network" redact "$picture"
refused 2 "MODEL: this build embeds no network" redact --entities FACE "$picture"
refused 2 "UNSUPPORTED: pictures cannot be read" redact --ocr --model "$source/src/image/model/face_ssd.onnx" "$picture"
works "1 finding" redact --entities REGION --region 2,2,8,8 -o "$work/region.jpg" "$picture"
works "REGION" scan --exclude FACE --region 2,2,8,8 "$picture"
works "FACE" scan --model "$source/src/image/model/face_ssd.onnx" "$picture"
works "models: none" version
"$veil" entities >"$work/out"
grep -q "^ *FACE " "$work/out" || wrong "FACE is not listed"
! grep -qE "^ *(QR_CODE|BARCODE) " "$work/out" || wrong "codes are listed"
echo "image_lean: $(ldd "$veil" | wc -l) shared objects"
