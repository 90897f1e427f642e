from django.urls import path

from observations.views import (
    device,
    effects,
    feeds,
    flags,
    history,
    home,
    members,
    public,
    recording,
    reports,
    review,
    team,
    verify,
)
from observations.views.session import extend_session

_SITE = "lieux/<slug:slug>/"
_YEAR = f"{_SITE}<int:year>/"
_PUBLIC = "<slug:slug>/<int:year>/"
_EFFECT = f"{_YEAR}effets/<slug:code>/"

urlpatterns = [
    path("", public.public_home, name="public_home"),
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
    path(f"{_YEAR}publier/", review.publish, name="publish"),
    path(f"{_YEAR}retirer/", review.withdraw, name="withdraw"),
    path(f"{_YEAR}relire/", review.review, name="review"),
    path(f"{_YEAR}rendre/", review.return_report, name="return"),
    path(f"{_YEAR}remarques/", review.comment, name="comment"),
    path(f"{_YEAR}remarques/<int:pk>/", review.answer_comment, name="answer_comment"),
    path(f"{_YEAR}public/", review.privacy_review, name="privacy"),
    path(f"{_YEAR}public/<slug:code>/", review.decide, name="decide"),
    path("session/", extend_session, name="session"),
    path("service-worker.js", device.service_worker, name="service_worker"),
    path("manifest.webmanifest", device.manifest, name="manifest"),
    path("hors-connexion/", device.offline, name="offline"),
    path("equipe/signalements/", flags.flags, name="flags"),
    path("equipe/signalements/<int:pk>/", flags.handle_flag, name="handle_flag"),
    path("verifier/", verify.verify, name="verify"),
    path("flux/", feeds.feed, name="feed"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("robots.txt", feeds.robots, name="robots"),
    path("p/<slug:code>/", public.short, name="short"),
    path(_PUBLIC, public.public, name="public"),
    path(f"{_PUBLIC}rapport.pdf", public.public_pdf, name="public_pdf"),
    path(f"{_PUBLIC}qr.svg", public.public_qr, name="public_qr"),
    path(f"{_PUBLIC}image.png", public.image, name="public_image"),
    path(f"{_PUBLIC}badge.svg", public.badge, name="public_badge"),
    path(f"{_PUBLIC}carte/", public.card, name="public_card"),
    path(f"{_PUBLIC}signaler/", flags.flag, name="flag"),
    path(f"{_PUBLIC}<int:number>/", public.public, name="public_number"),
    path(f"{_PUBLIC}<int:number>/rapport.pdf", public.public_pdf, name="public_pdf_number"),
]
