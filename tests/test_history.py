"""Every save is kept: who, when, what; two are compared in words; one is restored as a new one."""

import json
import random
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from observations import queries
from observations.composer.comparing import snapshot
from observations.enums import Since
from observations.exceptions import NotAllowedNow
from observations.models import AnnualReport, Category, ObservationVersion
from observations.services import recording
from observations.services.publishing import publish_report
from tests.test_recording import effect_url, saved, values

AUTOSAVE = {"Accept": "application/json"}


@pytest.fixture
def browser(signed_in, manager):
    return signed_in(manager)


def autosave(browser, report, code: str, **more):
    """What the page sends by itself."""
    return browser.post(effect_url(code), values(report, code, **more), headers=AUTOSAVE)


def versions(report: AnnualReport, code: str) -> list[ObservationVersion]:
    return list(
        ObservationVersion.objects.filter(
            observation__report=report, observation__effect__code=code
        )
    )


def history(code: str = "sante", query: str = "", name: str = "history") -> str:
    return reverse(name, args=["le-wip", 2022, code]) + query


def test_every_save_is_a_version_and_the_last_one_is_what_is_said(browser, le_wip, manager):
    chance = random.Random(3)
    codes = list(
        Category.objects.filter(question__effect__code="sante").values_list("code", flat=True)
    )
    before = len(versions(le_wip, "sante"))
    for turn in range(12):
        ticks = [code for code in codes if chance.random() < 0.5]
        autosave(browser, le_wip, "sante", q__effets=ticks, note=f"Note {turn}.")
    rows = versions(le_wip, "sante")
    assert [row.number for row in rows] == list(range(before + 12, 0, -1))
    assert rows[0].saved_by == manager
    assert snapshot.read(rows[0].said) == saved(le_wip, "sante")


def test_saving_what_is_there_writes_nothing(browser, le_wip):
    for _ in range(3):
        answer = autosave(browser, le_wip, "reseau", q__publics=["voisins"], note="Un réseau.")
    assert answer.json()["state"] == "saved"
    assert len(versions(le_wip, "reseau")) == 2


def test_replayed_key_gives_the_version_it_wrote(browser, le_wip):
    sent = values(le_wip, "sante", note="Première.", key=str(uuid4()))
    first = browser.post(effect_url("sante"), sent, headers=AUTOSAVE).json()["version"]
    autosave(browser, le_wip, "sante", note="Seconde.")
    again = browser.post(effect_url("sante"), sent, headers=AUTOSAVE).json()
    assert (again["state"], again["version"]) == ("saved", first)
    assert saved(le_wip, "sante").note == "Seconde."


def test_history_says_who_when_and_what(browser, le_wip, signed_in, colleague):
    autosave(browser, le_wip, "sante", q__effets=["confiance"], note="Un bal chaque mois.")
    autosave(
        signed_in(colleague),
        le_wip,
        "sante",
        q__effets=["relations"],
        note="Un bal chaque semaine.",
    )
    text = browser.get(history()).content.decode()
    assert "colleague" in text
    assert "<del>mois.</del><ins>semaine.</ins>" in text
    assert "import ou reprise" in text
    assert "Rien n’a encore été enregistré" in browser.get(history("egalite")).content.decode()


def test_saves_that_follow_each_other_are_one_sitting(browser, le_wip, manager):
    for turn in range(4):
        autosave(browser, le_wip, "sante", note=f"Note {turn}.")
    ObservationVersion.objects.filter(number=2).update(saved_at=timezone.now() - timedelta(hours=1))
    effect = queries.edition_effects(le_wip.edition, "sante")[0]
    found = queries.sittings(effect, queries.versions_of(versions(le_wip, "sante")[0].observation))
    assert [(row.first.number, row.last.number, row.saves) for row in found] == [
        (3, 5, 3),
        (2, 2, 1),
        (1, 1, 1),
    ]
    assert [(c.label, c.saved, c.typed) for c in found[0].changes] == [
        ("Note", "Note 0.", "Note 3.")
    ]


def test_two_versions_are_compared_side_by_side(browser, le_wip):
    autosave(browser, le_wip, "sante", q__effets=["confiance"], note="Après.")
    text = browser.get(history(query="?avant=1&apres=2", name="compare")).content.decode()
    assert "Après." in text
    assert "Rétablir la version 1" in text
    assert browser.get(history(query="?avant=1&apres=99", name="compare")).status_code == 404
    assert browser.get(history(query="?avant=x&apres=²", name="compare")).status_code == 200


