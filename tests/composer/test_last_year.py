"""Last year beside this year: nothing is copied unread, ticks and verdicts never contradict."""

import random
from dataclasses import replace

import pytest

from observations.composer.comparing.compare import (
    changed_words,
    differences,
    merge,
    with_known_codes,
)
from observations.composer.comparing.last_year import last_items, settle
from observations.composer.comparing.snapshot import read, write
from observations.composer.comparing.years import changes_since
from observations.composer.compose import compose
from observations.composer.questionnaire.completeness import (
    is_placeholder,
    missing_from,
    progress_of,
)
from observations.composer.questionnaire.inputs import Count, Entry, ObservationInput
from observations.composer.saying.data import effect_data
from observations.composer.saying.document import Changes, from_json, to_json
from observations.enums import Keep, ObservationState, Progress, Since
from observations.rendering.text import render_text
from tests.composer.test_document import year
from tests.questionnaire import shipped_effect

LINK = shipped_effect("lien-social")
ACT = shipped_effect("capacite-a-agir")
PUBLICS = ("visiteurs", "voisins")
BEFORE = ObservationInput(answers={"publics": PUBLICS, "frequence": ("hebdomadaire",)})
EMPTY = ObservationInput()
VOISINS = ("publics", "voisins")


def settled(typed: ObservationInput, now: ObservationInput = EMPTY, **verdicts) -> ObservationInput:
    """`verdicts` by category; a page shown on `now`, then answered."""
    items = last_items(LINK, BEFORE, now)
    chosen = {item.key: verdicts.get(item.category, item.verdict) for item in items}
    return settle(items, chosen, BEFORE, typed)


def test_items_are_last_years_answers_unread():
    items = last_items(LINK, BEFORE, EMPTY)
    assert [(item.key, item.verdict) for item in items] == [
        (("publics", "visiteurs"), None),
        (VOISINS, None),
        (("frequence", "hebdomadaire"), None),
    ]
    assert settled(EMPTY) == EMPTY


def test_nothing_was_said_of_an_effect_that_was_not_observed():
    assert last_items(LINK, replace(BEFORE, state=ObservationState.NOT_OBSERVED), EMPTY) == []


def test_still_true_ticks_and_ended_unticks():
    still = settled(EMPTY, voisins=Since.STILL, hebdomadaire=Since.STILL)
    assert still.answers == {"publics": ("voisins",), "frequence": ("hebdomadaire",)}
    assert still.since == {}
    ended = settled(still, still, voisins=Since.ENDED)
    assert ended.answers == {"frequence": ("hebdomadaire",)}
    assert ended.since == {VOISINS: Since.ENDED}


def test_tick_wins_over_a_verdict_that_did_not_move():
    ended = settled(EMPTY, voisins=Since.ENDED)
    ticked = replace(ended, answers={"publics": ("voisins",)})
    assert settled(ticked, ended).since == {}
    unticked = settled(EMPTY, replace(EMPTY, answers={"publics": ("voisins",)}))
    assert unticked.answers == {}


def test_changed_is_kept_and_moves_nothing():
    changed = settled(EMPTY, voisins=Since.CHANGED)
    assert (changed.answers, changed.since) == ({}, {VOISINS: Since.CHANGED})
    assert last_items(LINK, BEFORE, changed)[1].verdict is Since.CHANGED


def test_count_can_be_confirmed():
    before = ObservationInput(answers={"projets": Count(5, True, "an")})
    (item,) = last_items(ACT, before, EMPTY)
    assert item.label == "environ 5\u00a0nouveaux projets ou actions par an"
    assert settle([item], {item.key: Since.STILL}, before, EMPTY).answers == before.answers
    assert last_items(ACT, before, before)[0].verdict is Since.STILL
    assert not item.question.carries_over


def test_answers_and_verdicts_never_contradict():
    """Whatever is ticked and chosen in whatever order, nothing is both ticked and ended."""
    chance = random.Random(1)
    codes = [category.code for category in LINK.questions[0].categories]
    now = EMPTY
    for _ in range(2000):
        ticks = tuple(code for code in codes if chance.random() < 0.4)
        typed = replace(now, answers={"publics": ticks} if ticks else {})
        verdicts = {
            code: chance.choice([None, *Since]) for code in PUBLICS if chance.random() < 0.5
        }
        now = settled(typed, now, **verdicts)
        kept = now.answers.get("publics", ())
        assert not [code for code in kept if now.since.get(("publics", code)) is Since.ENDED]
        assert set(ticks) - set(kept) <= {c for c, v in verdicts.items() if v is Since.ENDED}
        assert read(write(now)) == now


def test_report_says_what_is_new_continued_and_over():
    now = ObservationInput(
        answers={"publics": ("voisins", "benevoles"), "occasions": ("evenements",)},
        since={("publics", "visiteurs"): Since.ENDED},
    )
    changes = changes_since(LINK, effect_data(LINK, BEFORE), now, 2021)
    assert changes == Changes(
        2021, ("Bénévoles",), ("Voisins et voisines",), ("Visiteurs et visiteuses, grand public",)
    )
    document = compose(
        replace(year(lien_social=now), past={2021: {"lien-social": effect_data(LINK, BEFORE)}})
    )
    assert document.scales[0].effects[0].changes == changes
    assert "Nouveau depuis 2021\u00a0: Bénévoles" in render_text(document)
    assert from_json(to_json(document)) == document


