"""Review rounds, what readers get of each note, takedown, and what is frozen or withdrawn."""

import io
import json
import subprocess
from uuid import uuid4

import openpyxl
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml import html as lxml_html

from observations import queries
from observations.composer.compose import ReportInputs, compose
from observations.composer.protecting.privacy import Decision
from observations.composer.questionnaire.inputs import SiteInput
from observations.composer.saying.document import from_json
from observations.enums import (
    BatchKind,
    InclusiveWriting,
    PublicChoice,
    Role,
)
from observations.exceptions import NotAllowedNow
from observations.exchange.tables import KINDS
from observations.models import (
    AnnualReport,
    Comment,
    Observation,
    PassageDecision,
    Publication,
    Reminder,
    Sentence,
)
from observations.rendering.html import DRAFT, linked_data
from observations.services import publishing, recording, reviewing
from observations.services.batches import start_batch, work_on
from observations.services.memberships import invite
from observations.services.privacy import decide_all, decide_public, write_decision
from tests.conftest import keep_every_passage

URL = "https://effets.example/le-wip/2022/"
PUBLIC = "/le-wip/2022/"


def path(name: str, *rest: object) -> str:
    return reverse(name, args=["le-wip", 2022, *rest])


def text_of(response) -> str:
    return response.content.decode()


def test_a_year_goes_back_and_forth(submitted, signed_in, manager, reviewer):
    staff, site = signed_in(reviewer), signed_in(manager)
    said = {"effect": "sante", "quoted": "Une phrase.", "text": "Pouvez-vous préciser ?"}
    staff.post(path("comment"), said)
    assert "La remarque est vide." in text_of(
        staff.post(path("comment"), said | {"text": " "}, follow=True)
    )
    assert "pourquoi" in text_of(staff.post(path("return"), {}, follow=True))
    staff.post(path("return"), {"reason": "Un chiffre manque.", "effects": ["sante", "inconnu"]})
    assert "Un chiffre manque." in text_of(site.get(path("year")))
    page = text_of(site.get(path("effect", "sante")))
    assert "Pouvez-vous préciser ?" in page
    other = {"version": 1, "state": "observed", "note": "Ailleurs."}
    refused = site.post(path("effect", "egalite"), other)
    assert refused.status_code == 409
    assert "que d’autres effets" in text_of(refused)
    version = submitted.observations.get(effect__code="sante").version
    mended = {"version": version, "state": "observed", "note": "Trente personnes, cette fois."}
    assert site.post(path("effect", "sante"), mended).status_code == 302
    (remark,) = Comment.objects.all()
    answer = path("answer_comment", remark.pk)
    assert "La réponse est vide." in text_of(site.post(answer, {}, follow=True))
    site.post(answer, {"text": "C’est fait."})
    site.post(path("submit"), {"message": "Le chiffre y est."})
    page = text_of(staff.get(path("check")))
    for told in ("C’est fait.", "Le chiffre y est.", "Un chiffre manque.", "<ins>Trente "):
        assert told in page
    rounds = queries.rounds_of(submitted)
    assert [row.number for row in rounds] == [2, 1]
    assert (rounds[1].reviewed_by, rounds[1].submitted_by) == (reviewer, manager)
    assert rounds[1].effects == ["sante"]


def test_an_effect_first_said_after_a_return_is_shown_as_new(submitted, manager, reviewer):
    effects = queries.edition_effects(submitted.edition)
    versions = {"sante": 1}
    shown = queries.changes_since_round(effects, submitted, versions)
    assert "sante" not in [row.effect.code for row in shown]
    assert len(shown) == submitted.observations.count() - 1


def test_review_needs_something_handed_in(le_wip, manager, reviewer):
    with pytest.raises(NotAllowedNow, match="Seul un rapport transmis"):
        reviewing.mark_reviewed(report=le_wip, by=reviewer)
    recording.submit_report(report=le_wip, by=manager)
    reviewing.return_report(report=le_wip, by=reviewer, reason="À revoir.")
    with pytest.raises(NotAllowedNow, match="Seul un rapport transmis"):
        reviewing.mark_reviewed(report=le_wip, by=reviewer)


def test_report_published_before_rounds_existed_can_be_given_back(submitted, reviewer):
    submitted.rounds.all().delete()
    assert publishing.publish_report(report=submitted, by=reviewer, url=URL).submitted_by is None
    assert reviewing.return_report(report=submitted, by=reviewer, reason="À revoir.") is None
    submitted.refresh_from_db()
    assert queries.is_open(submitted, "sante")


