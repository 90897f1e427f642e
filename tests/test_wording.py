"""The five acts on a category: drafts follow, what is published never does, everything is undone."""

from dataclasses import replace

import pytest
from django.urls import reverse

from observations import queries
from observations.composer.questionnaire.inputs import ObservationInput
from observations.enums import ActKind, EditionState, Since
from observations.exceptions import NotAllowedNow
from observations.models import Category, Edition, Observation, Publication, Site, WordingAct
from observations.services import publishing, recording, reviewing, wording
from observations.services.editions import copy_edition
from tests.test_admin import save

pytestmark = pytest.mark.django_db


@pytest.fixture
def confiance(le_wip) -> Category:
    """Ticked by Le WIP's draft of 2022."""
    return category("confiance")


@pytest.fixture
def other(confiance) -> Category:
    return Category.objects.beside(confiance).exclude(ticks__isnull=False).first()


def category(code: str) -> Category:
    return Category.objects.select_related("question__effect__edition", "vocabulary").get(code=code)


def ticked(report, effect: str = "sante") -> set[str]:
    row = queries.observation_of(report, effect)
    return set(queries.observation_input(row).answers["effets"])


def hand_in_and_publish(report, manager, reviewer) -> Publication:
    recording.submit_report(report=report, by=manager)
    report.refresh_from_db()
    return publishing.publish_report(report=report, by=reviewer, url="https://effets.example/")


def test_usage_is_told_in_words(confiance, le_wip, manager, reviewer):
    assert str(queries.usage_of(confiance)) == "Cochée dans 1 brouillon."
    twin = Site.objects.create(name="Arche", name_with_de="d’Arche", slug="arche")
    report = recording.open_year(site=twin, year=2022)
    said = ObservationInput(answers={"effets": ("confiance",)})
    effect = confiance.question.effect
    recording.save_observation(report=report, effect=effect, said=said, by=manager)
    hand_in_and_publish(le_wip, manager, reviewer)
    assert str(queries.usage_of(confiance)) == "Cochée dans 1 rapport publié et 1 brouillon."
    recording.submit_report(report=report, by=manager)
    told = str(queries.usage_of(confiance))
    assert told == "Cochée dans 1 rapport publié et 1 rapport transmis."
    assert str(queries.Usage(14, 2, 3)) == (
        "Cochée dans 14 rapports publiés, 2 rapports transmis et 3 brouillons."
    )
    assert str(queries.usage_of(category("inconfort"))) == "Aucun rapport ne la coche."
    assert not queries.usage_of(category("inconfort"))


def test_merged_drafts_follow_as_a_version_and_come_back(confiance, other, le_wip, boss):
    before = ticked(le_wip)
    row = queries.observation_of(le_wip, "sante")
    act = wording.merge(category=confiance, into=other, by=boss)
    assert ticked(le_wip) == before - {"confiance"} | {other.code}
    versions = list(row.versions.values_list("number", "saved_by"))
    assert versions[0] == (row.version + 1, boss.pk)
    assert act.moved == [[row.pk, row.version + 1]]
    confiance.refresh_from_db()
    assert (confiance.retired, confiance.successors) == (True, [other.code])
    assert wording.undo(act=act, by=boss) == 0
    assert ticked(le_wip) == before
    confiance.refresh_from_db()
    assert (confiance.retired, confiance.successors) == (False, [])


def test_merge_of_two_that_are_ticked_keeps_one(confiance, le_wip, boss):
    also = Category.objects.get(
        code=min(ticked(le_wip) - {"confiance"}), question=confiance.question
    )
    wording.merge(category=confiance, into=also, by=boss)
    assert "confiance" not in ticked(le_wip)
    assert also.code in ticked(le_wip)


def test_what_became_of_last_year_follows_too(confiance, other, le_wip, boss):
    said = queries.observation_input(queries.observation_of(le_wip, "sante"))
    said = replace(said, since={("effets", "confiance"): Since.CHANGED})
    effect = confiance.question.effect
    recording.save_observation(report=le_wip, effect=effect, said=said)
    wording.merge(category=confiance, into=other, by=boss)
    now = queries.observation_input(queries.observation_of(le_wip, "sante"))
    assert now.since == {("effets", other.code): Since.CHANGED}


def test_who_wrote_since_is_not_undone(confiance, other, le_wip, boss, manager):
    act = wording.merge(category=confiance, into=other, by=boss)
    said = queries.observation_input(queries.observation_of(le_wip, "sante"))
    effect = confiance.question.effect
    recording.save_observation(
        report=le_wip, effect=effect, said=replace(said, note="Autre."), by=manager
    )
    assert wording.undo(act=act, by=boss) == 1
    assert other.code in ticked(le_wip)


