"""How the PDF process is spoken to: a frame is its length in 8 bytes, big-endian, and content.

An answer's content starts with DONE, then the PDF, or with FAILED, then the error's name.
"""

from typing import IO

DONE, FAILED = b"\0", b"\1"
_HEADER = 8


def read_frame(stream: IO[bytes]) -> bytes | None:
    """None when the other side has gone."""
    header = stream.read(_HEADER)
    if len(header) < _HEADER:
        return None
    length = int.from_bytes(header, "big")
    content = stream.read(length)
    return content if len(content) == length else None


def write_frame(stream: IO[bytes], content: bytes) -> None:
    stream.write(len(content).to_bytes(_HEADER, "big") + content)
    stream.flush()
