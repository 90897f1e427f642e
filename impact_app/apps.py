from allauth.account import signals
from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    default_site = "impact_app.administration.Administration"

    def ready(self) -> None:
        super().ready()
        from impact_app import accounts  # noqa: PLC0415  # it reads models, ready only now

        signals.email_confirmed.connect(accounts.address_proved)
        signals.password_reset.connect(accounts.password_chosen_by_mail)
