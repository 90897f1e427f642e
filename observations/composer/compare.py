"""Two versions of an observation, put side by side in words."""

from dataclasses import dataclass

from observations.composer.french import enumerate_items
from observations.composer.inputs import (
    Answer,
    Count,
    EffectInput,
    ObservationInput,
    QuestionInput,
)
from observations.composer.speaker import count_phrase


@dataclass(frozen=True, slots=True)
class Difference:
    """What two people answered differently; both sides are texts to show."""

    label: str
    saved: str
    typed: str


def differences(
    effect: EffectInput, saved: ObservationInput, typed: ObservationInput
) -> list[Difference]:
    """`saved` is in the database, `typed` on somebody's screen."""
    found = []
    if saved.state is not typed.state:
        found.append(Difference("État", saved.state.label, typed.state.label))
    for question in effect.questions:
        ours, theirs = (side.answers.get(question.code, ()) for side in (saved, typed))
        if ours != theirs:
            found.append(
                Difference(question.label, _in_words(question, ours), _in_words(question, theirs))
            )
    if saved.note != typed.note:
        found.append(Difference("Note", saved.note or "Vide", typed.note or "Vide"))
    return found


def _in_words(question: QuestionInput, answer: Answer) -> str:
    if isinstance(answer, Count):
        return count_phrase(question, answer)
    labels = [row.form_label for row in question.categories if row.code in answer]
    return enumerate_items(labels) or "Sans réponse"
