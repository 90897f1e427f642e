"""Bilan files: exact round trip, all or nothing, every problem with its path."""

import copy
import io
import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from observations import queries
from observations.composer.questionnaire.inputs import ObservationInput
from observations.enums import ObservationState
from observations.exceptions import ImportRefused, NotAllowedNow
from observations.exchange.bilan import read_bilan, write_bilan
from observations.exchange.generator import generated_bilan, generated_sites, read_words
from observations.exchange.questionnaire import read_questionnaire, write_questionnaire
from observations.exchange.reading import MAX_BYTES
from observations.models import AnnualReport, Answer, Category, Edition, Observation, Site, Tick
from observations.services.editions import copy_edition, create_edition, import_edition
from observations.services.importing import import_bilan
from observations.services.recording import save_observation, submit_report
from tests.questionnaire import LE_WIP, QUESTIONNAIRE, ROOT, shipped_edition

SHIPPED: dict[str, Any] = json.loads(LE_WIP.read_text())


def changed(path: str, value: Any) -> dict[str, Any]:
    """Le WIP's bilan with one thing changed; `...` removes it."""
    data = copy.deepcopy(SHIPPED)
    *parents, last = path.split("/")
    row = data
    for name in parents:
        row = row.setdefault(name, {})
    if value is ...:
        del row[last]
    else:
        row[last] = value
    return data


def raw(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def database() -> list[int]:
    return [model.objects.count() for model in (Site, AnnualReport, Observation, Answer, Tick)]


def problems(content: bytes, **options: bool) -> list[str]:
    before = database()
    with pytest.raises(ImportRefused) as refusal:
        import_bilan(bilan=read_bilan(content), **options)
    assert database() == before
    return [str(problem) for problem in refusal.value.problems]


def exported(slug: str = "le-wip", year: int = 2022) -> bytes:
    out = io.StringIO()
    call_command("export_bilan", slug, year, stdout=out)
    return out.getvalue().encode()


def test_round_trip_is_exact(le_wip):
    assert json.loads(exported()) == SHIPPED
    before = list(Observation.objects.values_list("pk", "version", "updated_at"))
    import_bilan(bilan=read_bilan(exported()), update=True)
    assert list(Observation.objects.values_list("pk", "version", "updated_at")) == before


def test_import_with_update_replaces_what_it_mentions(le_wip):
    data = changed("observations/sante/answers/effets", ["inconfort"])
    del data["observations"]["reseau"]
    data["site"]["city"] = "Caen"
    import_bilan(bilan=read_bilan(raw(data)), update=True)
    observations = queries.observations_of(le_wip)
    assert observations["sante"].answers == {"effets": ("inconfort",)}
    assert observations["reseau"].answers["types"] == ("projet",)
    assert Site.objects.get().city == "Caen"


@pytest.mark.parametrize(
    ("state", "answers"),
    [
        (ObservationState.OBSERVED, {"image": ("inchangee",), "type": ("identite",)}),
        (ObservationState.NOT_OBSERVED, {"image": ("positive",), "type": ("identite",)}),
    ],
)
def test_import_keeps_what_a_file_never_carries(le_wip, state, answers):
    """Answers that are kept but not said, and internal notes."""
    said = ObservationInput(state, answers)
    effect = le_wip.edition.effects.get(code="cadre-de-vie")
    save_observation(report=le_wip, effect=effect, said=said, internal_note="entre nous")
    carried = json.loads(exported())["observations"]["cadre-de-vie"]
    assert "type" not in carried["answers"]
    import_bilan(bilan=read_bilan(exported()), update=True)
    row = le_wip.observations.get(effect=effect)
    assert (row.internal_note, row.version) == ("entre nous", 1)
    assert queries.observations_of(le_wip)["cadre-de-vie"] == said


def test_absent_name_is_proposed(edition):
    data = changed("site/name_with_de", ...)
    import_bilan(bilan=read_bilan(raw(data)))
    assert Site.objects.get().name_with_de == "du WIP"


def test_dry_run_writes_nothing(edition):
    before = database()
    import_bilan(bilan=read_bilan(raw(SHIPPED)), dry_run=True)
    assert database() == before


SAID = "$.observations.sante.answers"


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("format", "effets-bilan/2", "$.format : valeur inconnue"),
        ("site", ..., "$.site : ce champ manque."),
        ("site/slug", "Le WIP", "$.site.slug : ce texte n’a pas la forme attendue."),
        ("site/slug", "admin", "$.site.slug : Cette adresse est réservée"),
        ("site/name", "", "$.site.name : trop long ou trop court."),
        ("site/postcode", "1446", "$.site.postcode : ce texte n’a pas la forme"),
        ("site/couleur", "bleu", "$.site.couleur : ce champ est inconnu."),
        ("year", "2022", "$.year : un nombre entier est attendu."),
        ("year", 1850, "$.year : nombre hors limites"),
        ("year", 2012, "$.year : aucun questionnaire n’est ouvert pour 2012."),
        ("inclusive_writing", "oui", "$.inclusive_writing : valeur inconnue"),
        ("scales", {"mondial": {}}, "$.scales.mondial : valeur inconnue"),
        ("scales/individuel/intensity", 6, "$.scales.individuel.intensity : nombre hors"),
        ("scales/individuel/intensity", 0, "$.scales.individuel.intensity : nombre hors"),
        ("scales/individuel/keywords", "a", "$.scales.individuel.keywords : une liste"),
        ("observations/magie", {}, "$.observations.magie : l’effet « magie » n’existe pas"),
        ("observations/sante/state", "vu", "$.observations.sante.state : valeur inconnue"),
        ("observations/sante/note", 3, "$.observations.sante.note : un texte est attendu."),
        ("observations/sante/note", "x" * 50_001, "$.observations.sante.note : trop long"),
        ("observations/sante/answers/x", "y", f"{SAID}.x : la question « x » n’existe pas"),
        ("observations/sante/answers/effets", "confiance", f"{SAID}.effets : une liste de codes"),
        ("observations/sante/answers/effets", ["x"], f"{SAID}.effets : la catégorie « x »"),
        ("observations/sante/answers/effets", [1], f"{SAID}.effets : une liste de codes"),
        ("observations/sante/answers/effets", ["a", "a"], f"{SAID}.effets : une catégorie est"),
        ("observations/sante/answers/effets", None, f"{SAID}.effets : une réponse est un code"),
        (
            "observations/lien-social/answers/frequence",
            ["quotidienne"],
            "$.observations.lien-social.answers.frequence : un seul code est attendu.",
        ),
        (
            "observations/cadre-de-vie/answers",
            {"image": "negative", "type": ["identite"]},
            "$.observations.cadre-de-vie.answers.type : cette question n’est pas posée",
        ),
        (
            "observations/insertion-professionnelle/answers/beneficiaires",
            12,
            "$.observations.insertion-professionnelle.answers.beneficiaires : une réponse est",
        ),
    ],
)
def test_problem_is_told_with_its_path(edition, path, value, expected):
    told = problems(raw(changed(path, value)))
    assert len(told) == 1
    assert told[0].startswith(expected)


