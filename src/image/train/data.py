"""Training samples: photos turned, zoomed, put together, worn; and what each prior should say about them."""
import math
import random

import cv2
import numpy as np

from model import priors

SMALLEST = 7.0           # px: smaller faces are neither wanted nor punished
VISIBLE, HINTED = .4, .05  # part of a face inside its picture: above, a face; between, look away
MATCH, NEAR = .35, .28   # IoU with a prior: above, a face; between, look away
RIVAL = .8               # a small face lies between the priors: those that reach this part of its best count too
GRAY, LOW_JPEG, BLUR, NOISE, COARSE, OCCLUDE = .18, .2, .1, .1, .12, .15


# ---- Placing one photo into a part of the canvas --------------------------------------------------------------------

def turn_angle(is_wild):
    r = random.random()
    if r < .5:
        return random.gauss(0, 5)
    if r < .93 or not is_wild:
        return random.uniform(-32, 32)
    return random.choice((-90, 90, 180)) + random.gauss(0, 10)


def pick_face(photo):
    chance = .4 + photo.sure * (.2 + photo.plain)
    return photo.boxes[random.choices(range(len(chance)), chance)[0]]


def choose_scale(photo, width, height, is_small):
    """(scale, centre in the photo, where in the cell)"""
    rows, columns = photo.levels[0].shape[:2]
    fit = min(width / columns, height / rows)
    if len(photo.boxes) and random.random() < (.35 if is_small else .55):
        box = pick_face(photo)
        low, high = (9, min(45, .9 * height)) if is_small else (10, .85 * height)
        wanted = math.exp(random.uniform(math.log(low), math.log(max(high, low))))
        scale = min(wanted / max(box[3], 4), 2.5)
        scale = max(scale, (.8 if is_small else 1) * fit)
        return scale, box[:2] + box[2:] / 2, (random.uniform(.12, .88) * width, random.uniform(.12, .88) * height)
    scale = fit * math.exp(random.uniform(-.4, .6) if is_small else random.uniform(-.15, .75))
    centre = np.array([columns / 2, rows / 2], np.float32)
    slack = [abs(v - scale * s) / 2 for v, s in ((width, columns), (height, rows))]
    at = [v / 2 + random.uniform(-1, 1) * s for v, s in ((width, slack[0]), (height, slack[1]))]
    return scale, centre, at


def matrix(scale, centre, at, angle):
    stretch = math.exp(random.uniform(-.16, .16))
    sin, cos = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    flip = -1 if random.random() < .5 else 1
    m = np.array([[cos * scale * stretch * flip, -sin * scale, 0], [sin * scale * stretch * flip, cos * scale, 0]], np.float64)
    m[:, 2] = np.array(at) - m[:, :2] @ np.array(centre, np.float64)
    return m


def draw(photo, m, width, height):
    scale = math.sqrt(abs(np.linalg.det(m[:, :2])))
    level = 0
    while level + 1 < len(photo.levels) and scale < .62:
        level, scale = level + 1, scale * 2
    at = m.copy()
    source = photo.levels[level]
    at[:, 0] *= photo.levels[0].shape[1] / source.shape[1]
    at[:, 1] *= photo.levels[0].shape[0] / source.shape[0]
    fill = [random.randrange(256)] * 3 if random.random() < .7 else [random.randrange(256) for _ in range(3)]
    return cv2.warpAffine(source, at, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT,
                          borderValue=fill)


def move(boxes, m):
    """Corners of the box around the turned ellipse that fills the old box: faces are round."""
    centre = (boxes[:, :2] + boxes[:, 2:] / 2) @ m[:, :2].T + m[:, 2]
    half = np.sqrt((boxes[:, 2:] / 2) ** 2 @ (m[:, :2] ** 2).T)
    return np.concatenate([centre - half, centre + half], 1)


def clip(corners, width, height):
    """(clipped, part that is inside)"""
    inside = np.clip(corners, 0, [width, height, width, height])
    area = lambda v: np.maximum(v[:, 2] - v[:, 0], 0) * np.maximum(v[:, 3] - v[:, 1], 0)
    return inside, area(inside) / np.maximum(area(corners), 1e-3)


