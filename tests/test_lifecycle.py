"""The table of states and transitions is what happens: every act, from every state."""

from collections.abc import Callable

import pytest

from observations import lifecycle, queries
from observations.access import NOTHING
from observations.enums import ReportState
from observations.exceptions import NotAllowedNow
from observations.lifecycle import Act
from observations.models import AnnualReport, Comment, Event, Flag
from observations.services import acting, privacy, publishing, recording, reviewing, takedown
from tests.conftest import keep_every_passage
from tests.test_review import URL

ACTS = {name: act for name, act in vars(lifecycle).items() if isinstance(act, Act)}


@pytest.fixture
def everywhere(published, reviewer, manager) -> AnnualReport:
    """A year of which everything exists: a number, a round, a remark, a flag; in any state."""
    remark = reviewing.add_comment(
        report=published.report, effect="sante", quoted="", text="Combien ?", by=reviewer
    )
    section = next(row for scale in published.document["scales"] for row in scale["effects"])
    quoted = section["passages"][0]["text"]
    Flag.objects.create(publication=published, place=f"{section['code']}/p0", quoted=quoted)
    assert remark.round.report == published.report
    Event.objects.all().delete()
    return published.report


def done_by(report: AnnualReport, staff, site) -> dict[str, Callable[[], object]]:
    row = report.observations.select_related("report", "effect").first()
    decided = {"is_public": True, "note_is_public": True, "public_note": "", "decisions": {}}
    seen = queries.review_of(row).state
    flag = Flag.objects.select_related("publication__report__site").get()
    remark = Comment.objects.select_related("round__report").get()
    return {
        "RECORD": lambda: recording.save_scales(report=report, scales={}),
        "SUBMIT": lambda: recording.submit_report(report=report, by=site),
        "DECIDE": lambda: privacy.decide_public(observation=row, by=site, seen=seen, **decided),
        "REMARK": lambda: reviewing.add_comment(
            report=report, effect="sante", quoted="", text="Et ?", by=staff
        ),
        "ANSWER": lambda: reviewing.answer_comment(comment=remark, text="Trois.", by=site),
        "REVIEW": lambda: reviewing.mark_reviewed(report=report, by=staff),
        "RETURN": lambda: reviewing.return_report(report=report, by=staff, reason="À revoir."),
        "PUBLISH": lambda: publishing.publish_report(
            report=report, by=staff, url=URL, reason="Suite."
        ),
        "WITHDRAW": lambda: publishing.withdraw_report(report=report, by=staff, reason="Tout."),
        "TAKE_DOWN": lambda: takedown.hide_passage(flag=flag, by=staff, reason="", url=URL),
    }


@pytest.mark.parametrize("state", ReportState)
@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_done_where_the_table_says_and_leads_where_it_says(
    name, state, everywhere, reviewer, manager, monkeypatch
):
    keep_every_passage(everywhere)
    AnnualReport.objects.filter(pk=everywhere.pk).update(state=state.value)
    report = AnnualReport.objects.select_related("site", "edition").get()
    act, acts = ACTS[name], done_by(report, reviewer, manager)
    locked: list[AnnualReport] = []
    for module in (acting, recording):
        taken = module.lock_report
        monkeypatch.setattr(
            module, "lock_report", lambda row, taken=taken: locked.append(row) or taken(row)
        )
    if state not in act.moves:
        with pytest.raises(NotAllowedNow, match=act.otherwise):
            acts[name]()
        assert not Event.objects.exists()
        report.refresh_from_db()
        assert report.state == state.value
        return
    acts[name]()
    report.refresh_from_db()
    assert report.state == act.moves[state].value
    assert locked
    told = list(Event.objects.values_list("kind", "report"))
    assert told == ([(act.event.value, report.pk)] if act.event else [])


def test_each_act_names_a_right_and_its_refusal():
    for name, act in ACTS.items():
        assert hasattr(NOTHING, act.right), name
        assert act.otherwise or {*act.moves} == {*ReportState}, name
