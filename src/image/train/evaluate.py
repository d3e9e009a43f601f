"""The network on the photos kept for watching: AP and covered faces, by bench/face_measure.py."""
import os
import sys

import cv2
import numpy as np
import torch

from model import decode, priors

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../../bench'))
import face_measure  # noqa: E402

SCORE_MIN, NMS_IOU = .05, .45


def letterbox(photo, width, height):
    rows, columns = photo.shape[:2]
    scale = min(width / columns, height / rows)
    small = cv2.resize(photo, (max(1, round(columns * scale)), max(1, round(rows * scale))),
                       interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    canvas = np.full((height, width, 3), 127, np.uint8)
    canvas[:small.shape[0], :small.shape[1]] = small
    return canvas, scale


def detect(net, photo, width, height, prior):
    canvas, scale = letterbox(photo, width, height)
    x = torch.from_numpy(canvas[:, :, ::-1].copy()).permute(2, 0, 1)[None].float().sub_(127).div_(128)
    with torch.no_grad():
        scores, offsets = net(x.contiguous(memory_format=torch.channels_last))
    score = torch.sigmoid(scores[0, :, 1] - scores[0, :, 0]).numpy()
    keep = np.where(score > SCORE_MIN)[0]
    if not len(keep):
        return []
    boxes = decode(offsets[0, keep], prior[keep]).numpy() / scale
    boxes[:, 2:] -= boxes[:, :2]
    kept = np.array(cv2.dnn.NMSBoxes(boxes.tolist(), score[keep].tolist(), SCORE_MIN, NMS_IOU)).flatten()
    return [(*boxes[i], score[keep][i]) for i in kept]


class Watch:
    def __init__(self, data):
        self.rows = face_measure.load(data)
        self.pixels = [cv2.imread(os.path.join(data, 'images', r['file'])) for r in self.rows]

    def look(self, net, width=320, height=240):
        prior = torch.from_numpy(priors(width, height))
        photos = [face_measure.Photo(row, detect(net, pixels, width, height, prior))
                  for row, pixels in zip(self.rows, self.pixels)]
        return face_measure.summary(photos)


def line(score, table):
    return ' '.join('%s %.3f/%.3f' % (name, *values[:2]) for name, values in table.items()) + ' at %.3f' % score
