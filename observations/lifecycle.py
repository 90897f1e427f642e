"""What may be done to a site's year: by whom, from which state, to which, and what it tells others.

The only table of states and transitions; views read the right, services the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from observations.enums import EventKind, ReportState

DRAFT, SUBMITTED, RETURNED, PUBLISHED = (
    ReportState.DRAFT,
    ReportState.SUBMITTED,
    ReportState.RETURNED,
    ReportState.PUBLISHED,
)
_ANY = {state: state for state in ReportState}


@dataclass(frozen=True, slots=True)
class Act:
    """`moves`: where it leads from each state that allows it; `otherwise`: what somebody is told in
    another state; `right`: a field of SiteAccess."""

    right: str
    moves: Mapping[ReportState, ReportState]
    otherwise: str = ""
    event: EventKind | None = None


RECORD = Act(
    "can_record",
    {DRAFT: DRAFT, RETURNED: RETURNED},
    "Ce rapport est transmis : il ne se modifie plus pour le moment.",
)
SUBMIT = Act(
    "can_submit",
    {DRAFT: SUBMITTED, RETURNED: SUBMITTED},
    "Ce rapport est déjà transmis.",
    EventKind.SUBMITTED,
)
DECIDE = Act("can_decide", _ANY)  # what readers get of each note
REMARK = Act("can_review", _ANY, event=EventKind.REMARKED)
ANSWER = Act("can_record", _ANY, event=EventKind.ANSWERED)
REVIEW = Act(
    "can_review",
    {SUBMITTED: SUBMITTED},
    "Seul un rapport transmis se relit.",
    EventKind.REVIEWED,
)
RETURN = Act(
    "can_review",
    {SUBMITTED: RETURNED, PUBLISHED: RETURNED},
    "Ce rapport est déjà entre les mains du lieu.",
    EventKind.RETURNED,
)
PUBLISH = Act(
    "can_publish",
    {SUBMITTED: PUBLISHED},
    "Seul un rapport transmis peut être publié.",
    EventKind.PUBLISHED,
)
WITHDRAW = Act("can_publish", _ANY | {PUBLISHED: SUBMITTED}, event=EventKind.WITHDRAWN)
TAKE_DOWN = Act("can_publish", _ANY, event=EventKind.TAKEN_DOWN)  # a passage

RECORDABLE = frozenset(state.value for state in RECORD.moves)  # the site writes
SUBMITTED_STATES = frozenset(state.value for state in ReportState) - RECORDABLE


def allows(act: Act, state: str) -> bool:
    """`state`: as it is stored."""
    return ReportState(state) in act.moves
