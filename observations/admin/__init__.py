from observations.admin import people, publications, questionnaires, sites

__all__ = ["people", "publications", "questionnaires", "sites"]
