#!/usr/bin/python3
"""How well faces are found, beside other networks, on labelled photos: bench/face_measure.py says what is counted.

usage: bench/face_accuracy.py BUILD_DIR [PAGE] [--keep FILE]   measure on ../shared, write the page's tables (docs/accuracy.md);
                                                 FILE keeps what the other networks found for the next time
       bench/face_accuracy.py --check            prove the counting on a worked case (an ordinary test)

The embedded network, RFB-320 and slim-320 run through the library's own detector (BUILD_DIR/bin/face_boxes); YuNet, which the library
does not take, and RFB-640, which gives thousands of weak boxes, through cv2.dnn. Needs Debian's python3-opencv.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

import face_measure

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / 'shared'
# name, kind, arguments
NETWORKS = (
    ('ours 320x240 (SPEED)', 'veil', ['--input', '320x240', '--score', '0.1']),
    ('RFB-320 320x240', 'veil', ['--model', 'version-RFB-320_simplified.onnx']),
    ('slim-320 320x240', 'veil', ['--model', 'version-slim-320_simplified.onnx']),
    ('YuNet-n 320x320', 'cv2', ['yunet_n_320.onnx', 320]),
    ('YuNet-s 320x320', 'cv2', ['yunet_s_320.onnx', 320]),
    ('ours 480x360 (BALANCED)', 'veil', ['--input', '480x360', '--score', '0.1']),
    ('ours 640x480 (ACCURACY)', 'veil', ['--input', '640x480', '--tiles', '--score', '0.1']),
    ('RFB-640 640x480', 'cv2', ['version-RFB-640.onnx', 640]),
    ('YuNet-n 640x640', 'cv2', ['yunet_n_640.onnx', 640]),
)
SIZES = ((20, 32), (32, 64), (64, 128), (128, 1e9))


def veil_boxes(build, arguments, files):
    arguments = [str(SHARED / 'models' / a) if a.endswith('.onnx') else a for a in arguments]
    out = subprocess.run([str(build / 'bin/face_boxes'), *arguments, *map(str, files)], check=True, capture_output=True,
                         text=True).stdout
    found = [[] for _ in files]
    for line in out.splitlines():
        number, *values = line.split()
        found[int(number)].append(tuple(map(float, values)))
    return found


def other_boxes(model, side, files):
    import cv2
    cv2.setNumThreads(1)
    sys.path.insert(0, str(ROOT / 'src/image/train'))
    from teacher import Teacher, suppress
    import teacher
    teacher.SCORE_MIN = .1 if 'RFB' in model else .05
    network = Teacher(str(SHARED / 'models' / model), side, 1.0)
    return [[tuple(b) for b in suppress(network.look(cv2.imread(str(f))), .45)] for f in files]


def found_by(build, kind, arguments, files):
    return veil_boxes(build, arguments, files) if kind == 'veil' else other_boxes(*arguments, files)


def measure(build, rows, keep):
    files = [SHARED / 'data/faces/dev/images' / r['file'] for r in rows]
    kept = json.loads(keep.read_text()) if keep and keep.exists() else {}
    results = {}
    for name, kind, arguments in NETWORKS:
        found = kept.get(name) or found_by(build, kind, arguments, files)
        if keep and not name.startswith('ours'):
            kept[name] = [[list(map(float, b)) for b in boxes] for boxes in found]
            keep.write_text(json.dumps(kept))
        results[name] = [face_measure.Photo(r, f) for r, f in zip(rows, found)]
        print(name, face_measure.summary(results[name]), flush=True)
    return results


def table(head, lines):
    return '\n'.join(['| ' + ' | '.join(head) + ' |', '|' + '---|' * len(head)] + ['| ' + ' | '.join(l) + ' |' for l in lines])


def short(value):
    return '-' if value != value else ('%.3f' % value).lstrip('0') if value < 1 else '1.0'


def by_source(results):
    first = face_measure.summary(next(iter(results.values())))[1]
    head = ['network', 'score'] + ['%s (%d)' % (s, v[2]) for s, v in first.items()]
    lines = []
    for name, photos in results.items():
        score, values = face_measure.summary(photos)
        lines.append([name, '%.2f' % score] + ['%s / %s' % (short(v[0]), short(v[1])) for v in values.values()])
    return table(head, lines)


def by_size(results):
    counts = [sum(int(((p.face_size >= a) & (p.face_size < b)).sum()) for p in next(iter(results.values()))) for a, b in SIZES]
    head = ['network'] + ['%d px and more (%d)' % (a, n) if b > 1e6 else '%d to %d px (%d)' % (a, b - 1, n)
                          for (a, b), n in zip(SIZES, counts)]
    lines = []
    for name, photos in results.items():
        score = face_measure.threshold(photos)
        lines.append([name] + ['%s / %s' % (short(face_measure.average_precision(photos, a, b)),
                                            short(face_measure.covered(photos, score, a, b))) for a, b in SIZES])
    return table(head, lines)


def as_shipped(build, rows):
    files = [SHARED / 'data/faces/dev/images' / r['file'] for r in rows]
    lines = []
    for name, kind, arguments in NETWORKS:
        if not name.startswith('ours'):
            continue
        found = veil_boxes(build, [*arguments, '--score', 'own'], files)
        photos = [face_measure.Photo(r, f) for r, f in zip(rows, found)]
        strays = sum(len(p.strays()) for p in photos)
        lines.append([name, short(face_measure.covered(photos, 0, 40)), short(face_measure.covered(photos, 0, 20)),
                      '%d (%.2f a photo)' % (strays, strays / len(photos))])
    return table(['as it is shipped', 'covered, 40 px and more', 'covered, 20 px and more', 'stray boxes'], lines)


def write(page, sections):
    text = page.read_text()
    for name, content in sections.items():
        pattern = re.compile(rf'(<!-- {name}: begin -->\n).*?(<!-- {name}: end -->)', re.S)
        if not pattern.search(text):
            sys.exit(f'{page} has no section {name}')
        text = pattern.sub(lambda m: m[1] + content + '\n' + m[2], text)
    page.write_text(text)


def main():
    if sys.argv[1:] == ['--check']:
        face_measure.check()
        print('counted as worked out by hand')
        return
    arguments = sys.argv[1:]
    keep = Path(arguments.pop(arguments.index('--keep') + 1)) if '--keep' in arguments else None
    arguments = [a for a in arguments if a != '--keep']
    build = Path(arguments[0])
    page = Path(arguments[1]) if len(arguments) > 1 else ROOT / 'docs/accuracy.md'
    if not (SHARED / 'data/faces/dev').is_dir():
        sys.exit('skipped: no photos beside this checkout')
    rows = face_measure.load(str(SHARED / 'data/faces/dev'))
    results = measure(build, rows, keep)
    write(page, {'faces-source': by_source(results), 'faces-size': by_size(results), 'faces-shipped': as_shipped(build, rows)})


if __name__ == '__main__':
    main()