@pytest.mark.parametrize(
    "count",
    [
        {"value": -3},
        {"value": 1.5},
        {"value": "12"},
        {"value": True},
        {"value": 10**7},
        {"approximate": True},
        {"value": 1, "approximate": "oui"},
        {"value": 1, "period": "mois"},
        {"value": 1, "unit": "x"},
    ],
)
def test_impossible_count_is_refused(edition, count):
    path = "observations/insertion-professionnelle/answers/beneficiaires"
    assert len(problems(raw(changed(path, count)))) == 1


def test_count_without_a_period_refuses_one(edition):
    path = "observations/insertion-professionnelle/answers/beneficiaires"
    told = problems(raw(changed(path, {"value": 1, "period": "an"})))
    assert told == [f"$.{path.replace('/', '.')}.period : ce nombre ne se compte pas par période."]


def test_report_is_updated_with_the_edition_it_was_recorded_in(le_wip):
    newer = copy_edition(edition=le_wip.edition, first_year=2022)
    newer.effects.filter(code="sante").delete()
    newer.state = "open"
    newer.save()
    import_bilan(bilan=read_bilan(raw(changed("observations/sante/note", "Mieux."))), update=True)
    assert queries.observations_of(le_wip)["sante"].note == "Mieux."
    other = changed("site/slug", "autre")
    assert problems(raw(other))[0].startswith("$.observations.sante : l’effet « sante » n’existe")


