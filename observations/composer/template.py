"""Sentence templates: text, slots and agreements.

{publics}             what is ticked in the question « publics », as a list
{effets+} {effets=} {effets-}   its positive, neutral, negative categories only
{types|de}            each item introduced by de / d’ (also |à and |que)
{projets}             a count that is not zero, with its unit: « environ 5 personnes »
{projets:0}           a count of zero: « aucune personne »
{parite:plus}         the subjects of the questions of the vocabulary « parite »
                      that were answered « plus »
[projets: a / ont]    the first form for one, the second for several
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from observations.composer.french import PREFIXES
from observations.composer.inputs import EffectInput, QuestionInput, SentenceInput
from observations.enums import Layout, Polarity, QuestionKind
from observations.exceptions import TemplateError

CODE = r"[a-z0-9]+(?:-[a-z0-9]+)*"
POLARITIES = {"+": Polarity.POSITIVE, "=": Polarity.NEUTRAL, "-": Polarity.NEGATIVE}
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
        return self.name + (f":{self.code}" if self.code else "")


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


def named(template: str) -> tuple[set[str], set[str]]:
    """The codes of the questions that its slots and agreements are about; of the vocabularies."""
    questions: set[str] = set()
    vocabularies: set[str] = set()
    for token in parse(template):
        slot = getattr(token, "slot", token)
        if isinstance(slot, Slot):
            (questions if slot.code in ("", "0") else vocabularies).add(slot.name)
    return questions, vocabularies


def check_sentence(sentence: SentenceInput, effect: EffectInput) -> None:
    """Raises TemplateError, in French, when the sentence cannot be said of its effect."""
    for template in filter(None, (sentence.template.short, sentence.template.full)):
        tokens = parse(template)
        if not slots(tokens):
            raise TemplateError("La phrase doit contenir au moins une réponse, comme {publics}.")
        for token in tokens:
            if isinstance(token, Slot):
                _check_slot(token, effect)
            elif isinstance(token, Agreement):
                _question(token.slot.name, effect)
        if sentence.layout is Layout.BULLETS:
            _check_bullets(tokens)


def check_wording(wording: str, effect: EffectInput) -> None:
    """A category's wording may agree with a count, and hold no slot."""
    tokens = parse(wording)
    if slots(tokens):
        raise TemplateError("Un texte de catégorie ne contient pas de réponse entre accolades.")
    for token in tokens:
        if isinstance(token, Agreement):
            _question(token.slot.name, effect)


def _check_slot(slot: Slot, effect: EffectInput) -> None:
    if slot.code and not (slot.code == "0" and _is_count(slot.name, effect)):
        return _check_vocabulary_slot(slot, effect)
    question = _question(slot.name, effect)
    polarities = {category.polarity for category in question.categories} - {Polarity.NEUTRAL}
    mixes = question.kind is QuestionKind.MULTIPLE and slot.polarity is None
    if mixes and len(polarities) > 1:
        raise TemplateError(
            f"« {{{slot}}} » mélangerait des effets positifs et négatifs : "
            f"écrivez {{{slot}+}} ou {{{slot}-}}."
        )
    return None


def _check_vocabulary_slot(slot: Slot, effect: EffectInput) -> None:
    asking = [question for question in effect.questions if question.vocabulary == slot.name]
    codes = {category.code for question in asking for category in question.categories}
    if slot.code not in codes:
        raise TemplateError(f"« {{{slot}}} » est inconnu de l’effet « {effect.title} ».")


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
