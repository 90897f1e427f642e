"""What a person asked to take down: gone from every form, and known again when it comes back."""

import io
import json
import re
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from lxml import html as lxml_html
from pypdf import PdfReader

from observations import queries
from observations.composer.compose import compose
from observations.composer.protecting.likeness import is_said, words_of
from observations.composer.protecting.privacy import Decision
from observations.composer.protecting.removal import (
    PASSAGE_REMOVED,
    answers_of_sentence,
    is_note,
    passages_of,
    says_again,
    sections_of,
    without_sentence,
)
from observations.composer.protecting.sealing import seal
from observations.composer.saying.document import from_json
from observations.enums import (
    Absence,
    EventKind,
    FlagOutcome,
    PassageKind,
    PublicChoice,
)
from observations.exceptions import NotAllowedNow, PdfError
from observations.exchange.bilan import read_bilan
from observations.exchange.tables import KINDS
from observations.models import (
    AnnualReport,
    Answer,
    Event,
    Flag,
    Observation,
    Publication,
    Removal,
    Tick,
)
from observations.rendering.reading import representations
from observations.services import flagging, ledger, publishing, recording, reviewing, takedown
from observations.services.importing import import_bilan
from observations.services.privacy import write_decision
from observations.views import public
from tests.conftest import keep_every_passage
from tests.questionnaire import LE_WIP
from tests.test_review import PUBLIC, URL, correct, path, text_of


def flag_first(client, part: str) -> Flag:
    """The reader follows the link beside a passage and sends the form."""
    page = text_of(client.get(PUBLIC))
    link = re.search(rf"{PUBLIC}signaler/\?passage=([\w-]+/{part}0)", page)
    assert link
    assert client.get(link[0]).status_code == 200
    sent = client.post(f"{PUBLIC}signaler/", {"passage": link[1], "message": "C’est moi."})
    assert "L’équipe du réseau est prévenue" in text_of(sent)
    assert not sent.cookies
    return Flag.objects.latest("pk")


def test_what_is_removed_is_offered_to_nobody(told, client, signed_in, reviewer):
    take_down(signed_in(reviewer), flag_of(client, SECRET))
    form = text_of(client.get(f"{PUBLIC}signaler/?passage=sante/n1"))
    assert "Milieu." in form
    assert PASSAGE_REMOVED not in form
    refused = client.post(f"{PUBLIC}signaler/", {"passage": "sante/n1"})
    assert "Choisissez le passage" in text_of(refused)


@pytest.mark.parametrize("part", ["n", "p"])
def test_flagged_passage_is_hidden_at_once(part, published, client, signed_in, reviewer, manager):
    flag = flag_first(client, part)
    staff = signed_in(reviewer)
    assert flag.quoted in text_of(staff.get("/equipe/signalements/")).replace("&#x27;", "'")
    staff.post(f"/equipe/signalements/{flag.pk}/", {"act": "hide", "reason": "À sa demande."})
    flag.refresh_from_db()
    assert (flag.outcome, flag.handled_by) == (FlagOutcome.HIDDEN.value, reviewer)
    page = text_of(client.get(PUBLIC))
    assert PASSAGE_REMOVED in page
    assert client.get(f"{PUBLIC}1/").status_code == 410
    last = Publication.objects.readable().get()
    assert (last.number, last.reason) == (2, takedown.TAKEN_AWAY)
    assert not is_said(words_of(flag.quoted), told_in(last))
    assert sha256(client.get(f"{PUBLIC}rapport.pdf").content).hexdigest() == last.sha256
    again = staff.post(f"/equipe/signalements/{flag.pk}/", {"act": "hide"}, follow=True)
    assert "déjà traité" in text_of(again)
    again = staff.post(f"/equipe/signalements/{flag.pk}/", {"reason": "Non."}, follow=True)
    assert "déjà traité" in text_of(again)
    report = last.report
    reviewing.return_report(report=report, by=reviewer, reason="Suite.")
    recording.submit_report(report=report, by=manager)
    report.refresh_from_db()
    publishing.publish_report(report=report, by=reviewer, url=URL, reason="Suite.")
    assert not is_said(words_of(flag.quoted), told_in(Publication.objects.first()))


def test_hidden_even_when_its_words_are_not_those_of_the_note(published, client, reviewer):
    flag = flag_first(client, "n")
    code = flag.place.partition("/")[0]
    Observation.objects.filter(effect__code=code).update(note="Réécrite depuis.")
    takedown.hide_passage(flag=flag, by=reviewer, reason="", url=URL)
    assert Observation.objects.get(effect__code=code).note_is_public is False


def test_hidden_even_when_the_live_answer_is_gone(published, client, reviewer):
    flag = flag_first(client, "n")
    Observation.objects.all().delete()
    takedown.hide_passage(flag=flag, by=reviewer, reason="", url=URL)
    assert PASSAGE_REMOVED in text_of(client.get(PUBLIC))


def test_year_is_withdrawn_when_the_next_number_cannot_be_drawn(
    published, client, reviewer, monkeypatch
):
    flag = flag_first(client, "n")

    def fail(*_args: object) -> bytes:
        raise PdfError("Non.")

    monkeypatch.setattr(publishing, "render_pdf", fail)
    assert takedown.hide_passage(flag=flag, by=reviewer, reason="", url=URL).following is None
    assert client.get(PUBLIC).status_code == 410


def test_flag_may_be_set_aside_with_a_reason(published, client, signed_in, reviewer):
    flag = flag_first(client, "p")
    staff = signed_in(reviewer)
    url = f"/equipe/signalements/{flag.pk}/"
    assert "Dites pourquoi" in text_of(staff.post(url, {"act": "keep"}, follow=True))
    staff.post(url, {"act": "keep", "reason": "Aucune personne n’y est nommée."})
    flag.refresh_from_db()
    assert flag.outcome == FlagOutcome.KEPT.value
    assert "Aucune personne" in text_of(staff.get("/equipe/signalements/"))


def test_flag_form_says_what_is_wrong(published, client):
    form = f"{PUBLIC}signaler/"
    assert client.get(form).status_code == 404
    assert client.get("/inconnu/2022/signaler/?passage=sante/p0").status_code == 404
    sent = client.post(form, {"passage": "sante/p99"})
    assert "Choisissez le passage" in text_of(sent)
    sent = client.post(form, {"passage": "sante/p0", "email": "rien"})
    assert "pas complète" in text_of(sent)
    assert client.post(form, {"passage": "sante/p0", "site-web": "x"}).status_code == 200
    assert not Flag.objects.exists()
    for rank in range(flagging.FLAGS_A_DAY):
        client.post(form, {"passage": "sante/p0", "message": f"{rank}"})
    client.post(form, {"passage": "sante/p0", "message": "0"})
    assert Flag.objects.count() == flagging.FLAGS_A_DAY
    assert "écrivez plutôt" in text_of(client.post(form, {"passage": "sante/p0"}))


def test_passage_of_an_older_number_can_be_taken_away_too(published, client, reviewer, manager):
    correct(published, reviewer, manager)
    page = text_of(client.get(f"{PUBLIC}1/"))
    link = re.search(rf"{PUBLIC}signaler/\?passage=(solidarite/n0)&amp;numero=1", page)
    assert link
    sent = client.post(f"{PUBLIC}signaler/", {"passage": link[1], "numero": "1"})
    assert "est prévenue" in text_of(sent)
    takedown.hide_passage(flag=Flag.objects.get(), by=reviewer, reason="", url=URL)
    assert client.get(f"{PUBLIC}1/").status_code == 410
    assert client.get(PUBLIC).status_code == 200