def test_every_problem_is_told_at_once(edition):
    data = changed("observations/magie", {})
    data["observations"]["sante"]["answers"] = {"effets": ["x"], "y": "z"}
    assert len(problems(raw(data))) == 3


def test_known_site_needs_update(le_wip):
    assert "ajoutez --update" in problems(raw(SHIPPED))[0]


def test_submitted_report_is_not_updated(le_wip, manager):
    submit_report(report=le_wip, by=manager)
    assert "il ne se modifie plus" in problems(raw(SHIPPED), update=True)[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "JSON lisible (ligne 1, colonne 1)"),
        (LE_WIP.read_bytes()[:900], "JSON lisible"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "« c » est écrite deux fois"),
        (b'{"a": NaN}', "« NaN » n’est pas un nombre"),
        (b'{"a": ' + b"9" * 5000 + b"}", "nombre démesuré"),
        (b"[" * 100_000, "trop profondément"),
        (b'{"a": "\\ud800"}', "caractère incomplet"),
        (b" " * (MAX_BYTES + 1), "5 Mo"),
        (b"[]", "un objet est attendu"),
        (b'"le-wip"', "un objet est attendu"),
    ],
)
def test_hostile_file_is_refused(db, content, sentence):
    told = problems(content)
    assert len(told) == 1
    assert told[0].startswith("$ : ")
    assert sentence in told[0]


def test_hidden_characters_are_cleaned(edition):
    data = changed("observations/sante/note", "a\x00b\u0007 e\u0301")
    data["site"]["name"] = "Le\nWIP\x00"
    import_bilan(bilan=read_bilan(raw(data)))
    assert Observation.objects.get(effect__code="sante").note == "ab é"
    assert Site.objects.get().name == "Le WIP"


def test_byte_order_mark_is_accepted(edition):
    import_bilan(bilan=read_bilan(b"\xef\xbb\xbf" + raw(SHIPPED)))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
places = st.sampled_from(
    [
        "format",
        "site",
        "site/slug",
        "site/name",
        "year",
        "scales",
        "scales/individuel",
        "observations",
        "observations/sante",
        "observations/sante/answers",
        "observations/sante/answers/effets",
        "observations/sante/note",
    ]
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None
)
@given(path=places, value=anything)
def test_whatever_a_file_holds_it_is_imported_or_refused(edition, path, value):
    with suppress(ImportRefused):
        import_bilan(bilan=read_bilan(raw(changed(path, value))), dry_run=True)


def test_commands_report_each_file(edition, tmp_path, capsys):
    bad = tmp_path / "bad.json"
    bad.write_bytes(raw(changed("year", "x")))
    call_command("import_bilan", str(LE_WIP), "--dry-run")
    assert "peut être importé" in capsys.readouterr().out
    with pytest.raises(CommandError, match="2 fichier"):
        call_command("import_bilan", str(bad), str(tmp_path / "none.json"), str(LE_WIP))
    said = capsys.readouterr()
    assert "$.year" in said.err
    assert "Le WIP 2022 importé." in said.out
    with pytest.raises(CommandError, match="Aucun rapport"):
        call_command("export_bilan", "le-wip", 1999)


def test_export_leaves_out_what_is_not_answered(le_wip):
    data = json.loads(write_bilan(queries.report_inputs(le_wip)))
    assert "egalite" not in data["observations"]
    assert "type" not in data["observations"]["innovation"]["answers"]


def test_questionnaire_is_loaded_once(db, capsys):
    call_command("load_questionnaire", QUESTIONNAIRE)
    call_command("load_questionnaire", QUESTIONNAIRE)
    assert "rien n’est changé" in capsys.readouterr().out
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    ("effect", "field", "value", "path"),
    [
        (
            1,
            "sentences",
            [{"passage": 1, "template": "{x}."}],
            "$.effects[1].sentences[0].template",
        ),
        (
            0,
            "questions",
            [{"code": "q", "kind": "multiple", "label": "?", "vocabulary": "x"}],
            "$.effects[0].questions[0].vocabulary",
        ),
    ],
)
def test_questionnaire_that_cannot_be_said_is_refused(db, tmp_path, effect, field, value, path):
    data = json.loads(QUESTIONNAIRE.read_text())
    data["effects"][effect][field] = value
    with pytest.raises(ImportRefused) as refusal:
        read_questionnaire(raw(data))
    assert refusal.value.problems[0].path == path
    file = tmp_path / "q.json"
    file.write_bytes(raw(data))
    with pytest.raises(CommandError):
        call_command("load_questionnaire", file)


