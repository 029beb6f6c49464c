"""What hands leave on a printed page: a signature in ink and the office's round red seal."""

import math
import random
from collections.abc import Iterator

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from deploy.demo.printing.fonts import PEN, load
from deploy.demo.printing.typeset import Sheet

SEAL_INK = (206, 38, 48)
FINER = 3  # marks are drawn this many times larger and reduced, which smooths their edges

STEPS = 2600

Point = tuple[float, float]


def scribble(sheet: Sheet, name: str, *, middle: Point) -> None:
    """Sign in blue ink; the same name always writes the same curve."""
    width, height = sheet.px(44) * FINER, sheet.px(24) * FINER
    mask = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(mask)
    weight = sheet.px(0.42) * FINER
    for x, y, pressure in strokes(random.Random(name)):  # noqa: S311  # a drawing, not a secret
        reach = weight * pressure / 2
        at = (x * width, y * height)
        pen.ellipse((at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach), fill=255)
    stamp(sheet, mask, ink=PEN, middle=middle)


def strokes(rng: random.Random) -> Iterator[tuple[float, float, float]]:
    """Yield points (x, y, pressure) of a capital's loop, a fading wave and a flourish."""
    turns, fade = rng.uniform(2.5, 8.5), rng.uniform(1.2, 3.6)
    lean, phase = rng.uniform(-0.05, 0.1), rng.uniform(0, 2 * math.pi)
    ripple, rise = rng.uniform(0.3, 2.2), rng.uniform(-0.05, 0.25)
    for step in range(STEPS):
        t = step / STEPS
        swing = 2 * math.pi * turns * t + phase
        height = 0.36 * math.exp(-fade * t) * (1 + 0.35 * math.sin(ripple * swing))
        x = 0.14 + 0.64 * t + lean * math.cos(swing * 1.1)
        yield x, 0.52 - rise * t + height * math.sin(swing), 0.8 + 0.3 * math.cos(swing)
    yield from flourish(rng)


def flourish(rng: random.Random) -> Iterator[tuple[float, float, float]]:
    """Yield the points of the stroke that ends a signature, from right to left."""
    start, end = rng.uniform(0.62, 0.9), rng.uniform(0.05, 0.4)
    top, drop, bend = rng.uniform(0.55, 0.8), rng.uniform(-0.15, 0.2), rng.uniform(-0.2, 0.2)
    for step in range(STEPS // 2):
        t = 2 * step / STEPS
        x = start + (end - start) * t
        yield x, top + drop * t + bend * math.sin(math.pi * t), 0.95 - 0.5 * t


def seal(sheet: Sheet, *, texts: tuple[str, str], middle: Point, diameter_mm: float) -> None:
    """Press a red seal: a double ring, one text over and one under a star."""
    size = sheet.px(diameter_mm) * FINER
    mask = Image.new("L", (size, size), 0)
    rings(mask)
    arc_text(mask, texts[0], span=math.radians(205), upper=True)
    arc_text(mask, texts[1], span=math.radians(100), upper=False)
    star(mask, centre=(size / 2, size / 2), radius=size * 0.19)
    seed = random.Random(texts[0] + texts[1])  # noqa: S311  # a drawing, not a secret
    tilted = mask.rotate(seed.uniform(-9, 9), Image.Resampling.BICUBIC)
    worn = ImageChops.multiply(tilted, blotches(size, seed))
    stamp(sheet, worn, ink=SEAL_INK, middle=middle)


def rings(mask: Image.Image) -> None:
    """Draw the two outer circles and the inner one."""
    pen, size = ImageDraw.Draw(mask), mask.width
    for inset, weight in ((0.01, 0.018), (0.04, 0.008), (0.2, 0.008)):
        box = (size * inset, size * inset, size * (1 - inset), size * (1 - inset))
        pen.ellipse(box, outline=255, width=round(size * weight))


def arc_text(mask: Image.Image, text: str, *, span: float, upper: bool) -> None:
    """Write along the band between the rings, readable from below, within at most this angle."""
    size, side = mask.width, 1 if upper else -1
    radius = size * (0.355 if upper else 0.425)
    natural = load("bold", size * 0.095).getlength(text) / radius
    font = load("bold", size * 0.095 * min(1.0, span / natural))
    angle = -font.getlength(text) / radius / 2
    for letter in text:
        half = font.getlength(letter) / radius / 2
        angle += half
        at = (
            size / 2 + radius * math.sin(angle),
            size / 2 - side * radius * math.cos(angle),
        )
        turned_letter(mask, letter, font=font, at=at, degrees=-side * math.degrees(angle))
        angle += half


def turned_letter(
    mask: Image.Image,
    letter: str,
    *,
    font: ImageFont.FreeTypeFont,
    at: Point,
    degrees: float,
) -> None:
    """Add one letter whose foot stands at a point, turned about that point."""
    side = round(mask.width * 0.3)
    tile = Image.new("L", (side, side), 0)
    ImageDraw.Draw(tile).text((side / 2, side / 2), letter, 255, font=font, anchor="ms")
    tile = tile.rotate(degrees, Image.Resampling.BICUBIC)
    corner = (round(at[0] - side / 2), round(at[1] - side / 2))
    mask.paste(255, (*corner, corner[0] + side, corner[1] + side), tile)


def star(mask: Image.Image, *, centre: Point, radius: float) -> None:
    """Fill a five-pointed star."""
    corners = []
    for index in range(10):
        reach = radius if index % 2 == 0 else radius * 0.382
        angle = math.pi * index / 5
        corners.append((centre[0] + reach * math.sin(angle), centre[1] - reach * math.cos(angle)))
    ImageDraw.Draw(mask).polygon(corners, fill=255)


def blotches(size: int, rng: random.Random) -> Image.Image:
    """Answer how much ink each place took: a soft pattern between thin and full."""
    coarse = Image.frombytes("L", (24, 24), rng.randbytes(24 * 24))
    soft = coarse.resize((size, size), Image.Resampling.BICUBIC).filter(ImageFilter.BoxBlur(9))
    return soft.point(lambda value: 165 + value * 90 // 255)


def stamp(sheet: Sheet, mask: Image.Image, *, ink: tuple[int, int, int], middle: Point) -> None:
    """Press ink through a mask so that what was printed before stays visible."""
    small = mask.resize((mask.width // FINER, mask.height // FINER), Image.Resampling.LANCZOS)
    layer = Image.new("RGB", small.size, "white")
    layer.paste(ink, (0, 0, *small.size), small)
    corner = (sheet.px(middle[0]) - small.width // 2, sheet.px(middle[1]) - small.height // 2)
    box = (*corner, corner[0] + small.width, corner[1] + small.height)
    sheet.image.paste(ImageChops.multiply(sheet.image.crop(box), layer), box)