def test_restored_version_is_a_new_one(browser, le_wip):
    before = saved(le_wip, "sante")
    autosave(
        browser, le_wip, "sante", q__effets=["inconfort"], note="Autre chose.", internal_note="?"
    )
    url = reverse("restore", args=["le-wip", 2022, "sante", 1])
    assert browser.post(url, {"version": 2}).status_code == 302
    assert saved(le_wip, "sante") == before
    assert [(row.number, row.restores) for row in versions(le_wip, "sante")] == [
        (3, 1),
        (2, None),
        (1, None),
    ]
    assert "Rétablit la version 1" in browser.get(history()).content.decode()
    late = browser.post(url, {"version": 2}, follow=True).content.decode()
    assert "depuis que vous l’avez ouverte" in late
    assert (
        browser.post(
            reverse("restore", args=["le-wip", 2022, "sante", 77]), {"version": "²"}
        ).status_code
        == 404
    )


def test_restoring_leaves_out_what_is_no_longer_offered(browser, le_wip, manager):
    autosave(browser, le_wip, "sante", q__effets=["confiance", "inconfort"], note="a")
    autosave(browser, le_wip, "sante", q__effets=["confiance"], note="b")
    Category.objects.get(question__effect__code="sante", code="inconfort").delete()
    effect = le_wip.edition.effects.get(code="sante")
    recording.restore_observation(report=le_wip, effect=effect, number=2, version=3, by=manager)
    assert saved(le_wip, "sante").answers["effets"] == ("confiance",)


def test_category_deleted_while_a_page_is_sent_is_said(le_wip):
    effect = le_wip.edition.effects.get(code="sante")
    said = saved(le_wip, "sante")
    Category.objects.filter(question__effect=effect, ticks=None).delete()
    said.answers["effets"] = ("inconfort",)
    with pytest.raises(NotAllowedNow, match="vient d’être supprimée"):
        recording.save_observation(report=le_wip, effect=effect, said=said)


def test_autosave_saves_what_it_can_and_names_the_rest(browser, le_wip):
    before = saved(le_wip, "insertion-professionnelle").answers["beneficiaires"]
    answer = autosave(
        browser,
        le_wip,
        "insertion-professionnelle",
        q__beneficiaires="??",
        q__effets=["autonomie"],
        note="Gardée.",
    ).json()
    assert (answer["state"], answer["errors"]) == ("saved", ["Nombre de personnes"])
    now = saved(le_wip, "insertion-professionnelle")
    assert (now.note, now.answers["beneficiaires"], now.answers["effets"]) == (
        "Gardée.",
        before,
        ("autonomie",),
    )
    assert "autonom" in answer["spoken"]


def test_conflict_shows_both_and_can_be_merged_without_script(
    browser, le_wip, signed_in, colleague
):
    mine = values(
        le_wip, "sante", q__effets=["confiance"], note="Ma version.", internal_note="pour moi"
    )
    autosave(signed_in(colleague), le_wip, "sante", q__effets=["relations"], note="Leur version.")
    answer = browser.post(effect_url("sante"), mine, headers=AUTOSAVE)
    assert (answer.status_code, answer.json()["version"]) == (409, 2)
    for text in ("Ma version.", "Leur version.", "colleague", "Garder les deux"):
        assert text in answer.json()["panel"]
    choice = {
        "version": 2,
        "resolve": "merge",
        "keep-note": "both",
        "keep-answer-effets": "both",
        "keep-x": "y",
    }
    assert browser.post(effect_url("sante"), mine | choice).status_code == 302
    now = saved(le_wip, "sante")
    assert now.note == "Leur version.\n\nMa version."
    assert set(now.answers["effets"]) == {"confiance", "relations"}
    taken = browser.post(effect_url("sante"), mine | {"version": 3, "resolve": "saved"})
    assert taken.status_code == 302
    assert saved(le_wip, "sante") == now


def test_conflict_on_a_page_that_was_never_saved(browser, le_wip):
    stale = values(le_wip, "egalite", note="Seul.") | {"version": 4}
    answer = browser.post(effect_url("egalite"), stale, headers=AUTOSAVE)
    assert (answer.status_code, answer.json()["version"]) == (409, 0)


