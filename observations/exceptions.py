"""Errors that a person can act on. `str(error)` is a French sentence to show them."""

from dataclasses import dataclass


class EffetsError(Exception):
    """Base of the errors that views and commands turn into a message."""


class TemplateError(EffetsError):
    """A sentence template cannot be read, or names what its effect does not have."""


class FullFormError(TemplateError):
    """It is the form in full words that cannot be read, or that says other answers."""


class PdfError(EffetsError):
    """The PDF could not be made: too long, too big, or the process died."""


class PdfBusy(EffetsError):
    """Enough drafts wait for the PDF process already."""


class NotAllowedNow(EffetsError):
    """The report's state forbids this act."""


class MailNotSent(EffetsError):
    """What was asked is written; its mail did not leave."""


class StaleVersion(EffetsError):
    """Somebody saved this observation after it was read."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: where (a JSON path such as `$.site.slug`) and a sentence."""

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path} : {self.sentence}"


class ImportRefused(EffetsError):
    """A file was refused whole; `problems` says everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))
