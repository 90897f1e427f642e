from observations.models.annual_report import AnnualReport, ScaleAssessment
from observations.models.observation import Answer, Observation, ObservationVersion, Tick
from observations.models.person import Invitation, Membership, User
from observations.models.publication import Publication
from observations.models.questionnaire import (
    Category,
    Edition,
    Effect,
    Question,
    Sentence,
    Vocabulary,
)
from observations.models.site import Site

__all__ = [
    "AnnualReport",
    "Answer",
    "Category",
    "Edition",
    "Effect",
    "Invitation",
    "Membership",
    "Observation",
    "ObservationVersion",
    "Publication",
    "Question",
    "ScaleAssessment",
    "Sentence",
    "Site",
    "Tick",
    "User",
    "Vocabulary",
]
