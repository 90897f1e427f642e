from django.contrib import admin

from observations.admin import editions, people, publications, questionnaires, sites

admin.site.site_header = "Effets · administration"
admin.site.site_title = "Effets"
admin.site.index_title = "Questionnaire, lieux et personnes"

__all__ = ["editions", "people", "publications", "questionnaires", "sites"]
