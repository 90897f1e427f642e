from observations.admin import editions, people, publications, questionnaires, sites

__all__ = ["editions", "people", "publications", "questionnaires", "sites"]