def test_answers_handed_in_or_gone_since_are_left(confiance, other, le_wip, boss, manager):
    act = wording.merge(category=confiance, into=other, by=boss)
    recording.submit_report(report=le_wip, by=manager)
    assert wording.undo(act=act, by=boss) == 1
    act = WordingAct.objects.create(category=confiance, kind="mend", before={}, moved=[[0, 1]])
    assert wording.undo(act=act, by=boss) == 1


def test_handed_in_and_published_keep_theirs(
    confiance, other, le_wip, boss, manager, reviewer, client
):
    published = hand_in_and_publish(le_wip, manager, reviewer)
    page = client.get(reverse("public", args=["le-wip", 2022])).content
    act = wording.merge(category=confiance, into=other, by=boss)
    assert act.moved == []
    assert "confiance" in ticked(le_wip)
    assert client.get(reverse("public", args=["le-wip", 2022])).content == page
    with published.pdf.open() as file:
        assert file.read()[:5] == b"%PDF-"


def test_effect_that_is_not_asked_back_is_left(confiance, other, le_wip, boss, manager, reviewer):
    recording.submit_report(report=le_wip, by=manager)
    le_wip.refresh_from_db()
    reviewing.return_report(report=le_wip, by=reviewer, reason="Le lien.", effects=["lien-social"])
    assert wording.merge(category=confiance, into=other, by=boss).moved == []
    assert "confiance" in ticked(le_wip)


def test_nothing_is_undone_once_published(confiance, le_wip, boss, manager, reviewer):
    act = wording.retire(category=confiance, by=boss)
    hand_in_and_publish(le_wip, manager, reviewer)
    with pytest.raises(NotAllowedNow, match="publié depuis"):
        wording.undo(act=act, by=boss)


def test_acts_are_undone_the_last_first_and_once(confiance, boss):
    first = wording.retire(category=confiance, by=boss)
    second = wording.offer(category=confiance, by=boss)
    with pytest.raises(NotAllowedNow, match="depuis à cette catégorie"):
        wording.undo(act=first, by=boss)
    wording.undo(act=second, by=boss)
    wording.undo(act=first, by=boss)
    with pytest.raises(NotAllowedNow, match="déjà annulé"):
        wording.undo(act=first, by=boss)
    confiance.refresh_from_db()
    assert not confiance.retired


def test_retired_stays_where_it_is_ticked(confiance, le_wip, boss):
    wording.retire(category=confiance, by=boss)
    assert "confiance" in ticked(le_wip)
    with pytest.raises(NotAllowedNow, match="déjà fait"):
        wording.retire(category=confiance, by=boss)


def test_split_keeps_the_draft_and_refuses_what_makes_no_sense(confiance, other, le_wip, boss):
    strangers = Category.objects.filter(question__isnull=False)
    stranger = strangers.exclude(question=confiance.question).first()
    with pytest.raises(NotAllowedNow, match="au moins deux"):
        wording.split(category=confiance, into=[other], by=boss)
    with pytest.raises(NotAllowedNow, match="même question"):
        wording.split(category=confiance, into=[other, stranger], by=boss)
    with pytest.raises(NotAllowedNow, match="même question"):
        wording.merge(category=confiance, into=confiance, by=boss)
    parts = list(Category.objects.beside(confiance)[:2])
    wording.split(category=confiance, into=parts, by=boss)
    assert "confiance" in ticked(le_wip)
    with pytest.raises(NotAllowedNow, match="déjà réunie ou partagée"):
        wording.merge(category=confiance, into=other, by=boss)
    with pytest.raises(NotAllowedNow, match="annulez d’abord"):
        wording.offer(category=confiance, by=boss)


def test_reworded_from_an_edition_on(confiance, le_wip, boss):
    later = [copy_edition(edition=le_wip.edition, first_year=year) for year in (2027, 2028)]
    words = wording.Words("Avoir plus confiance", "avoir plus confiance")
    acts = wording.reword(category=confiance, edition=later[0], words=words, by=boss)
    assert [act.category.form_label for act in acts] == ["Avoir plus confiance"] * 2
    confiance.refresh_from_db()
    assert confiance.form_label != "Avoir plus confiance"
    with pytest.raises(NotAllowedNow, match="plus récente"):
        wording.reword(category=confiance, edition=le_wip.edition, words=words, by=boss)
    shared = Category.objects.select_related("vocabulary__edition").get(
        code="voisins", vocabulary__edition=le_wip.edition
    )
    wording.reword(category=shared, edition=later[1], words=wording.Words("V", "v"), by=boss)
    assert list(
        Category.objects.filter(code="voisins", vocabulary__isnull=False)
        .order_by("vocabulary__edition__first_year")
        .values_list("form_label", flat=True)
    ) == ["Voisins et voisines", "Voisins et voisines", "V"]
    acts[1].category.delete()
    with pytest.raises(NotAllowedNow, match="n’a pas cette catégorie"):
        wording.reword(category=confiance, edition=later[1], words=words, by=boss)


