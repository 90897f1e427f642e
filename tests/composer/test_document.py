"""The tree, its JSON, and what is said of a year as a whole."""

import json
import re
from dataclasses import replace

import pytest

from observations.composer.comparing.compare import differences
from observations.composer.compose import ReportInputs, compose, compose_effect
from observations.composer.questionnaire.completeness import (
    missing_from,
    progress_of,
    remaining_titles,
)
from observations.composer.questionnaire.inputs import (
    Count,
    Entry,
    ObservationInput,
    ScaleInput,
    SiteInput,
)
from observations.composer.saying.document import from_json, to_json
from observations.composer.saying.network import NetworkSummary
from observations.enums import Absence, InclusiveWriting, ObservationState, Progress, Scale
from observations.exchange.bilan import read_bilan
from observations.rendering.text import render_text
from tests.questionnaire import LE_WIP, LE_WIP_TEXT, shipped_edition, shipped_effect

SITE = SiteInput("le-wip", "Le WIP", "du WIP", "Colombelles", "14460")


def le_wip() -> ReportInputs:
    bilan = read_bilan(LE_WIP.read_bytes())
    observations = {
        code: ObservationInput(
            state,
            {
                name: (answer,) if isinstance(answer, str) else answer
                for name, answer in bilan.answers[code].items()
            },
            bilan.notes[code],
        )
        for code, state in bilan.states.items()
    }
    effects = shipped_edition().effects
    return ReportInputs(SITE, 2022, bilan.writing, effects, observations, bilan.scales)


def year(**observations: ObservationInput) -> ReportInputs:
    said = {code.replace("_", "-"): seen for code, seen in observations.items()}
    return ReportInputs(SITE, 2022, InclusiveWriting.FULL, shipped_edition().effects, said)


def folded(text: str) -> str:
    text = re.sub(r"^[-–•*] ", "- ", text.replace("’", "'"), flags=re.MULTILINE)
    return " ".join(text.split())


def test_le_wip_says_what_it_must():
    assert folded(render_text(compose(le_wip()))) == folded(LE_WIP_TEXT.read_text())


def test_document_survives_json():
    document = compose(replace(le_wip(), scales={Scale.COLLECTIVE: ScaleInput(3, ("entraide",))}))
    assert from_json(json.loads(json.dumps(to_json(document)))) == document


def test_document_of_another_schema_is_refused():
    with pytest.raises(ValueError, match="schema"):
        from_json(to_json(compose(le_wip())) | {"schema": 99})


def test_empty_year_says_so():
    document = compose(year())
    assert document.is_empty
    assert "Aucun effet n’a été renseigné" in render_text(document)
    assert document.absences[0].absence is Absence.NOT_ANSWERED
    assert len(document.absences[0].titles) == 12


def test_absences_are_told_apart():
    document = compose(
        year(
            sante=ObservationInput(ObservationState.NOT_OBSERVED),
            reseau=ObservationInput(ObservationState.NOT_APPLICABLE, {"types": ("projet",)}),
            egalite=ObservationInput(answers={"gestion": ("ne-sait-pas",)}),
            solidarite=ObservationInput(answers={"types": ("biens",)}),
        )
    )
    told = {row.absence: row.titles for row in document.absences}
    assert told[Absence.NOT_OBSERVED] == ("Santé",)
    assert told[Absence.NOT_APPLICABLE] == ("Réseau de personnes",)
    assert "Égalité femmes-hommes" in told[Absence.NOT_ANSWERED]
    assert "Solidarité" not in told[Absence.NOT_ANSWERED]
    text = render_text(document)
    assert "ont été recherchés, mais n’ont pas été observés." in text
    assert "autour d’un projet" not in text
    assert "ÉGALITÉ" not in text


def test_note_alone_is_said():
    text = render_text(compose(year(sante=ObservationInput(note="Un.\n\nDeux."))))
    assert "SANTÉ\n«\u00a0Un.\nDeux.\u00a0»" in text


def test_three_paragraphs_are_one_quotation():
    text = render_text(compose(year(sante=ObservationInput(note="Un.\nDeux.\nTrois."))))
    assert "«\u00a0Un.\nDeux.\nTrois.\u00a0»" in text


def test_scales_are_said_even_without_effects():
    inputs = replace(year(), scales={Scale.INDIVIDUAL: ScaleInput(4, ("joie", "repos"))})
    text = render_text(compose(inputs))
    assert "Intensité\u00a0: 4 sur 5\nMots-clés\u00a0: joie, repos" in text


