"""The network: a MobileNet-SSD of 57.9 million multiply-adds at 320x240 and 216,860 parameters, and its prior boxes.

Only what a small executor can follow: 3x3, depthwise 3x3 and 1x1 convolutions, ReLU, addition, nearest upsampling by 2.
Fully convolutional: any input size works, with the priors of that size.
"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

WIDTH = 16
STRIDES = (8, 16, 32, 64)
SIDES = ((10, 16, 24), (32, 48), (64, 96), (128, 192, 256))
TALL = 1.25  # a prior's height by its width
CENTRE_PART, SIZE_PART = .1, .2


def conv(inputs, outputs, kernel, stride, groups=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
                         nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class Separable(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.f = nn.Sequential(conv(inputs, inputs, 3, stride, inputs), conv(inputs, outputs, 1, 1))
        self.is_residual = inputs == outputs and stride == 1

    def forward(self, x):
        return x + self.f(x) if self.is_residual else self.f(x)


def head(channels, sides):
    layers = nn.Sequential(nn.Conv2d(channels, channels, 3, 1, 1, groups=channels, bias=False),
                           nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, 6 * sides, 1))
    bias = layers[-1].bias.data.view(sides, 6)
    bias.zero_()
    bias[:, 0], bias[:, 1] = 2, -2  # rare faces: start from "none"
    return layers


class FaceNet(nn.Module):
    """Pictures [B,3,H,W], (RGB - 127) / 128, to logits [B,N] and offsets [B,N,4], N priors."""

    def __init__(self, c=WIDTH):
        super().__init__()
        self.a = nn.Sequential(conv(3, c, 3, 2), Separable(c, 2 * c, 2), Separable(2 * c, 4 * c, 2),
                               Separable(4 * c, 4 * c, 1), Separable(4 * c, 4 * c, 1), Separable(4 * c, 4 * c, 1))
        self.b = nn.Sequential(Separable(4 * c, 8 * c, 2), Separable(8 * c, 8 * c, 1), Separable(8 * c, 8 * c, 1))
        self.c = nn.Sequential(Separable(8 * c, 12 * c, 2), Separable(12 * c, 12 * c, 1))
        self.d = Separable(12 * c, 12 * c, 2)
        self.l1 = conv(8 * c, 4 * c, 1, 1)
        self.l2 = conv(12 * c, 8 * c, 1, 1)
        self.h = nn.ModuleList([head(n, len(s)) for n, s in zip((4 * c, 8 * c, 12 * c, 12 * c), SIDES)])

    def maps(self, x):
        a = self.a(x)
        b = self.b(a)
        c = self.c(b)
        d = self.d(c)
        b2 = b + F.interpolate(self.l2(c), size=b.shape[2:], mode='nearest')
        a2 = a + F.interpolate(self.l1(b2), size=a.shape[2:], mode='nearest')
        return a2, b2, c, d

    def forward(self, x):
        rows = []
        for feature, layers in zip(self.maps(x), self.h):
            y = layers[:-1](feature)
            with torch.autocast('cpu', enabled=False):  # the last step in float32: offsets need the digits
                y = layers[-1](y if y.dtype == torch.float32 else y.float())
            rows.append(y.permute(0, 2, 3, 1).reshape(x.shape[0], -1, 6))
        y = torch.cat(rows, 1)
        return y[..., :2], y[..., 2:]


class Exported(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        scores, boxes = self.net(x)
        return F.softmax(scores, 2), boxes


def priors(width, height):
    """[N,4]: centre x, centre y, width, height in input pixels."""
    levels = []
    for stride, sides in zip(STRIDES, SIDES):
        columns, rows = -(-width // stride), -(-height // stride)
        y, x, side = np.meshgrid(np.arange(rows), np.arange(columns), np.array(sides, np.float32), indexing='ij')
        levels.append(np.stack([(x + .5) * stride, (y + .5) * stride, side, TALL * side], 3).reshape(-1, 4))
    return np.concatenate(levels).astype(np.float32)


def decode(offsets, prior):
    """Corners in input pixels."""
    centre = prior[..., :2] + offsets[..., :2] * CENTRE_PART * prior[..., 2:]
    half = prior[..., 2:] * torch.exp((offsets[..., 2:] * SIZE_PART).clamp(-4, 4)) / 2
    return torch.cat([centre - half, centre + half], -1)
