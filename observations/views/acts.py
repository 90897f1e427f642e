"""What acts share: who does it, what they wrote, and why it was refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from django.contrib import messages
from django.http import HttpRequest

from observations.composer.language.french import clean_text
from observations.exceptions import NotAllowedNow, PdfError
from observations.models import User
from observations.models.review import WORDS_MAX


def person(request: HttpRequest) -> User:
    """Who is signed in: every view is for somebody signed in, unless it says `login_not_required`."""
    return cast(User, request.user)


def words(request: HttpRequest, name: str, longest: int = WORDS_MAX) -> str:
    """What was typed in a field, without the characters that nobody can see."""
    return clean_text(request.POST.get(name, ""))[:longest].strip()


@contextmanager
def telling_refusals(request: HttpRequest) -> Iterator[None]:
    """An act that the state of things forbids ends there, and the next page says why."""
    try:
        yield
    except (NotAllowedNow, PdfError) as error:
        messages.error(request, str(error))
