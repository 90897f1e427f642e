"""The exchange file of one report, `effets-bilan/1`: bytes <-> Bilan. Writes nothing."""

import json
import re
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, StringConstraints

from observations.composer.compose import ReportInputs
from observations.composer.language.french import clean_text, name_with_de
from observations.composer.questionnaire.inputs import (
    Answer,
    Bilan,
    Count,
    EffectInput,
    ObservationInput,
    ScaleInput,
    SiteInput,
)
from observations.composer.questionnaire.standing import standing_answers
from observations.enums import InclusiveWriting, ObservationState, QuestionKind, Scale
from observations.exchange.reading import StrictRow, french_error, read_rows
from observations.models.observation import COUNT_MAX, NOTE_MAX
from observations.models.parts import validate_code

FORMAT = "effets-bilan/1"

BilanAnswer = str | tuple[str, ...] | Count
Text = Annotated[str, StringConstraints(max_length=120)]


def _answer(value: Any) -> BilanAnswer:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return _codes(value)
    if isinstance(value, dict):
        return _count(value)
    raise french_error("une réponse est un code, une liste de codes ou un nombre avec son unité.")


def _codes(value: list[Any]) -> tuple[str, ...]:
    if not all(isinstance(code, str) for code in value):
        raise french_error("une liste de codes est attendue.")
    if len(set(value)) < len(value):
        raise french_error("une catégorie est écrite deux fois.")
    return tuple(value)


def _count(value: dict[str, Any]) -> Count:
    if set(value) - {"value", "approximate", "period"} or "value" not in value:
        raise french_error("un nombre s’écrit avec « value », « approximate » et « period ».")
    number, approximate, period = (
        value["value"],
        value.get("approximate", False),
        value.get("period"),
    )
    if type(number) is not int or not 0 <= number <= COUNT_MAX:
        raise french_error(f"« value » est un nombre entier de 0 à {COUNT_MAX}.")
    if type(approximate) is not bool:
        raise french_error("« approximate » est « true » ou « false ».")
    if period not in (None, "an"):
        raise french_error("« period » est « an » ou « null ».")
    return Count(number, approximate, period or "")


class SiteRow(StrictRow):
    slug: Annotated[str, StringConstraints(pattern=validate_code.regex.pattern, max_length=80)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    name_with_de: Annotated[str, StringConstraints(max_length=130)] = ""
    city: Text = ""
    postcode: Annotated[str, StringConstraints(pattern=r"^(\d{5})?$")] = ""


class ScaleRow(StrictRow):
    intensity: Annotated[int, Field(ge=1, le=5)] | None = None
    keywords: list[Annotated[str, StringConstraints(min_length=1, max_length=40)]] = []


class ObservationRow(StrictRow):
    state: ObservationState = ObservationState.OBSERVED
    answers: dict[str, Annotated[Any, PlainValidator(_answer)]] = {}
    note: Annotated[str, StringConstraints(max_length=NOTE_MAX)] = ""


class BilanFile(StrictRow):
    format: Literal["effets-bilan/1"]
    site: SiteRow
    year: Annotated[int, Field(ge=2000, le=2100)]
    inclusive_writing: InclusiveWriting = InclusiveWriting.MEDIAN_POINT
    scales: dict[Scale, ScaleRow] = {}
    observations: dict[str, ObservationRow] = {}


def read_bilan(raw: bytes) -> Bilan:
    """Raises ImportRefused. Codes are checked by whoever knows the year's questionnaire."""
    file = read_rows(raw, BilanFile)
    site = file.site
    name = _line(site.name)
    return Bilan(
        site=SiteInput(
            slug=site.slug,
            name=name,
            name_with_de=_line(site.name_with_de) or name_with_de(name),
            city=_line(site.city),
            postcode=site.postcode,
        ),
        year=file.year,
        writing=file.inclusive_writing,
        scales={
            scale: ScaleInput(row.intensity, tuple(map(_line, row.keywords)))
            for scale, row in file.scales.items()
        },
        states={code: row.state for code, row in file.observations.items()},
        notes={code: clean_text(row.note) for code, row in file.observations.items()},
        answers={code: dict(row.answers) for code, row in file.observations.items()},
    )


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", clean_text(text))


def write_bilan(inputs: ReportInputs) -> bytes:
    """The report as a file; answers that are kept but not asked are left out."""
    site = inputs.site
    data = {
        "format": FORMAT,
        "site": {
            "slug": site.slug,
            "name": site.name,
            "name_with_de": site.name_with_de,
            "city": site.city,
            "postcode": site.postcode,
        },
        "year": inputs.year,
        "inclusive_writing": inputs.writing.value,
        "scales": {scale.value: _scale(inputs.scales.get(scale, ScaleInput())) for scale in Scale},
        "observations": {
            effect.code: _observation(effect, inputs.observations[effect.code])
            for effect in inputs.effects
            if effect.code in inputs.observations
        },
    }
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _scale(facts: ScaleInput) -> dict[str, Any]:
    return {"intensity": facts.intensity, "keywords": list(facts.keywords)}


def _observation(effect: EffectInput, observation: ObservationInput) -> dict[str, Any]:
    standing = standing_answers(effect, observation)
    if observation.state is not ObservationState.OBSERVED:
        standing = {}
    kinds = {question.code: question.kind for question in effect.questions}
    return {
        "state": observation.state.value,
        "answers": {code: _written(answer, kinds[code]) for code, answer in standing.items()},
        "note": observation.note,
    }


def _written(answer: Answer, kind: QuestionKind) -> Any:
    if isinstance(answer, Count):
        return {
            "value": answer.value,
            "approximate": answer.approximate,
            "period": answer.period or None,
        }
    return answer[0] if kind is QuestionKind.SINGLE else list(answer)
