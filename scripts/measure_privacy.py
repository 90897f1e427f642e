"""Prints what the privacy check finds in the sentences labelled by hand, by kind."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.composer.test_privacy import measure  # the path comes first

for kind, (hits, wanted, told) in measure().items():
    print(
        f"{kind:<12} recall {hits}/{wanted} = {hits / wanted:.2f}   "
        f"precision {hits}/{told} = {hits / max(told, 1):.2f}"
    )