def test_a_site_may_want_two_people(submitted, signed_in, manager, reviewer, boss):
    submitted.site.needs_two_people = True
    submitted.site.save()
    staff = signed_in(reviewer)
    assert "quelqu’un doit d’abord relire" in text_of(staff.post(path("publish"), follow=True))
    staff.post(path("review"))
    assert "une autre doit publier" in text_of(staff.post(path("publish"), follow=True))
    signed_in(boss).post(path("publish"))
    (row,) = Publication.objects.all()
    assert (row.submitted_by, row.reviewed_by, row.published_by) == (manager, reviewer, boss)


def test_publication_waits_for_every_decision(submitted, signed_in, manager, reviewer, client):
    PassageDecision.objects.all().delete()
    row = submitted.observations.get(effect__code="sante")
    row.note = "Karim, 34 ans, chante. Rien d’autre."
    row.save()
    staff = signed_in(reviewer)
    assert "une décision" in text_of(staff.post(path("publish"), follow=True))
    page = text_of(signed_in(manager).get(path("privacy")))
    assert "Karim<span" in page
    (name, age) = queries.review_of(row).passages
    decided = {"is_public": 1, "note_is_public": 1, f"choice-{name.name}": "initial"}
    decided |= {f"choice-{age.name}": "reword", f"replacement-{age.name}": "un habitué"}
    signed_in(manager).post(path("decide", "sante"), decided)
    assert "K., un habitué, chante." in text_of(signed_in(manager).get(path("privacy")))
    keep_every_passage(submitted)
    staff.post(path("publish"))
    page = text_of(client.get(PUBLIC))
    assert "K., un habitué, chante. Rien d’autre." in page
    assert "Karim" not in page
    assert "Karim" not in str(Publication.objects.get().document)


def test_note_rewritten_for_readers(submitted, signed_in, manager, reviewer, client):
    row = submitted.observations.get(effect__code="sante")
    url = path("decide", "sante")
    shown = {"is_public": 1, "note_is_public": 1, "public_note": "Une version pour tous."}
    signed_in(manager).post(url, shown)
    Observation.objects.filter(pk=row.pk).update(note="Le secret de Paul.")
    refused = text_of(signed_in(reviewer).post(path("publish"), follow=True))
    assert "La note a changé depuis sa réécriture" in refused
    signed_in(manager).post(url, shown)
    signed_in(reviewer).post(path("publish"))
    page = text_of(client.get(PUBLIC))
    assert "Une version pour tous." in page
    assert "secret" not in page


def test_what_a_site_keeps_for_itself_is_counted(submitted, signed_in, manager, reviewer, client):
    site = signed_in(manager)
    site.post(path("decide", "sante"), {})
    site.post(path("decide", "solidarite"), {"is_public": 1})
    signed_in(reviewer).post(path("publish"))
    page = text_of(client.get(PUBLIC))
    assert "1\u00a0observation et 1\u00a0note ne sont pas publiées, à la demande du lieu." in page
    assert 'id="effet-sante"' not in page
    document = from_json(Publication.objects.get().document)
    (hidden,) = [row for row in document.data if row.code == "sante"]
    assert hidden.absence == "not_published"
    assert not any(question.choices for question in hidden.questions)


def test_words_of_an_edition_change_nothing_of_what_is_published(published, client):
    before = [client.get(f"{PUBLIC}{name}").content for name in ("", "rapport.pdf", "carte/")]
    Sentence.objects.update(template="CHANGÉ {effets}", template_full="")
    published.report.edition.effects.update(title="CHANGÉ")
    Observation.objects.update(note="CHANGÉ")
    assert [client.get(f"{PUBLIC}{n}").content for n in ("", "rapport.pdf", "carte/")] == before


def correct(published, reviewer, manager) -> Publication:
    report = published.report
    reviewing.return_report(report=report, by=reviewer, reason="Une faute.")
    Observation.objects.filter(report=report, effect__code="sante").update(note="Corrigée.")
    Observation.objects.filter(report=report, effect__code="solidarite").update(is_public=False)
    recording.submit_report(report=report, by=manager)
    report.refresh_from_db()
    with pytest.raises(NotAllowedNow, match="dites pourquoi vous la corrigez"):
        publishing.publish_report(report=report, by=reviewer, url=URL)
    return publishing.publish_report(report=report, by=reviewer, url=URL, reason="Une faute.")


