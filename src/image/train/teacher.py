#!/usr/bin/python3
"""What other detectors see on the training photos: teacher.py MODELS-DIR DATA-DIR OUT.jsonl [PART PARTS]

Writes one line a photo: {"file": ..., "boxes": [[x, y, w, h, score], ...]}, boxes of all teachers at several enlargements,
merged. The trainer takes the sure ones as faces and looks away from the doubtful ones.
"""
import json
import os
import sys

import cv2
import numpy as np

# (file, longest side of its input, weight of its score). The photos are 400 px; small faces need the enlargement.
VIEWS = [
    ('yunet_n_640.onnx', 320, 1.0),
    ('yunet_n_640.onnx', 640, 1.0),
    ('yunet_n_640.onnx', 960, 1.0),
    ('yunet_s_320.onnx', 640, 0.9),
    ('version-RFB-640.onnx', 640, 0.9),
]
SCORE_MIN = 0.2
MERGE_IOU = 0.4
RFB_SIDES = ((10, 16, 24), (32, 48), (64, 96), (128, 192, 256))
RFB_STRIDES = (8, 16, 32, 64)


def rfb_priors(width, height):
    rows = []
    for stride, sides in zip(RFB_STRIDES, RFB_SIDES):
        for y in range(-(-height // stride)):
            for x in range(-(-width // stride)):
                rows += [((x + .5) * stride, (y + .5) * stride, side, side) for side in sides]
    return np.array(rows, np.float32)


def yunet_boxes(net, names, picture):
    net.setInput(cv2.dnn.blobFromImage(picture))
    maps = dict(zip(names, net.forward(names)))
    height, width = picture.shape[:2]
    found = []
    for stride in (8, 16, 32):
        columns = width // stride
        take = lambda kind: maps['%s_%d' % (kind, stride)].reshape(columns * (height // stride), -1)
        score = np.sqrt(np.clip(take('cls')[:, 0], 0, 1) * np.clip(take('obj')[:, 0], 0, 1))
        at = np.where(score > SCORE_MIN)[0]
        box = take('bbox')[at]
        centre = (np.stack([at % columns, at // columns], 1) + box[:, :2]) * stride
        size = np.exp(box[:, 2:4]) * stride
        found.append(np.concatenate([centre - size / 2, size, score[at, None]], 1))
    return np.concatenate(found)


def rfb_boxes(net, priors, picture):
    height, width = picture.shape[:2]
    net.setInput(cv2.dnn.blobFromImage(picture, 1 / 128, (width, height), (127, 127, 127), True))
    scores, boxes = net.forward(['scores', 'boxes'])
    score, box = scores[0][:, 1], boxes[0] * [width, height, width, height]
    keep = score > SCORE_MIN
    box, score = box[keep], score[keep]
    return np.concatenate([box[:, :2], box[:, 2:] - box[:, :2], score[:, None]], 1)


def suppress(boxes, iou):
    if not len(boxes):
        return boxes
    kept = cv2.dnn.NMSBoxes(boxes[:, :4].tolist(), boxes[:, 4].tolist(), SCORE_MIN, iou)
    return boxes[np.array(kept).flatten()]


class Teacher:
    def __init__(self, path, side, weight):
        self.net = cv2.dnn.readNet(path)
        self.names = self.net.getUnconnectedOutLayersNames()
        self.is_yunet = 'yunet' in os.path.basename(path)
        self.side = side
        self.weight = weight

    def look(self, photo):
        height, width = photo.shape[:2]
        scale = self.side / max(width, height)
        small = cv2.resize(photo, (max(1, round(width * scale)), max(1, round(height * scale))),
                           interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
        if self.is_yunet:
            shape, fill = (self.side, self.side), 0
        else:
            shape, fill = (480, 640), 127
            scale = min(640 / width, 480 / height)
            small = cv2.resize(photo, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_CUBIC)
        canvas = np.full(shape + (3,), fill, np.uint8)
        canvas[:small.shape[0], :small.shape[1]] = small
        boxes = yunet_boxes(self.net, self.names, canvas) if self.is_yunet else rfb_boxes(self.net, None, canvas)
        boxes = suppress(boxes, .45).astype(np.float64)
        boxes[:, :4] /= scale
        boxes[:, 4] *= self.weight
        return boxes


def merge(views):
    """One box a face: the surest, its score raised where teachers agree and lowered where only one saw it."""
    boxes = np.concatenate(views)
    kept = suppress(boxes, MERGE_IOU)
    for box in kept:
        seen = 0
        for view in views:
            left = np.maximum(view[:, :2], box[:2])
            right = np.minimum(view[:, :2] + view[:, 2:4], box[:2] + box[2:4])
            inside = np.prod(np.clip(right - left, 0, None), 1)
            iou = inside / (view[:, 2] * view[:, 3] + box[2] * box[3] - inside)
            seen += view[iou > MERGE_IOU, 4].max(initial=0)
        box[4] = .6 * box[4] + .4 * seen / len(views)
    return kept


def main():
    models, data, out = sys.argv[1:4]
    part, parts = (int(v) for v in sys.argv[4:6]) if len(sys.argv) > 5 else (0, 1)
    cv2.setNumThreads(1)
    teachers = [Teacher(os.path.join(models, name), side, weight) for name, side, weight in VIEWS]
    with open(os.path.join(data, 'boxes.jsonl')) as rows, open(out, 'w') as file:
        for row in list(map(json.loads, rows))[part::parts]:
            photo = cv2.imread(os.path.join(data, 'images', row['file']))
            boxes = merge([t.look(photo) for t in teachers])
            file.write(json.dumps({'file': row['file'], 'boxes': [[round(float(v), 3) for v in b] for b in boxes]}) + '\n')
            file.flush()


if __name__ == '__main__':
    main()
