"""A text as a QR picture in a `data:` address (SVG: one path on white, no style)."""

import base64
from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathFillImage


def picture(text: str) -> str:
    sheet = BytesIO()
    qrcode.make(text, image_factory=SvgPathFillImage, box_size=10, border=2).save(sheet)
    return "data:image/svg+xml;base64," + base64.b64encode(sheet.getvalue()).decode()
