#!/usr/bin/python3
"""Trains the face network: train.py --data DIR --teacher FILE --out DIR --until HH:MM [--start FILE] [--watch DIR]

--start takes weights: a checkpoint or pilot .pth, or an exported .onnx. A checkpoint in --out is continued before that, with its
optimizer and schedule. The learning rate falls as a cosine from the start to --until (UTC); SIGTERM saves and stops.

One process prepares samples; --trainers of one thread each train, and meet in the middle every EXCHANGE steps. bfloat16, where
the processor has it, is three times faster than float32.
"""
import argparse
import calendar
import copy
import math
import os
import signal
import time
from queue import Empty, Full

os.environ.setdefault('OMP_NUM_THREADS', '1')

import cv2  # noqa: E402
import torch  # noqa: E402
import torch.multiprocessing as mp  # noqa: E402

import data  # noqa: E402
import evaluate  # noqa: E402
import photos  # noqa: E402
from export import read_weights, settle, write_onnx  # noqa: E402
from loss import face_loss  # noqa: E402
from model import FaceNet, priors  # noqa: E402

# width, height, pictures a batch, chance
SIZES = ((320, 240, 32, .76), (480, 360, 14, .12), (640, 480, 8, .12))
EXCHANGE = 16
WARM_UP, EMA_DECAY, WEIGHT_DECAY, CLIP = 200, .998, 1e-3, 5.


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--data', required=True)
    parser.add_argument('--teacher', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--until', required=True)
    parser.add_argument('--start')
    parser.add_argument('--watch')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--still', type=int, default=0, help='first stages that keep their weights: 1 saves a third of the time')
    parser.add_argument('--trainers', type=int, default=2)
    parser.add_argument('--rate', type=float, default=2e-3)
    parser.add_argument('--watch-minutes', type=float, default=15)
    parser.add_argument('--pids', help='file to write the process ids to, for whoever wants to pause them')
    return parser.parse_args()


def end_time(clock):
    """The next time the UTC clock shows HH:MM."""
    now = time.time()
    day = time.gmtime(now)
    hour, minute = (int(v) for v in clock.split(':'))
    end = calendar.timegm((day.tm_year, day.tm_mon, day.tm_mday, hour, minute, 0))
    return end if end > now else end + 86400


def produce(queue, options, trainer):
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    stock = photos.load(options.data, options.teacher)
    for batch in data.batches(stock, SIZES, options.seed + int(time.time()) % 100000 * bool(options.resumed)):
        ready = tuple(torch.from_numpy(v) for v in batch)
        while os.getppid() == trainer:
            try:
                queue.put(ready, timeout=5)
                break
            except Full:
                continue
        else:
            return


def prepared(pixels):
    return pixels.permute(0, 3, 1, 2).flip(1).to(memory_format=torch.channels_last).float().sub_(127).div_(128)


class Trainer:
    def __init__(self, options):
        self.net = FaceNet().to(memory_format=torch.channels_last)
        self.steps, self.begun = 0, time.time()
        if options.start:
            self.net.load_state_dict(read_weights(options.start))
        self.still = options.still
        for stage in list(self.net.a)[:self.still]:
            stage.eval().requires_grad_(False)
        self.mean = copy.deepcopy(self.net).eval()
        plain = [p for p in self.net.parameters() if p.ndim < 2]
        heavy = [p for p in self.net.parameters() if p.ndim >= 2]
        self.optimizer = torch.optim.AdamW([{'params': heavy, 'weight_decay': WEIGHT_DECAY},
                                            {'params': plain, 'weight_decay': 0}], options.rate)
        self.rate, self.end = options.rate, end_time(options.until)
        self.priors = {size[:2]: torch.from_numpy(priors(*size[:2])) for size in SIZES}
        self.path = os.path.join(options.out, 'checkpoint.pth')

    def resume(self):
        if not os.path.exists(self.path):
            return False
        state = torch.load(self.path)
        self.net.load_state_dict(state['net'])
        self.mean.load_state_dict(state['mean'])
        self.optimizer.load_state_dict(state['optimizer'])
        self.steps, self.begun = state['steps'], state['begun']
        return True

    def save(self):
        state = {'net': self.net.state_dict(), 'mean': self.mean.state_dict(), 'optimizer': self.optimizer.state_dict(),
                 'steps': self.steps, 'begun': self.begun}
        torch.save(state, self.path + '.new')
        os.replace(self.path + '.new', self.path)

    def part_done(self):
        return (time.time() - self.begun) / (self.end - self.begun)

    def set_rate(self):
        rate = self.rate * min(1, (self.steps + 1) / WARM_UP) * (.5 + .5 * math.cos(math.pi * min(1, self.part_done()))) + 4e-6
        for group in self.optimizer.param_groups:
            group['lr'] = rate

    def begin_from_file(self, pixels):
        settle(self.net, prepared(pixels))
        for stage in list(self.net.a)[:self.still]:
            stage.eval()
        self.mean = copy.deepcopy(self.net).eval()

    def step(self, pixels, wanted, boxes):
        self.set_rate()
        height, width = pixels.shape[1:3]
        x = prepared(pixels)
        with torch.autocast('cpu', dtype=torch.bfloat16):
            scores, offsets = self.net(x)
        loss, *parts = face_loss(scores, offsets, self.priors[width, height], wanted, boxes)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), CLIP)
        self.optimizer.step()
        self.steps += 1
        self.follow()
        return [p.item() for p in parts]

    def follow(self):
        decay = min(EMA_DECAY, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            for mean, now in zip(self.mean.state_dict().values(), self.net.state_dict().values()):
                if mean.dtype.is_floating_point:
                    mean.mul_(decay).add_(now, alpha=1 - decay)
                else:
                    mean.copy_(now)


class Middle:
    """The trainers' common weights, in shared memory: each moves them half the way to its own and goes on from there."""

    def __init__(self, net):
        self.tensors = [t.detach().clone().share_memory_() for t in net.state_dict().values() if t.dtype.is_floating_point]
        self.lock = mp.get_context('fork').Lock()

    def exchange(self, net):
        own = [t for t in net.state_dict().values() if t.dtype.is_floating_point]
        with self.lock, torch.no_grad():
            for shared, mine in zip(self.tensors, own):
                shared.lerp_(mine, .5)
                mine.copy_(shared)


def assist(trainer, middle, queue, parent):
    while os.getppid() == parent:
        try:
            batch = queue.get(timeout=5)
        except Empty:
            continue
        trainer.step(*batch)
        if trainer.steps % EXCHANGE == 0:
            middle.exchange(trainer.net)


def report(trainer, watch, out):
    """Exports, measures, and keeps the best by AP on all the photos and on the source the training photos lack."""
    write_onnx(trainer.mean, os.path.join(out, 'face_ssd.onnx'))
    if watch is None:
        return
    score, table = watch.look(trainer.mean)
    merit = table['all'][0] + table.get('wider', table['all'])[0]
    text = '%s steps %d merit %.4f %s' % (time.strftime('%H:%M', time.gmtime()), trainer.steps, merit,
                                          evaluate.line(score, table))
    print(text, flush=True)
    with open(os.path.join(out, 'curve.txt'), 'a') as file:
        file.write(text + '\n')
    best = os.path.join(out, 'best.txt')
    before = float(open(best).read().split()[0]) if os.path.exists(best) else 0
    if merit > before:
        torch.save({'mean': trainer.mean.state_dict()}, os.path.join(out, 'best.pth'))
        write_onnx(trainer.mean, os.path.join(out, 'best.onnx'))
        with open(best, 'w') as file:
            file.write('%.4f %s\n' % (merit, text))


def main():
    options = arguments()
    os.makedirs(options.out, exist_ok=True)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(options.seed)
    trainer = Trainer(options)
    options.resumed = trainer.resume()
    queue = mp.get_context('fork').Queue(4)
    worker = mp.get_context('fork').Process(target=produce, args=(queue, options, os.getpid()), daemon=True)
    worker.start()
    if not options.resumed and (options.start or '').endswith('.onnx'):
        trainer.begin_from_file(queue.get()[0])
    middle = Middle(trainer.net)
    helpers = [mp.get_context('fork').Process(target=assist, args=(trainer, middle, queue, os.getpid()), daemon=True)
               for _ in range(options.trainers - 1)]
    for helper in helpers:
        helper.start()
    if options.pids:
        with open(options.pids, 'w') as file:
            file.write(''.join('%d\n' % pid for pid in (os.getpid(), worker.pid, *(h.pid for h in helpers))))
    watch = evaluate.Watch(options.watch) if options.watch else None
    started, seen, last = time.time(), 0, time.time()
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    while trainer.part_done() < 1 and not stopped:
        batch = queue.get()
        score_loss, box_loss = trainer.step(*batch)
        seen += len(batch[0])
        if helpers and trainer.steps % EXCHANGE == 0:
            middle.exchange(trainer.net)
        if trainer.steps % 100 == 0:
            print('%d %.0f img/s score %.4f box %.4f waiting %d' % (
                trainer.steps, seen / (time.time() - started), score_loss, box_loss, queue.qsize()), flush=True)
        if time.time() - last > options.watch_minutes * 60:
            trainer.save()
            report(trainer, watch, options.out)
            last = time.time()
    trainer.save()
    if not stopped:
        report(trainer, watch, options.out)
    for process in (worker, *helpers):
        process.terminate()


if __name__ == '__main__':
    main()