def test_two_people_who_take_away_at_once(published, client, reviewer, manager, monkeypatch):
    """The second finds it done, or another number out: it changes nothing and is told."""
    flag = flag_first(client, "n")
    prepared = takedown.prepare

    def meanwhile(**arguments):
        found = prepared(**arguments)
        monkeypatch.undo()
        takedown.hide_passage(flag=Flag.objects.get(pk=flag.pk), by=reviewer, reason="", url=URL)
        return found

    monkeypatch.setattr(takedown, "prepare", meanwhile)
    with pytest.raises(NotAllowedNow, match="déjà traité"):
        takedown.hide_passage(flag=flag, by=reviewer, reason="", url=URL)
    assert Publication.objects.count() == 2

    other = flag_first(client, "p")

    def corrected(**arguments):
        found = prepared(**arguments)
        monkeypatch.undo()
        correct(published, reviewer, manager)
        return found

    monkeypatch.setattr(takedown, "prepare", corrected)
    with pytest.raises(NotAllowedNow, match="vient de paraître"):
        takedown.hide_passage(flag=other, by=reviewer, reason="", url=URL)
    assert client.get(PUBLIC).status_code == 200


def told_in(publication: Publication) -> str:
    return json.dumps(publication.document["scales"], ensure_ascii=False)


def take_down(staff, flag: Flag, **form: str) -> str:
    last = Publication.objects.filter(report=flag.publication.report).latest_of_reports().first()
    form = {"act": "hide", "numero": str(last.number) if last else ""} | form
    return text_of(staff.post(f"/equipe/signalements/{flag.pk}/", form, follow=True))


def everything_public(client) -> dict[str, str]:
    """Every form in which a reader or a program gets reports, as words; the PDF and its files too."""
    pages = ["", "carte/", "badge.svg"]
    found = {name: text_of(client.get(PUBLIC + name)) for name in pages}
    found |= {
        f"tables.{kind}": client.get(f"/donnees/reponses.{kind}").getvalue() for kind in KINDS
    }
    for name in (PUBLIC.rstrip("/"), f"{PUBLIC}reponses"):
        answer = client.get(f"/api/rapports{name}").json()
        found[f"api{name}"] = json.dumps(answer, ensure_ascii=False)
    reader = PdfReader(io.BytesIO(client.get(f"{PUBLIC}rapport.pdf").content))
    found["pdf"] = "".join(page.extract_text() for page in reader.pages)
    for name, parts in reader.attachments.items():
        found[name] = b"".join(parts).decode()
    book = openpyxl.load_workbook(io.BytesIO(found.pop("tables.xlsx")))
    found["tables.xlsx"] = str([row for sheet in book for row in sheet.iter_rows(values_only=True)])
    return {
        name: strip_tags(text if isinstance(text, str) else text.decode())
        for name, text in found.items()
    }


def read_in(words: str, client) -> list[str]:
    return [
        name for name, text in everything_public(client).items() if is_said(words_of(words), text)
    ]


SECRET = "Karima Benali est passée tous les mardis raconter sa longue maladie à la cuisine."


def publish_again(report: AnnualReport, manager, reviewer) -> Publication:
    reviewing.return_report(report=report, by=reviewer, reason="Suite.")
    recording.submit_report(report=report, by=manager)
    return publishing.publish_report(
        report=AnnualReport.objects.get(), by=reviewer, url=URL, reason="Suite."
    )


@pytest.fixture
def told(submitted, reviewer) -> AnnualReport:
    """A year published with the same paragraph twice in one note, and in another's."""
    notes = {"sante": f"Début.\n{SECRET}\nMilieu.\n{SECRET}", "solidarite": f"{SECRET}\nFin."}
    for code, note in notes.items():
        Observation.objects.filter(effect__code=code).update(note=note)
    keep_every_passage(submitted)
    publishing.publish_report(report=submitted, by=reviewer, url=URL)
    return submitted


def flag_of(client, words: str, number: str = "") -> Flag:
    document = from_json(Publication.objects.order_by("number").first().document)
    for section in sections_of(document):
        for place, text in passages_of(section):
            if text == words:
                client.post(f"{PUBLIC}signaler/", {"passage": place, "numero": number})
                return Flag.objects.latest("pk")
    raise AssertionError(words)


def test_every_occurrence_goes_from_every_form(told, client, signed_in, reviewer, manager):
    assert set(read_in(SECRET, client)) == {
        "", "pdf", "le-wip-2022.json", "api/le-wip/2022"
    }  # fmt: skip
    staff = signed_in(reviewer)
    assert "relus, ne le disent plus" in take_down(staff, flag_of(client, SECRET))
    assert read_in(SECRET, client) == []
    assert text_of(client.get(PUBLIC)).count(PASSAGE_REMOVED) == 3
    assert "Milieu." in text_of(client.get(PUBLIC))
    publish_again(told, manager, reviewer)
    assert read_in(SECRET, client) == []


LONG = (
    "Pendant toute cette année, nous avons accueilli avec les enfants du quartier et leurs parents une "
    "suite de rencontres autour du jardin partagé, de la cuisine et des repas du soir, où chacun venait "
    "avec ses voisins raconter comment la vie de l’immeuble avait changé depuis que Karima Benali avait "
    "parlé de sa maladie devant tous."
)
EDITS = {
    "one word": SECRET.replace("mardis", "jeudis"),
    "moved and cut": "Voilà. Karima Benali est passée raconter sa longue maladie.",
    "split": "Fin.\nKarima Benali est passée tous les mardis.\nElle a dit sa longue maladie à la cuisine.",
    "as it was": SECRET,
    "spaced otherwise": SECRET.replace(" ", "  ").upper(),
}


@pytest.mark.parametrize("effect", ["sante", "lien-social"])
@pytest.mark.parametrize("edit", EDITS)
def test_taken_down_and_edited_waits_for_a_new_decision(
    edit, effect, told, client, signed_in, reviewer, manager
):
    take_down(signed_in(reviewer), flag_of(client, SECRET))
    Observation.objects.filter(effect__code=effect).update(note=EDITS[edit])
    reviewing.return_report(report=told, by=reviewer, reason="Suite.")
    recording.submit_report(report=told, by=manager)
    keep_every_passage(told, but=PassageKind.FLAGGED)
    page = text_of(signed_in(reviewer).post(path("publish"), {"reason": "Suite."}, follow=True))
    decided = edit == "as it was" and effect == "sante"
    assert ("une décision" in page) is not decided
    assert read_in(SECRET, client) == []
    shown = text_of(signed_in(manager).get(path("privacy")))
    assert "Signalé par une personne" in shown
    keep_every_passage(told)
    if not decided:
        signed_in(reviewer).post(path("publish"), {"reason": "Voulu."})
        assert Publication.objects.count() == 3


@pytest.mark.parametrize(
    "note", ["Des mots qui n’ont rien à voir avec cela, écrits un autre jour."]
)
def test_other_words_do_not_wait(note, told, client, signed_in, reviewer):
    take_down(signed_in(reviewer), flag_of(client, SECRET))
    Observation.objects.filter(effect__code="reseau").update(note=note)
    rows = {row.observation.effect.code: row for row in queries.note_reviews(told)}
    assert rows["reseau"].waiting == []


def test_kept_again_by_a_decision_its_names_are_still_read(told, client, signed_in, reviewer):
    take_down(signed_in(reviewer), flag_of(client, SECRET))
    row = told.observations.get(effect__code="lien-social")
    row.note = SECRET
    row.save()
    review = queries.review_of(row)
    kinds = [found.kind for found in review.passages]
    assert kinds[0] is PassageKind.FLAGGED
    assert PassageKind.NAME in kinds
    for found in review.passages:
        choice = PublicChoice.KEEP if found.kind is PassageKind.FLAGGED else PublicChoice.REMOVE
        write_decision(row, found.key, Decision(choice), reviewer)
    again = queries.review_of(Observation.objects.get(pk=row.pk))
    assert "Karima" not in again.public_text
    assert "cuisine" in again.public_text


