"""Losses. A prior's wanted score is how sure the label is times how well its box lies, so that the best placed box of a face
scores highest (the quality focal loss of Li et al., "Generalized Focal Loss", 2020); boxes by distance-IoU (Zheng et al.,
"Distance-IoU Loss", 2020)."""
import torch
import torch.nn.functional as F

from model import decode

FOCUS = 2.0
BOX_PART = 2.0
QUALITY_FLOOR = .4  # of a positive prior's wanted score; the rest goes by the overlap reached


def overlap(a, b):
    low = torch.max(a[:, :2], b[:, :2])
    high = torch.min(a[:, 2:], b[:, 2:])
    size = (high - low).clamp(min=0)
    inside = size[:, 0] * size[:, 1]
    area = lambda v: ((v[:, 2] - v[:, 0]) * (v[:, 3] - v[:, 1])).clamp(min=1e-6)
    return inside / (area(a) + area(b) - inside)


def distance_loss(a, b, iou):
    outer = torch.max(a[:, 2:], b[:, 2:]) - torch.min(a[:, :2], b[:, :2])
    apart = ((a[:, :2] + a[:, 2:] - b[:, :2] - b[:, 2:]) / 2).pow(2).sum(1)
    return 1 - iou + apart / outer.pow(2).sum(1).clamp(min=1e-6)


def face_loss(scores, offsets, prior, wanted, boxes):
    """wanted [B,N]: 0 no face, below 0 look away, above how sure a face is; boxes [B,N,4]: corners in input pixels."""
    is_face = wanted > 0
    sure = wanted[is_face]
    total = sure.sum().clamp(min=1)
    found = decode(offsets[is_face], prior.unsqueeze(0).expand(wanted.shape[0], -1, -1)[is_face])
    truth = boxes[is_face]
    iou = overlap(found, truth)
    box_loss = (distance_loss(found, truth, iou) * sure).sum() / total
    target = torch.zeros_like(wanted)
    target[is_face] = sure * (QUALITY_FLOOR + (1 - QUALITY_FLOOR) * iou.detach().clamp(0, 1))
    logit = scores[..., 1] - scores[..., 0]
    far = (target - torch.sigmoid(logit)).abs().pow(FOCUS)
    each = far * F.binary_cross_entropy_with_logits(logit, target, reduction='none')
    score_loss = (each * (wanted >= 0)).sum() / total
    return 2 * score_loss + BOX_PART * box_loss, score_loss.detach(), box_loss.detach()
