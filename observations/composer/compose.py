"""From a year's answers to its report: the whole tree, effect by effect (see `speaker`)."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from observations.composer.comparing.years import changes_since, series_of
from observations.composer.language import french
from observations.composer.questionnaire.completeness import has_note, is_placeholder
from observations.composer.questionnaire.inputs import (
    EffectInput,
    ObservationInput,
    ScaleInput,
    SiteInput,
)
from observations.composer.saying.data import EffectData, effect_data
from observations.composer.saying.document import (
    SCHEMA,
    AbsentEffects,
    Changes,
    Document,
    EffectSection,
    Passage,
    ScaleSection,
    SiteFacts,
)
from observations.composer.saying.speaker import Speaker
from observations.enums import (
    Absence,
    InclusiveWriting,
    ObservationState,
    Polarity,
    Scale,
)

_EMPTY = ObservationInput()


@dataclass(frozen=True, slots=True)
class ReportInputs:
    site: SiteInput
    year: int
    writing: InclusiveWriting
    effects: tuple[EffectInput, ...]
    observations: dict[str, ObservationInput]
    scales: dict[Scale, ScaleInput] = field(default_factory=dict)
    # What was published of the years before: by year, then by effect code.
    past: dict[int, dict[str, EffectData]] = field(default_factory=dict)


def compose(inputs: ReportInputs) -> Document:
    sections = {effect.code: _section(inputs, effect) for effect in inputs.effects}
    site = inputs.site
    return Document(
        schema=SCHEMA,
        title=f"Effets sociaux et urbains {french.with_apostrophes(site.name_with_de)}",
        site=SiteFacts(
            site.slug,
            french.with_apostrophes(site.name),
            french.with_apostrophes(site.name_with_de),
            site.city,
            site.postcode,
        ),
        year=inputs.year,
        scales=tuple(_scale_sections(inputs, sections)),
        absences=_absences(inputs, sections),
        hidden_notes=sum(map(_hides_note, inputs.observations.values())),
        data=tuple(
            effect_data(effect, inputs.observations.get(effect.code)) for effect in inputs.effects
        ),
    )


def _hides_note(now: ObservationInput) -> bool:
    return now.is_public and not now.note_is_public and has_note(now)


def _section(inputs: ReportInputs, effect: EffectInput) -> EffectSection | None:
    now = inputs.observations.get(effect.code, _EMPTY)
    if not now.is_public:
        return None
    section = compose_effect(effect, now, inputs.writing)
    if section is None:
        return None
    return replace(
        section,
        changes=_changes(inputs, effect, now),
        series=series_of(effect, now, inputs.year, inputs.past),
    )


def _changes(inputs: ReportInputs, effect: EffectInput, now: ObservationInput) -> Changes | None:
    year = inputs.year - 1
    last = inputs.past.get(year)
    if not last:
        return None
    before = last.get(effect.code)
    if before is None:
        note = f"Cet effet n’était pas encore demandé en {year}."
        return Changes(year, (), (), (), notes=(note,))
    return changes_since(effect, before, now, year)


def _scale_sections(
    inputs: ReportInputs, sections: dict[str, EffectSection | None]
) -> Iterator[ScaleSection]:
    for scale in Scale:
        facts = inputs.scales.get(scale, ScaleInput())
        effects = (sections[effect.code] for effect in inputs.effects if effect.scale is scale)
        yield ScaleSection(
            scale=scale,
            title=scale.report_title,
            intensity=facts.intensity,
            keywords=facts.keywords,
            effects=tuple(section for section in effects if section is not None),
        )


def _absences(
    inputs: ReportInputs, sections: dict[str, EffectSection | None]
) -> tuple[AbsentEffects, ...]:
    titles: dict[Absence, list[str]] = {}
    for effect in inputs.effects:
        now = inputs.observations.get(effect.code, _EMPTY)
        state = now.state
        if not now.is_public:
            titles.setdefault(Absence.NOT_PUBLISHED, []).append(effect.title)
        elif state is not ObservationState.OBSERVED:
            titles.setdefault(Absence(state.value), []).append(effect.title)
        elif sections[effect.code] is None:
            titles.setdefault(Absence.NOT_ANSWERED, []).append(effect.title)
    return tuple(
        AbsentEffects(absence, tuple(titles[absence])) for absence in Absence if absence in titles
    )


def compose_effect(
    effect: EffectInput, observation: ObservationInput, writing: InclusiveWriting
) -> EffectSection | None:
    """None when there is nothing to say."""
    note = french.paragraphs(_public_note(observation))
    if observation.state is ObservationState.OBSERVED:
        passages = tuple(Speaker(effect, observation, writing).passages())
    else:
        absent = observation.state is ObservationState.NOT_OBSERVED
        text = effect.not_observed if absent else effect.not_applicable
        passages = (Passage(french.typography(text), (), Polarity.NEUTRAL),)
    if not passages and not note:
        return None
    return EffectSection(
        effect.code, effect.title, effect.pictogram, passages, note, origin=effect.origin
    )


def _public_note(observation: ObservationInput) -> str:
    """Empty when it is a placeholder, or not for readers."""
    note = observation.note if observation.public_note is None else observation.public_note
    return "" if not observation.note_is_public or is_placeholder(note) else note


def unsaid_labels(
    effect: EffectInput, observation: ObservationInput, writing: InclusiveWriting
) -> tuple[str, ...]:
    """What is answered and that no sentence of the effect would say: silent answers left out."""
    speaker = Speaker(effect, observation, writing)
    list(speaker.passages())
    return tuple(
        label
        for question in effect.questions
        for key, label in speaker.labels(question)
        if key not in speaker.said
    )
