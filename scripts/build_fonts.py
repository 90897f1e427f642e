"""Build the vendored fonts from unpacked npm and Debian packages.

Usage: build_fonts.py NPM_DIR DEBIAN_DIR

NPM_DIR holds the files of @fontsource/atkinson-hyperlegible-next and
@fontsource/bricolage-grotesque; DEBIAN_DIR the unpacked fonts-dejavu-core and fonts-symbola.

The web gets WOFF2, the PDF static TTF (WOFF2 costs a third of the rendering time). Both lack
U+202F, the narrow no-break space that French puts before « ; ! ? »: it is mapped to the thin
space, and the Unicode hyphens to the hyphen, so that no second face creeps in.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parent.parent
WEB = ROOT / "static/vendor/fonts"
PDF = ROOT / "observations/rendering/pdf/fonts"
FACES = [
    "atkinson-hyperlegible-next-latin-400-normal",
    "atkinson-hyperlegible-next-latin-400-italic",
    "atkinson-hyperlegible-next-latin-700-normal",
    "bricolage-grotesque-latin-600-normal",
    "bricolage-grotesque-latin-700-normal",
]
ALIASES = {0x202F: 0x2009, 0x2010: 0x2D, 0x2011: 0x2D}
EMOJI = [*range(0x2190, 0x2400), *range(0x2500, 0x2C00), *range(0x1F000, 0x1FB00)]


def build_text_faces(npm: Path) -> None:
    for face in FACES:
        font = TTFont(next(npm.rglob(f"{face}.woff2")))
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap |= {new: table.cmap[old] for new, old in ALIASES.items()}
        short = face.replace("-latin", "").replace("-normal", "")
        font.flavor = "woff2"
        font.save(WEB / f"{short}.woff2")
        font.flavor = None
        font.save(PDF / f"{short}.ttf")


def build_fallback_faces(debian: Path) -> None:
    """DejaVu speaks Greek, Cyrillic, Arabic, Hebrew; Symbola draws the emoji."""
    sans = TTFont(next(debian.rglob("DejaVuSans.ttf")))
    sans.save(PDF / "dejavu-sans.ttf")
    known = set(sans.getBestCmap())
    symbola = TTFont(next(debian.rglob("Symbola*.ttf")))
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for code in EMOJI if code not in known])
    subsetter.subset(symbola)
    symbola.save(PDF / "symbola-emoji.ttf")


if __name__ == "__main__":
    build_text_faces(Path(sys.argv[1]))
    build_fallback_faces(Path(sys.argv[2]))
