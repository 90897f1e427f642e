"""Sentence templates: text, slots and agreements.

{publics}             what is ticked in the question « publics », as a list
{effets+} {effets=} {effets-}   its positive, neutral, negative categories only
{types|de}            each item introduced by de / d’ (also |à and |que)
{projets}             a count that is not zero, with its unit: « environ 5 personnes »
{projets:0}           a count of zero: « aucune personne »
{parite:plus}         the subjects of the questions of the vocabulary « parite »
                      that were answered « plus »
[projets: a / ont]    the first form for one, the second for several

The form in full words says the same answers, in any order and after any preposition.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from observations.composer.language.french import PREFIXES, enumerate_items, typography
from observations.composer.questionnaire.inputs import (
    EffectInput,
    Key,
    QuestionInput,
    SentenceInput,
    Wording,
)
from observations.enums import InclusiveWriting, Layout, Polarity, QuestionKind
from observations.exceptions import FullFormError, TemplateError

CODE = r"[a-z0-9]+(?:-[a-z0-9]+)*"
POLARITIES = {"+": Polarity.POSITIVE, "=": Polarity.NEUTRAL, "-": Polarity.NEGATIVE}
_SIGNS = {polarity: sign for sign, polarity in POLARITIES.items()}
_SELECTOR = rf"(?P<{{0}}>{CODE})(?:(?P<{{0}}_polarity>[+=-])|:(?P<{{0}}_code>{CODE}))?"
_TOKEN = re.compile(
    r"\{" + _SELECTOR.format("slot") + r"(?:\|(?P<prefix>\w+))?\}"
    rf"|\[(?P<number>{CODE})(?P<number_polarity>[+=-])?\s*:"
    r"\s*(?P<singular>[^\[\]{}/]*?)\s*/\s*(?P<plural>[^\[\]{}/]*?)\s*\]"
)


@dataclass(frozen=True, slots=True)
class Slot:
    name: str
    polarity: Polarity | None = None
    code: str = ""
    prefix: str = ""

    def __str__(self) -> str:
        sign = _SIGNS[self.polarity] if self.polarity else ""
        return f"{{{self.name}{sign}{f':{self.code}' if self.code else ''}}}"


@dataclass(frozen=True, slots=True)
class Agreement:
    slot: Slot
    singular: str
    plural: str


Token = str | Slot | Agreement


@lru_cache(maxsize=2048)
def parse(template: str) -> tuple[Token, ...]:
    """Raises TemplateError, in French, when braces or brackets do not read."""
    tokens: list[Token] = []
    position = 0
    for match in _TOKEN.finditer(template):
        tokens.append(_text(template[position : match.start()]))
        tokens.append(_slot(match) if match["slot"] else _agreement(match))
        position = match.end()
    tokens.append(_text(template[position:]))
    return tuple(token for token in tokens if token != "")


def _text(text: str) -> str:
    if stray := re.search(r"[{}\[\]]", text):
        raise TemplateError(
            f"« {text.strip()} » ne se lit pas : vérifiez ce qui entoure « {stray[0]} »."
        )
    return text


def _slot(match: re.Match[str]) -> Slot:
    prefix = match["prefix"] or ""
    if prefix and prefix not in PREFIXES:
        known = ", ".join(PREFIXES)
        raise TemplateError(f"« |{prefix} » est inconnu ; vous pouvez écrire : {known}.")
    polarity = match["slot_polarity"]
    return Slot(
        match["slot"], POLARITIES[polarity] if polarity else None, match["slot_code"] or "", prefix
    )


def _agreement(match: re.Match[str]) -> Agreement:
    polarity = match["number_polarity"]
    slot = Slot(match["number"], POLARITIES[polarity] if polarity else None)
    return Agreement(slot, match["singular"], match["plural"])


def slots(tokens: tuple[Token, ...]) -> tuple[Slot, ...]:
    return tuple(token for token in tokens if isinstance(token, Slot))


def tokens_of(template: Wording, writing: InclusiveWriting) -> tuple[Token, ...]:
    """Full words that would say other answers are left for the short form: see `check_sentence`."""
    read, short = template.read(writing), template.short
    return parse(read if read == short or _targets(read) == _targets(short) else short)


@lru_cache(maxsize=2048)
def _targets(template: str) -> Counter[Slot]:
    """What it says, and how often, whatever the order and the prepositions."""
    return Counter(replace(slot, prefix="") for slot in slots(parse(template)))


def named(template: Wording) -> tuple[set[str], set[str]]:
    """The codes of the questions that its slots and agreements are about; of the vocabularies."""
    questions: set[str] = set()
    vocabularies: set[str] = set()
    for token in (*parse(template.short), *parse(template.full)):
        slot = getattr(token, "slot", token)
        if isinstance(slot, Slot):
            (questions if slot.code in ("", "0") else vocabularies).add(slot.name)
    return questions, vocabularies


def check_sentence(sentence: SentenceInput, effect: EffectInput) -> None:
    """Raises TemplateError, in French, when the sentence cannot be said of its effect;
    FullFormError when it is its form in full words, or when that says other answers."""
    short, full = sentence.template.short, sentence.template.full
    _check_template(short, sentence.layout, effect)
    if not full:
        return
    try:
        _check_template(full, sentence.layout, effect)
    except TemplateError as error:
        raise FullFormError(str(error)) from None
    if differs := _difference(_targets(short), _targets(full)):
        raise FullFormError(
            typography(
                f"Les formes complètes ne disent pas les mêmes réponses que la phrase : {differs}."
            )
        )


def _difference(short: Counter[Slot], full: Counter[Slot]) -> str:
    """« {a} et {b} y manquent ; {c} y est en trop », or nothing."""
    parts = []
    for slots_there, one, several in (
        (short - full, "y manque", "y manquent"),
        (full - short, "y est en trop", "y sont en trop"),
    ):
        if names := [str(slot) for slot in slots_there.elements()]:
            parts.append(f"{enumerate_items(names)} {several if len(names) > 1 else one}")
    return " ; ".join(parts)


def _check_template(template: str, layout: Layout, effect: EffectInput) -> None:
    tokens = parse(template)
    if not slots(tokens):
        raise TemplateError("La phrase doit contenir au moins une réponse, comme {publics}.")
    for token in tokens:
        if isinstance(token, Slot):
            _check_slot(token, effect)
        elif isinstance(token, Agreement):
            _question(token.slot.name, effect)
    _check_once(slots(tokens), effect)
    if layout is Layout.BULLETS:
        _check_bullets(tokens)


def check_wording(wording: str, effect: EffectInput) -> None:
    """A category's wording may agree with a count, hold no slot, and always says something."""
    tokens = parse(wording)
    if slots(tokens):
        raise TemplateError("Un texte de catégorie ne contient pas de réponse entre accolades.")
    for token in tokens:
        if isinstance(token, Agreement):
            _question(token.slot.name, effect)
    for number in ("singular", "plural") if wording else ():
        said = "".join(str(getattr(token, number, token)) for token in tokens)
        if not said.strip():
            raise TemplateError("Ce texte ne dirait rien, au singulier ou au pluriel.")


