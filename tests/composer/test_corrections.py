"""What a correction says that it changed; where a postcode is."""

from dataclasses import replace

import pytest

from observations.composer.comparing.corrections import changes_between
from observations.composer.compose import compose
from observations.composer.protecting.privacy import Decision, find_passages
from observations.composer.protecting.redaction import public_text
from observations.composer.questionnaire.inputs import ObservationInput
from observations.composer.saying.document import (
    Changes,
    Document,
    EffectSection,
    Point,
    Series,
    from_json,
    to_json,
)
from observations.composer.territory import DEPARTMENTS, department_of, postcode_prefixes
from observations.enums import PublicChoice
from tests.composer.test_document import year

SAID = compose(
    year(
        lien_social=ObservationInput(answers={"publics": ("visiteurs",)}, note="Une note."),
        sante=ObservationInput(note="Autre chose."),
    )
)


def changed(**fields: object) -> Document:
    """The same report, its first effect otherwise."""
    first, *others = SAID.scales
    effect: EffectSection = replace(first.effects[0], **fields)
    scale = replace(first, effects=(effect, *first.effects[1:]))
    return replace(SAID, scales=(scale, *others))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"passages": ()}, "les phrases ont changé."),
        ({"note": ()}, "la note est retirée."),
        ({"note": ("Mieux.",)}, "la note a changé."),
        (
            {"changes": Changes(2021, ("x",), (), ())},
            "la comparaison avec l’année d’avant a changé.",
        ),
        (
            {"series": (Series("Nombre", (Point(2021, "1", 20),), True),)},
            "les nombres des années d’avant ont changé.",
        ),
    ],
)
def test_each_change_is_told(fields, told):
    (sentence,) = changes_between(SAID, changed(**fields))
    assert sentence.endswith(told)


def test_nothing_changed_nothing_told():
    assert changes_between(SAID, from_json(to_json(SAID))) == []
    assert changes_between(SAID, changed(pictogram="autre")) == []


def test_effects_that_come_and_go_and_what_is_beside_them():
    first, *others = SAID.scales
    without = replace(SAID, scales=(replace(first, effects=first.effects[1:]), *others))
    title = first.effects[0].title
    assert changes_between(SAID, without) == [f"«\u00a0{title}\u00a0» est retiré."]
    assert changes_between(without, SAID) == [f"«\u00a0{title}\u00a0» est ajouté."]
    stronger = replace(SAID, scales=(replace(first, intensity=5), *others))
    assert "l’intensité" in changes_between(SAID, stronger)[0]
    hidden = replace(SAID, hidden_notes=1)
    assert changes_between(SAID, hidden) == ["Ce que le rapport ne dit pas a changé."]
    (added,) = changes_between(changed(note=()), SAID)
    assert added.endswith("une note est ajoutée.")


def test_what_nobody_decided_stays():
    text = "Karim chante. Malika danse."
    first, _ = find_passages(text)
    decided = {first.key: Decision(PublicChoice.GENERALISE)}
    assert public_text(text, decided) == "une personne chante. Malika danse."


def test_every_department_finds_its_own_postcodes():
    for code in DEPARTMENTS:
        for prefix in postcode_prefixes(code):
            assert department_of(prefix.ljust(5, "0")) == code
    assert department_of("") == department_of("99000") == ""
