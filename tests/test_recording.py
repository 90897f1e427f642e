"""Recording through the front door: what is typed is kept, what is impossible is said kindly."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from observations import queries
from observations.composer.questionnaire.inputs import Count, ObservationInput
from observations.enums import ObservationState, ReportState
from observations.exceptions import NotAllowedNow
from observations.models import AnnualReport, Category, Observation
from observations.services import recording


@pytest.fixture
def browser(signed_in, manager):
    return signed_in(manager)


def effect_url(code: str) -> str:
    return reverse("effect", args=["le-wip", 2022, code])


def saved(report: AnnualReport, code: str) -> ObservationInput:
    return queries.observations_of(report)[code]


def version(report: AnnualReport, code: str) -> int:
    row = report.observations.filter(effect__code=code).first()
    return row.version if row else 0


def values(report: AnnualReport, code: str, **more: object) -> dict[str, object]:
    """What a page that was just opened and left alone would send."""
    return {
        "version": version(report, code),
        "state": "observed",
        "note": "",
        "internal_note": "",
    } | {key.replace("__", "-"): value for key, value in more.items()}


def test_changed_answer_changes_the_sentence(browser, le_wip):
    page = browser.get(effect_url("sante"))
    assert "stress ou de conflits" in page.content.decode()
    data = values(le_wip, "sante", q__effets=["meilleure-sante", "inconfort"], note="Mieux.")
    response = browser.post(effect_url("sante"), data, follow=True)
    text = response.content.decode()
    assert "être en meilleure santé physique ou psychique" in text
    assert "Certaines personnes ont aussi fait part d’un inconfort." in text
    assert "stress ou de conflits." not in text
    assert saved(le_wip, "sante").note == "Mieux."


def test_save_and_continue_goes_to_the_next_effect(browser, le_wip):
    data = values(le_wip, "sante", next="1")
    response = browser.post(effect_url("sante"), data)
    assert response["Location"] == effect_url("insertion-professionnelle")
    last = browser.post(effect_url("innovation"), values(le_wip, "innovation", next="1"))
    assert last["Location"] == reverse("check", args=["le-wip", 2022])


@pytest.mark.parametrize("typed", ["??", "-3", "12 ans environ", "1,5", "1e3", "٣", "9999999"])
def test_impossible_count_is_kept_with_a_message_beside_it(browser, le_wip, typed):
    before = saved(le_wip, "insertion-professionnelle")
    data = values(
        le_wip,
        "insertion-professionnelle",
        q__beneficiaires=typed,
        q__effets=["autonomie"],
        note="Une phrase à ne pas perdre.",
    )
    response = browser.post(effect_url("insertion-professionnelle"), data)
    text = response.content.decode()
    assert response.status_code == 422
    assert f'value="{typed}"' in text
    assert "Une phrase à ne pas perdre." in text
    assert 'id="error_1_id_q-beneficiaires"' in text or "invalid-feedback" in text
    assert 'href="#id_q-beneficiaires"' in text
    assert saved(le_wip, "insertion-professionnelle") == before


@pytest.mark.parametrize(
    ("typed", "value"), [("12", 12), (" 1 250 ", 1250), ("1\u202f250", 1250), ("0", 0)]
)
def test_count_is_a_number(browser, le_wip, typed, value):
    data = values(
        le_wip,
        "capacite-a-agir",
        q__projets=typed,
        **{"q-projets-approximate": "on", "q-projets-period": "an"},
    )
    assert browser.post(effect_url("capacite-a-agir"), data).status_code == 302
    assert saved(le_wip, "capacite-a-agir").answers["projets"] == Count(value, True, "an")


def test_unknown_category_is_refused_and_the_rest_kept(browser, le_wip):
    data = values(le_wip, "sante", q__effets=["confiance", "gueri"], note="Gardé.")
    response = browser.post(effect_url("sante"), data)
    text = response.content.decode()
    assert response.status_code == 422
    assert "« gueri » ne fait pas partie des réponses proposées" in text
    assert "Gardé." in text


def test_answer_under_a_parent_that_does_not_hold_is_kept_and_not_said(browser, le_wip):
    data = values(
        le_wip, "cadre-de-vie", q__image="inchangee", q__type=["identite"], note="Rien.", next="1"
    )
    response = browser.post(effect_url("cadre-de-vie"), data, follow=True)
    text = response.content.decode()
    assert response.redirect_chain == [(effect_url("cadre-de-vie"), 302)]
    assert "Votre réponse est gardée, mais le rapport ne la dira que si" in text
    assert saved(le_wip, "cadre-de-vie").answers["type"] == ("identite",)
    assert "une nouvelle identité a émergé." not in text
    assert "Le projet n’a pas changé l’image du quartier." in text


def test_an_answer_above_its_parent_is_said_and_one_whose_grandparent_fails_is_not(browser, le_wip):
    effect = le_wip.edition.effects.get(code="cadre-de-vie")
    effect.questions.filter(code="type").update(position=0)
    data = values(le_wip, "cadre-de-vie", q__image="positive", q__type=["identite"])
    text = browser.post(effect_url("cadre-de-vie"), data, follow=True).content.decode()
    assert "une nouvelle identité a émergé." in text
    assert "Votre réponse est gardée" not in text
    assert "à «&nbsp;Le projet a-t-il changé l’image du quartier\u202f?&nbsp;»&nbsp;:" in text
    first = effect.questions.create(code="avis", kind="single", label="Un avis ?", position=90)
    opening = Category.objects.create(
        question=first, code="oui", form_label="Oui", report_wording="oui"
    )
    effect.questions.get(code="image").parent_categories.add(opening)
    text = browser.get(effect_url("cadre-de-vie")).content.decode()
    assert "une nouvelle identité a émergé." not in text
    assert text.count("Votre réponse est gardée") == 2


def test_questions_stored_in_a_loop_or_after_another_effect_open(browser, le_wip):
    """Nothing accepts them today; what was kept before is read all the same."""
    effect = le_wip.edition.effects.get(code="cadre-de-vie")
    image, child = effect.questions.all()
    image.parent_categories.set(child.own_categories.all())
    pages = [effect_url("cadre-de-vie"), *(_page(name) for name in ("year", "check", "draft"))]
    assert [browser.get(page).status_code for page in pages] == [200] * 4
    image.parent_categories.set([image.own_categories.first()])
    assert [browser.get(page).status_code for page in pages] == [200] * 4
    other = Category.objects.filter(question__effect__code="sante")[:1]
    image.parent_categories.set(other)
    data = values(le_wip, "cadre-de-vie", q__image="positive", q__type=["identite"])
    text = browser.post(effect_url("cadre-de-vie"), data, follow=True).content.decode()
    assert "une nouvelle identité a émergé." in text
    image.parent_categories.set(Category.objects.filter(vocabulary__isnull=False)[:1])
    assert [browser.get(page).status_code for page in pages] == [200] * 4


def _page(name: str) -> str:
    return reverse(name, args=["le-wip", 2022])


def test_two_tabs_never_overwrite_silently(browser, signed_in, colleague, le_wip):
    mine = values(le_wip, "sante", q__effets=["confiance"], note="Ma version.")
    theirs = values(le_wip, "sante", q__effets=["relations"], note="Leur version.")
    signed_in(colleague).post(effect_url("sante"), theirs)
    response = browser.post(effect_url("sante"), mine)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Cette page a changé pendant que vous écriviez" in text
    assert "colleague" in text
    assert "Ma version." in text
    assert "Leur version." in text
    assert saved(le_wip, "sante").note == "Leur version."
    again = mine | {"version": response.context["form"]["version"].value()}
    assert browser.post(effect_url("sante"), again).status_code == 302
    assert saved(le_wip, "sante").note == "Ma version."


@pytest.mark.parametrize("state", ["not_observed", "not_applicable"])
def test_absence_is_recorded_and_said(browser, le_wip, state):
    data = values(le_wip, "sante", state=state, q__effets=["confiance"])
    text = browser.post(effect_url("sante"), data, follow=True).content.decode()
    assert saved(le_wip, "sante").state is ObservationState(state)
    assert saved(le_wip, "sante").answers["effets"] == ("confiance",)
    assert ("n’ont pas été observés." in text) == (state == "not_observed")
    assert "avoir une plus grande confiance en elles" not in text


def test_internal_note_stays_inside(browser, le_wip, signed_in, reviewer):
    data = values(le_wip, "sante", q__effets=["confiance"], internal_note="SECRET-INTERNE")
    browser.post(effect_url("sante"), data)
    assert "SECRET-INTERNE" in browser.get(effect_url("sante")).content.decode()
    for name in ("check", "draft"):
        for client in (browser, signed_in(reviewer)):
            page = client.get(reverse(name, args=["le-wip", 2022])).content.decode()
            assert "confiance en elles" in page
            assert "SECRET-INTERNE" not in page


def test_note_is_kept_whole(browser, le_wip):
    note = "Une phrase.\n\nUne autre, avec « guillemets » & <balises>.\n" + "mot " * 12_000
    browser.post(effect_url("sante"), values(le_wip, "sante", note=note))
    assert saved(le_wip, "sante").note == note.strip()


def test_note_beyond_the_limit_is_given_back(browser, le_wip):
    note = "x" * 50_001
    response = browser.post(effect_url("sante"), values(le_wip, "sante", note=note))
    assert response.status_code == 422
    assert note in response.content.decode()


def test_page_too_heavy_or_too_old_is_explained(le_wip, manager, browser):
    heavy = browser.post(effect_url("sante"), values(le_wip, "sante", note="x" * 2_200_000))
    assert heavy.status_code == 400
    assert "votre texte y est encore" in heavy.content.decode()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(manager)
    old = strict.post(effect_url("sante"), values(le_wip, "sante"))
    assert old.status_code == 403
    assert "ouverte depuis trop longtemps" in old.content.decode()


def test_scales_are_recorded(browser, le_wip):
    url = reverse("scales", args=["le-wip", 2022])
    data = {"individuel-intensity": "4", "individuel-keywords": "rencontre,  confiance, rencontre"}
    assert browser.post(url, data).status_code == 302
    text = browser.get(reverse("draft", args=["le-wip", 2022])).content.decode()
    assert "Intensité forte (4 sur 5)" in text
    assert text.count("<li>rencontre</li>") == 1
    assert "Intensité non évaluée" in text


def test_too_many_keywords_are_given_back(browser, le_wip):
    url = reverse("scales", args=["le-wip", 2022])
    for typed in ("a, b, c, d, e, f", "x" * 41):
        response = browser.post(url, {"collectif-keywords": typed})
        assert response.status_code == 422
        assert f'value="{typed}"' in response.content.decode()
    assert browser.post(url, {"collectif-intensity": "6"}).status_code == 422


def test_check_page_says_what_is_missing_with_links(browser, le_wip):
    text = browser.get(reverse("check", args=["le-wip", 2022])).content.decode()
    assert "Égalité femmes-hommes\u00a0: rien n’est encore renseigné." in text
    assert f'href="{effect_url("egalite")}"' in text
    assert "Pas encore transmis" in text


def test_submitted_report_is_closed_until_it_is_given_back(browser, signed_in, reviewer, le_wip):
    check = reverse("check", args=["le-wip", 2022])
    response = browser.post(reverse("submit", args=["le-wip", 2022]), follow=True)
    assert "Le rapport est transmis" in response.content.decode()
    le_wip.refresh_from_db()
    assert le_wip.state == ReportState.SUBMITTED
    late = values(le_wip, "sante", note="Trop tard, mais pas perdu.")
    response = browser.post(effect_url("sante"), late)
    assert response.status_code == 409
    assert "Trop tard, mais pas perdu." in response.content.decode()
    assert browser.post(reverse("scales", args=["le-wip", 2022]), {}).status_code == 200
    twice = browser.post(reverse("submit", args=["le-wip", 2022]), follow=True)
    assert "déjà transmis" in twice.content.decode()
    give_back = reverse("return", args=["le-wip", 2022])
    signed_in(reviewer).post(give_back, {"reason": "À préciser."})
    assert browser.post(effect_url("sante"), late).status_code == 302
    again = signed_in(reviewer).post(give_back, {"reason": "Encore."}, follow=True)
    assert "déjà entre les mains du lieu" in again.content.decode()
    assert "À reprendre" in browser.get(check).content.decode()


def test_empty_report_is_not_submitted(signed_in, stranger):
    browser = signed_in(stranger)
    response = browser.post(reverse("submit", args=["arche", 2022]), follow=True)
    assert "encore vide" in response.content.decode()


def test_year_is_started_from_home(browser, manager, le_wip):
    this_year = timezone.localdate().year
    assert f"Commencer {this_year}" in browser.get(reverse("home")).content.decode()
    response = browser.post(reverse("start_year", args=["le-wip", this_year]))
    assert response["Location"] == reverse("year", args=["le-wip", this_year])
    browser.post(reverse("start_year", args=["le-wip", 1999]))
    assert sorted(AnnualReport.objects.values_list("year", flat=True)) == [2022, this_year]


def test_year_without_a_questionnaire_is_not_started(browser, le_wip):
    le_wip.edition.state = "draft"
    le_wip.edition.save()
    url = reverse("start_year", args=["le-wip", timezone.localdate().year])
    assert "Aucun questionnaire" in browser.post(url, follow=True).content.decode()


def test_home_without_a_site_says_what_to_do(signed_in, stranger):
    stranger.memberships.all().delete()
    text = signed_in(stranger).get(reverse("home")).content.decode()
    assert "Demandez à l’équipe du réseau" in text


def test_unknown_effect_does_not_exist(browser):
    assert browser.get(effect_url("inconnu")).status_code == 404


def test_retired_category_is_offered_only_where_it_was_chosen(browser, le_wip):
    effect = le_wip.edition.effects.get(code="sante")
    effect.questions.get().own_categories.update(retired=True)
    text = browser.get(effect_url("sante")).content.decode()
    assert "Avoir une plus grande confiance en elles (n’est plus proposé)" in text
    assert "Ressentir un inconfort" not in text


def test_same_save_twice_writes_one_version(browser, le_wip):
    for _ in range(2):
        browser.post(effect_url("egalite"), values(le_wip, "egalite", q__gestion="plus"))
    rows = Observation.objects.filter(report=le_wip, effect__code="egalite")
    assert [(row.version, row.versions.count()) for row in rows] == [(1, 1)]


def test_closed_report_refuses_scales(le_wip, manager):
    recording.submit_report(report=le_wip, by=manager)
    with pytest.raises(NotAllowedNow):
        recording.save_scales(report=le_wip, scales={})
