"""The drawings of effects and scales, one hand for the page and the PDF."""

from functools import cache

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from observations.enums import Scale

register = template.Library()


@cache
def sources() -> dict[str, str]:
    """SVG source by name, drawn with `currentColor`."""
    folder = settings.BASE_DIR / "static/img/pictograms"
    return {file.stem: file.read_text().strip() for file in sorted(folder.glob("*.svg"))}


@register.simple_tag
def pictogram_name(name: str, scale: str) -> str:
    """An effect without a drawing of its own takes its scale's."""
    return name if name in sources() else f"echelle-{Scale(scale)}"


@register.simple_tag
def pictogram(name: str, scale: str = Scale.INDIVIDUAL) -> SafeString:
    """The drawing, for decoration only: a name always stands beside it."""
    source = sources()[pictogram_name(name, scale)]
    return mark_safe(source.replace("<svg ", '<svg aria-hidden="true" class="pictogram" ', 1))  # noqa: S308  # our own files
