from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped library
    """Hashed names, inside ES modules too."""

    support_js_module_import_aggregation = True