def test_corrected_since_it_was_flagged_staff_choose(told, client, signed_in, reviewer, manager):
    flag = flag_of(client, SECRET)
    mended = SECRET.replace("passée", "venue")
    for code in ("sante", "solidarite"):
        Observation.objects.filter(effect__code=code).update(note=f"Avant.\n{mended}")
    reviewing.return_report(report=told, by=reviewer, reason="Une lettre.")
    recording.submit_report(report=told, by=manager)
    keep_every_passage(told)
    publishing.publish_report(
        report=AnnualReport.objects.get(), by=reviewer, url=URL, reason="Une lettre."
    )
    staff = signed_in(reviewer)
    assert "Choisissez le passage à retirer" in take_down(staff, flag)
    assert Publication.objects.readable().count() == 2
    page = text_of(staff.get("/equipe/signalements/"))
    first = re.search(r'name="place" value="([^"]+)"', page)
    assert first
    assert first[1].startswith(f"{flag.place.partition('/')[0]}/n")
    assert "relus, ne le disent plus" in take_down(staff, flag, place=first[1])
    assert read_in(mended, client) == read_in(SECRET, client) == []
    assert Publication.objects.readable().count() == 1


def test_what_several_people_asked_is_done_for_all(told, client, signed_in, reviewer):
    flag = flag_of(client, SECRET)
    client.post(f"{PUBLIC}signaler/", {"passage": flag.place, "message": "Moi aussi."})
    assert Flag.objects.count() == 2
    take_down(signed_in(reviewer), flag)
    assert set(Flag.objects.values_list("outcome", flat=True)) == {FlagOutcome.HIDDEN.value}


def test_gone_from_the_last_number_the_older_ones_go_too(
    told, client, signed_in, reviewer, manager
):
    for code in ("sante", "solidarite"):
        Observation.objects.filter(effect__code=code).update(note="Autre chose, sans personne.")
    publish_again(told, manager, reviewer)
    flag = flag_of(client, SECRET, "1")
    staff = signed_in(reviewer)
    assert "relus, ne le disent plus" in take_down(staff, flag, place=takedown.NOWHERE)
    assert client.get(f"{PUBLIC}1/").status_code == 410
    assert client.get(PUBLIC).status_code == 200
    assert all(row.note_is_public for row in told.observations.all())


def test_words_that_stand_elsewhere_are_not_said_to_be_gone(told, client, signed_in, reviewer):
    told.assessments.update(keywords=[SECRET])
    publication = Publication.objects.get()
    publication.document["scales"][0]["keywords"] = [SECRET]
    publication.save()
    staff = signed_in(reviewer)
    page = take_down(staff, flag_of(client, SECRET))
    assert "se lirait encore dans la page, le PDF" in page
    assert Flag.objects.get().outcome == FlagOutcome.OPEN.value
    assert Publication.objects.readable().count() == 1
    page = take_down(staff, Flag.objects.get(), act="withdraw")
    assert "est retiré : plus personne" in page
    assert "déjà traité" in take_down(staff, Flag.objects.get(), act="withdraw")
    assert client.get(PUBLIC).status_code == 410
    assert Flag.objects.get().outcome == FlagOutcome.HIDDEN.value


def test_other_years_that_say_it_are_named(told, client, signed_in, reviewer, edition, manager):
    other = AnnualReport.objects.create(site=told.site, year=2021, edition=edition)
    effect = edition.effects.get(code="sante")
    Observation.objects.create(report=other, effect=effect, note=SECRET)
    keep_every_passage(other)
    recording.submit_report(report=other, by=manager)
    publishing.publish_report(
        report=AnnualReport.objects.get(year=2021), by=reviewer, url=URL, reason=""
    )
    flag = flag_of(client, SECRET)
    page = take_down(signed_in(reviewer), flag)
    assert "Il se lit encore, ou presque, dans 2021" in page


def test_composed_sentence_takes_its_answers_along(published, client, signed_in, reviewer):
    """One fact, every form: the sentence, the codes and labels, the tables, the files, the API."""
    document = from_json(published.document)
    section = next(row for row in sections_of(document) if len(row.passages) > 1)
    effect = queries.asked_of(published.report, section.code)[0]
    told = next(row for row in document.data if row.code == section.code)
    keys = answers_of_sentence(effect, told, section.passages[0].text)
    assert keys
    flag = flag_of(client, section.passages[0].text)
    assert "relus, ne le disent plus" in take_down(signed_in(reviewer), flag)
    last = from_json(Publication.objects.readable().get().document)
    left = next(row for row in last.data if row.code == section.code)
    said = {(q.code, code) for q in left.questions for code, _ in q.choices}
    said |= {(q.code, "") for q in left.questions if q.count}
    before = {(q.code, code) for q in told.questions for code, _ in q.choices}
    before |= {(q.code, "") for q in told.questions if q.count}
    assert said == before - keys
    rows = client.get("/donnees/reponses.csv").getvalue().decode()
    for question in told.questions:
        for code, _ in question.choices:
            is_in = f";{section.code};{section.title};{question.code};" in rows
            assert is_in
            if (question.code, code) in keys:
                assert not re.search(
                    rf";{section.code};[^\n]*;{question.code};[^\n]*;{code};", rows
                )


@pytest.mark.parametrize("flagged", ["note", "sentence"])
def test_sentence_that_a_note_copies_goes_with_it(
    flagged, submitted, client, signed_in, reviewer, manager
):
    """Whichever of the two a person asked for, in another effect too."""
    report = queries.report_inputs(submitted)
    said = next(
        text
        for section in sections_of(compose(report))
        if section.code == "reseau"
        for place, text in passages_of(section)
        if not is_note(place)
    )
    publish_note(f"Avant.\n{said}\nAprès.", submitted, reviewer)
    (place,) = [
        place
        for section in sections_of(from_json(Publication.objects.latest("number").document))
        for place, text in passages_of(section)
        if text == said and is_note(place) == (flagged == "note")
    ]
    client.post(f"{PUBLIC}signaler/", {"passage": place})
    assert "relus" in take_down(signed_in(reviewer), Flag.objects.get())
    assert read_in(said, client) == []
    assert {"Avant.", "Après."} <= {*shown()}
    assert "une phrase de cet effet" in text_of(signed_in(manager).get(path("privacy")))
    publish_after(submitted, manager, reviewer)
    assert read_in(said, client) == []


def test_answers_that_the_sentence_does_not_say_stay(published):
    document = from_json(published.document)
    told, question = next(
        (effect, question)
        for effect in document.data
        for question in effect.questions
        if len(question.choices) > 1
    )
    section = next(row for row in sections_of(document) if row.code == told.code)
    (first, _), *others = question.choices
    less = without_sentence(
        document, told.code, section.passages[0].text, frozenset({(question.code, first)})
    )
    left = next(row for row in less.data if row.code == told.code)
    assert next(q for q in left.questions if q.code == question.code).choices == tuple(others)


def test_effect_of_which_nothing_was_said_has_no_answer_to_find(published):
    asked = queries.asked_of(published.report)
    silent = replace(from_json(published.document).data[0], absence=Absence.NOT_ANSWERED)
    assert answers_of_sentence(asked[0], silent, "Une phrase.") is None


def test_sentence_that_nobody_can_trace_takes_its_effect_along(
    published, client, signed_in, reviewer
):
    section = next(iter(sections_of(from_json(published.document))))
    published.document["scales"] = json.loads(
        json.dumps(published.document["scales"]).replace(
            json.dumps(section.passages[0].text)[1:-1], "Une phrase d’avant."
        )
    )
    published.save()
    take_down(signed_in(reviewer), flag_of(client, "Une phrase d’avant."))
    last = from_json(Publication.objects.readable().get().document)
    assert section.code not in [row.code for row in sections_of(last)]
    assert section.title in next(
        row.titles for row in last.absences if row.absence is Absence.NOT_PUBLISHED
    )
    left = next(row for row in last.data if row.code == section.code)
    assert left.absence is Absence.NOT_PUBLISHED
    assert not any(question.choices or question.count for question in left.questions)


def test_what_waits_is_shown_before_what_is_handled(published, signed_in, client, reviewer):
    form = f"{PUBLIC}signaler/"
    for rank in range(3):
        client.post(form, {"passage": "sante/p0", "message": f"n{rank}"})
    first = Flag.objects.get(message="n0")
    takedown.keep_passage(flag=first, by=reviewer, reason="Rien de personnel.")
    page = text_of(signed_in(reviewer).get("/equipe/signalements/"))
    assert page.count('value="hide"') == 2