def place(photo, canvas, x, y, width, height, is_small):
    """Draws into canvas[y:y+height, x:x+width]; (faces [n,4] corners, sure [n], away [m,4])."""
    scale, centre, at = choose_scale(photo, width, height, is_small)
    m = matrix(scale, centre, at, turn_angle(True))
    canvas[y:y + height, x:x + width] = draw(photo, m, width, height)
    corners, part = clip(move(photo.boxes, m), width, height)
    tall = corners[:, 3] - corners[:, 1]
    wide = corners[:, 2] - corners[:, 0]
    is_face = (part > VISIBLE) & (np.maximum(tall, wide) >= SMALLEST)
    hinted = ~is_face & (part > HINTED)
    doubtful, seen = clip(move(photo.away, m), width, height)
    away = np.concatenate([corners[hinted], doubtful[seen > HINTED]])
    offset = [x, y, x, y]
    return corners[is_face] + offset, photo.sure[is_face], away + offset


# ---- Whole pictures -------------------------------------------------------------------------------------------------

def cells(width, height):
    """The parts of a mosaic, cut at random."""
    columns = random.choice((1, 2, 2, 2, 3))
    rows = random.choice((1, 2, 2, 3)) if columns > 1 else 2
    cut = lambda side, parts: [0] + [round(side * (i + random.uniform(-.25, .25)) / parts) for i in range(1, parts)] + [side]
    xs, ys = cut(width, columns), cut(height, rows)
    return [(x0, y0, x1 - x0, y1 - y0) for x0, x1 in zip(xs, xs[1:]) for y0, y1 in zip(ys, ys[1:])]


def compose(photos, draw_one, width, height):
    is_mosaic = random.random() < .5
    parts = cells(width, height) if is_mosaic else [(0, 0, width, height)]
    canvas = np.empty((height, width, 3), np.uint8)
    placed = [place(photos[draw_one()], canvas, *part, is_mosaic and random.random() < .75) for part in parts]
    return canvas, *(np.concatenate(v).astype(np.float32) for v in zip(*placed))


def occlude(canvas, faces):
    """Something in front of a face: a flat patch or another part of the picture over a side of it."""
    height, width = canvas.shape[:2]
    for x0, y0, x1, y1 in faces.astype(int):
        wide, tall = x1 - x0, y1 - y0
        if wide < 14 or tall < 14 or random.random() > OCCLUDE:
            continue
        part = random.uniform(.2, .5)
        across = random.random() < .5
        w, h = (wide, int(tall * part)) if across else (int(wide * part), tall)
        x = x0 if across or random.random() < .5 else x1 - w
        y = y0 if not across or random.random() < .3 else y1 - h
        if random.random() < .5:
            canvas[y:y + h, x:x + w] = [random.randrange(256) for _ in range(3)]
        elif w < width and h < height:
            sx, sy = random.randrange(width - w), random.randrange(height - h)
            canvas[y:y + h, x:x + w] = canvas[sy:sy + h, sx:sx + w].copy()


def tone(canvas):
    """Brightness, contrast, gamma, colour cast in one table for each channel."""
    steps = np.arange(256, dtype=np.float32) / 255
    gamma = math.exp(random.gauss(0, .25))
    contrast = random.uniform(.5, 1.45)
    light = random.uniform(-.15, .15)
    middle = canvas.mean() / 255
    tables = []
    for _ in range(3):
        cast = random.uniform(.85, 1.15) if random.random() < .5 else 1
        tables.append(((steps - middle) * contrast + middle + light).clip(0, 1) ** gamma * cast)
    table = (np.stack(tables, 1) * 255).clip(0, 255).astype(np.uint8)
    return cv2.LUT(canvas, table.reshape(1, 256, 3))


def fade(canvas):
    """Gray or brown, as old photographs are."""
    gray = cv2.cvtColor(canvas, cv2.COLOR_BGR2GRAY)
    canvas = cv2.merge([gray] * 3)
    if random.random() < .4:
        warm = random.uniform(.02, .2)
        ramp = np.arange(256, dtype=np.float32)[:, None] * [1 - 2 * warm, 1 - .5 * warm, 1 + .3 * warm]
        canvas = cv2.LUT(canvas, ramp.clip(0, 255).astype(np.uint8).reshape(1, 256, 3))
    return canvas


