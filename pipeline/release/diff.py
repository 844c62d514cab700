"""What differs between two releases, or a release and the working tables, found by DuckDB over their Parquet files.

Rows are matched by the table's key. Values are compared exactly: null equals null only, and a number any number of equal value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path
from typing import Any, Literal

import duckdb
import pandas as pd

from pipeline.errors import ReoError
from pipeline.release.sides import Side

# Rows named in each list of a report.
LISTED = 10
NUMBERS = ("integer", "number")
Level = Literal["patch", "minor", "major"]
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class SchemaChange:
    """A change of what a table is, and the least step of the version it asks for."""

    what: str
    level: Level


@dataclass(frozen=True)
class TableChange:
    """What differs in a table both sides have. The lists hold the first or largest; the counts are of all.

    `added` and `removed` have the key's columns; `changed` those, then column, before, after (as text) and relative, the change
    as a share of the former number, infinite from zero. Without a common key, rows as a whole were added or removed.
    """

    table: str
    schema: tuple[SchemaChange, ...]
    key: tuple[str, ...]
    rows: tuple[int, int]
    counts: Mapping[str, int] = field(default_factory=lambda: {"added": 0, "removed": 0, "changed": 0})
    by_column: Mapping[str, int] = field(default_factory=dict)
    added: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    removed: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    changed: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)

    @property
    def empty(self) -> bool:
        return not self.schema and not any(self.counts.values())


@dataclass(frozen=True)
class Difference:
    """All that differs between two sides, by name."""

    before: str
    after: str
    tables_added: tuple[str, ...]
    tables_removed: tuple[str, ...]
    tables: tuple[TableChange, ...]
    sources: tuple[tuple[str, str | None, str | None], ...]
    verdicts: tuple[tuple[str, str | None, str | None], ...]

    @property
    def empty(self) -> bool:
        return not (self.tables_added or self.tables_removed or self.tables or self.sources)


def compare(before: Side, after: Side, listed: int = LISTED) -> Difference:
    """The difference from one side to another; up to `listed` rows of each kind are named. Raises ReoError for damaged tables."""
    both = [name for name in after.schemas if name in before.schemas]
    found = [_table(name, before, after, listed) for name in both]
    return Difference(
        before.name,
        after.name,
        tables_added=tuple(name for name in after.schemas if name not in before.schemas),
        tables_removed=tuple(name for name in before.schemas if name not in after.schemas),
        tables=tuple(change for change in found if not change.empty),
        sources=tuple(_differing(before.editions, after.editions)),
        verdicts=tuple(_differing(_verdicts(before), _verdicts(after))),
    )


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str | None, str | None]]:
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield name, before.get(name), after.get(name)


def _verdicts(side: Side) -> dict[str, str]:
    if "claims" not in side.schemas:
        return {}
    rows = pd.read_parquet(side.parquet("claims"), columns=["claim_id", "verdict"])
    return dict(zip(rows["claim_id"], rows["verdict"], strict=True))


def _table(name: str, before: Side, after: Side, listed: int) -> TableChange:
    old, new = before.schemas[name], after.schemas[name]
    files = before.parquet(name), after.parquet(name)
    try:
        with duckdb.connect() as connection:
            return _compared(connection, name, (old, new), files, listed)
    except duckdb.Error as error:
        raise ReoError(f"table {name} of {before.name} or {after.name} cannot be compared ({error})", "verify both") from error


def _compared(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    schemas: tuple[Mapping[str, Any], Mapping[str, Any]],
    files: tuple[Path, Path],
    listed: int,
) -> TableChange:
    for view, file in zip(("old", "new"), files, strict=True):
        connection.execute(f"create view {view} as select * from read_parquet({_text(str(file))})")
    rows = _number(connection, "select count(*) from old"), _number(connection, "select count(*) from new")
    old, new = (_fields(schema) for schema in schemas)
    common: Pairs = [(column, column) for column in old if column in new and _comparable(old[column], new[column])]
    key = _key(connection, schemas, common)
    renamed = [pair for pair in key if pair[0] != pair[1]]
    if key:
        renamed += _renamed_columns(connection, key, old, new, renamed)
        common += [pair for pair in renamed if pair not in key]
    schema = tuple(_schema_changes(schemas, dict(renamed)))
    if files[0].read_bytes() == files[1].read_bytes() and not schema:
        return TableChange(name, schema, tuple(n for _, n in key), rows)
    if not key:
        return _as_multisets(connection, name, schema, rows, common, listed)
    values = [pair for pair in common if pair not in key]
    _join(connection, key, values)
    counts = {
        "added": _number(connection, "select count(*) from joined where in_old is null"),
        "removed": _number(connection, "select count(*) from joined where in_new is null"),
        "changed": _number(connection, "select count(*) from joined where in_old and in_new"),
    }
    keys = ", ".join(f"k{i} as {_name(column)}" for i, (_, column) in enumerate(key))
    order = ", ".join(f"k{i} nulls last" for i in range(len(key)))
    by_column = _by_column(connection, values)
    return TableChange(
        name,
        schema,
        tuple(column for _, column in key),
        rows,
        counts,
        by_column,
        connection.sql(f"select {keys} from joined where in_old is null order by {order} limit {listed}").df(),
        connection.sql(f"select {keys} from joined where in_new is null order by {order} limit {listed}").df(),
        _changed(connection, keys, order, [(i, c) for i, (_, c) in enumerate(values) if c in by_column], new, listed),
    )


def _fields(schema: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in schema["fields"]}


def _comparable(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return old["type"] == new["type"] or {old["type"], new["type"]} == set(NUMBERS)


def _key(connection: duckdb.DuckDBPyConnection, schemas: tuple[Mapping[str, Any], Mapping[str, Any]], common: Pairs) -> Pairs:
    """The key's columns as (old name, new name), none where rows cannot be matched one to one.

    A key column that is gone was renamed if a new one of its type takes its part in the key and half of the rows then match.
    """
    old, new = (list(schema["primaryKey"]) for schema in schemas)
    gone, come = [c for c in old if c not in new], [c for c in new if c not in old]
    same = {(c, c) for c in old if c in new}
    if len(gone) != len(come) or not same <= set(common):
        return []
    former, latter = (_fields(schema) for schema in schemas)
    if any(c in latter for c in gone) or any(c in former for c in come):
        return []
    best: Pairs = []
    most = -1
    for order in permutations(come):
        names = dict(zip(gone, order, strict=True))
        if not all(_comparable(former[o], latter[n]) for o, n in names.items()):
            continue
        pairs = [(c, names.get(c, c)) for c in old]
        if not gone:
            best = pairs
            break
        matched = _number(connection, f"select count(*) from old join new on {_on(pairs)}")
        least = _number(connection, "select least((select count(*) from old), (select count(*) from new))")
        if matched > most and 2 * matched >= least:
            best, most = pairs, matched
    unique = best and all(
        _number(connection, f"select count(*) from (select 1 from {view} group by {_list(columns)} having count(*) > 1)") == 0
        for view, columns in (("old", [o for o, _ in best]), ("new", [n for _, n in best]))
    )
    return best if unique else []


def _renamed_columns(
    connection: duckdb.DuckDBPyConnection,
    key: Pairs,
    old: Mapping[str, Mapping[str, Any]],
    new: Mapping[str, Mapping[str, Any]],
    known: Pairs,
) -> Pairs:
    """Columns gone and come of one type with the same value in every row matched, not all of them null."""
    gone = [c for c in old if c not in new and c not in {o for o, _ in known}]
    come = [c for c in new if c not in old and c not in {n for _, n in known}]
    found: Pairs = []
    for former in gone:
        for latter in (c for c in come if c not in {n for _, n in found}):
            if old[former]["type"] != new[latter]["type"]:
                continue
            one, other = f"old.{_name(former)}", f"new.{_name(latter)}"
            differing, known_values = connection.sql(
                f"select count(*) filter ({one} is distinct from {other}), count({one}) from old join new on {_on(key)}"
            ).fetchall()[0]
            if not differing and known_values:
                found.append((former, latter))
                break
    return found


def _schema_changes(schemas: tuple[Mapping[str, Any], Mapping[str, Any]], renamed: Mapping[str, str]) -> Iterator[SchemaChange]:
    old, new = (_fields(schema) for schema in schemas)
    for column in old:
        if column in renamed:
            yield SchemaChange(f"column {column} renamed {renamed[column]}", "major")
        elif column not in new:
            yield SchemaChange(f"column {column} removed", "major")
    for column in new:
        if column not in old and column not in renamed.values():
            yield SchemaChange(f"column {column} added", "minor")
    keys = [renamed.get(c, c) for c in schemas[0]["primaryKey"]], list(schemas[1]["primaryKey"])
    if set(keys[0]) != set(keys[1]):
        yield SchemaChange(f"key {', '.join(schemas[0]['primaryKey'])} is now {', '.join(keys[1])}", "major")
    for column, former in old.items():
        if (latter := new.get(renamed.get(column, column))) is not None:
            yield from _column_changes(renamed.get(column, column), former, latter)


def _column_changes(column: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[SchemaChange]:
    for what in ("type", "unit"):
        if old.get(what) != new.get(what):
            yield SchemaChange(f"{what} of {column} was {old.get(what) or 'none'}, is {new.get(what) or 'none'}", "major")
    former, latter = old.get("constraints", {}), new.get("constraints", {})
    words = former.get("enum", []), latter.get("enum", [])
    if all(words):
        for word in words[0]:
            if word not in words[1]:
                yield SchemaChange(f"word {word} removed from {column}", "major")
        for word in words[1]:
            if word not in words[0]:
                yield SchemaChange(f"word {word} added to {column}", "minor")
    if former.get("required") != latter.get("required"):
        yield SchemaChange(f"{column} may {'no longer' if latter.get('required') else 'now'} be empty", "minor")


def _join(connection: duckdb.DuckDBPyConnection, key: Pairs, values: Pairs) -> None:
    """The table `joined`: key k0…, old values a0…, new values b0…, and on which side a row is; only rows that differ."""
    sides = [
        ", ".join(
            [
                *(f"{_name(pair[place])} as k{i}" for i, pair in enumerate(key)),
                *(f"{_name(pair[place])} as {'ab'[place]}{i}" for i, pair in enumerate(values)),
            ]
        )
        for place in (0, 1)
    ]
    matched = " and ".join(f"o.k{i} is not distinct from n.k{i}" for i in range(len(key)))
    keys = ", ".join(f"coalesce(o.k{i}, n.k{i}) as k{i}" for i in range(len(key)))
    rest = "".join(f", a{i}, b{i}" for i in range(len(values)))
    differs = " or ".join(["in_old is null", "in_new is null", *(f"a{i} is distinct from b{i}" for i in range(len(values)))])
    connection.execute(
        f"create table joined as select {keys}{rest}, in_old, in_new from (select {sides[0]}, true as in_old from old) o "
        f"full outer join (select {sides[1]}, true as in_new from new) n on {matched} where {differs}"
    )


def _by_column(connection: duckdb.DuckDBPyConnection, values: Pairs) -> dict[str, int]:
    if not values:
        return {}
    counted = ", ".join(f"count(*) filter (a{i} is distinct from b{i})" for i in range(len(values)))
    found = connection.sql(f"select {counted} from joined where in_old and in_new").fetchall()[0]
    return {column: n for (_, column), n in zip(values, found, strict=True) if n}


def _changed(
    connection: duckdb.DuckDBPyConnection,
    keys: str,
    order: str,
    values: list[tuple[int, str]],
    fields: Mapping[str, Mapping[str, Any]],
    listed: int,
) -> pd.DataFrame:
    """The changed values, largest relative changes first, those of no number last."""
    parts = []
    for i, column in values:
        share = f"case when a{i} = b{i} or a{i} is null or b{i} is null then null when a{i} = 0 then 'inf'::double"
        share += f" else abs(b{i}::double - a{i}::double) / abs(a{i}::double) end"
        relative = share if fields[column]["type"] in NUMBERS else "null::double"
        parts.append(
            f"select *, {_text(column)} as c, a{i}::varchar as a, b{i}::varchar as b, {relative} as r from joined "
            f"where in_old and in_new and a{i} is distinct from b{i}"
        )
    if not parts:
        return pd.DataFrame()
    shown = f'{keys}, c as "column", a as before, b as after, r as relative'
    query = f"select {shown} from ({' union all by name '.join(parts)}) order by r desc nulls last, {order}, c limit {listed}"
    found: pd.DataFrame = connection.sql(query).df()
    return found


def _as_multisets(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    schema: tuple[SchemaChange, ...],
    rows: tuple[int, int],
    common: Pairs,
    listed: int,
) -> TableChange:
    """Without a common key: the rows, as far as both have their columns, that one side has more often than the other."""
    columns = _list([column for column, _ in common])
    counts, lists = {"changed": 0}, {}
    for what, here, there in (("added", "new", "old"), ("removed", "old", "new")):
        surplus = f"(select {columns} from {here} except all select {columns} from {there})" if common else None
        counts[what] = _number(connection, f"select count(*) from {surplus}") if surplus else 0
        lists[what] = connection.sql(f"from {surplus} order by all limit {listed}").df() if surplus else pd.DataFrame()
    return TableChange(name, schema, (), rows, counts, {}, lists["added"], lists["removed"])


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.sql(query).fetchall()[0][0])


def _on(pairs: Pairs) -> str:
    return " and ".join(f"old.{_name(o)} is not distinct from new.{_name(n)}" for o, n in pairs)


def _list(columns: list[str]) -> str:
    return ", ".join(map(_name, columns))


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
