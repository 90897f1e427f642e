from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from observations.enums import Role
from observations.exceptions import EffetsError, MailNotSent, NotAllowedNow
from observations.forms.members import InvitationForm, JoiningForm, MembershipForm
from observations.models import Invitation, Membership, Site, User
from observations.services import accounts, memberships
from observations.views.acts import person
from observations.views.objects import get_site


@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Who works here; with the right to, invites."""
    site, access = get_site(request, slug, "can_view" if request.method != "POST" else "can_manage")
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _invite(request, site, form)
        return redirect("members", slug)
    rows = Membership.objects.current().filter(site=site).select_related("user")
    context = {
        "site": site,
        "access": access,
        "form": form,
        "members": [(row, _membership_form(row)) for row in rows.order_by("user__name")],
        "invitations": site.invitations.open() if access.can_manage else [],
        "is_member": any(row.user_id == request.user.pk for row in rows),
    }
    status = 422 if form.errors else 200
    return render(request, "observations/members/list.html", context, status=status)


def _membership_form(row: Membership) -> MembershipForm:
    initial = {"role": row.role, "ends_on": row.ends_on}
    return MembershipForm(initial=initial, prefix=f"m{row.pk}")


def _invite(request: HttpRequest, site: Site, form: InvitationForm) -> None:
    email = form.cleaned_data["email"]
    try:
        memberships.invite(
            site=site,
            email=email,
            role=Role(form.cleaned_data["role"]),
            by=person(request),
            key=form.cleaned_data["key"],
        )
    except EffetsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"L’invitation est partie vers {email}.")


@require_POST
def change_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    site, _ = get_site(request, slug, "can_manage")
    row = get_object_or_404(Membership.objects.current().select_related("site"), site=site, pk=pk)
    form = MembershipForm(request.POST, prefix=f"m{row.pk}")
    if not form.is_valid():
        messages.error(
            request, " ".join(str(error) for errors in form.errors.values() for error in errors)
        )
        return redirect("members", slug)
    role, ends_on = Role(form.cleaned_data["role"]), form.cleaned_data["ends_on"]
    try:
        memberships.change_membership(membership=row, role=role, ends_on=ends_on)
    except NotAllowedNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "C’est enregistré.")
    return redirect("members", slug)


@require_POST
def end_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    site, _ = get_site(request, slug, "can_manage")
    row = get_object_or_404(Membership.objects.current().select_related("site"), site=site, pk=pk)
    return _end(request, row, f"{row.user} ne voit plus ce lieu.")


@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    site, _ = get_site(request, slug)
    row = get_object_or_404(
        Membership.objects.current().select_related("site"), site=site, user=request.user.pk
    )
    return _end(request, row, f"Vous avez quitté «\u00a0{site.name}\u00a0».")


def _end(request: HttpRequest, row: Membership, done: str) -> HttpResponse:
    try:
        memberships.end_membership(membership=row)
    except NotAllowedNow as error:
        messages.error(request, str(error))
        return redirect("members", row.site.slug)
    messages.success(request, done)
    if row.user_id == request.user.pk:
        return redirect("home")
    return redirect("members", row.site.slug)


@require_POST
def resend_invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    site, _ = get_site(request, slug, "can_manage")
    row = get_object_or_404(Invitation, site=site, pk=pk)
    try:
        memberships.resend_invitation(invitation=row)
    except (NotAllowedNow, MailNotSent) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"L’invitation est repartie vers {row.email}.")
    return redirect("members", slug)


@require_POST
def revoke_invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    site, _ = get_site(request, slug, "can_manage")
    row = get_object_or_404(Invitation, site=site, pk=pk)
    try:
        memberships.revoke_invitation(invitation=row)
    except NotAllowedNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "L’invitation est annulée : son lien ne sert plus.")
    return redirect("members", slug)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in the mail opens. Opening it accepts nothing: mail programs open links."""
    found = memberships.find_invitation(token)
    if found is None:
        return render(request, "observations/members/spent.html", status=410)
    has_account = User.objects.filter(email__iexact=found.email).exists()
    form = JoiningForm(request.POST if request.method == "POST" and not has_account else None)
    if request.method == "POST" and (has_account or form.is_valid()):
        return _join(request, token, form)
    user = request.user
    context = {
        "invitation": found,
        "role": Role(found.role).label.lower(),
        "has_account": has_account,
        "is_other": isinstance(user, User) and user.email.lower() != found.email.lower(),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "observations/members/join.html", context, status=status)


def _join(request: HttpRequest, token: str, form: JoiningForm) -> HttpResponse:
    try:
        if form.is_bound:
            name, password = form.cleaned_data["name"], form.cleaned_data["password"]
            memberships.join_with_new_account(token=token, name=name, password=password)
            messages.success(request, "Votre compte est prêt : connectez-vous.")
            return redirect("account_login")
        if not isinstance(request.user, User):
            return redirect("account_login")
        if _is_theirs(request.user, token) and not accounts.is_proved(request.user):
            return _prove(request, request.user)
        memberships.accept_invitation(token=token, user=request.user)
    except NotAllowedNow as error:
        messages.error(request, str(error))
        return redirect("home")
    messages.success(request, "Bienvenue !")
    return redirect("home")


def _is_theirs(user: User, token: str) -> bool:
    found = memberships.find_invitation(token)
    return found is not None and found.email.lower() == user.email.lower()


def _prove(request: HttpRequest, user: User) -> HttpResponse:
    """An account that an admin gave: a code is mailed, and typing it leads back to the invitation."""
    send_verification_email_to_address(request, accounts.address_of(user))
    return redirect(f"{reverse('account_email_verification_sent')}?next={request.path}")
