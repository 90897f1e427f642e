"""The picture of a report for social networks: drawn, 1200 × 630, in the report's faces."""

import io
import textwrap
from functools import cache

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from observations.composer.questionnaire.inputs import INTENSITY_MAX
from observations.composer.saying.document import Document

SIZE = (1200, 630)
_PAPER, _INK, _SOFT = "#FBF7F0", "#1E1B18", "#5A5149"
_COLOURS = ("#B23A2E", "#8F5300", "#1C6B77")
_FONTS = settings.BASE_DIR / "observations/rendering/pdf/fonts"


@cache
def _face(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"{name}.ttf", size)


def share_image(document: Document) -> bytes:
    """PNG."""
    picture = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(picture)
    pen.text((80, 70), str(document.year), _COLOURS[0], _face("bricolage-grotesque-700", 56))
    lines = textwrap.wrap(document.title, 30)[:3]
    pen.multiline_text(
        (80, 150), "\n".join(lines), _INK, _face("bricolage-grotesque-700", 68), spacing=14
    )
    place = ", ".join(filter(None, (document.site.name, document.site.city)))
    pen.text((80, 430), place[:60], _SOFT, _face("atkinson-hyperlegible-next-400", 34))
    for rank, (section, colour) in enumerate(zip(document.scales, _COLOURS, strict=True)):
        left = 80 + 370 * rank
        label = section.scale.label
        pen.text((left, 500), label, colour, _face("atkinson-hyperlegible-next-700", 30))
        for step in range(INTENSITY_MAX):
            box = (left + 44 * step, 550, left + 44 * step + 30, 580)
            is_full = section.intensity is not None and step < section.intensity
            pen.ellipse(box, colour if is_full else None, colour, 3)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
