from django.urls import path

from observations.views import device, effects, history, home, members, recording, reports, team
from observations.views.session import extend_session

_SITE = "lieux/<slug:slug>/"
_YEAR = f"{_SITE}<int:year>/"
_EFFECT = f"{_YEAR}effets/<slug:code>/"

urlpatterns = [
    path("", reports.public_home, name="public_home"),
    path("mes-lieux/", home.home, name="home"),
    path("equipe/", team.team, name="team"),
    path("equipe/<int:year>/", team.team, name="team_year"),
    path(f"{_SITE}membres/", members.members, name="members"),
    path(f"{_SITE}membres/<int:pk>/", members.change_member, name="change_member"),
    path(f"{_SITE}membres/<int:pk>/retirer/", members.end_member, name="end_member"),
    path(f"{_SITE}quitter/", members.leave, name="leave"),
    path(
        f"{_SITE}invitations/<int:pk>/renvoyer/",
        members.resend_invitation,
        name="resend_invitation",
    ),
    path(
        f"{_SITE}invitations/<int:pk>/annuler/", members.revoke_invitation, name="revoke_invitation"
    ),
    path("invitation/<str:token>/", members.invitation, name="invitation"),
    path(f"{_YEAR}commencer/", home.start_year, name="start_year"),
    path(_YEAR, recording.year, name="year"),
    path(_EFFECT, effects.effect, name="effect"),
    path(f"{_EFFECT}phrases/", effects.sentences, name="sentences"),
    path(f"{_EFFECT}historique/", history.history, name="history"),
    path(f"{_EFFECT}historique/comparer/", history.compare, name="compare"),
    path(f"{_EFFECT}historique/<int:number>/retablir/", history.restore, name="restore"),
    path(f"{_YEAR}echelles/", recording.scales, name="scales"),
    path(f"{_YEAR}relecture/", recording.check, name="check"),
    path(f"{_YEAR}transmettre/", recording.submit, name="submit"),
    path(f"{_YEAR}apercu/", reports.draft, name="draft"),
    path(f"{_YEAR}apercu.pdf", reports.draft_pdf, name="draft_pdf"),
    path(f"{_YEAR}publier/", team.publish, name="publish"),
    path(f"{_YEAR}rendre/", team.reopen, name="reopen"),
    path("session/", extend_session, name="session"),
    path("service-worker.js", device.service_worker, name="service_worker"),
    path("manifest.webmanifest", device.manifest, name="manifest"),
    path("hors-connexion/", device.offline, name="offline"),
    path("<slug:slug>/<int:year>/", reports.public, name="public"),
    path("<slug:slug>/<int:year>/rapport.pdf", reports.public_pdf, name="public_pdf"),
    path("<slug:slug>/<int:year>/qr.svg", reports.public_qr, name="public_qr"),
]
