"""How far a year is, and what it lacks, in sentences."""

import re
from dataclasses import dataclass

from observations.composer.language import french
from observations.composer.questionnaire.inputs import EffectInput, ObservationInput, QuestionInput
from observations.composer.questionnaire.standing import is_asked, standing_answers
from observations.enums import ObservationState, Polarity, Progress, QuestionKind

_EMPTY = ObservationInput()
_SAYING_NOTHING = frozenset(
    "ras|na|nc|nsp|neant|rien|aucun|aucune|vide|test|idem|sans|xxx|rien a signaler|rien a dire|"
    "non renseigne|ne sait pas|sans objet|a completer".split("|")
)


def is_placeholder(note: str) -> bool:
    """« / », « RAS », « ?? » or a single letter: written to fill the field, not to be read."""
    words = [re.sub(r"[\W_]", "", word) for word in french.plain(note).split()]
    text = " ".join(word for word in words if word)
    return bool(note) and (len(text) < 2 or text in _SAYING_NOTHING)


def has_note(observation: ObservationInput) -> bool:
    return bool(observation.note) and not is_placeholder(observation.note)


@dataclass(frozen=True, slots=True)
class Missing:
    """Something still to say about an effect."""

    effect: str
    sentence: str


def progress_of(effect: EffectInput, observation: ObservationInput | None) -> Progress:
    observation = observation or _EMPTY
    if observation.state is not ObservationState.OBSERVED:
        return Progress(observation.state.value)
    if not standing_answers(effect, observation) and not has_note(observation):
        return Progress.TO_DO
    return Progress.STARTED if missing_from(effect, observation) else Progress.COMPLETE


def missing_from(effect: EffectInput, observation: ObservationInput | None) -> list[Missing]:
    """Empty when every question that is asked has its answer, and the note something to read."""
    observation = observation or _EMPTY
    if observation.state is not ObservationState.OBSERVED:
        return []
    answers = standing_answers(effect, observation)
    if not answers and not observation.note:
        return [Missing(effect.code, f"{effect.title}\u00a0: rien n’est encore renseigné.")]
    sentences = [
        f"{effect.title}\u00a0: «\u00a0{question.label}\u00a0» n’a pas encore de réponse."
        for question in effect.questions
        if question.code not in answers and is_asked(question, answers) and _is_expected(question)
    ]
    if is_placeholder(observation.note):
        sentences.append(
            f"{effect.title}\u00a0: la note «\u00a0{observation.note.strip()}\u00a0» ne raconte rien encore ; "
            "le rapport ne la citera pas. Un exemple la ferait vivre."
        )
    elif not observation.note:
        sentences.append(f"{effect.title}\u00a0: la note est vide ; un exemple la ferait vivre.")
    return [Missing(effect.code, french.typography(sentence)) for sentence in sentences]


def _is_expected(question: QuestionInput) -> bool:
    """Nobody has to find harm: a question that only has negative answers may stay empty."""
    return any(category.polarity is not Polarity.NEGATIVE for category in question.categories) or (
        question.kind is QuestionKind.COUNT
    )


def remaining_titles(
    effects: tuple[EffectInput, ...], observations: dict[str, ObservationInput]
) -> list[str]:
    return [
        effect.title
        for effect in effects
        if progress_of(effect, observations.get(effect.code)) in (Progress.TO_DO, Progress.STARTED)
    ]
