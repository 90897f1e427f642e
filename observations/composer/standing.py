"""Which answers stand: those to questions whose parent holds."""

from observations.composer.inputs import Answer, EffectInput, ObservationInput, QuestionInput
from observations.enums import ObservationState


def standing_answers(effect: EffectInput, observation: ObservationInput) -> dict[str, Answer]:
    """The answers to questions that are asked: those whose parent holds. Empty ones are left out."""
    standing: dict[str, Answer] = {}
    for question in effect.questions:
        answer = observation.answers.get(question.code, ())
        if answer != () and is_asked(question, standing):
            standing[question.code] = answer
    return standing


def observed_answers(effect: EffectInput, observation: ObservationInput) -> dict[str, Answer]:
    """Nothing is said of an effect that was not observed."""
    if observation.state is not ObservationState.OBSERVED:
        return {}
    return standing_answers(effect, observation)


def is_asked(question: QuestionInput, answers: dict[str, Answer]) -> bool:
    if question.parent is None:
        return True
    answer = answers.get(question.parent.question, ())
    return isinstance(answer, tuple) and not question.parent.categories.isdisjoint(answer)
