"""Answers are followed through merges, set apart after splits, and it is said."""

from dataclasses import replace

from observations.composer.comparing.last_year import last_items
from observations.composer.comparing.years import changes_since
from observations.composer.questionnaire.inputs import Count, EffectInput, ObservationInput
from observations.composer.questionnaire.lineage import follow, follow_codes
from observations.composer.saying.data import effect_data
from observations.composer.saying.document import Changes
from observations.enums import ObservationState
from tests.questionnaire import shipped_effect


def became(**successors: tuple[str, ...]) -> EffectInput:
    """« Lien social », whose occasions became others: underscores stand for dashes."""
    effect = shipped_effect("lien-social")
    moved = {code.replace("_", "-"): codes for code, codes in successors.items()}
    first, occasions, *rest = effect.questions
    rows = (
        replace(row, retired=row.code in moved, successors=moved.get(row.code, ()))
        for row in occasions.categories
    )
    return replace(effect, questions=(first, replace(occasions, categories=tuple(rows)), *rest))


def occasions(*codes: str) -> ObservationInput:
    return ObservationInput(answers={"occasions": codes} if codes else {})


MERGED = became(vie_quotidienne=("evenements",))
SPLIT = became(vie_quotidienne=("evenements", "publics-dedies"))


def compared(effect: EffectInput, then: ObservationInput, now: ObservationInput) -> Changes | None:
    """A year recorded before anything became anything, and one recorded since."""
    return changes_since(effect, effect_data(shipped_effect("lien-social"), then), now, 2021)


def test_merged_is_compared_as_one_with_a_note():
    changes = compared(MERGED, occasions("vie-quotidienne"), occasions("evenements"))
    assert changes is not None
    assert (changes.new, changes.ended) == ((), ())
    assert changes.continued == ("Lors d’évènements grand public",)
    (note,) = changes.notes
    assert "est désormais réunie à" in note
    (item,) = last_items(MERGED, follow(MERGED, occasions("vie-quotidienne")).said, occasions())
    assert item.category == "evenements"


def test_both_merged_were_ticked_once():
    followed = follow(MERGED, occasions("vie-quotidienne", "evenements"))
    assert followed.said.answers["occasions"] == ("evenements",)


def test_split_is_not_compared_and_says_so():
    before = occasions("vie-quotidienne", "temps-rencontre")
    now = occasions("evenements", "temps-rencontre")
    changes = compared(SPLIT, before, now)
    assert changes is not None
    assert (changes.new, changes.ended) == ((), ())
    assert len(changes.continued) == 1
    assert "est désormais partagée en" in changes.notes[0]
    alone = compared(SPLIT, occasions("vie-quotidienne"), occasions("evenements"))
    assert alone is not None
    assert alone.continued == ()


def test_what_was_not_ticked_leaves_no_note():
    changes = compared(MERGED, occasions("temps-rencontre"), occasions("evenements"))
    assert changes is not None
    assert changes.notes == ()
    assert changes.new == ("Lors d’évènements grand public",)
    nothing = ObservationInput(ObservationState.NOT_APPLICABLE)
    assert compared(MERGED, nothing, occasions("evenements")) is None


def test_a_chain_is_followed_to_its_end_and_a_ring_stops():
    chain = became(vie_quotidienne=("evenements",), evenements=("publics-dedies",))
    question = chain.questions[1]
    assert follow_codes(question, ("vie-quotidienne",)) == ("publics-dedies",)
    ring = became(vie_quotidienne=("evenements",), evenements=("vie-quotidienne",))
    assert len(follow_codes(ring.questions[1], ("vie-quotidienne",))) == 1
    assert follow_codes(question, ("inconnu",)) == ()


def test_counts_are_left_alone():
    effect = shipped_effect("capacite-a-agir")
    said = ObservationInput(answers={effect.questions[0].code: Count(3)})
    assert follow(effect, said).said == said