def test_older_numbers_stay_and_say_they_are_replaced(published, client, reviewer, manager):
    old_pdf = client.get(f"{PUBLIC}rapport.pdf").content
    second = correct(published, reviewer, manager)
    assert "«\u00a0Solidarité\u00a0» est retiré." in second.changes
    assert any("la note a changé" in change for change in second.changes)
    old = text_of(client.get(f"{PUBLIC}1/"))
    assert "Cette publication est remplacée" in old
    assert client.get(f"{PUBLIC}1/rapport.pdf").content == old_pdf
    assert "Cette publication est remplacée" not in text_of(client.get(PUBLIC))
    assert client.get(f"{PUBLIC}3/").status_code == 404
    assert client.get(f"/p/{published.code}/")["Location"] == f"{PUBLIC}1/"
    for code, verdict in ((second.code, "et la dernière"), (published.code, "mais remplacé")):
        assert verdict in text_of(client.get("/verifier/", {"code": code}))
    sent = SimpleUploadedFile("r.pdf", old_pdf)
    assert "mais remplacé" in text_of(client.post("/verifier/", {"file": sent}))
    forged = SimpleUploadedFile("r.pdf", old_pdf + b" ")
    assert "Inconnu" in text_of(client.post("/verifier/", {"file": forged}))
    heavy = SimpleUploadedFile("r.pdf", b"x" * (5 * 1024 * 1024 + 1))
    assert client.post("/verifier/", {"file": heavy}).status_code == 422


READABLE = ("", "rapport.pdf", "qr.svg", "image.png", "badge.svg", "carte/", "1/", "1/rapport.pdf")


def test_withdrawn_is_gone_everywhere(published, client, signed_in, reviewer):
    staff = signed_in(reviewer)
    assert "Dites pourquoi" in text_of(staff.post(path("withdraw"), follow=True))
    assert client.get(PUBLIC).status_code == 200
    staff.post(path("withdraw"), {"reason": "Demande du lieu."})
    for name in READABLE:
        assert client.get(f"{PUBLIC}{name}").status_code == 410, name
    assert client.get(f"/p/{published.code}/").status_code == 410
    assert client.get(f"{PUBLIC}signaler/?passage=sante/p0").status_code == 410
    for name in ("/", "/flux/", "/sitemap.xml"):
        assert "le-wip" not in text_of(client.get(name)).lower()
    assert "Retiré" in text_of(client.get("/verifier/", {"code": published.code}))
    assert "n’est pas publié" in text_of(staff.post(path("withdraw"), {"reason": "x"}, follow=True))
    staff.post(path("publish"), {"reason": "De nouveau."})
    assert client.get(PUBLIC).status_code == 200
    assert client.get(f"{PUBLIC}1/").status_code == 410


def test_report_given_back_meanwhile_stays_in_the_hands_of_the_site(published, reviewer):
    report = published.report
    reviewing.return_report(report=report, by=reviewer, reason="À revoir.")
    assert publishing.withdraw_report(report=report, by=reviewer, reason="Demande.") == 1
    report.refresh_from_db()
    assert report.state == "returned"


def test_report_can_be_shown_elsewhere_and_only_its_card(published, client):
    card = client.get(f"{PUBLIC}carte/")
    assert "frame-ancestors *" in card["Content-Security-Policy"]
    assert "X-Frame-Options" not in card
    assert "frame-ancestors 'none'" in client.get(PUBLIC)["Content-Security-Policy"]
    picture = client.get(f"{PUBLIC}image.png")
    assert picture.content.startswith(b"\x89PNG")
    assert "Effets observés 2022" in text_of(client.get(f"{PUBLIC}badge.svg"))


def test_search_engines_come_when_the_site_wants(published, client):
    assert client.get(PUBLIC)["X-Robots-Tag"] == "noindex"
    assert PUBLIC not in text_of(client.get("/sitemap.xml"))
    published.report.site.is_indexed = True
    published.report.site.save()
    assert client.get(PUBLIC)["X-Robots-Tag"] == "all"
    assert PUBLIC in text_of(client.get("/sitemap.xml"))
    assert "Le WIP, 2022" in text_of(client.get("/flux/"))
    assert "Sitemap: https://effets.example/sitemap.xml" in text_of(client.get("/robots.txt"))
    assert '"@type": "Report"' in text_of(client.get(PUBLIC))


