from django import template

from observations.composer.language import french

register = template.Library()


register.filter("typography", french.typography)


@register.filter
def plural(count: int, ending: str = "s") -> str:
    """The ending from two on: « 0 rapport », where Django's pluralize would say « 0 rapports »."""
    return ending if french.is_plural(count) else ""
