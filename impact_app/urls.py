from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.urls import include, path

from observations.views import api

admin.autodiscover()
# Left to the pages and services that own them: an address typed here would prove nothing.
admin.site.unregister([EmailAddress, UserSession])
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth asks

handler429 = "impact_app.accounts.too_often"  # as allauth asks
handler500 = "observations.views.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("comptes/", include("impact_app.account_urls")),
    path("api/", api.routes),
    path("", include("observations.urls")),
]