def check_shared_wording(wording: str) -> None:
    """That of a vocabulary is said in several effects."""
    if any(not isinstance(token, str) for token in parse(wording)):
        raise TemplateError("Un vocabulaire partagé ne s’accorde avec aucune question.")


def check_plain(text: str) -> None:
    """For what is said as it is written: the unit of a count, what a question is about."""
    if stray := re.search(r"[{}\[\]]", text):
        raise TemplateError(
            typography(f"« {text} » se dit tel quel : « {stray[0]} » n’y a pas de sens.")
        )


def _check_slot(slot: Slot, effect: EffectInput) -> None:
    if _is_count(slot.name, effect):
        return _check_count_slot(slot)
    if slot.code:
        return _check_vocabulary_slot(slot, effect)
    question = _question(slot.name, effect)
    polarities = {category.polarity for category in question.categories} - {Polarity.NEUTRAL}
    mixes = question.kind is QuestionKind.MULTIPLE and slot.polarity is None
    if mixes and len(polarities) > 1:
        raise TemplateError(
            f"« {slot} » mélangerait des effets positifs et négatifs : "
            f"écrivez {{{slot.name}+}} ou {{{slot.name}-}}."
        )
    return None


def _check_count_slot(slot: Slot) -> None:
    if slot.polarity or slot.code not in ("", "0"):
        raise TemplateError(
            typography(
                f"« {slot} » ne se lit pas : {{{slot.name}}} est un nombre. "
                f"Écrivez {{{slot.name}}}, ou {{{slot.name}:0}} quand il est nul."
            )
        )


def _check_vocabulary_slot(slot: Slot, effect: EffectInput) -> None:
    asking = [question for question in effect.questions if question.vocabulary == slot.name]
    codes = {category.code for question in asking for category in question.categories}
    if slot.code not in codes:
        raise TemplateError(f"« {slot} » est inconnu de l’effet « {effect.title} ».")
    if not any(question.subject.short for question in asking):
        raise TemplateError(
            typography(
                f"« {slot} » ne dirait rien : aucune question de ce vocabulaire n’indique "
                "ce dont elle parle."
            )
        )


def _check_once(found: tuple[Slot, ...], effect: EffectInput) -> None:
    """Each answer is said once."""
    said: set[Key] = set()
    for slot in found:
        keys = set(_keys(slot, effect))
        if keys & said:
            raise TemplateError(typography(f"« {slot} » redit une réponse que la phrase dit déjà."))
        said |= keys


def _keys(slot: Slot, effect: EffectInput) -> Iterable[Key]:
    """The answers that it may say; a count that is zero, and one that is not, are two."""
    for question in effect.questions:
        if (question.code == slot.name and question.kind is QuestionKind.COUNT) or (
            slot.code and question.vocabulary == slot.name
        ):
            yield question.code, slot.code
        elif not slot.code and question.code == slot.name:
            for category in question.categories:
                if slot.polarity in (None, category.polarity):
                    yield question.code, category.code


def _check_bullets(tokens: tuple[Token, ...]) -> None:
    before = tokens[-2] if len(tokens) > 1 else ""
    if not isinstance(tokens[-1], Slot) or not str(before).rstrip().endswith(":"):
        raise TemplateError(
            "Une phrase en liste à puces finit par deux-points puis la liste, "
            "comme « … entre : {publics} »."
        )


def _is_count(name: str, effect: EffectInput) -> bool:
    return any(q.code == name and q.kind is QuestionKind.COUNT for q in effect.questions)


def _question(name: str, effect: EffectInput) -> QuestionInput:
    for question in effect.questions:
        if question.code == name:
            return question
    known = ", ".join(f"{{{question.code}}}" for question in effect.questions)
    raise TemplateError(
        f"« {{{name}}} » est inconnu de l’effet « {effect.title} ». Il connaît : {known}."
    )
