#!/usr/bin/python3
"""Weights in and out: export.py WEIGHTS OUT.onnx; WEIGHTS is a checkpoint (.pth) or an exported network (.onnx).

The export folds each batch norm into its convolution. A network that was read back has norms that change nothing; before it is
trained on, settle() gives them the figures of real pictures, without changing what the network says.
"""
import sys

import torch

from model import Exported, FaceNet


def write_onnx(net, path, width=320, height=240):
    plain = FaceNet()
    plain.load_state_dict(net.state_dict())
    torch.onnx.export(Exported(plain.eval()), torch.zeros(1, 3, height, width), path, input_names=['input'],
                      output_names=['scores', 'boxes'], opset_version=11)


def norms(net):
    """The batch norm behind each convolution that has one."""
    found, before = {}, None
    for layer in net.modules():
        if isinstance(layer, torch.nn.Conv2d):
            before = layer
        elif isinstance(layer, torch.nn.BatchNorm2d):
            found[before] = layer
    return found


def run_order(net):
    """Convolutions in the order they run, which is the order of the file."""
    order = []
    hooks = [m.register_forward_hook(lambda m, i, o: order.append(m)) for m in net.modules()
             if isinstance(m, torch.nn.Conv2d)]
    with torch.no_grad():
        net.eval()(torch.zeros(1, 3, 240, 320))
    for hook in hooks:
        hook.remove()
    return order


def from_onnx(path):
    import cv2
    exported = cv2.dnn.readNetFromONNX(path)
    layers = [exported.getLayer(exported.getLayerId(name)) for name in exported.getLayerNames()]
    blobs = [[torch.from_numpy(b.copy()) for b in layer.blobs] for layer in layers if layer.type == 'Convolution']
    net = FaceNet()
    order, after = run_order(net), norms(net)
    if len(order) != len(blobs):
        raise ValueError('%s holds %d convolutions, the network has %d' % (path, len(blobs), len(order)))
    for conv, (weight, bias) in zip(order, blobs):
        conv.weight.data.copy_(weight.view_as(conv.weight))
        if conv in after:
            after[conv].bias.data.copy_(bias.flatten())
            after[conv].running_var.fill_(1 - after[conv].eps)
        else:
            conv.bias.data.copy_(bias.flatten())
    return net.state_dict()


def settle(net, pictures):
    """Norms that change nothing (from_onnx) get the mean and spread of these pictures, and undo them by weight and bias."""
    after, figures = norms(net), {}

    def note(conv, _, out):
        figures[conv] = (out.mean((0, 2, 3)), out.var((0, 2, 3), unbiased=False))

    hooks = [conv.register_forward_hook(note) for conv in after]
    with torch.no_grad():
        net.eval()(pictures)
        for conv, norm in after.items():
            mean, spread = figures[conv]
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(spread)
            norm.weight.copy_((spread + norm.eps).sqrt())
            norm.bias.add_(mean)
    for hook in hooks:
        hook.remove()
    net.train()


def read_weights(path):
    if path.endswith('.onnx'):
        return from_onnx(path)
    state = torch.load(path, map_location='cpu')
    for name in ('mean', 'ema'):
        if name in state:
            return state[name]
    return state


if __name__ == '__main__':
    network = FaceNet()
    network.load_state_dict(read_weights(sys.argv[1]))
    write_onnx(network, sys.argv[2])