def test_reports_are_found_by_words_place_and_year(published, client):
    site = published.report.site
    site.city, site.postcode = "Colombelles", "14460"
    site.save()
    home = text_of(client.get("/"))
    assert 'aria-label="Calvados&nbsp;: 1"' in home
    for query, count in (
        ({"q": "wip colomb"}, 1), ({"q": "halles"}, 0), ({"departement": "14"}, 1),
        ({"departement": "75"}, 0), ({"departement": "<x>"}, 1), ({"annee": "2022"}, 1),
        ({"annee": "2021"}, 0), ({"annee": "x"}, 1), ({"page": "x"}, 1),
    ):  # fmt: skip
        assert text_of(client.get("/", query)).count(f'href="{PUBLIC}"') == count, query


def test_demo_decides_names_first(submitted, manager):
    PassageDecision.objects.all().delete()
    decide_all(report=submitted, by=manager)
    assert not any(row.waiting for row in queries.note_reviews(submitted))
    assert "M." in str(queries.report_inputs(submitted).observations)


def test_no_private_word_reaches_a_reader(submitted, manager, reviewer, client):
    """A canary in every private field, then everything that an anonymous reader can open."""
    word = "canarinvisible"
    for user in (manager, reviewer):
        user.name = f"{word} {user.pk}"
        user.save()
    Observation.objects.update(internal_note=f"{word} interne")
    Observation.objects.filter(effect__code="sante").update(is_public=False, note=f"{word} 1")
    Observation.objects.filter(effect__code="solidarite").update(
        note_is_public=False, note=f"{word} 2"
    )
    told = submitted.observations.get(effect__code="lien-social")
    told.note = f"Karim {word} chante. Voilà."
    told.save()
    (found,) = queries.review_of(told).passages
    write_decision(told, found.key, Decision(PublicChoice.KEEP), manager)
    rewritten = "Quelqu’un chante. Voilà."
    Observation.objects.filter(pk=told.pk).update(
        public_note=rewritten, public_note_of=queries.note_fingerprint(told.note)
    )
    said = {"effect": "sante", "quoted": word, "text": word}
    remark = reviewing.add_comment(report=submitted, by=reviewer, **said)
    reviewing.answer_comment(comment=remark, text=word, by=manager)
    submitted.rounds.update(message=word, reason=word)
    invite(
        site=submitted.site,
        email=f"{word}@effets.example",
        role=Role.READER,
        by=manager,
        key=uuid4(),
    )
    publication = publishing.publish_report(report=submitted, by=reviewer, url=URL)
    flag = {"passage": "lien-social/n0", "message": word, "email": f"{word}2@effets.example"}
    client.post(f"{PUBLIC}signaler/", flag)
    pages = ["/", "/?q=wip", "/flux/", "/sitemap.xml", f"/verifier/?code={publication.code}"]
    pages += [f"{PUBLIC}{name}" for name in READABLE]
    pages += [f"{PUBLIC}signaler/?passage=lien-social/n0", "/donnees/", "/api/rapports"]
    pages += [f"/donnees/reponses.{kind}" for kind in KINDS]
    pages += [f"/api/rapports{PUBLIC.rstrip('/')}", f"/api/rapports{PUBLIC}reponses"]
    Reminder.objects.create(site=submitted.site, year=2022, text=word, sent_to=[word])
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        content = response.getvalue()
        if page.endswith(".xlsx"):
            sheets = openpyxl.load_workbook(io.BytesIO(content))
            content = str([list(sheet.values) for sheet in sheets]).encode()
        if response["Content-Type"] == "application/pdf":
            content = subprocess.run(
                ["pdftotext", "-", "-"], input=content, capture_output=True, check=True
            ).stdout
            assert "Quelqu’un chante" in content.decode()
            with pikepdf.open(io.BytesIO(response.content)) as pdf:
                files = [file.get_file().read_bytes() for file in pdf.attachments.values()]
            assert len(files) == 2
            content += b"".join(files)
        assert word not in content.decode(errors="replace").lower(), page
    assert word not in str(publication.document)


def test_remark_stands_beside_the_note_it_quotes(submitted, signed_in, reviewer):
    Observation.objects.filter(effect__code="sante").update(note="Un.\n\nDeux.")
    staff = signed_in(reviewer)
    form = lxml_html.fromstring(staff.get(path("check")).content).xpath(
        "//form[.//textarea[@id='remarque-sante-n0']]"
    )[0]
    sent = {**dict(form.form_values()), "text": "Précisez le second point."}
    assert sent["quoted"].split() == ["Un.", "Deux."]
    staff.post(path("comment"), {**sent, "quoted": sent["quoted"].replace("\n", "\r\n")})
    page = lxml_html.fromstring(staff.get(path("check")).content)
    beside = page.xpath("//section[@aria-labelledby='effet-sante']//*[@class='comment']")
    assert "Précisez le second point." in beside[0].text_content()


