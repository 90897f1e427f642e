"""Who is told of what happens to a year. A listener is one file here: `def deliver(event)`."""

import pkgutil
from importlib import import_module

from observations.services.outbox import Listener


def every_listener() -> dict[str, Listener]:
    """By the name of their file."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").deliver for name in names}
