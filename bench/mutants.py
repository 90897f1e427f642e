"""Breaks the code in small ways, one at a time, and says which of them no test sees.

A mutant differs from the code in one place (bench/mutations.py): a condition forced, a comparison
moved by one, a call left out… It is run in a copy of the tree, against the tests named in TESTS, in
their order, until one fails, or takes five times as long as it should: then the mutant is killed.

Prints each that survives, then the share killed of each file. What cannot change anything that
anybody sees is explained in bench/mutants.txt: the file and the function, the lines before and
after as they are printed here, then why. Those are not run and not counted.

The exit status is not 0 when less than 95 % of a file's mutants are killed, or when an explanation
is about no mutant any more. A few survivors above that share are printed, and nothing more: others
change the code meanwhile, and a test written for one of them alone is worth little.
"""

import argparse
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

import hypothesis
import pytest
from mutations import Mutant, mutants_of

ROOT = Path(__file__).resolve().parent.parent
EXPLAINED = Path(__file__).with_name("mutants.txt")
ENOUGH = 0.95
MEMORY = 2 << 30  # a mutant may keep adding to a list

# The tests of each file as arguments of pytest, the fastest and likeliest to fail first.
TESTS = {
    "observations/composer/saying/speaker.py": ("tests/composer/test_speaker.py",),
    "observations/composer/questionnaire/template.py": ("tests/composer/test_template.py",),
    "observations/composer/language/french.py": ("tests/composer/test_french.py",),
    "observations/services/publishing.py": ("tests/test_freezing.py",),
    "observations/services/recording.py": ("tests/test_saving.py",),
    "observations/access.py": ("tests/test_access.py",),
}
# The composer knows no Django: its tests need not start it.
PURE = f"-c {os.devnull} --rootdir . --noconftest -p no:django"
PYTEST = "-q -x -p no:cacheprovider -p no:playwright -p no:cov"
DJANGO = "--nomigrations -W ignore::pytest.PytestAssertRewriteWarning"

# Imported once: a mutant is a fork of the process that holds them. None of the project's own.
LIBRARIES = (
    "crispy_forms.helper django.contrib.admin django.test "
    "hypothesis.strategies lxml.html ninja openpyxl pikepdf PIL.Image pydantic pypdf segno "
    "xlsxwriter"
).split()


def prepare(folder: str) -> None:
    """A worker's own copy of the tree, and what every test needs."""
    scratch = Path(folder, str(os.getpid()))
    left = shutil.ignore_patterns(".*", "__pycache__", "media")
    shutil.copytree(ROOT, scratch, ignore=left)
    os.chdir(scratch)
    sys.path.insert(0, str(scratch))
    for name in LIBRARIES:
        import_module(name)
    hypothesis.settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )
    hypothesis.settings.load_profile("mutants")


def passes(arguments: str, seconds: int = 0, *, keeps_bytecode: bool = False) -> bool:
    """Whether the tests pass, in a fork. What takes longer than `seconds` does not."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        signal.alarm(seconds)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        sys.dont_write_bytecode = not keeps_bytecode
        os._exit(int(pytest.main(arguments.split())))
    return os.waitpid(child, 0)[1] == 0


@cache
def limits(file: str) -> dict[str, int]:
    """How long each group of tests may take: they pass first, the file being whole."""
    found = {}
    for tests in TESTS[file]:
        start = time.monotonic()
        arguments = f"{PYTEST} {PURE if 'composer' in file else DJANGO} {tests}"
        if not passes(arguments, keeps_bytecode=True):
            raise SystemExit(f"{tests}: these tests fail before anything is broken.")
        found[arguments] = 10 + 5 * int(time.monotonic() - start)
    shutil.rmtree(Path(file).parent / "__pycache__", ignore_errors=True)
    return found


def is_killed(mutant: Mutant) -> bool:
    groups = limits(mutant.file)
    file = Path(mutant.file)
    whole = file.read_text()
    file.write_text(mutant.source)
    try:
        return not all(passes(arguments, seconds) for arguments, seconds in groups.items())
    finally:
        file.write_text(whole)


def explanations() -> set[str]:
    """Of each paragraph of the file, what `name_of` gives of the mutant that it explains."""
    paragraphs = EXPLAINED.read_text().split("\n\n")[1:]
    return {"\n".join(text.strip().split("\n")[:3]) for text in paragraphs if text.strip()}


def name_of(mutant: Mutant) -> str:
    return f"{mutant.file} {mutant.function}\n- {mutant.before}\n+ {mutant.after}"


def survivors(mutants: list[Mutant], workers: int) -> Iterator[Mutant]:
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(
            workers, get_context("fork"), initializer=partial(prepare, folder)
        ) as pool,
    ):
        found = zip(mutants, pool.map(is_killed, mutants), strict=True)
        for rank, (mutant, killed) in enumerate(found, 1):
            if not killed:
                yield mutant
            if sys.stderr.isatty():
                print(f"{rank} of {len(mutants)}", end="\r", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench/mutants",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help=f"of: {', '.join(TESTS)}")
    parser.add_argument("-f", "--function", default="", help="only those whose name has this")
    parser.add_argument("-n", type=int, default=1, help="how many at once (1)")
    asked = parser.parse_args()
    if unknown := set(asked.files) - TESTS.keys():
        parser.error(f"no tests are named for {', '.join(unknown)}")

    files = asked.files or list(TESTS)
    every = [row for file in files for row in mutants_of(file, (ROOT / file).read_text())]
    explained = explanations()
    tried = [
        row for row in every if name_of(row) not in explained and asked.function in row.function
    ]
    left: Counter[str] = Counter()
    for mutant in survivors(tried, asked.n):
        left[mutant.file] += 1
        where, _, what = name_of(mutant).partition(" ")
        print(f"{where}:{mutant.line} {what}\n", flush=True)

    is_enough = True
    counts = Counter(row.file for row in tried)
    for file, count in counts.items():
        share = 1 - left[file] / count
        is_enough &= share >= ENOUGH
        others = sum(row.file == file and name_of(row) in explained for row in every)
        print(f"{file}: {share:.1%} of {count} killed; {left[file]} left; {others} explained")
    stale = {name for name in explained if name.split()[0] in files} - set(map(name_of, every))
    for name in stale:
        print(f"Explained, but no mutant any more: {name}")
    return 0 if is_enough and not stale else 1


if __name__ == "__main__":
    sys.exit(main())
