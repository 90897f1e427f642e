"""Questions of a network or a site beside the common core; what a year keeps of its questions."""

import json
from dataclasses import replace

import pytest
from django.urls import reverse

from observations import queries
from observations.composer.compose import compose
from observations.composer.questionnaire.inputs import ObservationInput
from observations.enums import EditionState, Origin
from observations.exceptions import NotAllowedNow
from observations.models import AskedQuestions, Category, Edition, Effect, Question, Sentence, Site
from observations.queries import CampaignFilter
from observations.services import publishing, recording, reviewing
from observations.services.editions import copy_edition, import_edition
from tests.conftest import as_read, keep_every_passage
from tests.test_admin import save, upload
from tests.test_recording import effect_url

pytestmark = pytest.mark.django_db


def add_question(effect: Effect, code: str = "compost", **owner: object) -> Question:
    """With one answer and the sentence that says it."""
    question = Question.objects.create(
        effect=effect, code=code, kind="multiple", label="Que fait-on au compost ?", **owner
    )
    Category.objects.create(
        question=question, code="ateliers", form_label="Ateliers", report_wording="des ateliers"
    )
    Sentence.objects.create(
        effect=effect, passage=9, template=f"Autour du compost, on a observé {{{code}}}"
    )
    return question


def say(report, code: str, by, **answers: tuple[str, ...]) -> None:
    effect = Effect.objects.get(edition=report.edition, code=code)
    row = queries.observation_of(report, code)
    said = queries.observation_input(row) if row else ObservationInput()
    said = replace(said, answers={**said.answers, **answers})
    recording.save_observation(report=report, effect=effect, said=said, by=by)


@pytest.fixture
def admins(signed_in, boss):
    return signed_in(boss)


@pytest.fixture
def health(le_wip) -> Effect:
    return Effect.objects.get(code="sante")


@pytest.fixture
def arche(stranger) -> Site:
    """A site that has nothing to do with Le WIP."""
    return Site.objects.get(slug="arche")


def test_a_site_s_own_question_is_asked_of_it_and_of_nobody_else(
    signed_in, health, le_wip, manager, stranger, arche
):
    add_question(health, origin="site", site=le_wip.site)
    page = signed_in(manager).get(effect_url("sante")).content.decode()
    assert "Que fait-on au compost" in page
    assert "Question propre au lieu." in page
    other = reverse("effect", args=["arche", 2022, "sante"])
    page = signed_in(stranger).get(other).content.decode()
    assert "compost" not in page
    say(le_wip, "sante", manager, compost=("ateliers",))
    text = as_read(signed_in(manager).get(reverse("draft", args=["le-wip", 2022])).content)
    assert "Question propre au lieu&nbsp;:</span> Autour du compost" in text
    assert "cela ne se compare pas d’un lieu à l’autre" in text
    assert "compost" not in str(compose(queries.report_inputs(arche.reports.get())))


def test_a_site_s_own_effect_does_not_exist_elsewhere(signed_in, health, le_wip, stranger, arche):
    health.pk, health.code, health.title = None, "jardin", "Jardin partagé"
    health.origin, health.site = "site", le_wip.site
    health.save()
    add_question(health)
    team_pages = ("effect", "history", "compare")
    for name in team_pages:
        url = reverse(name, args=["arche", 2022, "jardin"])
        assert signed_in(stranger).get(url).status_code == 404
    year = signed_in(stranger).get(reverse("year", args=["arche", 2022])).content.decode()
    assert "Jardin partagé" not in year
    assert "Jardin partagé" not in signed_in(stranger).get(reverse("home")).content.decode()


def test_own_questions_are_marked_in_forms_reports_and_tables(
    signed_in, client, health, le_wip, manager, reviewer
):
    network = Effect.objects.create(
        edition=le_wip.edition,
        scale="collectif",
        code="jardin",
        position=99,
        title="Jardin partagé",
        not_observed="Pas de jardin.",
        not_applicable="Pas de terre.",
        origin="network",
    )
    add_question(network)
    add_question(health, "four", origin="site", site=le_wip.site)
    say(le_wip, "jardin", manager, compost=("ateliers",))
    say(le_wip, "sante", manager, four=("ateliers",))
    year = signed_in(manager).get(reverse("year", args=["le-wip", 2022])).content.decode()
    assert "Effet propre au réseau" in year
    recording.submit_report(report=le_wip, by=manager)
    le_wip.refresh_from_db()
    publishing.publish_report(report=le_wip, by=reviewer, url="https://effets.example/")
    page = client.get(reverse("public", args=["le-wip", 2022])).content.decode()
    assert '<p class="own">Effet propre au réseau</p>' in page
    assert page.count("Ce qui est marqué «\u00a0propre au") == 2
    table = client.get(reverse("table", args=["csv"]))
    rows = b"".join(table.streaming_content).decode().splitlines()
    origins = {line.split(";")[10]: line.rsplit(";", 1)[1] for line in rows}
    assert (origins["four"], origins["compost"], origins["effets"]) == ("site", "network", "core")


