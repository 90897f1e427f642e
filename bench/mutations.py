"""The small ways to break a Python file: each a mutant, whose source differs in one place."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
SUMS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
NAMES = {"any": "all", "all": "any", "min": "max", "max": "min"}
# Methods left out while what they are called on stays; methods whose words decide something.
LEFT_OUT = {"strip", "lstrip", "rstrip", "lower", "filter", "exclude", "order_by", "current"}
DECIDING = {"startswith", "endswith", "replace", "split", "partition", "strip", "lstrip", "rstrip"}
ONLY_SPEED = {"slots", "maxsize", "maxsplit", "update_fields"}  # keywords
EMPTY = {"bool": ("True", "False"), "str": ("''",), "int": ("0",)}


@dataclass(frozen=True, slots=True)
class Mutant:
    """`before` and `after`: the lines that differ, each run of spaces made one."""

    file: str
    function: str
    line: int
    before: str
    after: str
    source: str


def changed(node: ast.AST, **fields: object) -> ast.AST:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _without(items: list, index: int) -> list:
    return items[:index] + items[index + 1 :]


def _compared(node: ast.Compare) -> Iterator[ast.AST]:
    for index, operator in enumerate(node.ops):
        for other in COMPARISONS[type(operator)]:
            yield changed(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])


def _joined(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for index in range(len(node.values)):
        rest = _without(node.values, index)
        yield changed(node, values=rest) if len(rest) > 1 else rest[0]


def _signed(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _chosen(node: ast.IfExp) -> Iterator[ast.AST]:
    yield node.body
    yield node.orelse


def _counted(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


def _called(node: ast.Call) -> Iterator[ast.AST]:
    if isinstance(node.func, ast.Name) and node.func.id in NAMES:
        yield changed(node, func=ast.Name(NAMES[node.func.id]))
    if isinstance(node.func, ast.Attribute) and node.func.attr in LEFT_OUT:
        yield node.func.value
    for index, keyword in enumerate(node.keywords):
        is_flipped_instead = isinstance(getattr(keyword.value, "value", None), bool)
        if keyword.arg not in ONLY_SPEED and not is_flipped_instead:
            yield changed(node, keywords=_without(node.keywords, index))


def _summed(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in SUMS:
        yield changed(node, op=SUMS[type(node.op)]())


def _cut(node: ast.Slice) -> Iterator[ast.AST]:
    if node.lower:
        yield changed(node, lower=None)
    if node.upper:
        yield changed(node, upper=None)


CHANGES: dict[type[ast.AST], Callable[..., Iterator[ast.AST]]] = {
    ast.Compare: _compared,
    ast.BoolOp: _joined,
    ast.UnaryOp: _signed,
    ast.IfExp: _chosen,
    ast.Constant: _counted,
    ast.Call: _called,
    ast.BinOp: _summed,
    ast.Slice: _cut,
}


def _deciding_words(tree: ast.AST) -> set[int]:
    """The strings that are compared, or given to a method of strings that decides: their ids."""
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            found += [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found += node.args if node.func.attr in DECIDING else []
    for group in list(found):
        found += getattr(group, "elts", [])
    return {id(node) for node in found if isinstance(getattr(node, "value", None), str)}


def _is_removable(node: ast.AST, parent: ast.AST, field: str) -> bool:
    """Calls, what is yielded, raised, added, set on an object, or made of its own former value.
    Alone in an `if`, its condition is forced instead."""
    if isinstance(parent, ast.If) and len(getattr(parent, field)) == 1 and not parent.orelse:
        return False
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        names = {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
        return any(
            not isinstance(target, ast.Name) or target.id in names for target in node.targets
        )
    return isinstance(node, ast.Raise | ast.AugAssign)


@dataclass(frozen=True, slots=True)
class _Place:
    """A node, and where it hangs in the tree."""

    node: ast.AST
    parent: ast.AST
    field: str
    index: int | None  # None where the field holds one node

    def hang(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def _places(parent: ast.AST) -> Iterator[_Place]:
    for field, value in ast.iter_fields(parent):
        if isinstance(value, ast.AST):
            yield _Place(value, parent, field, None)
        elif isinstance(value, list):
            for index, node in enumerate(value):
                if isinstance(node, ast.AST):
                    yield _Place(node, parent, field, index)


def _instead_of(place: _Place, returns: str) -> Iterator[ast.AST]:
    """What its place in the tree lets it become; `returns` is the type of the function."""
    node, parent, field = place.node, place.parent, place.field
    if field == "decorator_list":
        if not ast.unparse(node).startswith(("dataclass", "lru_cache")):
            yield expression("lambda act: act")
    elif field == "ifs" or (field == "test" and isinstance(parent, ast.If)):
        yield from (ast.Constant(True), ast.Constant(False))
    elif isinstance(parent, ast.While) and field == "test":
        yield ast.Constant(False)
    elif isinstance(parent, ast.Return):
        yield from map(expression, EMPTY.get(returns, ("None",)))
    elif isinstance(parent, ast.withitem) and parent.optional_vars is None:
        yield expression("__import__('contextlib').nullcontext()")
    elif isinstance(node, ast.stmt) and _is_removable(node, parent, field):
        yield ast.Pass()


class _File:
    def __init__(self, name: str, source: str) -> None:
        self.name, self.source, self.tree = name, source.encode(), ast.parse(source)
        self.lines = self.source.splitlines(keepends=True)
        self.words = _deciding_words(self.tree)

    def mutants(
        self, parent: ast.AST, function: str = "", returns: str = "", text: ast.AST | None = None
    ) -> Iterator[Mutant]:
        """Those under `parent`. `text` is the f-string around: what is in it has no place of its
        own in the file, so that it is written whole."""
        if isinstance(parent, ast.FunctionDef | ast.ClassDef):
            function = f"{function}.{parent.name}".lstrip(".")
            returns = ast.unparse(getattr(parent, "returns", None) or ast.Constant(None))
        text = text or (parent if isinstance(parent, ast.JoinedStr) else None)
        for place in _places(parent):
            if place.field in ("annotation", "returns"):
                continue
            news = [*_instead_of(place, returns)]
            if place.field != "decorator_list":
                news += CHANGES.get(type(place.node), lambda _: ())(place.node)
            if id(place.node) in self.words:
                news.append(ast.Constant("no such word"))
            for new in news:
                yield self.broken(place, new, function, text)
            if place.field != "decorator_list":
                yield from self.mutants(place.node, function, returns, text)

    def broken(self, place: _Place, new: ast.AST, function: str, text: ast.AST | None) -> Mutant:
        place.hang(new)
        written = ast.unparse(text or new)
        place.hang(place.node)
        if isinstance(new, ast.BoolOp) and isinstance(place.parent, ast.BoolOp):
            written = f"({written})"
        old: Any = text or place.node
        first, last = old.lineno - 1, old.end_lineno - 1
        head, tail = self.lines[first][: old.col_offset], self.lines[last][old.end_col_offset :]
        after = head + written.encode() + tail
        before = b"".join(self.lines[first : last + 1])
        whole = b"".join([*self.lines[:first], after, *self.lines[last + 1 :]])
        shown = [" ".join(part.decode().split()) for part in (before, after)]
        return Mutant(self.name, function, old.lineno, shown[0], shown[1], whole.decode())


def mutants_of(name: str, source: str) -> list[Mutant]:
    """Every mutant of the file, in its order, each source once."""
    file = _File(name, source)
    found = {row.source: row for row in file.mutants(file.tree) if row.before != row.after}
    return sorted(found.values(), key=lambda row: row.line)
