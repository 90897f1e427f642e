"""Reads JSON files that we did not write: everything wrong is a Problem with its path."""

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from observations.exceptions import ImportRefused, Problem

MAX_BYTES = 5 * 1024 * 1024

Row = TypeVar("Row", bound="StrictRow")


class StrictRow(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def read_rows(raw: bytes, model: type[Row]) -> Row:
    """Raises ImportRefused with every problem found."""
    data = _load(raw)
    try:
        # Through JSON, so that strictness is JSON's: no "5" for 5, no 1.0 for 1.
        return model.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        raise ImportRefused([_problem(details) for details in error.errors()]) from None


def _load(raw: bytes) -> Any:
    if len(raw) > MAX_BYTES:
        raise refused("Le fichier dépasse 5 Mo.")
    try:
        data = json.loads(
            raw.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_constant
        )
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise refused("Le fichier contient un caractère incomplet.") from None
    except UnicodeDecodeError:
        raise refused("Le fichier n’est pas en UTF-8.") from None
    except json.JSONDecodeError as error:
        raise refused(
            f"Le fichier n’est pas du JSON lisible (ligne {error.lineno}, colonne {error.colno})."
        ) from None
    except ValueError:
        raise refused("Le fichier contient un nombre démesuré.") from None
    except RecursionError:
        raise refused("Le fichier est imbriqué trop profondément.") from None
    return data


def refused(sentence: str, path: str = "$") -> ImportRefused:
    return ImportRefused([Problem(path, sentence)])


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise refused(f"La clé « {twice} » est écrite deux fois dans le même objet.")
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise refused(f"« {name} » n’est pas un nombre.")


def json_path(parts: Iterable[str | int]) -> str:
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)


_SENTENCES = {
    "missing": "ce champ manque.",
    "extra_forbidden": "ce champ est inconnu.",
    "model_type": "un objet est attendu.",
    "dict_type": "un objet est attendu.",
    "list_type": "une liste est attendue.",
    "tuple_type": "une liste est attendue.",
    "string_type": "un texte est attendu.",
    "int_type": "un nombre entier est attendu.",
    "int_from_float": "un nombre entier est attendu.",
    "bool_type": "« true » ou « false » est attendu.",
    "string_pattern_mismatch": "ce texte n’a pas la forme attendue.",
}


def _problem(details: ErrorDetails) -> Problem:
    kind, context = details["type"], details.get("ctx", {})
    if kind in ("literal_error", "enum"):
        sentence = f"valeur inconnue ; sont attendus : {context['expected']}."
    elif kind == "french":
        sentence = details["msg"]
    elif kind.startswith(("less_than", "greater_than")):
        sentence = f"nombre hors limites ({context})."
    elif kind.startswith(("string_too", "too_")):
        sentence = "trop long ou trop court."
    else:
        sentence = _SENTENCES.get(kind, "valeur refusée.")
    path = [part for part in details["loc"] if part != "[key]"]
    return Problem(json_path(path), sentence)


def french_error(sentence: str) -> PydanticCustomError:
    """For validators: an error whose message is already the sentence to show."""
    return PydanticCustomError("french", "{sentence}", {"sentence": sentence})
