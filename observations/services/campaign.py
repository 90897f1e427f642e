"""Runs the yearly campaign: its deadline, and the mails that remind those who are awaited."""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from observations import queries
from observations.exceptions import NotAllowedNow
from observations.models import Campaign, Reminder, Site, User
from observations.queries import Recipient
from observations.rendering.mail import build_mail

_FAILED = "Le message n’est pas parti : l’adresse ou le serveur d’envoi l’a refusé."


def set_deadline(*, year: int, due_on: date | None) -> None:
    Campaign.objects.update_or_create(year=year, defaults={"due_on": due_on})


def reminder_text(site: Site, year: int, due_on: date | None, message: str, url: str) -> str:
    awaited = f" Il est attendu pour le {date_format(due_on, 'j F Y')}." if due_on else ""
    if due_on and due_on < timezone.localdate():
        awaited = f" Il était attendu pour le {date_format(due_on, 'j F Y')}."
    paragraphs = [
        "Bonjour,",
        f"Le rapport {year} «\u00a0Effets sociaux et urbains {site.name_with_de}\u00a0» n’est pas "
        f"encore transmis.{awaited}",
        message,
        "Il se commence, ou se reprend là où vous l’avez laissé, à cette adresse.",
        url,
        "Si quelque chose vous arrête, répondez à ce message : nous vous aiderons.",
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def ask_reminders(
    *, rows: Iterable[Recipient], year: int, message: str, url: str, by: User
) -> list[Reminder]:
    """Writes down what is to be sent, once a day at most for a site. Raises NotAllowedNow."""
    due_on = queries.deadline_of(year)
    asked = []
    for row in rows:
        if row.is_done or not row.emails:
            continue
        text = reminder_text(row.site, year, due_on, message, url)
        reminder = Reminder(site=row.site, year=year, sent_to=row.emails, text=text, by=by)
        try:
            with transaction.atomic():
                reminder.save(force_insert=True)
        except IntegrityError:  # somebody else, at the same moment
            continue
        asked.append(reminder)
    if not asked:
        raise NotAllowedNow("Personne à relancer : chacun l’a déjà été aujourd’hui, ou a transmis.")
    return asked


def send_waiting_reminders() -> int:
    """Sends what was asked and has not left. Rather none than twice: it is marked sent first."""
    sent = 0
    waiting = Reminder.objects.filter(sent_at=None, error="").select_related("site", "by")
    for reminder in waiting:
        is_mine = Reminder.objects.filter(pk=reminder.pk, sent_at=None).update(
            sent_at=timezone.now()
        )
        if is_mine:
            sent += _send(reminder)
    return sent


def _send(reminder: Reminder) -> bool:
    subject = f"Effets sociaux et urbains {reminder.year} : votre rapport est attendu"
    try:
        for email in reminder.sent_to:
            mail = build_mail(to=email, subject=subject, text=reminder.text)
            mail.reply_to = [reminder.by.email] if reminder.by else []
            mail.send()
    except OSError:
        Reminder.objects.filter(pk=reminder.pk).update(sent_at=None, error=_FAILED)
        return False
    return True