def test_page_that_the_process_keeps_is_gone_with_its_number(
    published, client, signed_in, reviewer, monkeypatch
):
    drawn = []
    draw = public._page
    monkeypatch.setattr(public, "_page", lru_cache(lambda *of: drawn.append(of) or draw(*of)))
    pages = [text_of(client.get(PUBLIC)) for _ in range(3)]
    assert (len(drawn), len(set(pages))) == (1, 1)
    flag = flag_first(client, "n")
    signed_in(reviewer).post(f"/equipe/signalements/{flag.pk}/", {"act": "hide"})
    assert PASSAGE_REMOVED in text_of(client.get(PUBLIC))
    assert client.get(f"{PUBLIC}1/").status_code == 410


def publish_note(note: str, report: AnnualReport, reviewer, effect: str = "sante") -> None:
    Observation.objects.filter(effect__code=effect).update(note=note)
    keep_every_passage(report)
    publishing.publish_report(
        report=AnnualReport.objects.get(pk=report.pk), by=reviewer, url=URL, reason="Suite."
    )


def publish_after(report: AnnualReport, manager, reviewer, **notes: str) -> str:
    """The site writes these notes and hands in; every passage but those taken down is kept; staff
    publish. What they are told."""
    reviewing.return_report(report=report, by=reviewer, reason="Suite.")
    for code, note in notes.items():
        Observation.objects.filter(effect__code=code, report=report).update(note=note)
    recording.submit_report(report=report, by=manager)
    keep_every_passage(report, but=PassageKind.FLAGGED)
    client = Client()
    client.force_login(reviewer)
    return text_of(client.post(path("publish"), {"reason": "Suite."}, follow=True))


def notes_of(publication: Publication) -> list[str]:
    document = from_json(publication.document)
    return [text for section in sections_of(document) for text in section.note]


