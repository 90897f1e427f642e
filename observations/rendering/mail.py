"""Mails: one French text, and the same as HTML."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


def build_mail(*, to: str, subject: str, text: str) -> EmailMultiAlternatives:
    """`text` is plain, paragraphs separated by an empty line; links stand alone in theirs."""
    mail = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [to])
    mail.attach_alternative(html_of(subject, text), "text/html")
    return mail


def html_of(subject: str, text: str) -> str:
    context = {"subject": subject, "text": text, "site_url": settings.SITE_URL}
    return render_to_string("mail/message.html", context)
