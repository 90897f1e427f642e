"""The shipped questionnaire, read from its file: what the composer's tests speak with."""

from functools import lru_cache
from pathlib import Path

from observations.composer.questionnaire.inputs import EditionInput, EffectInput
from observations.exchange.questionnaire import read_questionnaire

ROOT = Path(__file__).parent.parent
QUESTIONNAIRE = ROOT / "fixtures/questionnaire.json"
LE_WIP = ROOT / "fixtures/demo/le-wip.bilan.json"
LE_WIP_TEXT = ROOT / "tests/golden/le-wip.txt"


@lru_cache(maxsize=1)
def shipped_edition() -> EditionInput:
    return read_questionnaire(QUESTIONNAIRE.read_bytes())


def shipped_effect(code: str) -> EffectInput:
    return next(effect for effect in shipped_edition().effects if effect.code == code)