LINE_ENDS = ["\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "\r"]


@pytest.mark.parametrize("end", LINE_ENDS)
def test_whatever_cuts_its_lines_it_does_not_come_back(
    end, told, client, signed_in, reviewer, manager
):
    cut = end.join(SECRET.rsplit(" ", 5))
    Observation.objects.filter(effect__code="reseau").update(note=f"{cut}\nFin.")
    take_down(signed_in(reviewer), flag_of(client, SECRET))
    assert read_in(SECRET, client) == []
    page = publish_after(told, manager, reviewer, inclusion=cut)
    assert "une décision" in page
    assert read_in(SECRET, client) == []


def test_line_separators_are_new_lines_once_saved(told, signed_in, manager, reviewer):
    reviewing.return_report(report=told, by=reviewer, reason="Suite.")
    row = told.observations.get(effect__code="reseau")
    for end in LINE_ENDS:
        row.refresh_from_db()
        form = {"version": row.version, "state": row.state, "note": f"Avant.{end}Après {ord(end)}."}
        assert signed_in(manager).post(path("effect", "reseau"), form).status_code == 302
        row.refresh_from_db()
        assert row.note == f"Avant.\nAprès {ord(end)}."


@pytest.mark.parametrize(
    ("removed", "edited"),
    [
        ("Le patron du bar vole.", "Le gros patron du bar vole."),
        ("Le patron du bar vole.", "Le patron du café vole."),
        ("Le trésorier boit.", "Le trésorier, il boit."),
        (
            SECRET,
            "Karima Benali est passée\ntous les mardis\nraconter sa longue maladie\nà la cuisine.",
        ),
    ],
)
def test_short_or_cut_short_it_waits_too(
    removed, edited, submitted, client, signed_in, reviewer, manager
):
    publish_note(f"Début.\n{removed}", submitted, reviewer)
    assert "relus" in take_down(signed_in(reviewer), flag_of(client, removed))
    assert "une décision" in publish_after(submitted, manager, reviewer, reseau=edited)
    assert read_in(edited.splitlines()[0], client) == []


@pytest.mark.parametrize("removed", ["Max.", "Oui.", "…", "Une note.", "Bar"])
def test_very_short_passage_goes_alone(removed, submitted, client, signed_in, reviewer, manager):
    others = "Le maximum est atteint, oui. Jouir. C’est une noter… Le club de Barcelone."
    publish_note(f"Début.\n{removed}\n{others}", submitted, reviewer)
    assert "relus" in take_down(signed_in(reviewer), flag_of(client, removed))
    for _ in range(2):
        notes = notes_of(Publication.objects.latest("number"))
        assert others in notes
        assert removed not in notes
        publish_after(submitted, manager, reviewer)


def test_cut_into_paragraphs_it_goes_too(told, client, signed_in, reviewer, manager):
    cut = "\n".join(SECRET.rsplit(" ", 5))
    publish_after(told, manager, reviewer, reseau=f"Avant.\n{cut}\nAprès.")
    keep_every_passage(told)
    assert "relus" in take_down(signed_in(reviewer), flag_of(client, SECRET))
    assert read_in(SECRET, client) == []
    assert {"Avant.", "Après."} <= {*notes_of(Publication.objects.latest("number"))}
    publish_after(told, manager, reviewer)
    assert read_in(SECRET, client) == []
    publish_after(told, manager, reviewer, sante="Tout est à la page, de la cave à la cuisine.")
    assert Publication.objects.latest("number").number == 5  # « la » and « cuisine » are everywhere


@pytest.mark.parametrize(
    "other",
    [
        "Nous avons accueilli les enfants du quartier.",
        "Des repas du soir avec les voisins du quartier.",
        "Les parents du quartier\u00a0: cuisine, jardin partagé.",
    ],
)
def test_everyday_line_stays_when_a_long_paragraph_goes(
    other, submitted, client, signed_in, reviewer
):
    Observation.objects.filter(effect__code="solidarite").update(note=other)
    publish_note(LONG, submitted, reviewer)
    page = take_down(signed_in(reviewer), flag_of(client, LONG))
    assert "relus" in page
    assert "aussi ailleurs" not in page
    assert other in text_of(client.get(PUBLIC))


def test_staff_are_told_where_else_it_was(told, client, signed_in, reviewer):
    page = take_down(signed_in(reviewer), flag_of(client, SECRET))
    (said,) = re.findall(r"aussi ailleurs : ([^<]+)\.", page)
    assert sorted(said.split(", ")) == [
        "«\u00a0Santé\u00a0»",
        "«\u00a0Solidarité\u00a0»",
    ]


OTHER = "Cette cuisinière bénévole souffre depuis longtemps du diabète, confiait son voisin."


@pytest.fixture
def corrected(told, client, reviewer, manager) -> Flag:
    """A flag of SECRET; the last number says OTHER in its place."""
    flag = flag_of(client, SECRET)
    publish_after(told, manager, reviewer, sante=OTHER, solidarite=OTHER)
    keep_every_passage(told)
    assert read_in(OTHER, client)
    return flag


def test_words_that_staff_chose_are_known_again(
    corrected, told, client, signed_in, reviewer, manager
):
    place = next(
        place
        for section in sections_of(from_json(Publication.objects.latest("number").document))
        for place, text in passages_of(section)
        if text == OTHER and place.startswith(corrected.place.partition("/")[0])
    )
    Observation.objects.filter(effect__code="sante").update(note="En cours.")
    Observation.objects.filter(effect__code="solidarite").update(note="En cours aussi.")
    assert "relus" in take_down(signed_in(reviewer), corrected, place=place)
    corrected.refresh_from_db()
    assert {*Removal.objects.passages().values_list("seal", flat=True)} == {
        seal(SECRET),
        seal(OTHER),
    }
    edited = OTHER.replace("longtemps", "peu")
    assert "une décision" in publish_after(told, manager, reviewer, reseau=edited)
    assert read_in(edited, client) == read_in(OTHER, client) == []


def test_whole_report_withdrawn_its_correction_waits(corrected, told, client, signed_in, reviewer):
    take_down(signed_in(reviewer), corrected, act="withdraw")
    publishing.publish_report(
        report=AnnualReport.objects.get(), by=reviewer, url=URL, reason="De nouveau."
    )
    code = corrected.place.partition("/")[0]
    assert not Observation.objects.get(effect__code=code).note_is_public
    assert seal(OTHER) not in queries.removed_from(told.site_id)  # nobody said that it was this one


def test_whole_report_withdrawn_its_sentence_waits(published, client, signed_in, reviewer):
    flag = flag_first(client, "p")
    take_down(signed_in(reviewer), flag, act="withdraw")
    publishing.publish_report(
        report=AnnualReport.objects.get(), by=reviewer, url=URL, reason="De nouveau."
    )
    assert read_in(flag.quoted, client) == []


@pytest.mark.parametrize(
    ("act", "told_so"), [("hide", "était déjà retiré"), ("withdraw", "est retiré")]
)
def test_flag_of_a_withdrawn_year_is_closed_and_held(
    act, told_so, told, client, signed_in, reviewer
):
    flag = flag_of(client, SECRET)
    publishing.withdraw_report(report=told, by=reviewer, reason="Tout.")
    assert told_so in take_down(signed_in(reviewer), flag, act=act)
    flag.refresh_from_db()
    assert flag.outcome == FlagOutcome.HIDDEN.value
    publishing.publish_report(
        report=AnnualReport.objects.get(), by=reviewer, url=URL, reason="De nouveau."
    )
    assert read_in(SECRET, client) == []


def test_year_whose_next_number_cannot_be_drawn_can_be_published_again(
    published, client, signed_in, reviewer, monkeypatch
):
    flag = flag_first(client, "n")
    with monkeypatch.context() as broken:

        def fail(*_args: object) -> bytes:
            raise PdfError("Non.")

        broken.setattr(publishing, "render_pdf", fail)
        assert "n’a pas pu être fabriqué" in take_down(signed_in(reviewer), flag)
    assert AnnualReport.objects.get().state == "submitted"
    signed_in(reviewer).post(path("publish"), {"reason": "De nouveau."})
    assert read_in(flag.quoted, client) == []
    assert client.get(PUBLIC).status_code == 200


def test_kept_by_one_while_another_takes_it_away(told, client, reviewer):
    flag = flag_of(client, SECRET)
    opened_before = Flag.objects.get(pk=flag.pk)
    takedown.hide_passage(flag=flag, by=reviewer, reason="", url=URL)
    with pytest.raises(NotAllowedNow, match="déjà traité"):
        takedown.keep_passage(flag=opened_before, by=reviewer, reason="C’est public.")
    assert Flag.objects.get().outcome == FlagOutcome.HIDDEN.value


def test_withdrawn_while_the_next_number_is_drawn(told, client, reviewer, monkeypatch):
    flag = flag_of(client, SECRET)
    prepared = takedown.prepare

    def meanwhile(**arguments):
        publishing.withdraw_report(report=told, by=reviewer, reason="Tout.")
        return prepared(**arguments)

    monkeypatch.setattr(takedown, "prepare", meanwhile)
    with pytest.raises(NotAllowedNow, match="d’être retiré"):
        takedown.hide_passage(flag=flag, by=reviewer, reason="", url=URL)
    assert client.get(PUBLIC).status_code == 410


def form_of(browser, code: str) -> dict[str, str]:
    """What a browser would send of an effect on « Ce qui sera public »."""
    page = lxml_html.fromstring(browser.get(path("privacy")).content)
    (form,) = page.xpath(f"//form[@action='{path('decide', code)}']")
    return dict(form.form_values())


def test_page_opened_before_does_not_undo_it(published, client, signed_in, reviewer, manager):
    flag = flag_first(client, "p")
    code = flag.place.partition("/")[0]
    site = signed_in(manager)
    before = form_of(site, code)
    take_down(signed_in(reviewer), flag)
    refused = site.post(path("decide", code), before | {"public_note": "Mes mots d’avant."})
    assert refused.status_code == 409
    assert "vient de changer" in text_of(refused)
    assert site.post(path("decide", code), {"is_public": "1"}).status_code == 409  # an older page
    assert "Mes mots d’avant." in text_of(refused)
    assert Observation.objects.get(effect__code=code).is_public is False
    site.post(path("decide", code), form_of(site, code) | {"is_public": "1"})
    assert Observation.objects.get(effect__code=code).is_public is True


def test_what_was_kept_before_waits_again(told, client, signed_in, reviewer, manager, edition):
    """Decided in another year, of other words that were nearly these."""
    flag = flag_of(client, SECRET)
    other = AnnualReport.objects.create(site=told.site, year=2021, edition=edition)
    row = Observation.objects.create(
        report=other, effect=edition.effects.get(code="sante"), note=SECRET
    )
    key = (PassageKind.FLAGGED, SECRET, SECRET)
    write_decision(row, key, Decision(PublicChoice.KEEP), manager)
    for name, said in (("Zoé", SECRET), ("Ali", "une voisine")):
        chosen = Decision(PublicChoice.REWORD, said)
        write_decision(row, (PassageKind.NAME, name, name), chosen, manager)
    other_key = (PassageKind.FLAGGED, OTHER, OTHER)
    write_decision(row, other_key, Decision(PublicChoice.KEEP), manager)
    take_down(signed_in(reviewer), flag)
    decided = queries.decisions_of(row)
    assert decided[PassageKind.NAME, "Zoé", "Zoé"] == Decision(PublicChoice.GENERALISE)
    assert decided[PassageKind.NAME, "Ali", "Ali"].replacement == "une voisine"
    assert other_key in decided
    (review,) = queries.note_reviews(other)
    assert key in [found.key for found in review.waiting]


def publish_next_year(reviewer, manager) -> AnnualReport:
    text = LE_WIP.read_text().replace("2022", "2023")
    import_bilan(bilan=read_bilan(text.encode()), update=True)
    following = AnnualReport.objects.get(year=2023)
    keep_every_passage(following)
    recording.submit_report(report=following, by=manager)
    publishing.publish_report(
        report=AnnualReport.objects.get(year=2023),
        by=reviewer,
        url="https://effets.example/le-wip/2023/",
    )
    return following


def test_other_years_that_say_or_compare_a_sentence_are_named(
    published, client, signed_in, reviewer, manager
):
    publish_next_year(reviewer, manager)
    flag = flag_first(client, "p")
    page = take_down(signed_in(reviewer), flag)
    title = next(
        row.title
        for row in sections_of(from_json(published.document))
        if row.code == flag.place.partition("/")[0]
    )
    assert f"Il se lit encore, ou presque, dans 2023 («\u00a0{title}\u00a0»)" in page


def test_whole_report_withdrawn_other_years_are_named(
    told, client, signed_in, reviewer, manager, edition
):
    other = AnnualReport.objects.create(site=told.site, year=2021, edition=edition)
    Observation.objects.create(
        report=other,
        effect=edition.effects.get(code="sante"),
        note=SECRET.replace("mardis", "jeudis"),
    )
    keep_every_passage(other)
    recording.submit_report(report=other, by=manager)
    publishing.publish_report(report=AnnualReport.objects.get(year=2021), by=reviewer, url=URL)
    page = take_down(signed_in(reviewer), flag_of(client, SECRET), act="withdraw")
    assert "Il se lit encore, ou presque, dans 2021" in page


def test_part_that_stays_in_the_same_year_is_named(told, client, signed_in, reviewer, manager):
    """Nearly the same is not taken away without being asked; it is said, and waits next time."""
    publish_after(
        told,
        manager,
        reviewer,
        reseau="Karima Benali est passée raconter sa maladie, puis elle a chanté.",
    )
    keep_every_passage(told)
    page = take_down(signed_in(reviewer), flag_of(client, SECRET))
    assert "Il se lit encore, ou presque, dans 2022 («\u00a0" in page
    assert "une décision" in publish_after(told, manager, reviewer)


def test_keyword_does_not_bring_it_back(told, client, signed_in, reviewer, manager):
    take_down(signed_in(reviewer), flag_of(client, SECRET))
    told.assessments.update(keywords=["jardin", SECRET])
    page = publish_after(told, manager, reviewer)
    assert "se lirait de nouveau" in page
    assert "(mots-clés)" in page
    assert read_in(SECRET, client) == []
    told.assessments.update(keywords=["jardin"])
    publish_after(told, manager, reviewer)
    assert Publication.objects.readable().latest("number").number == 3


def test_keyword_that_is_nearly_it_is_refused_too(told, client, signed_in, reviewer, manager):
    take_down(signed_in(reviewer), flag_of(client, SECRET))
    nearly = (
        SECRET.replace("mardis", "jeudis").replace("longue", "grave").replace("cuisine", "cave")
    )
    told.assessments.update(keywords=["jardin", nearly])
    assert "(mots-clés)" in publish_after(told, manager, reviewer)
    assert Publication.objects.latest("number").number == 2


def test_number_whose_file_is_missing_cannot_be_read_back(
    told, client, signed_in, reviewer, manager
):
    publish_after(told, manager, reviewer, sante="Autre chose.", solidarite="Autre chose.")
    flag = flag_of(client, SECRET, "1")
    last = Publication.objects.latest("number")
    last.pdf.storage.delete(last.pdf.name)
    assert "manque" in take_down(signed_in(reviewer), flag, place=takedown.NOWHERE)
    assert Publication.objects.readable().count() == 2
    assert "est retiré" in take_down(signed_in(reviewer), flag, act="withdraw")


def test_page_is_read_as_it_is_seen(told, client):
    publication = Publication.objects.get()
    words = "L'abbé d'Orval a dit qu'il s'en ira l'an prochain & d'autres"
    publication.document["scales"][0]["keywords"] = [words]
    with publication.pdf.open() as stored:
        forms = representations(publication, stored.read(), URL)
    assert is_said(words_of(words), forms["la page"])


def shown() -> list[str]:
    return notes_of(Publication.objects.latest("number"))


TWO = (
    "Karima Benali est passée tous les mardis raconter sa maladie aux bénévoles.",
    "Son fils Paul avait perdu son travail au printemps dernier à Caen.",
)
OTHERWISE = {
    "the other way round": f"{TWO[1]} {TWO[0]}",
    "half, in another": f"Le jardin a été replanté avec les écoles. {TWO[1]} Des repas joyeux.",
    "two halves, far apart": (
        "Le jardin a été replanté avec les écoles du quartier et Karima Benali est passée tous les "
        "jours, ce qui a donné envie à beaucoup d’autres habitants de la rue.\n"
        "Les repas du soir réunissent toujours une trentaine de voisins autour de la cuisine.\n"
        "On y vient, dit une voisine, les mardis raconter sa maladie aux bénévoles, ou bien "
        "lire le journal et boire un café avec les étudiants de la résidence."
    ),
    "joined": " ".join(TWO).replace(" ", "\u200b"),
}


@pytest.mark.parametrize("effect", ["sante", "lien-social"])
@pytest.mark.parametrize("edit", OTHERWISE)
def test_told_otherwise_it_waits_where_it_was_too(
    edit, effect, submitted, client, signed_in, reviewer, manager
):
    publish_note(f"Début.\n{' '.join(TWO)}", submitted, reviewer)
    assert "relus" in take_down(signed_in(reviewer), flag_of(client, " ".join(TWO)))
    note = f"Début.\n{OTHERWISE[edit]}"
    assert "une décision" in publish_after(submitted, manager, reviewer, **{effect: note})
    assert read_in(TWO[1], client) == []


def test_two_that_begin_alike_both_go(submitted, client, signed_in, reviewer, manager):
    publish_note(f"Début.\nKarima\n{SECRET}", submitted, reviewer)
    for words in ("Karima", SECRET):
        assert "relus" in take_down(signed_in(reviewer), flag_of(client, words))
    publish_after(submitted, manager, reviewer)
    assert not any("Benali" in text for text in shown())


def test_words_put_in_its_place_go_when_they_are_flagged(
    told, client, signed_in, reviewer, manager
):
    staff = signed_in(reviewer)
    take_down(staff, flag_of(client, SECRET))
    new = "Une habitante malade du numéro douze vient raconter son cancer aux cuisiniers bénévoles."
    for code in ("sante", "solidarite"):
        row = told.observations.get(effect__code=code)
        key = (PassageKind.FLAGGED, SECRET, SECRET)
        write_decision(row, key, Decision(PublicChoice.GENERALISE, new), manager)
    publish_after(told, manager, reviewer)
    document = from_json(Publication.objects.latest("number").document)
    (place, *_) = [
        place
        for section in sections_of(document)
        for place, text in passages_of(section)
        if text == new
    ]
    client.post(f"{PUBLIC}signaler/", {"passage": place})
    assert "relus" in take_down(staff, Flag.objects.latest("pk"))
    publish_after(told, manager, reviewer)
    assert read_in(new, client) == []


def test_kept_with_words_left_in_the_other_field(told, client, signed_in, reviewer, manager):
    take_down(signed_in(reviewer), flag_of(client, SECRET))
    for code in ("sante", "solidarite"):
        row = told.observations.get(effect__code=code)
        key = (PassageKind.FLAGGED, SECRET, SECRET)
        write_decision(row, key, Decision(PublicChoice.KEEP, "une voisine"), manager)
    publish_after(told, manager, reviewer)
    assert SECRET in shown()


def test_sentence_of_a_withdrawn_year_waits(published, client, signed_in, reviewer):
    flag = flag_first(client, "p")
    publishing.withdraw_report(report=published.report, by=reviewer, reason="Tout.")
    take_down(signed_in(reviewer), flag)
    signed_in(reviewer).post(path("publish"), {"reason": "De nouveau."})
    assert read_in(flag.quoted, client) == []


def test_sentence_that_is_no_longer_said_waits_too(published, client, signed_in, reviewer, manager):
    """The site may go back to what it said before."""
    flag = flag_first(client, "p")
    rows = Observation.objects.filter(effect__code=flag.place.partition("/")[0])
    rows.get().answers.all().delete()
    publish_after(published.report, manager, reviewer)
    assert not is_said(words_of(flag.quoted), told_in(Publication.objects.latest("number")))
    assert "relus" in take_down(signed_in(reviewer), flag, place=takedown.NOWHERE)
    assert rows.get().is_public is False


@pytest.mark.parametrize(
    ("removed", "other"),
    [
        (
            "Au cours de l’année 2022, le tiers-lieu a accueilli Karima Benali, gravement malade.",
            "Au cours de l’année 2022, le tiers-lieu a accueilli douze expositions et trois concerts.",
        ),
        ("Jean ment.", "Jean mentionne souvent les ateliers du soir et la fête du printemps."),
        (
            "Les enfants du quartier ont volé des vélos.",
            "Les enfants du quartier ont réparé des vélos.",
        ),
        (
            "Il n’y a pas eu de suite à la plainte déposée contre Paul Martin.",
            "Le budget est voté. Il n’y a pas eu de suite à la réunion de mai, le conseil se réunit.",
        ),
    ],
)
def test_what_others_write_alike_stays(removed, other, submitted, client, signed_in, reviewer):
    Observation.objects.filter(effect__code="solidarite").update(note=other)
    publish_note(f"Début.\n{removed}", submitted, reviewer)
    assert "relus" in take_down(signed_in(reviewer), flag_of(client, removed))
    assert other in shown()


def test_word_alone_is_not_taken_out_of_a_line_that_is_kept(
    submitted, client, signed_in, reviewer, manager
):
    other = "Le Bar est ouvert à tous les habitants du quartier chaque soir."
    publish_note(f"Début.\nBar\n{other}", submitted, reviewer)
    assert "relus" in take_down(signed_in(reviewer), flag_of(client, "Bar"))
    publish_after(submitted, manager, reviewer)
    keep_every_passage(submitted)
    signed_in(reviewer).post(path("publish"), {"reason": "Voulu."})
    assert other in shown()
    assert "Bar" not in shown()


def test_page_opened_before_another_takedown_decides_nothing(
    told, client, signed_in, reviewer, manager
):
    take_down(signed_in(reviewer), flag_of(client, SECRET))
    Observation.objects.filter(effect__code="lien-social").update(note=SECRET)
    site = signed_in(manager)
    before = form_of(site, "lien-social")
    other = Publication.objects.latest("number")
    ledger.write_down(other, [("sante/n0", OTHER)], reviewer, "", timezone.now())
    assert site.post(path("decide", "lien-social"), before).status_code == 409


def test_note_that_was_held_stays_so_when_it_is_emptied(
    published, client, signed_in, reviewer, manager
):
    flag = flag_first(client, "n")
    rows = Observation.objects.filter(effect__code=flag.place.partition("/")[0])
    rows.update(note="Tout autre chose que personne ne connaît.")
    takedown.hide_passage(flag=flag, by=reviewer, reason="", url=URL)
    rows.update(note="")
    site = signed_in(manager)
    code = rows.get().effect.code
    site.post(path("decide", code), form_of(site, code))
    assert rows.get().note_is_public is False


def test_words_behind_what_readers_had_are_known(submitted, client, signed_in, reviewer, manager):
    """Published with names and ages generalised, then taken down: the note as it was written waits."""
    raw = "Karima, 42 ans, diabétique, musulmane, témoigne."
    Observation.objects.filter(effect__code="sante").update(note=f"Début.\n{raw}")
    row = submitted.observations.select_related("effect").get(effect__code="sante")
    for found in queries.review_of(row).passages:
        write_decision(row, found.key, Decision(PublicChoice.GENERALISE), manager)
    publishing.publish_report(report=AnnualReport.objects.get(), by=reviewer, url=URL)
    quoted = next(text for text in shown() if "témoigne" in text)
    assert "relus" in take_down(signed_in(reviewer), flag_of(client, quoted))
    assert "une décision" in publish_after(submitted, manager, reviewer, reseau=raw)


def test_motive_is_no_longer_than_what_is_kept(told, client, signed_in, reviewer):
    take_down(signed_in(reviewer), flag_of(client, SECRET), act="withdraw", reason="x" * 1900)
    assert Publication.objects.get().withdrawn_reason == "x" * 250


def section_of(publication, code):
    return next(r for r in sections_of(from_json(publication.document)) if r.code == code)


def last() -> Publication:
    return Publication.objects.readable().latest("number")


def test_sentence_that_stands_elsewhere_in_the_last_number_goes(
    submitted, client, signed_in, reviewer, manager
):
    """Flagged on n° 1 at p0; in n° 2 a sentence comes before it: it stands at p1."""
    publishing.publish_report(report=submitted, by=reviewer, url=URL)
    first = last()
    # n° 1 had only the second of the two sentences
    doc = json.loads(json.dumps(first.document))
    for scale in doc["scales"]:
        for e in scale["effects"]:
            if e["code"] == "sante":
                e["passages"] = e["passages"][1:]
    Publication.objects.filter(pk=first.pk).update(document=doc)
    first.refresh_from_db()
    said = section_of(first, "sante").passages[0].text
    client.post(f"{PUBLIC}signaler/", {"passage": "sante/p0", "numero": "1"})
    flag = Flag.objects.get()
    assert flag.quoted == said
    publish_after(submitted, manager, reviewer)
    assert section_of(last(), "sante").passages[1].text == said
    page = take_down(signed_in(reviewer), flag)
    assert "relus" in page
    assert read_in(said, client) == []


def test_page_opened_between_two_takedowns_of_one_effect(
    published, client, signed_in, reviewer, manager
):
    one, two = (row.text for row in section_of(published, "lien-social").passages[1:3])
    take_down(signed_in(reviewer), flag_of(client, one))
    site = signed_in(manager)
    before = form_of(site, "lien-social")
    flag = flag_of(client, two)
    assert "relus" in take_down(signed_in(reviewer), flag)
    answer = site.post(path("decide", "lien-social"), before | {"is_public": "1"})
    assert answer.status_code == 409
    assert Observation.objects.get(effect__code="lien-social").is_public is False


def test_second_sentence_of_an_effect_leaves_the_rest(published, client, signed_in, reviewer):
    section = section_of(published, "lien-social")
    texts = [row.text for row in section.passages]
    for text in texts[:2]:
        client.post(
            f"{PUBLIC}signaler/",
            {
                "passage": next(
                    p for p, t in passages_of(section_of(last(), "lien-social")) if t == text
                )
            },
        )
        assert "relus" in take_down(signed_in(reviewer), Flag.objects.latest("pk"))
        assert read_in(text, client) == []
    left = [r for r in sections_of(from_json(last().document)) if r.code == "lien-social"]
    assert left, "the whole effect went, its note and its third sentence too"
    assert left[0].note == section.note


@pytest.mark.parametrize("schema", [1, 2])
def test_sentence_of_a_number_of_before_data(schema, published, client, signed_in, reviewer):
    published.document["schema"] = schema
    del published.document["data"]
    Publication.objects.filter(pk=published.pk).update(
        document=published.document, document_schema=schema
    )
    flag = flag_first(client, "p")
    assert "relus" in take_down(signed_in(reviewer), flag)


def test_event_says_withdrawn_only_of_what_was(told, client, signed_in, reviewer):
    flag = flag_of(client, SECRET)
    publishing.withdraw_report(report=told, by=reviewer, reason="Tout.")
    take_down(signed_in(reviewer), flag)
    rows = Event.objects.filter(kind=EventKind.WITHDRAWN.value)
    assert [row.about["numbers"] for row in rows] == [[1]]


def said_of_inclusion(submitted):

    return next(
        text
        for s in sections_of(compose(queries.report_inputs(submitted)))
        if s.code == "inclusion"
        for place, text in passages_of(s)
        if not is_note(place)
    )


def test_decided_again_with_its_names_generalised_it_is_published(
    submitted, client, signed_in, reviewer, manager
):
    """Published generalised, taken down, then kept again by a decision: the site may."""
    raw = "Karima, 42 ans, diabétique, musulmane, témoigne."
    Observation.objects.filter(effect__code="sante").update(note=f"Début.\n{raw}")
    row = submitted.observations.select_related("effect").get(effect__code="sante")
    for found in queries.review_of(row).passages:
        write_decision(row, found.key, Decision(PublicChoice.GENERALISE), manager)
    publishing.publish_report(report=AnnualReport.objects.get(), by=reviewer, url=URL)
    quoted = next(t for t in section_of(last(), "sante").note if "témoigne" in t)
    assert "relus" in take_down(signed_in(reviewer), flag_of(client, quoted))
    publish_after(submitted, manager, reviewer)
    row = Observation.objects.select_related("effect", "report").get(effect__code="sante")
    for found in queries.review_of(row).passages:
        if found.kind is PassageKind.FLAGGED:
            write_decision(row, found.key, Decision(PublicChoice.KEEP), manager)
    reviewing.return_report(report=submitted, by=reviewer, reason="Suite.")
    recording.submit_report(report=submitted, by=manager)
    page = text_of(signed_in(reviewer).post(path("publish"), {"reason": "Voulu."}, follow=True))
    assert "se lirait de nouveau" not in page
    assert quoted in section_of(last(), "sante").note


def test_flag_of_a_copy_is_closed_too(submitted, client, signed_in, reviewer):
    """A sentence, and its copy in another effect: two flags, both gone at once."""
    said = said_of_inclusion(submitted)
    publish_note(f"Avant.\n{said}\nAprès.", submitted, reviewer, effect="reseau")
    places = [
        p for s in sections_of(from_json(last().document)) for p, t in passages_of(s) if t == said
    ]
    for p in places:
        client.post(f"{PUBLIC}signaler/", {"passage": p})
    flag = next(f for f in Flag.objects.all() if not is_note(f.place))
    assert "relus" in take_down(signed_in(reviewer), flag)
    assert read_in(said, client) == []
    assert {*Flag.objects.values_list("outcome", flat=True)} == {FlagOutcome.HIDDEN.value}


def unticked(row, keys):
    """These answers are taken out; returns what puts them back."""
    kept = []
    for answer in list(row.answers.select_related("question")):
        for tick in list(answer.ticks.select_related("category")):
            if (answer.question.code, tick.category.code) in keys:
                kept.append((answer.question, answer.kind, tick.category))
                tick.delete()
        if answer.value is None and not answer.ticks.exists():
            answer.delete()
    return kept


def ticked(row, kept):
    for question, kind, category in kept:
        answer, _ = Answer.objects.get_or_create(
            observation=row, question=question, defaults={"kind": kind}
        )
        Tick.objects.get_or_create(answer=answer, category=category)


def sentence(report, code, rank=0):
    document = compose(queries.report_inputs(report))
    section = next(s for s in sections_of(document) if s.code == code)
    return section.passages[rank].text


def keys_of(report, code, rank):
    document = compose(queries.report_inputs(report))
    section = next(s for s in sections_of(document) if s.code == code)
    told = next(r for r in document.data if r.code == code)
    return answers_of_sentence(queries.asked_of(report, code)[0], told, section.passages[rank].text)


def test_note_that_copies_two_sentences_of_an_effect(
    submitted, client, signed_in, reviewer, manager
):
    one, two = sentence(submitted, "lien-social", 1), sentence(submitted, "lien-social", 2)
    note = f"{one} {two}"
    publish_note(f"Avant.\n{note}\nAprès.", submitted, reviewer, effect="reseau")
    text = next(t for t in section_of(last(), "reseau").note if t.startswith(one[:30]))
    page = take_down(signed_in(reviewer), flag_of(client, text))
    assert "relus" in page
    assert (read_in(one, client), read_in(two, client)) == ([], [])


def test_choice_on_a_page_opened_before_another_number(told, client, signed_in, reviewer, manager):
    """Staff chose the paragraph at n0; a number came out meanwhile in which n0 is another's."""
    flag = flag_of(client, SECRET)
    mended = SECRET.replace("passée tous les mardis", "venue chaque semaine nous")
    publish_after(told, manager, reviewer, sante=mended, solidarite="Rien.")
    keep_every_passage(told)
    staff = signed_in(reviewer)
    page = text_of(staff.get("/equipe/signalements/"))
    (number,) = re.findall(r'name="numero" value="(\d+)"', page)
    code = flag.place.partition("/")[0]
    places = re.findall(r'name="place" value="([^"]+)"', page)
    note = next(p for p in places if "/n" in p)
    other = "Le jardin a été planté avec les écoles du quartier."
    publish_after(told, manager, reviewer, **{code: f"{other}\n{mended}"})
    keep_every_passage(told)
    assert {f"{code}/n0": other}.items() <= dict(passages_of(section_of(last(), code))).items()
    said = take_down(staff, flag, place=note, numero=number)
    assert "recommencez" in said
    assert other in section_of(last(), code).note
    assert "relus, ne le disent plus" not in said or mended not in section_of(last(), code).note


def test_effect_public_again_without_the_sentence_then_ticked_again(
    submitted, client, signed_in, reviewer, manager
):
    """The site unticks what the sentence said and decides that the effect is public again: readers
    get it without the sentence. Later somebody ticks it again; nobody decides anything."""
    publishing.publish_report(report=submitted, by=reviewer, url=URL)
    said, keys = sentence(submitted, "services", 1), keys_of(submitted, "services", 1)
    assert "relus" in take_down(signed_in(reviewer), flag_of(client, said))
    row = Observation.objects.get(report=submitted, effect__code="services")
    reviewing.return_report(report=submitted, by=reviewer, reason="Suite.")
    kept = unticked(row, keys)
    site = signed_in(manager)
    assert (
        site.post(
            path("decide", "services"), form_of(site, "services") | {"is_public": "1"}
        ).status_code
        == 302
    )
    recording.submit_report(report=AnnualReport.objects.get(), by=manager)
    keep_every_passage(submitted)
    signed_in(reviewer).post(path("publish"), {"reason": "Sans elle."})
    assert last().number == 3
    assert read_in(said, client) == []
    ticked(row, kept)
    publish_after(submitted, manager, reviewer)
    assert read_in(said, client) == []
    page = text_of(site.get(path("privacy")))
    assert "les réponses la disent de nouveau" in page
    (name,) = re.findall(
        r'name="choice-([^"]+)"\s+value="keep"(?=>\s*<span>Publier cette phrase)', page
    )
    answer = site.post(
        path("decide", "services"), form_of(site, "services") | {f"choice-{name}": "keep"}
    )
    assert answer.status_code == 302
    signed_in(reviewer).post(path("publish"), {"reason": "Voulue."})
    assert read_in(said, client) != []


def test_said_to_be_nowhere_though_it_is_there(published, client, signed_in, reviewer):
    said = section_of(published, "services").passages[1].text
    page = take_down(signed_in(reviewer), flag_of(client, said), place=takedown.NOWHERE)
    assert "relus" not in page
    assert Flag.objects.get().outcome == FlagOutcome.OPEN.value


@pytest.mark.parametrize(
    "line",
    [
        "Des acteurs du quartier",
        "Partenaires publics et privés",
        "Personnes travaillant sur le site",
    ],
)
def test_short_everyday_line_takes_no_sentence_of_another_effect(
    line, submitted, client, signed_in, reviewer
):
    publish_note(f"Avant.\n{line}\nAprès.", submitted, reviewer, effect="reseau")
    before = {p: t for s in sections_of(from_json(last().document)) for p, t in passages_of(s)}
    page = take_down(signed_in(reviewer), flag_of(client, line))
    after = {p: t for s in sections_of(from_json(last().document)) for p, t in passages_of(s)}
    assert {p for p in before if before[p] != after.get(p)} == {"reseau/n1"}, re.findall(
        "Le passage se lirait[^<]*", page
    )


@pytest.mark.parametrize("copy", ["items", "lead and items", "one line each"])
def test_list_of_a_sentence_that_a_note_copies_goes_with_it(
    copy, submitted, client, signed_in, reviewer
):
    row = next(
        r
        for s in sections_of(compose(queries.report_inputs(submitted)))
        if s.code == "sante"
        for r in s.passages
        if r.items
    )
    note = {
        "items": "Certaines ont dit " + " et ".join(row.items) + ".",
        "lead and items": f"{row.text} {', '.join(row.items)}.",
        "one line each": "\n".join([row.text, *row.items]),
    }[copy]
    publish_note(f"Avant.\n{note}\nAprès.", submitted, reviewer, effect="reseau")
    flag = flag_of(client, row.text)
    page = take_down(signed_in(reviewer), flag)
    notes = section_of(last(), "reseau").note
    said = " ".join(notes)
    assert "relus" in page
    assert not any(item in said for item in row.items)
    assert "Avant." in notes


def test_list_of_a_sentence_taken_down_waits_in_a_note(
    submitted, client, signed_in, reviewer, manager
):
    """« … Certaines personnes ont dit ou semblé : se sentir mieux…, avoir une plus grande confiance… »"""
    publishing.publish_report(report=submitted, by=reviewer, url=URL)
    row = next(r for r in section_of(last(), "sante").passages if r.items)
    page = take_down(signed_in(reviewer), flag_of(client, row.text))
    assert "relus" in page
    assert "aussi ailleurs" not in page  # its list is no other place
    page = publish_after(
        submitted, manager, reviewer, reseau="\n".join(["Certaines personnes disent :", *row.items])
    )
    assert "une décision" in page


def test_same_flag_sent_twice_is_one(published, client):
    first = flag_first(client, "n")
    assert flag_first(client, "n") == first


def test_sentence_that_was_not_taken_out_is_not_said_to_be(
    published, client, reviewer, monkeypatch
):
    """Even where another effect says the same: its own is looked at by itself."""
    flag = flag_first(client, "p")
    monkeypatch.setattr(takedown, "without_sentence", lambda document, *_: document)
    with pytest.raises(NotAllowedNow, match="l’effet même"):
        takedown.hide_passage(flag=flag, by=reviewer, reason="", url=URL)
    assert Publication.objects.readable().get() == published


def test_report_is_read_once_more_after_every_decision(submitted):
    document = compose(queries.report_inputs(submitted))
    section = next(row for row in sections_of(document) if row.note)
    said = [seal(section.note[0])]
    assert says_again(document, said, [], {}) == [section.title]
    assert says_again(document, said, [], {section.code: [section.note[0]]}) == []
