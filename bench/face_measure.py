"""What a face detector is worth on labelled photos: average precision, and faces covered at a given number of stray boxes.

Sizes are the square root of a box's area with the photo's longer side scaled to 640. A labelled face below the size asked for
and an `ignore` box are neither hit nor miss: a finding on one is left out. A finding is right where it overlaps a face that no
better scored finding took by IoU 0.5; a face is covered where one finding, grown by the library's default margin (15 % on each
side), holds at least 80 % of its area; a finding is stray where its IoU with every face and every ignore box
is below 0.2.
"""
import json
import os

import numpy as np

SCALE_SIDE = 640
AP_IOU, STRAY_IOU, TAKEN_PART = .5, .2, .5
MARGIN, COVERED = .15, .8
AP_SIZE, COVER_SIZE = 20, 40
STRAYS = .1


def load(data):
    with open(os.path.join(data, 'boxes.jsonl')) as rows:
        return [json.loads(line) for line in rows]


def corners(boxes):
    boxes = np.array(boxes, np.float64).reshape(-1, 4)
    return np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], 1)


def area(boxes):
    return np.maximum(boxes[:, 2] - boxes[:, 0], 0) * np.maximum(boxes[:, 3] - boxes[:, 1], 0)


def inside(a, b):
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    return np.prod(np.clip(high - low, 0, None), 2)


def iou(a, b):
    both = inside(a, b)
    return both / np.maximum(area(a)[:, None] + area(b)[None] - both, 1e-9)


def check():
    """A page worked out by hand: two faces, one found twice, one stray box, one box on what nobody labelled."""
    row = {'w': 640, 'h': 480, 'src': 'x', 'boxes': [[100, 100, 50, 50], [300, 100, 60, 60]], 'ignore': [[500, 300, 50, 50]]}
    found = [(100, 100, 50, 50, .9), (102, 102, 50, 50, .8), (305, 105, 50, 50, .6), (20, 300, 40, 40, .7), (500, 300, 50, 50, .95)]
    photo = Photo(row, found)
    right = [r for _, r in photo.verdicts(AP_SIZE, 1e9)[0]]
    assert right == [1, 0, 0, 1], right
    assert abs(average_precision([photo]) - (.5 + .5 * .5)) < 1e-9, average_precision([photo])
    assert list(photo.strays()) == [.7], photo.strays()
    assert photo.covering_scores(COVER_SIZE, 1e9) == [.9, .6], photo.covering_scores(COVER_SIZE, 1e9)
    assert covered([photo], .65) == .5
    assert .7 < threshold([photo]) < .71
    assert np.isnan(average_precision([photo], 0, 20))  # no face of that size


class Photo:
    """One photo's truth and findings; found: [(x, y, w, h, score), ...] in its pixels."""

    def __init__(self, row, found):
        scale = SCALE_SIDE / max(row['w'], row['h'])
        found = np.array(found, np.float64).reshape(-1, 5)
        found = found[np.argsort(-found[:, 4], kind='stable')]
        self.source = row['src']
        self.score = found[:, 4]
        self.found = corners(found[:, :4]) * scale
        self.faces = corners(row['boxes']) * scale
        self.ignore = corners(row.get('ignore', [])) * scale
        self.face_size = np.sqrt(area(self.faces))
        self.found_size = np.sqrt(area(self.found))
        self.overlap = iou(self.found, self.faces)
        on_ignore = inside(self.found, self.ignore) / np.maximum(area(self.found), 1e-9)[:, None]
        self.excused = (on_ignore > TAKEN_PART).any(1) | (iou(self.found, self.ignore) >= STRAY_IOU).any(1)

    def verdicts(self, low, high):
        """(score, is right) of each finding that counts for faces of low <= size < high, and how many such faces."""
        counts = (self.face_size >= low) & (self.face_size < high)
        free = np.ones(len(self.faces), bool)
        rows = []
        for i, score in enumerate(self.score):
            reached = np.where(free, self.overlap[i], 0) if len(self.faces) else np.zeros(0)
            wanted = np.where(counts & (reached >= AP_IOU))[0]
            other = np.where(reached >= AP_IOU)[0]
            if len(wanted):
                free[wanted[reached[wanted].argmax()]] = False
                rows.append((score, 1))
            elif len(other):
                free[other[reached[other].argmax()]] = False
            elif not self.excused[i] and low <= self.found_size[i] < high:
                rows.append((score, 0))
        return rows, int(counts.sum())

    def strays(self):
        far = ~self.excused & (self.found_size >= AP_SIZE)
        if len(self.faces):
            far &= self.overlap.max(1) < STRAY_IOU
        return self.score[far]

    def covering_scores(self, low, high):
        """For each face of the size: the best score among the findings that cover it; 0 where none does."""
        counts = np.where((self.face_size >= low) & (self.face_size < high))[0]
        grow = MARGIN * (self.found[:, 2:] - self.found[:, :2])
        held = inside(self.found + np.concatenate([-grow, grow], 1), self.faces) / np.maximum(area(self.faces), 1e-9)[None]
        return [float(self.score[held[:, j] >= COVERED].max(initial=0)) for j in counts]


def average_precision(photos, low=AP_SIZE, high=1e9):
    rows, total = [], 0
    for photo in photos:
        more, count = photo.verdicts(low, high)
        rows += more
        total += count
    if not total or not rows:
        return float('nan') if not total else 0.
    right = np.array([r[1] for r in sorted(rows, key=lambda r: -r[0])], np.float64)
    recall = np.cumsum(right) / total
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    return float((np.diff(recall, prepend=0) * precision).sum())


def threshold(photos, strays=STRAYS):
    """The lowest score at which at most so many stray boxes a photo remain."""
    scores = np.sort(np.concatenate([p.strays() for p in photos]))[::-1]
    allowed = int(strays * len(photos))
    return float(scores[allowed]) + 1e-6 if len(scores) > allowed else 0.


def covered(photos, score, low=COVER_SIZE, high=1e9):
    best = [s for p in photos for s in p.covering_scores(low, high)]
    return sum(s >= score and s > 0 for s in best) / len(best) if best else float('nan')


def summary(photos):
    """{'all' and each source: (AP, covered, photos)} with the threshold of all photos, and of each source's own."""
    score = threshold(photos)
    table = {'all': (average_precision(photos), covered(photos, score), len(photos))}
    for source in sorted({p.source for p in photos}):
        part = [p for p in photos if p.source == source]
        table[source] = (average_precision(part), covered(part, threshold(part)), len(part))
    return score, table