def test_a_year_keeps_the_questions_it_was_handed_in_with(
    signed_in, health, le_wip, manager, reviewer
):
    handed_in = compose(queries.report_inputs(le_wip))
    recording.submit_report(report=le_wip, by=manager)
    le_wip.refresh_from_db()
    Category.objects.filter(code="confiance").update(report_wording="une confiance nouvelle")
    add_question(health)
    health.not_observed = "Rien."
    health.title = "Bien-être"
    health.save()
    assert compose(queries.report_inputs(le_wip)) == handed_in
    page = signed_in(manager).get(reverse("year", args=["le-wip", 2022])).content.decode()
    assert "Santé" in page
    assert "Bien-être" not in page
    keep_every_passage(le_wip)
    published = publishing.publish_report(report=le_wip, by=reviewer, url="https://e.example/")
    assert "confiance nouvelle" not in str(published.document)
    reviewing.return_report(report=le_wip, by=reviewer, reason="À reprendre.")
    le_wip.refresh_from_db()
    assert "une confiance nouvelle" in str(compose(queries.report_inputs(le_wip)))


def test_years_asked_the_same_share_what_they_keep(le_wip, manager, reviewer):
    for _ in range(2):
        recording.submit_report(report=le_wip, by=manager)
        le_wip.refresh_from_db()
        reviewing.return_report(report=le_wip, by=reviewer, reason="Encore.")
        le_wip.refresh_from_db()
    assert AskedQuestions.objects.get().rounds.count() == 2


def test_a_site_is_told_what_was_added_until_it_saves(signed_in, health, le_wip, manager):
    site = signed_in(manager)
    year, page = reverse("year", args=["le-wip", 2022]), effect_url("sante")
    told = "Nouvelle question\u00a0: «\u00a0Que fait-on au compost\u202f?\u00a0»"
    assert "Ajouté au questionnaire" not in site.get(page).content.decode()
    add_question(health)
    Category.objects.create(
        question=health.questions.get(code="effets"),
        code="sommeil",
        form_label="Un meilleur sommeil",
        report_wording="un meilleur sommeil",
    )
    shared = Question.objects.filter(vocabulary__code="publics").first()
    Category.objects.create(
        vocabulary=shared.vocabulary,
        code="scolaires",
        form_label="Des scolaires",
        report_wording="des scolaires",
    )
    text = site.get(year).content.decode()
    assert told in text
    assert (
        text.count("Des scolaires") == Question.objects.filter(vocabulary__code="publics").count()
    )
    text = as_read(site.get(page).content)
    assert told in text
    assert "Un meilleur sommeil" in text
    assert "Ateliers" not in text.split('<form method="post" class="effect-form"')[0]
    say(le_wip, "sante", manager, compost=("ateliers",))
    assert told not in site.get(page).content.decode()
    assert told not in site.get(year).content.decode()


def test_a_new_effect_is_told_and_not_once_handed_in(signed_in, le_wip, manager):
    Effect.objects.create(
        edition=le_wip.edition, scale="collectif", code="jardin", title="Jardin partagé"
    )
    site, year = signed_in(manager), reverse("year", args=["le-wip", 2022])
    assert "Cet effet vient d’être ajouté" in site.get(year).content.decode()
    recording.submit_report(report=le_wip, by=manager)
    assert "vient d’être ajouté" not in site.get(year).content.decode()


def test_what_was_there_from_the_start_is_no_news(le_wip, manager, signed_in):
    copy = copy_edition(edition=le_wip.edition, first_year=2023)
    Edition.objects.filter(pk=copy.pk).update(state=EditionState.OPEN.value)
    report = recording.open_year(site=le_wip.site, year=2023)
    effects = queries.asked_of(report)
    assert queries.additions_of(report, effects) == {}
    say(report, "sante", manager, effets=("confiance",))
    assert queries.additions_of(report, effects) == {}