@pytest.mark.parametrize(
    ("change", "status", "state"),
    [({"version": "x"}, 422, "closed"), ({"HTTP_EFFETS_PERSON": "0"}, 403, "other_person")],
)
def test_autosave_that_must_not_be_written(browser, le_wip, change, status, state):
    headers = {key: value for key, value in change.items() if key.startswith("HTTP_")}
    data = values(le_wip, "sante", note="Non.") | {
        k: v for k, v in change.items() if k == "version"
    }
    answer = browser.post(effect_url("sante"), data, headers=AUTOSAVE, **headers)
    assert (answer.status_code, answer.json()["state"]) == (status, state)
    assert len(versions(le_wip, "sante")) == 1


def test_autosave_of_a_closed_report_is_told(browser, le_wip, manager):
    data = values(le_wip, "sante", note="Trop tard.")
    recording.submit_report(report=le_wip, by=manager)
    answer = browser.post(effect_url("sante"), data, headers=AUTOSAVE).json()
    assert (answer["state"], "ne se modifie plus" in answer["message"]) == ("closed", True)


def test_sentences_of_unsaved_ticks(browser, le_wip):
    data = values(le_wip, "sante", q__effets=["inconfort", "inconnue"], note="Brouillon.")
    text = browser.post(effect_url("sante") + "phrases/", data).content.decode()
    assert "Brouillon." in text
    assert len(versions(le_wip, "sante")) == 1
    assert "Une autre personne" not in text


def test_colleague_who_has_just_saved_is_named(browser, le_wip, signed_in, colleague):
    autosave(signed_in(colleague), le_wip, "sante", note="À l’instant.")
    text = browser.get(effect_url("sante")).content.decode()
    assert "Une autre personne modifie cette page</strong>&nbsp;: colleague" in text
    le_wip.observations.update(updated_at=timezone.now() - timedelta(minutes=10))
    assert "Une autre personne" not in browser.get(effect_url("sante")).content.decode()


@pytest.fixture
def next_year(le_wip) -> AnnualReport:
    return recording.open_year(site=le_wip.site, year=2023)


def test_next_year_copies_nothing_and_offers_each_answer(browser, next_year):
    url = reverse("effect", args=["le-wip", 2023, "lien-social"])
    text = browser.get(url).content.decode()
    assert "En 2022, vous disiez" in text
    assert "Pas encore relu" in text
    assert not next_year.observations.exists()
    data = {
        "version": 0,
        "state": "observed",
        "note": "",
        "internal_note": "",
        "since/publics/visiteurs": "still",
    }
    assert browser.post(url, data).status_code == 302
    assert saved(next_year, "lien-social").answers == {"publics": ("visiteurs",)}
    ended = data | {"version": 1, "q-publics": ["visiteurs"], "since/publics/visiteurs": "ended"}
    browser.post(url, ended)
    assert saved(next_year, "lien-social").since == {("publics", "visiteurs"): Since.ENDED}
    counted = browser.get(
        reverse("effect", args=["le-wip", 2023, "capacite-a-agir"])
    ).content.decode()
    assert "(à compter de nouveau)" in counted


def test_next_year_says_that_last_year_was_looked_for_in_vain(browser, le_wip, next_year):
    autosave(browser, le_wip, "egalite", state="not_observed")
    autosave(browser, le_wip, "sante", state="observed")
    url = reverse("effect", args=["le-wip", 2023, "egalite"])
    text = browser.get(url).content.decode()
    assert "«&nbsp;Nous l’avons cherché, sans l’observer.&nbsp;»" in text
    empty = browser.get(reverse("effect", args=["le-wip", 2023, "sante"])).content.decode()
    assert "vous disiez" not in empty


def test_report_compares_only_with_what_was_published(
    browser, le_wip, next_year, manager, reviewer
):
    url = reverse("effect", args=["le-wip", 2023, "lien-social"])
    browser.post(url, {"version": 0, "state": "observed", "q-publics": ["benevoles"]})
    draft = reverse("draft", args=["le-wip", 2023])
    assert "Toujours observé</strong>" not in browser.get(draft).content.decode()
    recording.submit_report(report=le_wip, by=manager)
    le_wip.refresh_from_db()
    publish_report(report=le_wip, by=reviewer, url="https://effets.example/le-wip/2022/")
    le_wip.observations.all().delete()  # readers have what was frozen
    assert "Toujours observé</strong>&nbsp;: Bénévoles" in browser.get(draft).content.decode()


def test_snapshot_is_json(le_wip):
    for row in ObservationVersion.objects.filter(observation__report=le_wip):
        said = snapshot.read(json.loads(json.dumps(row.said)))
        assert snapshot.write(said) == row.said
