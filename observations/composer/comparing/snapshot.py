"""What a site says of an effect, as JSON and back: `read` is the exact inverse of `write`."""

from dataclasses import asdict
from typing import Any

from observations.composer.questionnaire.inputs import Answer, Count, ObservationInput
from observations.enums import ObservationState, Since


def write(said: ObservationInput) -> dict[str, Any]:
    return {
        "state": said.state.value,
        "answers": {code: _write_answer(answer) for code, answer in said.answers.items()},
        "note": said.note,
        "since": write_since(said),
    }


def read(data: dict[str, Any]) -> ObservationInput:
    return ObservationInput(
        ObservationState(data["state"]),
        {code: _read_answer(answer) for code, answer in data["answers"].items()},
        data["note"],
        read_since(data["since"]),
    )


def write_since(said: ObservationInput) -> dict[str, str]:
    return {"/".join(key): verdict.value for key, verdict in said.since.items()}


def read_since(data: dict[str, str]) -> dict[tuple[str, str], Since]:
    found = {}
    for key, verdict in data.items():
        question, _, category = key.partition("/")
        found[question, category] = Since(verdict)
    return found


def _write_answer(answer: Answer) -> Any:
    return asdict(answer) if isinstance(answer, Count) else list(answer)


def _read_answer(data: Any) -> Answer:
    return Count(**data) if isinstance(data, dict) else tuple(data)