def test_edition_travels_with_own_questions_or_the_common_core_alone(
    admins,
    health,
    le_wip,
):
    question = add_question(health, origin="site", site=le_wip.site)
    edition = le_wip.edition
    url = reverse("admin:observations_edition_export", args=[edition.pk])
    whole, core = (json.loads(admins.get(url + end).content) for end in ("", "?commun"))
    assert "compost" in json.dumps(whole)
    assert "compost" not in json.dumps(core)
    copy = copy_edition(edition=edition, first_year=2027)
    again = replace(queries.edition_input(copy), first_year=edition.first_year)
    assert again == queries.edition_input(edition)
    whole["edition"]["first_year"] = 2028
    unknown = json.dumps(whole).replace('"le-wip"', '"ailleurs"').encode()
    assert "qui n’existent pas ici\u00a0: ailleurs" in upload(admins, unknown).replace(
        " :", "\u00a0:"
    )
    assert not Edition.objects.filter(first_year=2028).exists()
    effects = {row["code"]: row for row in whole["effects"]}
    effects["sante"]["origin"] = "site"
    text = upload(admins, json.dumps(whole).encode())
    assert "et de cela seulement" in text
    effects["sante"]["site"] = "arche"
    assert "propre à un autre lieu" in upload(admins, json.dumps(whole).encode())
    assert question.site == le_wip.site


def test_what_is_answered_may_be_asked_of_more_and_not_of_fewer(
    admins,
    health,
    le_wip,
    manager,
):
    question = add_question(health, origin="network")
    say(le_wip, "sante", manager, compost=("ateliers",))
    refused = save(admins, question, origin="site", site=le_wip.site_id).content.decode()
    assert "n’y auraient plus accès" in refused
    save(admins, question, origin="core")
    question.refresh_from_db()
    assert question.origin == Origin.CORE
    refused = save(admins, health, origin="site", site=le_wip.site_id).content.decode()
    assert "n’y auraient plus accès" in refused
    fresh = add_question(health, "four")
    assert "a un lieu" in save(admins, fresh, origin="site").content.decode()
    save(admins, fresh, origin="site", site=le_wip.site_id)
    fresh.refresh_from_db()
    assert fresh.site == le_wip.site


def test_a_question_is_not_asked_after_one_that_others_do_not_see(
    admins,
    health,
    le_wip,
):
    own = add_question(health, origin="site", site=le_wip.site)
    common = add_question(health, "four")
    parents = [own.own_categories.get().pk]
    text = save(admins, common, parent_categories=parents).content.decode()
    assert "certains de ses lieux ne voient pas" in text


def test_an_effect_or_a_parent_is_not_narrowed_under_its_questions(admins, health, le_wip, arche):
    effect = Effect.objects.create(
        edition=le_wip.edition,
        scale="collectif",
        code="jardin",
        title="Jardin",
        not_observed="Rien.",
    )
    effect.not_applicable = "Rien."
    effect.save()
    own = add_question(effect, origin="site", site=le_wip.site)
    refused = save(admins, effect, origin="site", site=arche.pk).content.decode()
    assert "propre à un autre lieu" in refused
    child = add_question(effect, "four")
    child.parent_categories.set(add_question(effect, "base").own_categories.all())
    parent = Question.objects.get(effect=effect, code="base")
    refused = save(admins, parent, origin="site", site=arche.pk).content.decode()
    assert "certains de ses lieux ne voient pas" in refused
    save(admins, own, origin="core", site="")
    own.refresh_from_db()
    assert own.origin == Origin.CORE


def test_an_edition_is_not_made_of_unknown_sites(le_wip, health):
    add_question(health, origin="site", site=le_wip.site)
    given = queries.edition_input(le_wip.edition)
    effects = tuple(
        replace(row, questions=tuple(replace(q, site=q.site and "ailleurs") for q in row.questions))
        for row in given.effects
    )
    with pytest.raises(NotAllowedNow, match="ailleurs"):
        import_edition(edition=replace(given, effects=effects, first_year=2040))


def test_the_board_counts_what_each_site_is_asked(le_wip, stranger, health):
    health.pk, health.code = None, "jardin"
    health.origin, health.site = "site", le_wip.site
    health.save()
    asked = {site.slug: site.asked for site in queries.campaign_sites(2022, CampaignFilter())}
    assert asked == {"arche": 12, "le-wip": 13}
