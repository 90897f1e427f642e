"""Years side by side: what was not asked is never said to be new, and counts have their table."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from observations.composer.comparing.years import BAR_MAX, changes_since, series_of
from observations.composer.compose import compose
from observations.composer.language.french import typography
from observations.composer.questionnaire.inputs import Count, ObservationInput, Wording
from observations.composer.saying.data import EffectData, effect_data
from observations.composer.saying.document import from_json, to_json
from observations.enums import ObservationState
from observations.rendering.text import render_text
from tests.composer.test_document import le_wip
from tests.questionnaire import shipped_effect

LINK = shipped_effect("lien-social")
WORK = shipped_effect("insertion-professionnelle")


def without(effect, question: str):
    return replace(effect, questions=tuple(q for q in effect.questions if q.code != question))


def counted(value: int, *, about: bool = False, period: str = "") -> ObservationInput:
    return ObservationInput(answers={"beneficiaires": Count(value, about, period)})


def test_what_was_not_asked_is_not_new():
    then = ObservationInput(answers={"publics": ("voisins",)})
    now = replace(then, answers={**then.answers, "frequence": ("quotidienne",)})
    asked_less = effect_data(without(LINK, "frequence"), then)
    changes = changes_since(LINK, asked_less, now, 2021)
    (label,) = [typography(q.label) for q in LINK.questions if q.code == "frequence"]
    assert (changes.new, changes.unasked) == ((), (label,))
    assert ("Pas encore demandé en 2021", label) in changes.told
    unanswered = changes_since(LINK, asked_less, then, 2021)
    assert unanswered.unasked == ()
    gone = changes_since(without(LINK, "frequence"), effect_data(LINK, now), then, 2021)
    assert gone.gone == (label,)
    assert ("N’est plus demandé", label) in gone.told


def offering(*codes: str):
    """« Lien social » whose occasions are only these; the others are retired."""
    first, occasions, *rest = LINK.questions
    rows = (replace(row, retired=row.code not in codes) for row in occasions.categories)
    return replace(LINK, questions=(first, replace(occasions, categories=tuple(rows)), *rest))


def test_an_answer_that_was_not_offered_is_not_new():
    then = effect_data(offering("evenements"), said("evenements"))
    changes = changes_since(LINK, then, said("evenements", "temps-rencontre"), 2021)
    assert (changes.new, len(changes.unasked)) == ((), 1)
    unknown = replace(then, questions=tuple(replace(q, offered=None) for q in then.questions))
    assert len(changes_since(LINK, unknown, said("temps-rencontre"), 2021).new) == 1


def test_a_retired_answer_is_no_longer_asked():
    then = effect_data(LINK, said("evenements", "temps-rencontre"))
    changes = changes_since(offering("evenements"), then, said("evenements"), 2021)
    assert (changes.ended, len(changes.gone)) == ((), 1)


def said(*codes: str) -> ObservationInput:
    return ObservationInput(answers={"occasions": codes})


def test_a_silent_answer_to_a_new_question_stays_silent():
    equality = shipped_effect("egalite")
    then = effect_data(
        without(equality, "gestion"), ObservationInput(answers={"publics": ("plus",)})
    )
    now = ObservationInput(answers={"publics": ("plus",), "gestion": ("ne-sait-pas",)})
    assert changes_since(equality, then, now, 2021).unasked == ()
    counted_now = changes_since(
        WORK, effect_data(without(WORK, "beneficiaires"), work()), work(3), 1
    )
    assert len(counted_now.unasked) == 1


def work(value: int | None = None) -> ObservationInput:
    answers = {"effets": ("diplomes",)}
    return ObservationInput(answers=answers if value is None else answers | counted(value).answers)


def test_an_effect_that_was_not_asked_says_so():
    inputs = le_wip()
    past = {effect.code: effect_data(effect, None) for effect in inputs.effects}
    del past["sante"]
    document = compose(replace(inputs, past={inputs.year - 1: past}))
    (health,) = [e for s in document.scales for e in s.effects if e.code == "sante"]
    assert health.changes.notes == ("Cet effet n’était pas encore demandé en 2021.",)
    assert compose(replace(inputs, past={inputs.year - 1: {}})) == compose(inputs)


def past_of(*said_by_year: ObservationInput | None) -> dict[int, dict[str, EffectData]]:
    return {
        2019 + rank: {} if said is None else {WORK.code: effect_data(WORK, said)}
        for rank, said in enumerate(said_by_year)
    }


def test_counts_are_told_year_after_year_with_what_is_missing():
    looked_for = ObservationInput(ObservationState.NOT_OBSERVED)
    hidden = replace(counted(7), is_public=False)
    past = past_of(counted(40), None, looked_for, hidden, ObservationInput(), counted(0))
    (series,) = series_of(WORK, counted(20, about=True), 2025, past)
    assert [(point.year, point.said, point.bar) for point in series.points] == [
        (2019, "40", BAR_MAX),
        (2020, "Question non posée cette année-là", None),
        (2021, "Cherché et non observé", None),
        (2022, "Observé, mais non publié", None),
        (2023, "Non renseigné", None),
        (2024, "0", 0),
        (2025, "environ 20", BAR_MAX // 2),
    ]
    assert series.is_comparable
    assert series_of(WORK, ObservationInput(), 2025, past_of(counted(40))) == ()


def test_counts_that_are_not_counted_the_same_way_are_not_drawn():
    past = past_of(counted(40, period="an"))
    assert not series_of(WORK, counted(20), 2025, past)[0].is_comparable
    (count, *rest) = WORK.questions
    renamed = replace(count, unit=replace(count.unit, plural="bénéficiaires"))
    other = replace(WORK, questions=(renamed, *rest))
    assert not series_of(other, counted(20), 2025, past_of(counted(40)))[0].is_comparable


@given(st.lists(st.integers(0, 999_999), min_size=2, max_size=10))
def test_bars_are_in_the_order_of_the_counts(values):
    *before, last = map(counted, values)
    (series,) = series_of(WORK, last, 2030, past_of(*before))
    bars = [point.bar for point in series.points]
    assert max(bars) in (0, BAR_MAX)
    assert [bar > 0 for bar in bars] == [value > 0 for value in values]
    ordered = sorted(zip(values, bars, strict=True))
    assert [bar for _, bar in ordered] == sorted(bars)


def test_a_report_keeps_its_series_and_says_it_in_words():
    inputs = le_wip()
    past = {2021: {WORK.code: effect_data(WORK, counted(12))}}
    observations = inputs.observations | {WORK.code: counted(20)}
    document = compose(replace(inputs, observations=observations, past=past))
    assert from_json(to_json(document)) == document
    assert "Nombre de personnes\u00a0: 2021, 12 ; 2022, 20" in render_text(document)


def test_wording_changes_do_not_make_anything_new():
    then = effect_data(LINK, said("evenements"))
    first, occasions, *rest = LINK.questions
    rows = tuple(
        replace(row, form_label="Reformulée", wording=Wording("autrement"))
        for row in occasions.categories
    )
    reworded = replace(LINK, questions=(first, replace(occasions, categories=rows), *rest))
    changes = changes_since(reworded, then, said("evenements"), 2021)
    assert (changes.new, changes.continued) == ((), ("Reformulée",))
