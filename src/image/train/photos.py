"""The training photos in memory, with their faces and how sure each is."""
import json
import os

import cv2
import numpy as np

# A teacher's score: above, a face that nobody labelled; between, look away. Looked at by eye: below .34 nearly all are
# signs, hands and knees, at .5 half are backs of heads, above .6 most are faces.
SURE, DOUBTFUL = .6, .34
TAKEN_PART = .3
# The publishers draw their boxes in different ways (one 15 to 25 % wider than the teachers', one 15 % lower). A label that a
# teacher saw, too, is moved this part of the way to the teacher's box, which is drawn the same way everywhere.
AGREED, SAME_IOU = .5, .4
MOVE_PLAIN, MOVE_MASKED = .7, .4


class Photo:
    """levels: the pixels at full, half and quarter size; boxes [n,4]: x, y, w, h; sure [n]; away [m,4]; plain [n]: no mask."""

    def __init__(self, pixels, boxes, sure, away, plain):
        self.levels = [pixels]
        for _ in range(2):
            if min(self.levels[-1].shape[:2]) >= 32:
                self.levels.append(cv2.resize(self.levels[-1], None, fx=.5, fy=.5, interpolation=cv2.INTER_AREA))
        self.boxes, self.sure, self.away, self.plain = boxes, sure, away, plain


def shared_part(box, others):
    """The greatest part of the smaller of two boxes that both cover."""
    if not len(others):
        return 0
    low = np.maximum(others[:, :2], box[:2])
    high = np.minimum(others[:, :2] + others[:, 2:4], box[:2] + box[2:4])
    inside = np.prod(np.clip(high - low, 0, None), 1)
    return float((inside / np.maximum(1e-6, np.minimum(others[:, 2] * others[:, 3], box[2] * box[3]))).max())


def corners(boxes):
    return np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:4]], 1)


def overlaps(a, b):
    """IoU of every a with every b, corners."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    inside = np.prod(np.clip(high - low, 0, None), 2)
    area = lambda v: np.prod(v[:, 2:] - v[:, :2], 1)
    return inside / np.maximum(area(a)[:, None] + area(b)[None] - inside, 1e-6)


def harmonise(labelled, plain, seen):
    seen = seen[seen[:, 4] > AGREED]
    if not len(seen) or not len(labelled):
        return labelled
    iou = overlaps(corners(labelled), corners(seen))
    move = np.where(np.array(plain) > 0, MOVE_PLAIN, MOVE_MASKED) * (iou.max(1) > SAME_IOU)
    return (labelled + move[:, None] * (seen[iou.argmax(1), :4] - labelled)).astype(np.float32)


def make_photo(pixels, row, seen):
    labelled = np.array(row['boxes'], np.float32).reshape(-1, 4)
    seen = np.array(seen, np.float32).reshape(-1, 5)
    plain = [float('without' in c or c == 'face') for c in row.get('cls', [])]
    plain += [0.] * (len(labelled) - len(plain))
    boxes, sure, away = list(harmonise(labelled, plain, seen)), [1.] * len(labelled), []
    for teacher in seen:
        if teacher[4] < DOUBTFUL or shared_part(teacher[:4], labelled) >= TAKEN_PART:
            continue
        if teacher[4] > SURE:
            boxes.append(teacher[:4])
            sure.append(float(np.clip(.6 + (teacher[4] - SURE) * 2, .6, 1)))
            plain.append(1.)
        else:
            away.append(teacher[:4])
    stack = lambda rows: np.array(rows, np.float32).reshape(-1, 4)
    return Photo(pixels, stack(boxes), np.array(sure, np.float32), stack(away), np.array(plain, np.float32))


def load(data, teacher):
    seen = {}
    with open(teacher) as rows:
        for line in rows:
            row = json.loads(line)
            seen[row['file']] = row['boxes']
    photos = []
    with open(os.path.join(data, 'boxes.jsonl')) as rows:
        for row in map(json.loads, rows):
            pixels = cv2.imread(os.path.join(data, 'images', row['file']))
            photos.append(make_photo(pixels, row, seen.get(row['file'], [])))
    return photos