def test_what_nobody_looked_at_is_neither_continued_nor_over():
    first = ObservationInput(answers={"occasions": ("evenements",)})
    assert changes_since(LINK, effect_data(LINK, BEFORE), first, 2021) is None
    assert changes_since(LINK, effect_data(LINK, EMPTY), BEFORE, 2021) is None
    silent = shipped_effect("egalite")
    unknown = ObservationInput(answers={"gestion": ("ne-sait-pas",)})
    assert changes_since(silent, effect_data(silent, unknown), unknown, 2021) is None


def test_effect_looked_for_and_not_observed_is_over():
    over = changes_since(
        LINK, effect_data(LINK, BEFORE), replace(EMPTY, state=ObservationState.NOT_OBSERVED), 2021
    )
    assert over is not None
    assert len(over.ended) == 3


@pytest.mark.parametrize(
    "note",
    ["/", "RAS", "ras.", "??", "x", "R.A.S.", "Néant", "- - -", "n/a", "Rien à signaler", "…"],
)
def test_placeholder_notes_are_unanswered(note):
    assert is_placeholder(note)
    said = ObservationInput(note=note)
    assert progress_of(LINK, said) is Progress.TO_DO
    assert not compose(year(lien_social=said)).scales[0].effects
    with_answer = replace(said, answers={"publics": PUBLICS})
    told = " ".join(row.sentence for row in missing_from(LINK, with_answer))
    assert f"la note «\u00a0{note.strip()}\u00a0» ne raconte rien encore" in told


@pytest.mark.parametrize("note", ["", "Oui", "Un bal.", "Rien n’a changé depuis le bal.", "12"])
def test_short_notes_that_say_something_are_kept(note):
    assert not is_placeholder(note)


SAVED = Entry(ObservationInput(answers={"publics": ("voisins",)}, note="Le leur."), "a")
TYPED = Entry(
    ObservationInput(
        answers={"publics": ("visiteurs",), "frequence": ("quotidienne",)},
        note="Le mien.",
        since={VOISINS: Since.CHANGED},
    ),
    "b",
)


def test_merge_keeps_what_is_chosen_and_loses_no_character():
    found = {row.key: row for row in differences(LINK, SAVED, TYPED, Entry(EMPTY))}
    assert [row.suggested for row in found.values()] == [
        Keep.BOTH, Keep.TYPED, Keep.TYPED, Keep.BOTH, Keep.BOTH,
    ]  # fmt: skip
    merged = merge(LINK, SAVED, TYPED, {key: row.suggested for key, row in found.items()})
    assert merged.said.answers == {
        "publics": ("visiteurs", "voisins"),
        "frequence": ("quotidienne",),
    }
    assert merged.said.note == "Le leur.\n\nLe mien."
    assert merged.internal_note == "a\n\nb"
    theirs = merge(LINK, SAVED, TYPED, dict.fromkeys(found, Keep.SAVED))
    assert theirs == SAVED
    assert merge(LINK, SAVED, TYPED, {}) == TYPED
    both = merge(LINK, SAVED, TYPED, dict.fromkeys(found, Keep.BOTH))
    assert both.said.since == TYPED.said.since
    assert both.said.answers["frequence"] == ("quotidienne",)


def test_only_what_one_side_touched_is_suggested_from_that_side():
    base = Entry(ObservationInput(note="Le mien."), "a")
    found = {row.key: row.suggested for row in differences(LINK, SAVED, TYPED, base)}
    assert found["note"] is Keep.SAVED
    assert found["internal_note"] is Keep.TYPED


def test_text_that_holds_the_other_is_not_doubled():
    longer = Entry(ObservationInput(note="Le leur. Et la suite."))
    for one, other in ((SAVED, longer), (longer, SAVED)):
        assert merge(LINK, one, other, {"note": Keep.BOTH}).said.note == "Le leur. Et la suite."


def test_verdicts_are_told_in_words():
    (row,) = (row for row in differences(LINK, SAVED, TYPED) if row.key == "since")
    assert (row.saved, row.typed) == ("Rien de noté", "Voisins et voisines\u00a0: a changé")


def test_changed_words_keep_every_word():
    chance = random.Random(2)
    for size in (0, 1, 5, 40, 4000):
        before, after = (
            "".join(chance.choice(["un ", "deux ", "trois\n", "bal"]) for _ in range(size))
            for _ in range(2)
        )
        parts = changed_words(before, after)
        assert "".join(part.text for part in parts if part.kind != "added") == before
        assert "".join(part.text for part in parts if part.kind != "removed") == after
    (row,) = (row for row in differences(LINK, SAVED, TYPED) if row.key == "note")
    assert [(part.kind, part.text) for part in row.fragments] == [
        ("same", "Le "), ("removed", "leur."), ("added", "mien."),
    ]  # fmt: skip


def test_question_that_changed_its_kind_is_left_out():
    counted = ObservationInput(answers={"publics": Count(3), "frequence": ("quotidienne", "?")})
    assert [item.category for item in last_items(LINK, counted, EMPTY)] == ["quotidienne"]
    assert with_known_codes(LINK, counted).answers == {"frequence": ("quotidienne",)}


def test_same_choice_of_both_sides_is_no_difference():
    assert differences(LINK, SAVED, SAVED) == []
    state = Entry(ObservationInput(ObservationState.NOT_OBSERVED))
    (row,) = differences(LINK, Entry(EMPTY), state)
    assert (row.key, row.choices) == ("state", (Keep.SAVED, Keep.TYPED))
