from django.urls import path

from observations.views import home, recording, reports, team

_YEAR = "lieux/<slug:slug>/<int:year>/"

urlpatterns = [
    path("", reports.public_home, name="public_home"),
    path("mes-lieux/", home.home, name="home"),
    path("equipe/", team.team, name="team"),
    path("equipe/<int:year>/", team.team, name="team_year"),
    path(f"{_YEAR}commencer/", home.start_year, name="start_year"),
    path(_YEAR, recording.year, name="year"),
    path(f"{_YEAR}effets/<slug:code>/", recording.effect, name="effect"),
    path(f"{_YEAR}echelles/", recording.scales, name="scales"),
    path(f"{_YEAR}relecture/", recording.check, name="check"),
    path(f"{_YEAR}transmettre/", recording.submit, name="submit"),
    path(f"{_YEAR}apercu/", reports.draft, name="draft"),
    path(f"{_YEAR}apercu.pdf", reports.draft_pdf, name="draft_pdf"),
    path(f"{_YEAR}publier/", team.publish, name="publish"),
    path(f"{_YEAR}rendre/", team.reopen, name="reopen"),
    path("<slug:slug>/<int:year>/", reports.public, name="public"),
    path("<slug:slug>/<int:year>/rapport.pdf", reports.public_pdf, name="public_pdf"),
    path("<slug:slug>/<int:year>/qr.svg", reports.public_qr, name="public_qr"),
]