def test_odd_words_in_an_address_are_only_words(published, client):
    site = published.report.site
    site.name = "</script><b>Le WIP"
    site.save()
    huge = "9" * 80
    for url in (
        "/?q=%00wip", f"/?annee={huge}", "/?annee=%D9%A2", f"/?page={huge}", "/verifier/?code=%00",
        f"{PUBLIC}signaler/?passage=sante/p0&numero={huge}", f"{PUBLIC}{huge}/", "/p/%00/",
        f"/le-wip/{huge}/",
    ):  # fmt: skip
        assert client.get(url).status_code in (200, 404), url
    assert "<b>Le WIP" not in text_of(client.get("/"))


def test_linked_data_stays_inside_its_script():
    document = compose(ReportInputs(
        SiteInput("x", "</script><b>", "du </script>"), 2022, InclusiveWriting.FULL, (), {}
    ))  # fmt: skip
    written = linked_data(document, DRAFT)
    assert "<" not in written
    assert json.loads(written)["author"]["name"] == "</script><b>"


# --- what is published is what was decided


def hide_a_note(report, reviewer, manager):
    row = report.observations.select_related("report").get(effect__code="sante")
    decide_public(
        observation=row, is_public=True, note_is_public=False, public_note="", decisions={},
        by=manager,
    )  # fmt: skip


def hand_in_again(report, reviewer, manager):
    reviewing.return_report(report=report, by=reviewer, reason="À revoir.")
    Observation.objects.filter(report=report, effect__code="sante").update(note="Autre chose.")
    recording.submit_report(report=report, by=manager)


def undecide(report, reviewer, manager):
    Observation.objects.filter(report=report, effect__code="sante").update(note="Karim chante.")


def publish_otherwise(report, reviewer, manager):
    publishing.publish_report(report=AnnualReport.objects.get(), by=reviewer, url=URL)
    reviewing.return_report(report=report, by=reviewer, reason="À revoir.")
    recording.submit_report(report=report, by=manager)


MEANWHILE = [hide_a_note, hand_in_again, undecide, publish_otherwise]


@pytest.mark.parametrize("act", MEANWHILE)
def test_what_changes_while_the_pdf_is_drawn_is_not_published_over(
    act, submitted, reviewer, manager, monkeypatch
):
    draw = publishing.render_pdf

    def slowly(*arguments):
        monkeypatch.setattr(publishing, "render_pdf", draw)
        act(submitted, reviewer, manager)
        return draw(*arguments)

    count = 1 if act is publish_otherwise else 0
    monkeypatch.setattr(publishing, "render_pdf", slowly)
    with pytest.raises(NotAllowedNow):
        publishing.publish_report(report=submitted, by=reviewer, url=URL, reason="Suite.")
    assert Publication.objects.count() == count
    assert queries.current_round(submitted).reviewed_at is None
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_batch_publishes_only_what_is_still_reviewed(submitted, reviewer, manager):
    reviewing.mark_reviewed(report=submitted, by=reviewer)
    batch = start_batch(pk=uuid4(), kind=BatchKind.PUBLISH, year=2022, by=reviewer)
    hand_in_again(submitted, reviewer, manager)
    keep_every_passage(submitted)
    work_on(batch.pk, "w")
    (item,) = batch.items.all()
    assert (item.state, "n’est plus relu" in item.error) == ("failed", True)
    assert not Publication.objects.exists()


@pytest.mark.parametrize("act", ["publish", "review"])
def test_staff_act_on_the_report_that_they_read(act, submitted, signed_in, reviewer, manager):
    staff = signed_in(reviewer)
    form = lxml_html.fromstring(staff.get(path("check")).content).xpath(
        f"//form[@action='{path(act)}']"
    )[0]
    seen = dict(form.fields)["seen"]
    hand_in_again(submitted, reviewer, manager)
    keep_every_passage(submitted)
    refused = text_of(staff.post(path(act), {"seen": seen}, follow=True))
    assert "vient de changer" in refused
    assert not Publication.objects.exists()
    assert queries.current_round(submitted).reviewed_at is None
    form = lxml_html.fromstring(refused).xpath(f"//form[@action='{path(act)}']")[0]
    staff.post(path(act), dict(form.fields))
    assert queries.current_round(submitted).reviewed_at is not None


def test_draft_is_not_remarked(le_wip, reviewer):
    with pytest.raises(NotAllowedNow, match="pas encore été transmis"):
        reviewing.add_comment(report=le_wip, effect="sante", quoted="", text="Et ?", by=reviewer)