def test_questionnaire_wording_that_cannot_agree_is_refused():
    data = json.loads(QUESTIONNAIRE.read_text())
    data["effects"][1]["questions"][0]["categories"][0]["report_wording"] = "[x: a / b]"
    with pytest.raises(ImportRefused) as refusal:
        read_questionnaire(raw(data))
    assert refusal.value.problems[0].path == "$.effects[1].questions[0]"


def has_all(written: object, file: object) -> bool:
    """What a file leaves out may be said; what it says is there."""
    match file:
        case dict():
            return all(name in written and has_all(written[name], file[name]) for name in file)
        case list():
            return len(written) == len(file) and all(map(has_all, written, file))
    return written == file


def test_all_that_a_file_says_travels():
    """Also what the shipped questionnaire does not use; reading twice would hide what reading loses."""
    file = json.loads(QUESTIONNAIRE.read_text())
    effect = next(
        row for row in file["effects"] if len(row["questions"][0].get("categories", ())) > 1
    )
    question = effect["questions"][0]
    first, second = question["categories"][:2]
    first |= {"retired": True, "successors": [second["code"]]}
    effect |= {"origin": "network"}
    raw = json.dumps(file).encode()
    assert has_all(json.loads(write_questionnaire(read_questionnaire(raw))), file)


def test_edition_is_written_and_read_back_exactly(edition):
    whole = shipped_edition()
    assert read_questionnaire(write_questionnaire(whole)) == whole
    kept = queries.edition_input(edition)
    assert read_questionnaire(write_questionnaire(kept)) == kept


def spoilt(change) -> bytes:
    data = json.loads(write_questionnaire(shipped_edition()))
    change(data)
    return json.dumps(data).encode()


def child_question(data) -> dict:
    return next(q for e in data["effects"] for q in e["questions"] if q.get("parent"))


def effect_of(data, code: str) -> dict:
    return next(row for row in data["effects"] if row["code"] == code)


def ask_after(data, effect: str, question: str, parent: str, *codes: str) -> None:
    rows = effect_of(data, effect)["questions"]
    row = next(row for row in rows if row["code"] == question)
    row["parent"] = {"question": parent, "categories": list(codes)}


def counting_question(data) -> dict:
    return next(q for e in data["effects"] for q in e["questions"] if q["kind"] == "count")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data["effects"].append(data["effects"][0]), "donné 2 fois"),
        (lambda data: data["vocabularies"].append(data["vocabularies"][0]), "donné 2 fois"),
        (
            lambda data: data["vocabularies"][0]["categories"].append(
                data["vocabularies"][0]["categories"][0]
            ),
            "donné 2 fois",
        ),
        (
            lambda data: data["effects"][0]["questions"].append(data["effects"][0]["questions"][0]),
            "donné 2 fois",
        ),
        (
            lambda data: data["effects"][1]["questions"][0]["categories"].append(
                data["effects"][1]["questions"][0]["categories"][0]
            ),
            "donné 2 fois",
        ),
        (
            lambda data: data["vocabularies"][0]["categories"][0].update(successors=["x"]),
            "devient un code inconnu",
        ),
        (lambda data: child_question(data)["parent"].update(question="x"), "est inconnue"),
        (lambda data: child_question(data)["parent"].update(categories=["x"]), "est inconnue"),
        (lambda data: counting_question(data).pop("unit"), "un nombre a une unité"),
        (lambda data: data["effects"][0].update(title="x" * 121), "trop long"),
        (lambda data: data["effects"][0].update(title="x\0y"), "caractère nul"),
        (
            lambda data: ask_after(data, "cadre-de-vie", "image", "type", "identite"),
            r"questions\[0\] : .*s’attendraient en boucle",
        ),
        (
            lambda data: ask_after(data, "cadre-de-vie", "image", "image", "positive"),
            "serait posée après elle-même",
        ),
        (
            lambda data: ask_after(data, "capacite-a-agir", "porteurs", "projets"),
            "serait posée après un nombre",
        ),
        (
            lambda data: ask_after(data, "cadre-de-vie", "type", "image"),
            "serait posée après une réponse que",
        ),
        (
            lambda data: effect_of(data, "sante")["sentences"][1].update(template_full="{effets+}"),
            r"sentences\[1\]\.template_full : .*pas les mêmes réponses",
        ),
        (
            lambda data: effect_of(data, "egalite")["questions"][0].update(subject_full="[ici"),
            "se dit tel quel",
        ),
        (
            lambda data: data["vocabularies"][0]["categories"][0].update(report_wording="{x}"),
            r"vocabularies\[0\]\.categories\[0\] : Un vocabulaire partagé",
        ),
        *(
            (
                lambda data, name=name: effect_of(data, "sante")["questions"][0]["categories"][
                    0
                ].update({name: " \u00a0"}),
                rf"{name} : trop long ou trop court",
            )
            for name in ("form_label", "report_wording")
        ),
        (lambda data: data["effects"][0].update(not_observed="  "), "trop court"),
        (lambda data: data["effects"][0]["sentences"][0].update(template=" "), "trop court"),
        (lambda data: counting_question(data)["unit"].update(singular=" "), "trop court"),
    ],
)
def test_edition_that_could_not_be_kept_is_refused(change, said):
    with pytest.raises(ImportRefused, match=said):
        read_questionnaire(spoilt(change))


