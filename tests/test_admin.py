"""The words, edited in Django admin: what is wrong is refused with the reason."""

import gettext
import html
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from observations import queries
from observations.enums import EditionState
from observations.models import (
    Category,
    Edition,
    Effect,
    Question,
    Sentence,
    Site,
    User,
    Vocabulary,
)
from observations.rendering import grammar
from observations.services.editions import copy_edition
from tests.conftest import person

REGISTERED = [model for model in admin.site._registry if model._meta.app_label == "observations"]


@pytest.fixture
def browser(signed_in, boss):
    return signed_in(boss)


def form_data(response) -> dict[str, object]:
    """Every value of a change page as the browser would send it back."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data: dict[str, object] = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is True:
                data[bound.html_name] = "on"
            elif value is not None and value is not False:
                data[bound.html_name] = value
    return data


def change_url(row) -> str:
    return reverse(f"admin:observations_{row._meta.model_name}_change", args=[row.pk])


def save(browser, row, **changes: object):
    url = change_url(row)
    data = form_data(browser.get(url))
    data |= {key.replace("__", "-"): value for key, value in changes.items()}
    return browser.post(url, data, follow=True)


@pytest.mark.parametrize("model", REGISTERED)
def test_every_list_and_page_opens_and_searches(model, browser, le_wip, manager):
    url = reverse(f"admin:observations_{model._meta.model_name}_changelist")
    assert browser.get(url).status_code == 200
    assert browser.get(url, {"q": "sante"}).status_code == 200
    for row in model.objects.all()[:2]:
        assert browser.get(change_url(row)).status_code == 200


def test_every_list_has_a_search_and_a_filter():
    for model in REGISTERED:
        assert admin.site._registry[model].search_fields, model
        assert admin.site._registry[model].list_filter, model


def test_changed_wording_is_in_the_next_draft(browser, le_wip):
    category = Category.objects.get(code="confiance")
    response = save(browser, category, report_wording="oser prendre la parole")
    assert "a été modifié" in response.content.decode()
    text = browser.get(reverse("draft", args=["le-wip", 2022])).content.decode()
    assert "<li>oser prendre la parole</li>" in text
    assert "confiance en elles</li>" not in text


def test_sentence_with_an_unknown_slot_is_refused_with_the_reason(browser, edition):
    sentence = Sentence.objects.filter(effect__code="sante").first()
    text = save(browser, sentence, template="Rien de {publics}.").content.decode()
    assert "« {publics} » est inconnu de l’effet « Santé ». Il connaît : {effets}." in text
    sentence.refresh_from_db()
    assert "{effets+}" in sentence.template
    effect = Effect.objects.get(code="sante")
    inline = save(browser, effect, sentences__0__template="Rien de {publics}.")
    assert "est inconnu de l’effet" in inline.content.decode()


def test_wording_with_an_unknown_agreement_is_refused(browser, edition):
    category = Category.objects.get(code="confiance")
    text = save(browser, category, report_wording="être [x: a / b]").content.decode()
    assert "« {x} » est inconnu" in text
    shared = Category.objects.get(code="voisins")
    text = save(browser, shared, report_wording="voisin[publics: / s]").content.decode()
    assert "Un vocabulaire partagé ne s’accorde avec aucune question." in text
    text = save(browser, shared, report_wording="[publics: a / b]").content.decode()
    assert "Un vocabulaire partagé ne s’accorde avec aucune question." in text


def test_codes_are_shown_and_never_changed(browser, edition):
    for row in (Effect.objects.first(), Question.objects.first(), Category.objects.first()):
        before = row.code
        save(browser, row, code="autre")
        row.refresh_from_db()
        assert row.code == before


def test_category_in_use_is_not_deleted(browser, le_wip):
    category = Category.objects.get(code="confiance")
    url = reverse("admin:observations_category_delete", args=[category.pk])
    text = browser.post(url, {"post": "yes"}, follow=True).content.decode()
    assert "protégés" in text
    assert Category.objects.filter(pk=category.pk).exists()
    unused = Category.objects.get(code="inconfort")
    browser.post(reverse("admin:observations_category_delete", args=[unused.pk]), {"post": "yes"})
    assert not Category.objects.filter(pk=unused.pk).exists()


def test_question_that_a_sentence_says_is_not_deleted(browser, edition):
    question = Question.objects.get(effect__code="lien-social", code="frequence")
    url = reverse("admin:observations_question_delete", args=[question.pk])
    assert "dit cette question" in browser.get(url).content.decode()
    browser.post(url, {"post": "yes"})
    assert Question.objects.filter(pk=question.pk).exists()
    Sentence.objects.filter(template__contains="{frequence}").delete()
    browser.post(url, {"post": "yes"})
    assert not Question.objects.filter(pk=question.pk).exists()


def test_question_that_only_full_words_agree_with_is_not_deleted(browser, edition):
    question = Question.objects.get(effect__code="lien-social", code="frequence")
    Sentence.objects.filter(template__contains="{frequence}").delete()
    full = "Entre [frequence: un / des] {publics}"
    question.effect.sentences.create(template="Entre {publics}", template_full=full)
    url = reverse("admin:observations_question_delete", args=[question.pk])
    assert "dit cette question" in browser.get(url).content.decode()


def test_question_of_a_vocabulary_that_a_sentence_says_is_not_deleted(browser, edition):
    question = Question.objects.get(effect__code="egalite", code="gestion")
    url = reverse("admin:observations_question_delete", args=[question.pk])
    assert "dit cette question" in browser.get(url).content.decode()


def test_question_in_use_keeps_its_kind(browser, le_wip):
    question = Question.objects.get(effect__code="sante")
    save(browser, question, kind="single")
    question.refresh_from_db()
    assert question.kind == "multiple"


def test_parents_are_answers_to_one_question_of_the_effect(browser, edition):
    child = Question.objects.get(effect__code="cadre-de-vie", code="type")
    page = browser.get(change_url(child))
    offered = page.context["adminform"].form.fields["parent_categories"].queryset
    assert {category.question.code for category in offered} == {"image"}
    other = Question.objects.create(
        effect=child.effect, code="autre", kind="single", label="Autre", position=9
    )
    foreign = Category.objects.create(question=other, code="x", form_label="x", report_wording="x")
    parents = [*child.parent_categories.values_list("pk", flat=True), foreign.pk]
    text = save(browser, child, parent_categories=parents).content.decode()
    assert "plusieurs questions\u00a0: choisissez celles d’une seule." in text
    own, elsewhere = child.own_categories.first(), Category.objects.get(code="confiance")
    for refused in (own, elsewhere, Category.objects.get(code="voisins")):
        text = save(browser, child, parent_categories=[refused.pk]).content.decode()
        assert "Choisissez des réponses à une autre question du même effet." in text


def told(browser, row, **changes: object) -> str:
    """The page that comes back, its spaces plain; nothing was saved."""
    before = [queries.edition_input(edition) for edition in Edition.objects.all()]
    response = save(browser, row, **changes)
    assert response.context["errors"]
    assert [queries.edition_input(edition) for edition in Edition.objects.all()] == before
    return re.sub("[\u00a0\u202f]", " ", html.unescape(response.content.decode()))


def test_full_form_that_says_another_answer_is_refused_beside_it(browser, edition):
    sentence = Sentence.objects.filter(effect__code="sante", template__contains="{effets-").first()
    refusal = "Les formes complètes ne disent pas les mêmes réponses que la phrase : "
    for full, reason in (
        ("Des gens ont dit {effets+}.", "{effets-} y manque ; {effets+} y est en trop."),
        ("Des gens ont dit {effets-|de} : {effets+}", "{effets+} y est en trop."),
    ):
        text = told(browser, sentence, template_full=full)
        assert refusal + reason in text
        page = save(browser, sentence, template_full=full)
        assert "template_full" in page.context["adminform"].form.errors
        changes = {f"sentences__{rank}__template_full": full for rank in range(3)}
        assert refusal in told(browser, sentence.effect, **changes)
    save(browser, sentence, template_full="De la part de certains : {effets-}.")
    sentence.refresh_from_db()
    assert sentence.template_full == "De la part de certains : {effets-}."


def test_a_question_waits_for_no_loop_and_no_number(browser, edition):
    image = Question.objects.get(effect__code="cadre-de-vie", code="image")
    child = Question.objects.get(effect__code="cadre-de-vie", code="type")
    loop = "s’attendraient en boucle : aucune ne serait jamais posée."
    opening = child.own_categories.values_list("pk", flat=True)
    assert loop in told(browser, image, parent_categories=list(opening))
    assert loop in told(browser, image, parent_categories=list(opening), _rehearse="panel")
    number = {"kind": "count", "unit_singular": "cas", "unit_plural": "cas"}
    assert "serait posée après un nombre" in told(browser, image, **number)
    inline = {f"questions__0__{name}": value for name, value in number.items()}
    assert "serait posée après un nombre" in told(browser, image.effect, **inline)
    publics = Vocabulary.objects.get(code="publics")
    assert "ne propose pas" in told(browser, image, vocabulary=publics.pk)
    save(browser, child, parent_categories=[])
    save(browser, image, parent_categories=list(opening))
    assert image.parent_categories.count() == len(opening)


@pytest.mark.parametrize(
    ("effect", "question", "changes", "reason"),
    [
        ("egalite", "gestion", {"subject_full": "[là"}, "se dit tel quel"),
        ("capacite-a-agir", "projets", {"unit_plural": "{projets}"}, "se dit tel quel"),
        ("capacite-a-agir", "projets", {"kind": "multiple"}, "« {projets:0} » est inconnu"),
        ("sante", "effets", {"own_categories__0__polarity": "negative"}, None),
        ("entretien", "ameliorations", {"own_categories__0__polarity": "negative"}, "mélangerait"),
    ],
)
def test_what_becomes_of_a_question_spoils_no_sentence(
    browser, edition, effect, question, changes, reason
):
    row = Question.objects.get(effect__code=effect, code=question)
    if reason is None:
        save(browser, row, **changes)
        assert row.own_categories.first().polarity == "negative"
    else:
        assert reason in told(browser, row, **changes)


def test_vocabulary_that_sentences_say_is_not_taken_from_their_last_question(browser, edition):
    """« {parite:plus} » would say nothing any more, or the code of another vocabulary."""
    rows = Question.objects.filter(effect__code="egalite")
    publics = Vocabulary.objects.get(code="publics")
    rows.exclude(code="gestion").update(vocabulary=publics)
    row = rows.get(code="gestion")
    assert "« {parite:plus} » est inconnu" in told(browser, row, vocabulary=publics.pk)
    assert "« {parite:plus} » ne dirait rien" in told(browser, row, subject="", subject_full="")


def test_what_was_wrong_already_is_mended_one_row_at_a_time(browser, edition):
    effect = Effect.objects.get(code="cadre-de-vie")
    image, child = effect.questions.all()
    image.parent_categories.set(child.own_categories.all())
    effect.sentences.update(template="Ici {image} [autre: a / b].", template_full="Là {type}.")
    sentence = effect.sentences.first()
    save(browser, sentence, template="Ici {image}.", template_full="")
    sentence.refresh_from_db()
    assert sentence.template == "Ici {image}."
    save(browser, image, parent_categories=[])
    assert not image.parent_categories.exists()


def test_new_words_are_looked_at_with_the_rest_of_their_effect(browser, edition):
    effect = Effect.objects.get(code="sante")
    data = {"effect": effect.pk, "code": "avis", "label": "Un avis ?", "kind": "count"}
    data |= {"position": 0, "polarity": "neutral", "origin": "core", "carries_over": "on"}
    data |= {"unit_singular": "avis", "unit_plural": "[avis", "period": ""}
    data |= {"own_categories-TOTAL_FORMS": 0, "own_categories-INITIAL_FORMS": 0}
    url = reverse("admin:observations_question_add")
    assert "se dit tel quel" in browser.post(url, data).content.decode()
    assert effect.questions.count() == 1
    browser.post(url, data | {"unit_plural": "avis"})
    assert effect.questions.count() == 2


def test_what_a_question_waits_for_is_not_deleted(browser, edition):
    child = Question.objects.get(effect__code="cadre-de-vie", code="type")
    (opening,) = child.parent_categories.all()
    for row, reason in (
        (opening, "est posée après cette réponse"),
        (opening.question, "est posée après celle-ci"),
    ):
        url = reverse(f"admin:observations_{row._meta.model_name}_delete", args=[row.pk])
        assert reason in browser.get(url).content.decode()
        browser.post(url, {"post": "yes"})
        assert type(row).objects.filter(pk=row.pk).exists()
    changes = {"own_categories__0__DELETE": "on"}
    assert "est posée après cette réponse" in told(browser, opening.question, **changes)


def test_locked_edition_is_only_read(browser, edition):
    edition.state = EditionState.LOCKED.value
    edition.save()
    effect = Effect.objects.get(code="sante")
    rows = [effect, effect.questions.get(), Category.objects.get(code="confiance")]
    rows += [effect.sentences.first(), Vocabulary.objects.first()]
    for row in rows:
        page = browser.get(change_url(row))
        assert page.status_code == 200
        assert not page.context["has_change_permission"]
        assert not page.context["has_delete_permission"]
        assert browser.post(change_url(row), {}).status_code == 403


def test_a_locked_edition_is_only_unlocked(browser, edition):
    Edition.objects.update(state=EditionState.LOCKED.value)
    save(browser, edition, title="Autre", first_year=2019, state="open")
    edition.refresh_from_db()
    assert (edition.title != "Autre", edition.first_year, edition.state) == (True, 2020, "open")


def test_next_edition_is_a_copy_with_the_same_codes(browser, edition):
    Category.objects.filter(code="voisins").update(polarity="neutral")
    url = reverse("admin:observations_edition_changelist")
    data = {"action": "prepare_next", "_selected_action": [edition.pk]}
    assert "prête à modifier" in browser.post(url, data, follow=True).content.decode()
    assert "existe déjà" in browser.post(url, data, follow=True).content.decode()
    copy = Edition.objects.get(first_year=2021)
    again = replace(queries.edition_input(copy), first_year=edition.first_year)
    assert again == queries.edition_input(edition)
    assert copy.state == EditionState.DRAFT
    for model, path in (
        (Effect, "edition"),
        (Question, "effect__edition"),
        (Sentence, "effect__edition"),
    ):
        assert (
            model.objects.filter(**{path: copy}).count()
            == model.objects.filter(**{path: edition}).count()
        )
    assert Edition.objects.for_year(2022) == edition


def test_effect_page_shows_what_the_report_would_say(browser, edition):
    text = browser.get(change_url(Effect.objects.get(code="capacite-a-agir"))).content.decode()
    assert "Environ 12\u00a0nouveaux projets ou actions par an" in text
    added = browser.get(reverse("admin:observations_effect_add")).content.decode()
    assert "Les phrases se montrent ici" in added


def test_effect_page_warns_of_what_no_sentence_says(browser, edition):
    Sentence.objects.filter(effect__code="sante", template__contains="{effets-").delete()
    text = browser.get(change_url(Effect.objects.get(code="sante"))).content.decode()
    assert "Aucune phrase ne dit « Ressentir un inconfort" in text
    Sentence.objects.filter(effect__code="capacite-a-agir").delete()
    text = browser.get(change_url(Effect.objects.get(code="capacite-a-agir"))).content.decode()
    assert "Aucune phrase ne dit la question « Combien de nouveaux projets" in text


def test_site_name_with_de_is_proposed(browser):
    data = {
        "name": "Hôtel Pasteur",
        "slug": "hotel-pasteur",
        "inclusive_writing": "full",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    browser.post(reverse("admin:observations_site_add"), data)
    assert Site.objects.get().name_with_de == "de l’Hôtel Pasteur"
    browser.post(reverse("admin:observations_site_add"), data | {"slug": "equipe"})
    assert Site.objects.count() == 1


def test_person_is_created_with_an_address(browser):
    data = {
        "email": "Zoe@Effets.example",
        "name": "Zoé",
        "usable_password": "true",
        "password1": "une longue phrase",
        "password2": "une longue phrase",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    browser.post(reverse("admin:observations_user_add"), data)
    assert User.objects.filter(name="Zoé").exists()


def test_publications_and_reports_are_looked_at_only(browser, le_wip):
    for name in ("publication", "annualreport"):
        assert browser.get(reverse(f"admin:observations_{name}_add")).status_code == 403
    assert browser.post(change_url(le_wip), {}).status_code == 403
    page = browser.get(change_url(le_wip))
    assert not page.context["has_delete_permission"]


def rehearsed(browser, row, asked: str = "panel", **changes: object) -> str:
    response = save(browser, row, _rehearse=asked, **changes)
    assert response.status_code == 200
    return response.content.decode()


def test_words_are_heard_before_they_are_saved(browser, edition):
    before = queries.edition_input(edition)
    effect = Effect.objects.get(code="sante")
    page = browser.get(change_url(effect)).content.decode()
    assert "Ce que dirait le rapport" in page
    assert "Tout se dit, et rien ne semble mal se lire." in page
    text = rehearsed(browser, effect, sentences__0__template="Chacun va mieux : {effets+}")
    assert "Chacun va mieux" in text
    assert "<html" not in text
    assert "<html" in rehearsed(browser, effect, "page", title="Autre")
    category = Category.objects.get(code="confiance")
    assert "Être fier de soi" in rehearsed(browser, category, report_wording="Être fier de soi")
    question = category.question
    text = rehearsed(browser, question, own_categories__0__report_wording="être fier de soi")
    assert "être fier de soi" in text
    shared = Vocabulary.objects.get(code="publics")
    text = rehearsed(browser, shared, categories__0__report_wording="personnes de passage")
    assert text.count("<h3>") == shared.questions.values("effect").distinct().count() > 1
    assert "personnes de passage" in text
    voisins = Category.objects.get(code="voisins", vocabulary=shared)
    assert "gens d’à côté" in rehearsed(browser, voisins, report_wording="gens d’à côté")
    assert queries.edition_input(edition) == before
    assert not LogEntry.objects.exists()


def test_what_cannot_be_said_is_heard_as_errors(browser, edition):
    sentence = Sentence.objects.filter(effect__code="sante").first()
    text = rehearsed(browser, sentence, template="Rien de {publics}.")
    assert "est inconnu de l’effet" in text
    assert "rien n’est enregistré" in text


def test_new_sentence_is_heard_before_it_exists(browser, edition):
    url = reverse("admin:observations_sentence_add")
    assert "Ce que dirait le rapport" in browser.get(url).content.decode()
    effect = Effect.objects.get(code="sante")
    data = {"effect": effect.pk, "passage": 9, "position": 1, "layout": "bullets"}
    data |= {"leans_on": "nothing", "template": "Et voici : {effets-}", "_rehearse": "panel"}
    effect.sentences.exclude(template__contains="effets+").delete()
    assert "Et voici" in browser.post(url, data).content.decode()
    assert not Sentence.objects.filter(passage=9).exists()


def test_grammar_is_read_when_asked_and_never_in_the_way(browser, edition, monkeypatch):
    category = Category.objects.get(code="confiance")

    def heard() -> str:
        words = {"report_wording": "la bénéfices", "_grammar": "1"}
        return save(browser, category, **words).content.decode()

    assert "Accord de nombre" in heard() or "Accord de genre" in heard()
    monkeypatch.setattr(grammar, "COMMAND", "false")
    assert "Grammalecte n’a pas répondu" in heard()
    monkeypatch.setattr(grammar, "COMMAND", "absent")
    assert "Relire avec Grammalecte" not in browser.get(change_url(category)).content.decode()
    assert "Grammalecte" not in heard()
    category.refresh_from_db()
    assert category.report_wording != "la bénéfices"


def upload(browser, raw: bytes) -> str:
    file = SimpleUploadedFile("edition.json", raw, "application/json")
    url = reverse("admin:observations_edition_import")
    return browser.post(url, {"file": file}, follow=True).content.decode()


def test_edition_travels_as_a_file(browser, edition):
    url = reverse("admin:observations_edition_export", args=[edition.pk])
    raw = browser.get(url).content
    assert (
        "Importer une édition"
        in browser.get(reverse("admin:observations_edition_changelist")).content.decode()
    )
    assert browser.get(reverse("admin:observations_edition_import")).status_code == 200
    assert "L’édition 2020 existe déjà." in upload(browser, raw)
    later = json.loads(raw)
    later["edition"]["first_year"] = 2027
    assert "Édition 2027 est importée" in upload(browser, json.dumps(later).encode())
    copy = Edition.objects.get(first_year=2027)
    assert copy.state == EditionState.DRAFT.value
    assert replace(queries.edition_input(copy), first_year=2020) == queries.edition_input(edition)
    later["effects"][0]["sentences"][0]["template"] = "Rien de {inconnu}."
    later["effects"][0]["title"] = ""
    later["edition"]["first_year"] = 2028
    text = upload(browser, json.dumps(later).encode())
    assert "$.effects[0].title" in text
    assert not Edition.objects.filter(first_year=2028).exists()


def test_edition_says_what_changes_since_the_one_before(browser, edition):
    assert "Ce qui change depuis" not in browser.get(change_url(edition)).content.decode()
    copy = copy_edition(edition=edition, first_year=2027)
    text = browser.get(change_url(copy)).content.decode()
    assert "Ce qui change depuis l’édition 2020" in text
    assert "les deux éditions demandent et disent la même chose" in text
    Effect.objects.filter(edition=copy, code="sante").update(title="Santé et soin")
    assert "Le titre était" in browser.get(change_url(copy)).content.decode()


def test_edition_files_are_for_admins(signed_in, edition, reviewer, db):
    for url in (
        reverse("admin:observations_edition_import"),
        reverse("admin:observations_edition_export", args=[edition.pk]),
    ):
        assert signed_in(None).get(url).status_code == 302
        assert signed_in(reviewer).get(url).status_code == 302
        assert signed_in(person("clerk", is_staff=True)).get(url).status_code == 403
        User.objects.filter(email="clerk@effets.example").delete()


def test_nothing_is_added_to_a_locked_edition(browser, edition):
    copy = copy_edition(edition=edition, first_year=2027)
    Edition.objects.filter(pk=edition.pk).update(state=EditionState.LOCKED.value)
    for model, name in (
        ("sentence", "effect"),
        ("category", "question"),
        ("category", "vocabulary"),
        ("effect", "edition"),
    ):
        page = browser.get(reverse(f"admin:observations_{model}_add"))
        offered = page.context["adminform"].form.fields[name].queryset
        editions = {queries.edition_of(row) for row in offered}
        assert editions == {copy}, (model, name)


def test_home_is_in_french_and_in_the_order_of_the_work(browser, signed_in, edition, db):
    page = browser.get(reverse("admin:index"))
    names = [app["name"] for app in page.context["app_list"]]
    assert names == ["Questionnaire", "Campagne", "Lieux", "Personnes"]
    text = page.content.decode()
    assert "Seconds facteurs" in text
    assert not re.search(r"Authenticators|User sessions|Groupes", text)
    assert browser.get(reverse("admin:app_list", args=["observations"])).status_code == 200
    assert "Édition en cours&nbsp;:" in text
    copy_edition(edition=edition, first_year=2099)
    assert "2099, en préparation." in browser.get(reverse("admin:index")).content.decode()
    Edition.objects.update(state=EditionState.DRAFT.value)
    assert "Aucune édition ne vaut" in browser.get(reverse("admin:index")).content.decode()
    clerk = signed_in(person("clerk", is_staff=True))
    assert "Aucune édition" not in clerk.get(reverse("admin:index")).content.decode()
    assert clerk.get(reverse("admin:index")).context["app_list"] == []


def test_pages_keep_their_queries_as_the_questionnaire_grows(browser, edition):
    effect = Effect.objects.get(code="sante")
    question = effect.questions.get()
    category = question.own_categories.first()
    urls = [change_url(row) for row in (edition, effect, question, category)]
    urls += [reverse(f"admin:observations_{name}_changelist") for name in ("category", "effect")]
    urls.append(reverse("admin:observations_category_life", args=[category.pk]))

    def counted() -> list[int]:
        found = []
        for url in urls:
            with CaptureQueriesContext(connection) as queried:
                assert browser.get(url).status_code == 200
            found.append(len(queried))
        return found

    counted()  # the first time, content types are read
    before = counted()
    for rank in range(5):
        row = Question.objects.create(effect=effect, code=f"q{rank}", kind="multiple", label="Q")
        for home in (row, question):
            Category.objects.bulk_create(
                Category(question=home, code=f"n{rank}-{n}", form_label="N", report_wording="n")
                for n in range(5)
            )
        Sentence.objects.create(effect=effect, passage=9, template=f"Dit entre {{q{rank}}}.")
    assert counted() == before


def test_every_field_to_fill_has_its_help_with_an_example(browser, edition):
    without, breakable = [], []
    for model in REGISTERED:
        page = browser.get(reverse(f"admin:observations_{model._meta.model_name}_add"))
        if page.status_code == 403:  # not made by hand
            continue
        forms = [page.context["adminform"].form]
        forms += [inline.formset.empty_form for inline in page.context["inline_admin_formsets"]]
        for form in forms:
            own = {field.name for field in form._meta.model._meta.get_fields()}
            for name, field in form.fields.items():
                is_filled = name in own and not field.widget.is_hidden and name != "password"
                if is_filled and "Exemple" not in str(field.help_text):
                    without.append((model.__name__, form._meta.model.__name__, name))
                if is_filled and re.search("« | [:;!?»]", str(field.help_text)):
                    breakable.append((model.__name__, name, field.help_text))
    assert not without
    assert not breakable


def test_a_code_is_not_changed_from_another_page_either(browser, edition):
    effect = Effect.objects.get(code="sante")
    save(browser, effect, questions__0__code="autre", questions__0__label="Autrement dit")
    question = effect.questions.get()
    assert (question.code, question.label) == ("effets", "Autrement dit")


def test_what_is_added_without_a_rank_comes_last(browser, edition):
    question = Question.objects.get(effect__code="sante")
    url = reverse("admin:observations_category_add")
    last = question.own_categories.last()
    data = {"question": question.pk, "code": "sommeil", "form_label": "Mieux dormir"}
    data |= {"report_wording": "mieux dormir", "position": 0}
    browser.post(url, data)
    added = Category.objects.get(code="sommeil")
    assert added.position == last.position + 1
    assert question.own_categories.last() == added


def test_admin_says_what_it_does_in_french(browser, edition):
    effect = Effect.objects.get(code="sante")
    pages = {
        reverse("admin:observations_effect_add"): "Ajouter\u00a0: effet",
        change_url(effect): "Modifier\u00a0: effet",
        reverse("admin:observations_effect_changelist"): "Choisir\u00a0: effet",
    }
    for url, title in pages.items():
        text = browser.get(url).content.decode()
        assert f"<h1>{title}</h1>" in text
        assert "supplémentaire" not in text


def test_french_of_the_admin_is_compiled_as_it_is_written():
    folder = Path(__file__).parent.parent / "impact_app/locale/fr/LC_MESSAGES"
    with (folder / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    written = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', (folder / "django.po").read_text(), re.M)
    assert len(written) > 9
    assert [(source, compiled.gettext(source)) for source, _ in written] == written


def test_a_row_stays_where_it_was_made(browser, edition):
    copy = copy_edition(edition=edition, first_year=2027)
    effect = Effect.objects.get(edition=edition, code="sante")
    question = effect.questions.get()
    category = question.own_categories.first()
    sentence = effect.sentences.first()
    other = Effect.objects.get(edition=edition, code="lien-social")
    moves = (
        (effect, "edition", copy.pk),
        (question, "effect", other.pk),
        (category, "question", other.questions.get(code="occasions").pk),
        (category, "vocabulary", Vocabulary.objects.get(edition=edition, code="publics").pk),
        (sentence, "effect", other.pk),
        (Vocabulary.objects.get(edition=edition, code="publics"), "edition", copy.pk),
    )
    for row, name, home in moves:
        before = getattr(row, f"{name}_id")
        save(browser, row, **{name: home})
        row.refresh_from_db()
        assert getattr(row, f"{name}_id") == before, (row, name)
