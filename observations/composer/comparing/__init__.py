"""Years side by side, versions of a page, numbers of a report."""