def wear(canvas):
    height, width = canvas.shape[:2]
    if random.random() < COARSE:
        part = random.uniform(.45, .9)
        small = cv2.resize(canvas, None, fx=part, fy=part, interpolation=cv2.INTER_AREA)
        canvas = cv2.resize(small, (width, height), interpolation=random.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC)))
    if random.random() < BLUR:
        canvas = cv2.GaussianBlur(canvas, (0, 0), random.uniform(.5, 1.7))
    if random.random() < .85:
        canvas = tone(canvas)
    if random.random() < GRAY:
        canvas = fade(canvas)
    if random.random() < NOISE:
        grain = np.empty((height, width, random.choice((1, 3))), np.int16)
        cv2.randn(grain, 0, random.uniform(3, 16))
        canvas = np.clip(canvas + grain, 0, 255).astype(np.uint8)
    if random.random() < LOW_JPEG:
        quality = random.randrange(18, 75)
        canvas = cv2.imdecode(cv2.imencode('.jpg', canvas, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)
    return canvas


# ---- What each prior should say -------------------------------------------------------------------------------------

class Matcher:
    def __init__(self, width, height):
        prior = priors(width, height)
        self.corners = np.concatenate([prior[:, :2] - prior[:, 2:] / 2, prior[:, :2] + prior[:, 2:] / 2], 1)
        self.x0, self.y0, self.x1, self.y1 = (np.ascontiguousarray(c)[:, None] for c in self.corners.T)
        self.area = prior[:, 2] * prior[:, 3]

    def overlap(self, boxes):
        wide = np.minimum(self.x1, boxes[:, 2]) - np.maximum(self.x0, boxes[:, 0])
        tall = np.minimum(self.y1, boxes[:, 3]) - np.maximum(self.y0, boxes[:, 1])
        return np.maximum(wide, 0) * np.maximum(tall, 0)

    def iou(self, boxes, inside):
        return inside / (self.area[:, None] + (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]) - inside)

    def match(self, faces, sure, away):
        """(wanted [N], boxes [N,4]) as face_loss takes them."""
        wanted = np.zeros(len(self.area), np.float32)
        boxes = np.zeros((len(self.area), 4), np.float32)
        if len(away):
            inside = self.overlap(away)
            wanted[((inside > .3 * self.area[:, None]) | (self.iou(away, inside) > .2)).any(1)] = -1
        if not len(faces):
            return wanted, boxes
        iou = self.iou(faces, self.overlap(faces))
        iou *= np.maximum(1, MATCH / np.maximum(RIVAL * iou.max(0), .1))
        best, reached = iou.argmax(1), iou.max(1)
        wanted[reached > NEAR] = -1
        is_face = reached >= MATCH
        closest = iou.argmax(0)
        best[closest] = np.arange(len(faces))
        is_face[closest] = True
        wanted[is_face] = sure[best[is_face]]
        boxes[:] = faces[best]
        return wanted, boxes


def sample(photos, draw_one, matcher, width, height):
    canvas, faces, sure, away = compose(photos, draw_one, width, height)
    occlude(canvas, faces)
    canvas = wear(canvas)
    return (canvas, *matcher.match(faces, sure, away))


def batches(photos, sizes, seed):
    """Endless batches; sizes: [(width, height, pictures, chance)]."""
    random.seed(seed)
    np.random.seed(seed)
    cv2.setRNGSeed(seed)
    matchers = {(w, h): Matcher(w, h) for w, h, _, _ in sizes}
    order = []

    def draw_one():
        if not order:
            order.extend(random.sample(range(len(photos)), len(photos)))
        return order.pop()

    while True:
        width, height, count, _ = random.choices(sizes, [s[3] for s in sizes])[0]
        rows = [sample(photos, draw_one, matchers[width, height], width, height) for _ in range(count)]
        yield tuple(np.stack(v) for v in zip(*rows))
