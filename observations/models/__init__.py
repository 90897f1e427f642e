from observations.models.annual_report import AnnualReport, ScaleAssessment
from observations.models.batch import Batch, BatchItem
from observations.models.campaign import Campaign, Reminder
from observations.models.category import Category
from observations.models.event import Delivery, Event
from observations.models.observation import Answer, Observation, ObservationVersion, Tick
from observations.models.person import Invitation, Membership, User
from observations.models.privacy import Flag, PassageDecision
from observations.models.publication import Publication
from observations.models.questionnaire import (
    Edition,
    Effect,
    Question,
    Vocabulary,
)
from observations.models.removal import Removal
from observations.models.review import AskedQuestions, Comment, Round
from observations.models.sentence import Sentence
from observations.models.site import Site
from observations.models.wording import WordingAct

__all__ = [
    "AnnualReport",
    "Answer",
    "AskedQuestions",
    "Batch",
    "BatchItem",
    "Campaign",
    "Category",
    "Comment",
    "Delivery",
    "Edition",
    "Effect",
    "Event",
    "Flag",
    "Invitation",
    "Membership",
    "Observation",
    "ObservationVersion",
    "PassageDecision",
    "Publication",
    "Question",
    "Reminder",
    "Removal",
    "Round",
    "ScaleAssessment",
    "Sentence",
    "Site",
    "Tick",
    "User",
    "Vocabulary",
    "WordingAct",
]
