"""What `bench/mutants` breaks: the measure of the other tests."""

import ast
from importlib import import_module

import pytest

from tests.questionnaire import ROOT


@pytest.fixture
def broken(monkeypatch):
    """The line of each mutant of a source that differs, as it becomes."""
    monkeypatch.syspath_prepend(ROOT / "bench")
    mutations = import_module("mutations")

    def all_of(source: str) -> list[str]:
        found = mutations.mutants_of("x.py", source)
        for row in found:
            ast.parse(row.source)
            assert row.source != source
            assert source.split("\n")[row.line - 1].strip().startswith(row.before[:5])
        return [row.after for row in found]

    return all_of


@pytest.mark.parametrize(
    ("source", "after"),
    [
        ("a < 1", ["pass", "a <= 1", "a >= 1", "a < 2", "a < 0"]),
        ("x = a is b and not c", ["x = a is b or not c", "x = not c", "x = a is b",
         "x = a is not b and not c", "x = a is b and c"]),
        ("x = b if c else d", ["x = b", "x = d"]),
        ("x = é[1:]", ["x = é[:]", "x = é[2:]", "x = é[0:]"]),
        ("x = any(y) + f(z, key=z)", ["x = any(y) - f(z, key=z)", "x = all(y) + f(z, key=z)",
         "x = any(y) + f(z)"]),
        ("x = f'{a + b} dit'", ["x = f'{a - b} dit'"]),
        ("x = f(True, 'words')", ["x = f(False, 'words')"]),
        ("x = y.endswith('.')", ["x = y.endswith('no such word')"]),
        ("x = [y for y in z if y]", ["x = [y for y in z if True]", "x = [y for y in z if False]"]),
        ("x: Literal[1] = y", []),
        ("class A:\n    '''Words.'''\n    x = 'words'", []),
        ("if a:\n    f()", ["if True:", "if False:"]),  # without f() is the second of them
        ("f()\nraise E", ["pass", "pass"]),
        ("x.y = a\nx = a\nx = x.z\nx += a", ["pass"] * 3),
        ("@atomic\ndef f() -> bool:\n    return x", ["@lambda act: act", "return True", "return False"]),
        ("def f():\n    return x", ["return None"]),
        ("with atomic():\n    f()", ["with __import__('contextlib').nullcontext():", "pass"]),
    ],
)  # fmt: skip
def test_code_is_broken_in_one_place_and_its_words_are_not(source, after, broken):
    assert broken(source) == after
