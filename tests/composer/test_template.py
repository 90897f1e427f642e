from contextlib import nullcontext
from dataclasses import replace

import pytest

from observations.composer.compose import compose_effect
from observations.composer.questionnaire.inputs import (
    CategoryInput,
    Count,
    ObservationInput,
    QuestionInput,
    SentenceInput,
    Wording,
)
from observations.composer.questionnaire.template import (
    POLARITIES,
    Agreement,
    Slot,
    check_plain,
    check_sentence,
    check_shared_wording,
    check_wording,
    named,
    parse,
    tokens_of,
)
from observations.enums import InclusiveWriting, Layout, Polarity, QuestionKind
from observations.exceptions import FullFormError, TemplateError
from tests.questionnaire import shipped_effect


def sentence(template: str, layout: Layout = Layout.INLINE, full: str = "") -> SentenceInput:
    return SentenceInput(1, Wording(template, full), layout)


def test_parse_reads_slots_and_agreements():
    assert parse("a {b} c {d-e+|de} [f: g / h] {i:0}{j=}{k-}[l-:m/n].") == (
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
        Agreement(Slot("l", Polarity.NEGATIVE), "m", "n"),
        ".",
    )


@pytest.mark.parametrize(
    ("effect", "template", "reason"),
    [
        ("sante", "Rien du tout.", "au moins une réponse"),
        ("sante", "Ici {publics}.", "« {publics} » est inconnu de l’effet « Santé »"),
        ("sante", "Ici {effets}.", "mélangerait des effets positifs et négatifs"),
        ("sante", "Ici {effets+", "vérifiez ce qui entoure « { »"),
        ("sante", "{effets-} ou ] là ", "« ou ] là » ne se lit pas"),
        ("sante", "Ici {effets+|pour}.", "« |pour » est inconnu"),
        ("sante", "Ici {effets+:oui}.", "ne se lit pas"),
        ("sante", "Ici {effets:oui}.", "est inconnu de l’effet"),
        ("sante", "Ici {effets+} [autre: a / b].", "« {autre} » est inconnu"),
        ("egalite", "Ici {parite:jamais}.", "« {parite:jamais} » est inconnu"),
        ("insertion-professionnelle", "Ici {effets:0}.", "est inconnu"),
        ("lien-social", "Ici {publics:voisins}.", "« {publics:voisins} » ne dirait rien"),
        ("egalite", "Ici {publics:voisins}.", "« {publics:voisins} » est inconnu"),
        ("egalite", "Ici {publics:plus}.", "« {publics:plus} » est inconnu"),
        ("capacite-a-agir", "Ici {projets:5}.", "Écrivez {projets}, ou {projets:0} quand il est"),
        ("capacite-a-agir", "Ici {projets+}.", "« {projets+} » ne se lit pas"),
        ("lien-social", "Ici {publics} et {publics|de}.", "« {publics} » redit une réponse"),
        ("egalite", "Ici {parite:plus}, {gestion}.", "« {gestion} » redit une réponse"),
    ],
)
def test_sentence_that_cannot_be_said_is_refused_with_the_reason(effect, template, reason):
    with pytest.raises(TemplateError) as refusal:
        check_sentence(sentence(template), shipped_effect(effect))
    assert reason in str(refusal.value).replace("\u00a0", " ")


@pytest.mark.parametrize(
    "template",
    ["Entre {publics}.", "Entre {publics} :", "{publics}", "À {publics} : [publics: lui / eux]"],
)
def test_bullets_end_with_a_colon_and_their_list(template):
    with pytest.raises(TemplateError, match="liste à puces"):
        check_sentence(sentence(template, Layout.BULLETS), shipped_effect("lien-social"))


@pytest.mark.parametrize(
    ("effect", "short", "full", "reason"),
    [
        ("sante", "{effets+}", "{autre}", "« {autre} » est inconnu"),
        ("sante", "{effets+}", "{effets-}", "{effets+} y manque ; {effets-} y est en trop."),
        ("sante", "{effets+}", "{effets+} et {effets-}", ": {effets-} y est en trop."),
        ("egalite", "{parite:plus}", "{parite:moins}", "{parite:plus} y manque ; {parite:moins}"),
        ("reseau", "{types} : {publics}", "{types}", ": {publics} y manque."),
        ("capacite-a-agir", "{projets}", "{projets:0}", "{projets} y manque ; {projets:0} y est"),
        (
            "lien-social",
            "{publics}, {occasions}",
            "{frequence}",
            "{publics} et {occasions} y manquent ; {frequence} y est en trop.",
        ),
    ],
)
def test_full_form_that_says_other_answers_is_refused(effect, short, full, reason):
    with pytest.raises(FullFormError) as refusal:
        check_sentence(sentence(f"Ici {short}.", full=f"Ici {full}."), shipped_effect(effect))
    assert reason in str(refusal.value).replace("\u00a0", " ").replace("\u202f", " ")


def test_full_form_may_order_introduce_and_agree_otherwise():
    full = "Ici [types: un / des] {publics} et {types}."
    said = sentence("Ici {types|de} et {publics}.", full=full)
    check_sentence(said, shipped_effect("reseau"))
    assert tokens_of(said.template, InclusiveWriting.FULL) == parse(full)


