"""The questions as a year was asked them, kept with it: effects <-> JSON, exactly."""

import hashlib
import json
from typing import Any

from pydantic import TypeAdapter

from observations.composer.questionnaire.inputs import EffectInput

_EFFECTS = TypeAdapter(tuple[EffectInput, ...])


def write_asked(effects: tuple[EffectInput, ...]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _EFFECTS.dump_python(effects, mode="json")
    for effect in rows:
        for question in effect["questions"]:
            if question["parent"]:  # a set: in an order of its own, so that the digest is one
                question["parent"]["categories"].sort()
    return rows


def read_asked(rows: list[dict[str, Any]]) -> tuple[EffectInput, ...]:
    """Raises pydantic.ValidationError when `rows` did not come from `write_asked`."""
    return _EFFECTS.validate_python(rows)


def digest_of(rows: list[dict[str, Any]]) -> str:
    """SHA-256, in hexadecimal: the same for the same questions and words."""
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
