"""Draws the phone's icons from static/img/logo.svg: .venv/bin/python scripts/icons.py

Run it again after the logo changed; the icons are shipped.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent.parent / "static" / "img"
SHARP = 4  # drawn this many times larger, then shrunk: round corners without steps
#: A maskable icon may be cut to a circle of 80 % of its width; the drawing stays inside.
MASKED = 0.9
BAR = re.compile(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)")


def parts(svg: Path) -> tuple[float, str, float, list[tuple[str, tuple]]]:
    """Edge, ground colour, corner and the bars (colour, box) of a logo made of rectangles."""
    root = ET.parse(svg).getroot()  # noqa: S314  our own file
    ground, bars = root.find("{*}rect"), []
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        for x, y, width, height in (map(float, found) for found in BAR.findall(path.get("d"))):
            bars.append((path.get("fill"), (x, y, x + width, y + height)))
    return float(root.get("width")), ground.get("fill"), float(ground.get("rx")), bars


def draw(edge: int, *, maskable: bool = False) -> Image.Image:
    """The logo, `edge` pixels wide; a maskable one fills its square and keeps a margin."""
    width, ground, corner, bars = parts(FOLDER / "logo.svg")
    size = edge * SHARP
    scale = size / width
    image = Image.new("RGBA", (size, size), ground if maskable else (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    if not maskable:
        pen.rounded_rectangle((0, 0, size - 1, size - 1), corner * scale, fill=ground)
    shrink, middle = (MASKED if maskable else 1), width / 2
    for colour, box in bars:
        left, top, right, bottom = ((middle + (at - middle) * shrink) * scale for at in box)
        pen.rectangle((left, top, right - 1, bottom - 1), fill=colour)
    return image.resize((edge, edge), Image.Resampling.LANCZOS)


def main() -> None:
    draw(192).save(FOLDER / "icon-192.png", optimize=True)
    draw(512).save(FOLDER / "icon-512.png", optimize=True)
    draw(512, maskable=True).convert("RGB").save(FOLDER / "icon-maskable-512.png", optimize=True)


if __name__ == "__main__":
    main()