def test_words_that_the_other_edition_could_not_say_are_refused(confiance, le_wip, boss):
    later = copy_edition(edition=le_wip.edition, first_year=2027)
    for category_of, wording_ in (
        (confiance, "être [absente: a / b]"),
        (category_in(le_wip.edition, "voisins"), "voisin[publics: / s]"),
    ):
        for words in (wording.Words("X", wording_), wording.Words("X", "x", wording_)):
            with pytest.raises(
                NotAllowedNow, match=r"^Édition 2027 : .*(est inconnu|ne s’accorde)"
            ):
                wording.reword(category=category_of, edition=later, words=words, by=boss)
    assert not WordingAct.objects.exists()


def category_in(edition, code: str) -> Category:
    rows = Category.objects.select_related("vocabulary__edition")
    return rows.get(code=code, vocabulary__edition=edition)


def test_what_opens_a_question_is_merged_only_into_what_opens_it_too(le_wip, boss):
    child = le_wip.edition.effects.get(code="cadre-de-vie").questions.get(code="type")
    (opening,) = child.parent_categories.all()
    into = Category.objects.beside(opening).first()
    with pytest.raises(NotAllowedNow, match="est posée après cette réponse"):
        wording.merge(category=opening, into=into, by=boss)
    child.parent_categories.add(into)
    wording.merge(category=opening, into=into, by=boss)


def test_locked_edition_is_left_alone(confiance, other, le_wip, boss):
    Edition.objects.update(state=EditionState.LOCKED.value)
    for act in (
        lambda: wording.retire(category=category("confiance"), by=boss),
        lambda: wording.merge(category=category("confiance"), into=other, by=boss),
    ):
        with pytest.raises(NotAllowedNow, match="verrouillée"):
            act()


def test_lineage_travels_to_the_next_edition(confiance, other, le_wip, boss):
    wording.merge(category=confiance, into=other, by=boss)
    copy = copy_edition(edition=le_wip.edition, first_year=2027)
    row = Category.objects.get(code="confiance", question__effect__edition=copy)
    assert (row.retired, row.successors) == (True, [other.code])


def test_merge_in_a_vocabulary_follows_in_every_question(le_wip, boss):
    shared = Category.objects.get(code="publics-en-difficulte", vocabulary__isnull=False)
    into = Category.objects.get(code="benevoles", vocabulary__isnull=False)
    used = Observation.objects.filter(answers__ticks__category=shared).distinct().count()
    act = wording.merge(category=shared, into=into, by=boss)
    assert len(act.moved) == used > 0
    assert not shared.ticks.exists()


def test_admin_reads_the_consequences_then_acts(confiance, other, le_wip, boss, signed_in):
    browser = signed_in(boss)
    url = reverse("admin:observations_category_life", args=[confiance.pk])
    text = browser.get(url).content.decode()
    assert "Cochée dans 1 brouillon." in text
    assert "Reformuler à partir d’une édition" not in text
    later = copy_edition(edition=le_wip.edition, first_year=2027)
    assert "Reformuler à partir d’une édition" in browser.get(url).content.decode()

    def act(kind: str, **data: object) -> str:
        return browser.post(url, {"act": kind, **data}, follow=True).content.decode()

    words = {"reword-form_label": "X", "reword-report_wording_full": "", "reword-edition": later.pk}
    assert "est inconnu" in act("reword", **words, **{"reword-report_wording": "être [x: a / b]"})
    assert "Reformulée à partir" in act("reword", **words, **{"reword-report_wording": "x"})
    assert "Ce champ est obligatoire" in act("merge")
    assert "Brouillons qui ont suivi : 1." in act("merge", **{"merge-into": other.pk})
    merged = confiance.acts.latest("pk")
    assert (merged.kind, merged.by) == (ActKind.MERGE.value, boss)
    assert "Elle est devenue" in browser.get(url).content.decode()
    assert "C’est annulé." in act("undo", pk=merged.pk)
    assert "déjà annulé" in act("undo", pk=merged.pk)
    assert "n’est plus proposée" in act("retire")
    assert "proposée de nouveau" in act("offer")
    both = [row.pk for row in Category.objects.beside(confiance)[:2]]
    assert "Partagée." in act("split", **{"split-into": both})
    assert "inconnu" in act("nothing")
    split = confiance.acts.latest("pk")
    row = queries.observation_of(le_wip, "sante")
    said = replace(queries.observation_input(row), note="Autrement dit.")
    recording.save_observation(report=le_wip, effect=row.effect, said=said, by=boss)
    WordingAct.objects.filter(pk=split.pk).update(moved=[[row.pk, row.version]])
    assert "laissées : 1" in act("undo", pk=split.pk)


