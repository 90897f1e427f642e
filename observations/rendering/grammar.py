"""What Grammalecte would correct in a text, where Debian's grammalecte-cli is installed."""

import json
import re
import shutil
import subprocess
from tempfile import NamedTemporaryFile
from typing import Any

COMMAND = "grammalecte-cli"
_SECONDS_MAX = 60

# Grammalecte's rules that we do not follow, each with its reason.
RULES_LEFT_ASIDE = {
    r"eepi_.*": "advises against the median point, which a site may choose",
    r"typo_.*point_médian.*": "the same advice, as typography",
}
# Pieces of point-médian words, which its speller reads apart.
_MEDIAN_POINT = re.compile(r"\w+(·\w+)+")


def is_installed() -> bool:
    return shutil.which(COMMAND) is not None


def corrections(lines: list[str]) -> dict[str, list[str]]:
    """What it says of each line that it would change. Raises subprocess.SubprocessError."""
    with NamedTemporaryFile("w", suffix=".txt") as text:
        text.write("\n".join(lines) + "\n")
        text.flush()
        run = subprocess.run(  # noqa: S603  # a fixed command, on a file of ours
            [COMMAND, "-f", text.name, "-j", "-owe"],
            capture_output=True,
            text=True,
            check=True,
            timeout=_SECONDS_MAX,
        )
    found: dict[str, list[str]] = {}
    for row in json.loads(run.stdout)["data"]:
        line = lines[row["iParagraph"] - 1]
        said = [*_grammar(row["lGrammarErrors"]), *_spelling(line, row["lSpellingErrors"])]
        if said:
            found[line] = said
    return found


def _grammar(errors: list[dict[str, Any]]) -> list[str]:
    return [
        error["sMessage"]
        for error in errors
        if not any(re.fullmatch(rule, error["sRuleId"]) for rule in RULES_LEFT_ASIDE)
    ]


def _spelling(line: str, errors: list[dict[str, Any]]) -> list[str]:
    inside = [range(match.start(), match.end()) for match in _MEDIAN_POINT.finditer(line)]
    return [
        f"mot inconnu : {error['sValue']}"
        for error in errors
        if not any(error["nStart"] in span for span in inside)
    ]
