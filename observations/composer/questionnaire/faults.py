"""What of an effect the report could not say, or a page not ask: looked at whenever words are saved.

An effect is looked at whole: a sentence may be spoilt by what becomes of a question.
"""

from collections.abc import Iterator
from functools import partial
from itertools import chain

from observations.composer.questionnaire.inputs import EffectInput, QuestionInput
from observations.composer.questionnaire.origin import misplaced
from observations.composer.questionnaire.standing import impossible_parents
from observations.composer.questionnaire.template import check_plain, check_sentence, check_wording
from observations.exceptions import FullFormError, TemplateError

Fault = tuple[tuple[str | int, ...], str]  # where in the effect, and why, as a French sentence


def faults(effect: EffectInput) -> Iterator[Fault]:
    for rank, sentence in enumerate(effect.sentences):
        try:
            check_sentence(sentence, effect)
        except TemplateError as error:
            name = "template_full" if isinstance(error, FullFormError) else "template"
            yield ("sentences", rank, name), str(error)
    ranks = {question.code: rank for rank, question in enumerate(effect.questions)}
    for code, reason in chain(misplaced(effect), impossible_parents(effect)):
        yield ("questions", ranks[code]), reason
    for rank, question in enumerate(effect.questions):
        for reason in _unsayable(question, effect):
            yield ("questions", rank), reason


def _unsayable(question: QuestionInput, effect: EffectInput) -> Iterator[str]:
    subject, unit = question.subject, question.unit
    words = [row.wording for row in question.categories]
    checks = [
        *(partial(check_plain, text) for text in (subject.short, subject.full)),
        *(partial(check_plain, text) for text in (unit.singular, unit.plural)),
        *(partial(check_wording, row.short, effect) for row in words),
        *(partial(check_wording, row.full, effect) for row in words),
    ]
    for check in checks:
        try:
            check()
        except TemplateError as error:
            yield str(error)