def test_mended_words_are_kept_and_can_come_back(confiance, boss, signed_in):
    browser = signed_in(boss)
    url = reverse("admin:observations_category_change", args=[confiance.pk])
    data = {
        "question": confiance.question_id,
        "position": confiance.position,
        "form_label": "Avoir confiance",
        "report_wording": "avoir confiance",
        "report_wording_full": "",
        "polarity": confiance.polarity,
    }
    assert "Sa vie" in browser.get(url).content.decode()
    before = confiance.form_label
    browser.post(url, data)
    act = confiance.acts.get()
    assert act.before["form_label"] == before
    wording.undo(act=act, by=boss)
    confiance.refresh_from_db()
    assert confiance.form_label == before
    browser.post(url, data | {"form_label": before, "position": 9, "_rehearse": "panel"})
    assert confiance.acts.count() == 1


def test_life_is_for_admins_and_open_editions(confiance, reviewer, boss, signed_in):
    url = reverse("admin:observations_category_life", args=[confiance.pk])
    assert signed_in(reviewer).get(url).status_code == 302
    Edition.objects.update(state=EditionState.LOCKED.value)
    assert signed_in(boss).get(url).status_code == 403


def test_save_that_falls_between_is_not_lost(confiance, other, le_wip, boss, manager, monkeypatch):
    rows = list(wording._that_tick(confiance))
    monkeypatch.setattr(wording, "_that_tick", lambda category: rows)
    said = queries.observation_input(queries.observation_of(le_wip, "sante"))
    effect = confiance.question.effect

    def save(**changes: object) -> None:
        new = replace(said, **changes)
        recording.save_observation(report=le_wip, effect=effect, said=new, by=manager)

    save(note="Autre.")
    act = wording.merge(category=confiance, into=other, by=boss)
    now = queries.observation_input(queries.observation_of(le_wip, "sante"))
    assert (now.note, other.code in now.answers["effets"]) == ("Autre.", True)
    wording.undo(act=act, by=boss)
    confiance.refresh_from_db()
    save(answers={})
    assert wording.merge(category=confiance, into=other, by=boss).moved == []


def test_a_year_given_back_follows_what_was_merged_meanwhile(
    confiance, other, le_wip, boss, manager, reviewer
):
    third = Category.objects.beside(confiance).exclude(pk=other.pk).first()
    recording.submit_report(report=le_wip, by=manager)
    acts = [wording.merge(category=confiance, into=other, by=boss)]
    other.refresh_from_db()
    acts.append(wording.merge(category=other, into=third, by=boss))
    assert [act.moved for act in acts] == [[], []]
    assert "confiance" in ticked(le_wip)
    le_wip.refresh_from_db()
    reviewing.return_report(report=le_wip, by=reviewer, reason="À reprendre.")
    assert third.code in ticked(le_wip)
    assert not {"confiance", other.code} & ticked(le_wip)
    last = queries.observation_of(le_wip, "sante").versions.first()
    assert last.saved_by == boss
    for act in reversed(acts):
        assert wording.undo(act=act, by=boss) == 0
    assert "confiance" in ticked(le_wip)


def test_what_another_became_is_not_deleted(confiance, other, boss, signed_in):
    """Nothing ticks it yet, but years are followed through it."""
    other.ticks.all().delete()
    wording.retire(category=confiance, by=boss)
    Category.objects.filter(pk=confiance.pk).update(successors=[other.code])
    browser = signed_in(boss)
    url = reverse("admin:observations_category_delete", args=[other.pk])
    assert "est devenue cette catégorie" in browser.get(url).content.decode()
    assert "est devenue cette catégorie" in browser.post(url, {"post": "yes"}).content.decode()
    question = other.question
    rank = list(question.own_categories.all()).index(other)
    changes = {f"own_categories__{rank}__DELETE": "on"}
    assert "est devenue cette catégorie" in save(browser, question, **changes).content.decode()
    assert Category.objects.filter(pk=other.pk).exists()


def test_a_year_is_given_back_whatever_became_of_what_it_ticks(
    confiance, other, le_wip, boss, manager, reviewer
):
    recording.submit_report(report=le_wip, by=manager)
    wording.merge(category=confiance, into=other, by=boss)
    other.ticks.all().delete()
    other.delete()
    le_wip.refresh_from_db()
    reviewing.return_report(report=le_wip, by=reviewer, reason="À reprendre.")
    assert "confiance" in ticked(le_wip)