def test_spaces_around_words_are_left_out_as_the_admin_does():
    def add(data) -> None:
        effect_of(data, "sante")["sentences"][0]["template_full"] = "  "
        effect_of(data, "sante")["questions"][0]["categories"][0]["report_wording_full"] = " "
        effect_of(data, "sante")["title"] = " Santé\u00a0"

    assert read_questionnaire(spoilt(add)) == shipped_edition()


def test_an_edition_keeps_its_parents_whatever_their_rank(edition):
    given = queries.edition_input(edition)
    effects = tuple(replace(row, questions=row.questions[::-1]) for row in given.effects)
    moved = replace(given, effects=effects, first_year=2030)
    assert queries.edition_input(create_edition(edition=moved)) == moved
    assert read_questionnaire(write_questionnaire(moved)) == moved


def ask_image_after_a_third(edition) -> None:
    """A grandparent, and every question above what opens it."""
    effect = edition.effects.get(code="cadre-de-vie")
    first = effect.questions.create(code="avis", kind="single", label="Un avis ?", position=90)
    opening = Category.objects.create(
        question=first, code="oui", form_label="Oui", report_wording="oui"
    )
    effect.questions.get(code="image").parent_categories.add(opening)
    effect.questions.filter(code="type").update(position=1)
    effect.questions.filter(code="image").update(position=2)


def test_a_file_answers_only_what_is_asked_whatever_the_rank(edition):
    ask_image_after_a_third(edition)
    path = "observations/cadre-de-vie/answers"
    answers = {"type": ["identite"], "image": "positive"}
    told = problems(raw(changed(path, answers)))
    assert [problem.split("\u00a0:")[0] for problem in told] == [
        f"$.observations.cadre-de-vie.answers.{code} : cette question n’est pas posée"
        for code in answers
    ]
    assert told[1].endswith("elle dépend de ce qui est répondu à «\u00a0avis\u00a0».")
    assert len(problems(raw(changed(path, {**answers, "type": []})))) == 1
    import_bilan(bilan=read_bilan(raw(changed(path, {**answers, "avis": "oui"}))))
    said = json.loads(exported())["observations"]["cadre-de-vie"]["answers"]
    assert said == {**answers, "avis": "oui"}
    assert said.keys() == generated_answers(edition, "cadre-de-vie")


def generated_answers(edition, code: str) -> set[str]:
    """The questions that a made-up site answers, over a hundred sites."""
    words = read_words(json.loads((ROOT / "fixtures/generator.json").read_text()))
    effects = queries.edition_effects(edition, code)
    found: set[str] = set()
    for seed in range(100):
        (site,) = generated_sites(words, 1, seed)
        found |= generated_bilan(words, effects, site, 2022, seed).answers[code].keys()
    return found


def test_edition_of_a_year_that_has_one_is_refused(edition):
    with pytest.raises(NotAllowedNow, match="existe déjà"):
        import_edition(edition=shipped_edition())