@pytest.mark.parametrize(
    ("effect", "template", "answers"),
    [
        ("sante", Wording("Ici {effets+}.", "Là {effets-}."), {"effets": ("confiance",)}),
        ("sante", Wording("Ici {effets+}.", "Là {autre}."), {"effets": ("confiance",)}),
        ("sante", Wording("Ici {autre}."), {"effets": ("confiance",)}),
        ("egalite", Wording("Ici {publics:plus}."), {"publics": ("plus",)}),
        ("capacite-a-agir", Wording("Ici {projets:5}."), {"projets": Count(5)}),
    ],
)
def test_what_was_kept_before_it_was_refused_spoils_no_page(effect, template, answers):
    """The short form is said in its place, or nothing."""
    known = replace(shipped_effect(effect), sentences=(SentenceInput(1, template),))
    said = ObservationInput(answers=answers)
    texts = [compose_effect(known, said, writing) for writing in InclusiveWriting]
    assert texts[0] == texts[1]


def test_count_named_as_a_vocabulary_says_no_code_of_it():
    effect = shipped_effect("egalite")
    count = replace(shipped_effect("capacite-a-agir").questions[0], code="parite")
    both = replace(effect, questions=(*effect.questions, count))
    check_sentence(sentence("Ici {parite:0}."), both)
    with pytest.raises(TemplateError, match="est un nombre"):
        check_sentence(sentence("Ici {parite:plus}."), both)


def test_question_that_does_not_say_what_it_is_about_is_not_said_as_nothing():
    effect = shipped_effect("egalite")
    first, *others = effect.questions
    known = replace(effect, questions=(replace(first, subject=Wording("")), *others))
    check_sentence(sentence("Ici {parite:plus}."), known)
    said = ObservationInput(answers={row.code: ("plus",) for row in effect.questions[:2]})
    section = compose_effect(known, said, InclusiveWriting.FULL)
    assert [passage.text for passage in section.passages] == [
        "Les femmes sont plus nombreuses que les hommes dans les instances de direction."
    ]


def answering(code: str, vocabulary: str) -> QuestionInput:
    """A question with one answer of each polarity, which says of what."""
    rows = zip(("oui", "non", "bof"), POLARITIES.values(), strict=True)
    found = tuple(CategoryInput(row, row, Wording(row), polarity) for row, polarity in rows)
    return QuestionInput(
        code,
        QuestionKind.SINGLE,
        code,
        categories=found,
        vocabulary=vocabulary,
        subject=Wording(f"à {code}"),
    )


@pytest.mark.parametrize(
    ("template", "says_twice"),
    [
        ("{n} et {n}", True),
        ("{n} et {n:0}", False),  # one of them is never printed
        ("{n} et {b}", False),
        ("{b} et {b}", True),
        ("{b} et {w}", False),
        ("{b+} et {b-}", False),
        ("{b+} et {b}", True),
        ("{v:oui} et {v:oui}", True),
        ("{v:oui} et {v:non}", False),
        ("{v:oui} et {w:oui}", False),
        ("{v:oui} et {a}", True),
        ("{v:oui} et {v}", False),  # a vocabulary, and a question of the same name
        ("{w:oui} et {w}", True),
    ],
)
def test_each_answer_is_said_once(template, says_twice):
    count = replace(shipped_effect("capacite-a-agir").questions[0], code="n")
    asked = [answering(*codes) for codes in (("a", "v"), ("v", "w"), ("b", "w"), ("w", "w"))]
    effect = replace(shipped_effect("sante"), questions=(count, *asked))
    with pytest.raises(TemplateError, match="redit") if says_twice else nullcontext():
        check_sentence(sentence(template), effect)


@pytest.mark.parametrize(
    ("short", "full", "questions", "vocabularies"),
    [
        ("Rien.", "", "", ""),
        ("{a} et {b:0}", "", "ab", ""),
        ("{v:oui} [c: a / b]", "", "c", "v"),
        ("{a}", "{b+} et {w:non}", "ab", "w"),
    ],
)
def test_a_sentence_names_what_either_form_is_about(short, full, questions, vocabularies):
    assert named(Wording(short, full)) == (set(questions), set(vocabularies))


@pytest.mark.parametrize("sign", "{}[]")
def test_what_is_said_as_it_is_written_has_no_sign_of_a_template(sign):
    check_plain("personne(s) – à 100 %")
    with pytest.raises(TemplateError) as refusal:
        check_plain(f"a{sign}b[")
    told = f"« a{sign}b[ » se dit tel quel : « {sign} » n’y a pas de sens."
    assert str(refusal.value).replace("\u00a0", " ") == told


@pytest.mark.parametrize(
    "wording", ["de {effets}", "accordé[effets: e", "[effets: / s]", "{x}", " ", " [effets: /s]"]
)
def test_wording_that_cannot_be_said_is_refused(wording):
    with pytest.raises(TemplateError):
        check_wording(wording, shipped_effect("insertion-professionnelle"))


def test_wording_may_agree_with_a_count_of_its_effect():
    check_wording("suivi[beneficiaires:e/es]", shipped_effect("insertion-professionnelle"))
    with pytest.raises(TemplateError):
        check_wording("suivi[beneficiaires:e/es]", shipped_effect("sante"))


@pytest.mark.parametrize("wording", ["[publics: a / b]", "de {publics}", "a[publics: / s]"])
def test_shared_wording_agrees_with_nothing(wording):
    check_shared_wording("des voisin·e·s")
    with pytest.raises(TemplateError, match="Un vocabulaire partagé"):
        check_shared_wording(wording)


def test_every_shipped_sentence_is_accepted():
    for code in ("lien-social", "egalite", "capacite-a-agir"):
        effect = shipped_effect(code)
        for each in effect.sentences:
            check_sentence(each, replace(effect, title="Autre"))
