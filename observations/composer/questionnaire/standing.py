"""Which answers stand: those to questions whose parent holds.

Parents are a graph: the rank of a question says where it is shown, and nothing else. Questions
that wait for each other are asked of nobody.
"""

from collections.abc import Iterator

from observations.composer.language.french import enumerate_items, typography
from observations.composer.questionnaire.inputs import (
    Answer,
    EffectInput,
    ObservationInput,
    QuestionInput,
)
from observations.enums import ObservationState, QuestionKind


def standing_answers(effect: EffectInput, observation: ObservationInput) -> dict[str, Answer]:
    """The answers to questions that are asked: those whose parent holds. Empty ones are left out."""
    known = {question.code: question for question in effect.questions}
    given = observation.answers
    return {
        question.code: given[question.code]
        for question in effect.questions
        if given.get(question.code, ()) != () and _is_reached(question, known, given)
    }


def observed_answers(effect: EffectInput, observation: ObservationInput) -> dict[str, Answer]:
    """Nothing is said of an effect that was not observed."""
    if observation.state is not ObservationState.OBSERVED:
        return {}
    return standing_answers(effect, observation)


def _is_reached(
    question: QuestionInput, known: dict[str, QuestionInput], answers: dict[str, Answer]
) -> bool:
    way = _way_up(question, known)
    return way[-1].parent is None and all(is_asked(row, answers) for row in way)


def _way_up(question: QuestionInput, known: dict[str, QuestionInput]) -> list[QuestionInput]:
    """The question, its parent, and so on. The last has a parent only where they go round, or
    where it is not a question of the effect."""
    way, met = [question], {question.code}
    while (parent := way[-1].parent) and parent.question in known.keys() - met:
        met.add(parent.question)
        way.append(known[parent.question])
    return way


def parents_first(effect: EffectInput) -> list[QuestionInput]:
    """Its questions in their order, except that none comes before its parent."""
    known = {question.code: question for question in effect.questions}
    found: dict[str, QuestionInput] = {}
    for question in effect.questions:
        for row in reversed(_way_up(question, known)):
            found.setdefault(row.code, row)
    return list(found.values())


def impossible_parents(effect: EffectInput) -> Iterator[tuple[str, str]]:
    """The questions that nothing could open: their code, and why, as a French sentence."""
    known = {question.code: question for question in effect.questions}
    for question in effect.questions:
        if question.parent is not None and (reason := _impossible(question, known)):
            yield question.code, typography(reason)


def _impossible(question: QuestionInput, known: dict[str, QuestionInput]) -> str:
    """Why nothing opens it; empty when something does."""
    assert question.parent is not None  # looked at by the only caller
    name, above = f"« {question.label} »", known.get(question.parent.question)
    if above is None:
        return f"{name} serait posée après une question que cet effet ne pose pas."
    if above is question:
        return f"{name} serait posée après elle-même."
    if above.kind is QuestionKind.COUNT:
        return f"{name} serait posée après un nombre : choisissez plutôt des réponses à cocher."
    offered = {category.code for category in above.categories}
    if not question.parent.categories or question.parent.categories - offered:
        return f"{name} serait posée après une réponse que « {above.label} » ne propose pas."
    return _loop(question, known)


def _loop(question: QuestionInput, known: dict[str, QuestionInput]) -> str:
    way = _way_up(question, known)
    last = way[-1].parent
    if last is None or last.question != question.code:
        return ""
    labels = [f"« {row.label} »" for row in known.values() if row in way]
    return f"{enumerate_items(labels)} s’attendraient en boucle : aucune ne serait jamais posée."


def is_asked(question: QuestionInput, answers: dict[str, Answer]) -> bool:
    if question.parent is None:
        return True
    answer = answers.get(question.parent.question, ())
    return isinstance(answer, tuple) and not question.parent.categories.isdisjoint(answer)