def test_progress_of_an_effect():
    effect = shipped_effect("insertion-professionnelle")
    full = {"beneficiaires": Count(3), "effets": ("autonomie",)}
    assert progress_of(effect, None) is Progress.TO_DO
    assert progress_of(effect, ObservationInput()) is Progress.TO_DO
    assert progress_of(effect, ObservationInput(answers=full)) is Progress.STARTED
    assert progress_of(effect, ObservationInput(note="Oui.")) is Progress.STARTED
    assert progress_of(effect, ObservationInput(answers=full, note="Oui.")) is Progress.COMPLETE
    gone = ObservationInput(ObservationState.NOT_APPLICABLE)
    assert progress_of(effect, gone) is Progress.NOT_APPLICABLE
    assert missing_from(effect, gone) == []


def test_missing_is_said_in_sentences():
    effect = shipped_effect("cadre-de-vie")
    sentences = [row.sentence for row in missing_from(effect, ObservationInput(note="Oui."))]
    assert sentences == [
        "Cadre de vie et attractivité du quartier\u00a0: "
        "«\u00a0Le projet a-t-il changé l’image du quartier\u202f?\u00a0» n’a pas encore de réponse."
    ]
    inclusion = ObservationInput(answers={"appartenance": ("groupe",)}, note="Oui.")
    assert missing_from(shipped_effect("inclusion"), inclusion) == []


def test_remaining_titles_name_what_is_left():
    effects = (shipped_effect("sante"), shipped_effect("reseau"))
    done = {"sante": ObservationInput(ObservationState.NOT_OBSERVED)}
    assert remaining_titles(effects, done) == ["Réseau de personnes"]


def test_vocabulary_slot_ignores_other_questions_and_counts():
    effect = shipped_effect("egalite")
    other = replace(effect.questions[0], code="autre", vocabulary="publics")
    mixed = replace(effect, questions=(*effect.questions, other))
    answers = {"gestion": ("plus",), "autre": ("plus",), "direction": Count(3)}
    section = compose_effect(mixed, ObservationInput(answers=answers), InclusiveWriting.FULL)
    assert [passage.text for passage in section.passages] == [
        "Les femmes sont plus nombreuses que les hommes dans l’équipe de gestion."
    ]


def test_zero_and_unanswered_counts_each_have_their_sentence():
    effect = shipped_effect("capacite-a-agir")
    said = {
        number: compose_effect(effect, ObservationInput(answers=answers), InclusiveWriting.FULL)
        for number, answers in {
            "zero": {"projets": Count(0), "porteurs": ("benevoles",)},
            "none": {"porteurs": ("benevoles",)},
            "one": {"projets": Count(1)},
        }.items()
    }
    assert {number: section.passages[0].text for number, section in said.items()} == {
        "zero": "Aucun nouveau projet ou action (atelier, évènement, marché…) n’a émergé en dehors "
        "de ce qui était prévu, bien que des initiatives aient été attribuées à des bénévoles.",
        "none": "De nouveaux projets ou actions (atelier, évènement, marché…), imprévus et portés "
        "par des bénévoles, ont émergé.",
        "one": "1\u00a0nouveau projet ou action (atelier, évènement, marché…) a émergé sans avoir "
        "été prévu.",
    }


def test_one_public_is_said_in_the_singular():
    answers = {"publics": ("benevoles",)}
    effect = shipped_effect("lien-social")
    section = compose_effect(effect, ObservationInput(answers=answers), InclusiveWriting.FULL)
    assert section.passages[0].text == (
        "Des interactions sociales ont été observées au sein d’un même public\u00a0:"
    )


def test_differences_are_told_in_words():
    effect = shipped_effect("capacite-a-agir")
    saved = Entry(ObservationInput(answers={"projets": Count(5, True, "an")}, note="Avant"))
    typed = Entry(
        ObservationInput(
            ObservationState.NOT_OBSERVED, {"porteurs": ("benevoles", "frequentants")}
        ),
        "Entre nous",
    )
    told = [(row.label, row.saved, row.typed) for row in differences(effect, saved, typed)]
    assert told == [
        ("Observé ou non", "Nous l’avons observé", "Nous l’avons cherché, sans l’observer"),
        (
            "Combien de nouveaux projets ou actions imprévus ont émergé ?",
            "environ 5\u00a0nouveaux projets ou actions par an",
            "Sans réponse",
        ),
        (
            "Qui les a portés ?",
            "Sans réponse",
            "Une ou des personnes fréquentant le lieu · Des bénévoles",
        ),
        ("Note", "Avant", "Vide"),
        ("Note interne", "Vide", "Entre nous"),
    ]
    assert differences(effect, saved, saved) == []


def test_network_counts_every_absence_and_department():
    document = compose(le_wip())
    nowhere = replace(document, site=replace(document.site, postcode=""), data=document.data[1:])
    summary = NetworkSummary()
    for row in (document, nowhere):
        summary.add(row)
    (first, *_) = summary.effects(document.data[0].scale)
    assert (summary.reports, summary.departments) == (2, {"14"})
    assert first.observed + sum(count for _, count in first.absences) == 2
    assert dict(first.absences)[Absence.NOT_ASKED] == 1
    assert [scale for scale, _ in summary.by_scale] == list(Scale)
