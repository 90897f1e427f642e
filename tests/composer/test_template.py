from dataclasses import replace

import pytest

from observations.composer.inputs import SentenceInput, Wording
from observations.composer.template import (
    Agreement,
    Slot,
    check_sentence,
    check_wording,
    parse,
)
from observations.enums import Layout, Polarity
from observations.exceptions import TemplateError
from tests.questionnaire import shipped_effect


def sentence(template: str, layout: Layout = Layout.INLINE, full: str = "") -> SentenceInput:
    return SentenceInput(1, Wording(template, full), layout)


def test_parse_reads_slots_and_agreements():
    assert parse("a {b} c {d-e+|de} [f: g / h] {i:0}{j=}{k-}.") == (
        "a ",
        Slot("b"),
        " c ",
        Slot("d-e", Polarity.POSITIVE, "", "de"),
        " ",
        Agreement(Slot("f"), "g", "h"),
        " ",
        Slot("i", None, "0"),
        Slot("j", Polarity.NEUTRAL),
        Slot("k", Polarity.NEGATIVE),
        ".",
    )


@pytest.mark.parametrize(
    ("effect", "template", "reason"),
    [
        ("sante", "Rien du tout.", "au moins une réponse"),
        ("sante", "Ici {publics}.", "« {publics} » est inconnu de l’effet « Santé »"),
        ("sante", "Ici {effets}.", "mélangerait des effets positifs et négatifs"),
        ("sante", "Ici {effets+", "vérifiez ce qui entoure « { »"),
        ("sante", "Ici {effets+|pour}.", "« |pour » est inconnu"),
        ("sante", "Ici {effets+:oui}.", "ne se lit pas"),
        ("sante", "Ici {effets:oui}.", "est inconnu de l’effet"),
        ("sante", "Ici {effets+} [autre: a / b].", "« {autre} » est inconnu"),
        ("egalite", "Ici {parite:jamais}.", "« {parite:jamais} » est inconnu"),
        ("insertion-professionnelle", "Ici {effets:0}.", "est inconnu"),
    ],
)
def test_sentence_that_cannot_be_said_is_refused_with_the_reason(effect, template, reason):
    with pytest.raises(TemplateError) as refusal:
        check_sentence(sentence(template), shipped_effect(effect))
    assert reason in str(refusal.value)


@pytest.mark.parametrize("template", ["Entre {publics}.", "Entre {publics} :", "{publics}"])
def test_bullets_end_with_a_colon_and_their_list(template):
    with pytest.raises(TemplateError, match="liste à puces"):
        check_sentence(sentence(template, Layout.BULLETS), shipped_effect("lien-social"))


def test_full_form_is_checked_too():
    with pytest.raises(TemplateError):
        check_sentence(sentence("{effets+}.", full="{autre}."), shipped_effect("sante"))


@pytest.mark.parametrize("wording", ["de {effets}", "accordé[effets: e"])
def test_wording_that_cannot_be_said_is_refused(wording):
    with pytest.raises(TemplateError):
        check_wording(wording, shipped_effect("insertion-professionnelle"))


def test_wording_may_agree_with_a_count_of_its_effect():
    check_wording("suivi[beneficiaires:e/es]", shipped_effect("insertion-professionnelle"))
    with pytest.raises(TemplateError):
        check_wording("suivi[beneficiaires:e/es]", shipped_effect("sante"))


def test_every_shipped_sentence_is_accepted():
    for code in ("lien-social", "egalite", "capacite-a-agir"):
        effect = shipped_effect(code)
        for each in effect.sentences:
            check_sentence(each, replace(effect, title="Autre"))
