"""What-ifs over the built tables: scenarios of withholding, the shipped ones or anyone's own, computed in seconds.

from pipeline.disrupt import disrupt, scenario
disrupt(scenario("CHN", cut=0.5, targets="USA+JPN", spare_share=0.1), year=2024)
"""

from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table as Grid

from pipeline import catalog, wiring
from pipeline.errors import ReoError
from pipeline.intake import transcribed
from pipeline.measures import disruption as measure
from pipeline.measures.helpers.supply_network import networks
from pipeline.sources.reviewed import disruption_scenarios

CAVEAT = "A what-if, not a forecast: it leaves out stocks, prices, substitution and time, and treats a group's goods as one."
UNEXPLAINED = (
    "{share:.0%} of the others' output is net exports with no output on record: their own use of what they make is not seen, "
    "so that losses of makers are too high and what they could add is too low."
)
MOST_ROWS = 15


def scenario(
    origin: str,
    cut: float,
    targets: str = "all",
    group: str | None = None,
    feed: str = "excluded",
    spare_share: float = 0.0,
    spare_t: float = 0.0,
    name: str = "own",
) -> pd.DataFrame:
    """One scenario as a row of disruption_scenarios. Raises ReoError for an unknown country, bloc or word, or an odd amount."""
    row = pd.DataFrame(
        {
            "scenario": [name], "origin": [origin], "cut": [str(cut)], "targets": [targets], "group": [group or ""],
            "feed": [feed], "spare_share": [str(spare_share)], "spare_t": [str(spare_t)], "note": [""],
        }
    )  # fmt: skip
    return disruption_scenarios.read_scenarios(Path("the scenario"), row, catalog.load_table("countries"))


def from_file(file: Path) -> pd.DataFrame:
    """Scenarios from a CSV with the columns of disruption_scenarios. Raises ReoError naming row, column and value."""
    if not file.is_file():
        raise ReoError(f"there is no file {file}", f"write a CSV with the columns {', '.join(disruption_scenarios.SCENARIOS)}")
    with transcribed.all_faults():
        chosen = disruption_scenarios.scenarios(file, catalog.load_table("countries"))
    return chosen


def shipped(name: str | None = None) -> pd.DataFrame:
    """The scenarios of disruption_scenarios, or the one of this name. Raises ReoError where there is none."""
    known = catalog.load_table("disruption_scenarios")
    if name is None:
        return known
    if name not in known["scenario"].tolist():
        raise ReoError(
            f"there is no scenario {name!r}",
            f"use one of: {', '.join(known['scenario'])}; or give your own with --origin, or in a CSV with --scenarios",
        )
    return known[known["scenario"] == name]


def disrupt(scenarios: pd.DataFrame, year: int | None = None, group: str | None = None) -> pd.DataFrame:
    """The scenarios computed on the built tables (columns of Disruption), of all years and groups or of those asked for.

    Raises ReoError where no year and group on record fits, or an origin sends its targets nothing.
    """
    others = ("trade_flows", "disruption_scenarios", "countries")
    names = [name for name in wiring.inputs("disruption") if name not in others]
    inputs: list[Any] = [catalog.load_table(name) for name in names]
    found = networks(catalog.scan_table("trade_flows"), *inputs)
    fitting = [n for n in found if year in (None, n.year) and group in (None, n.group)]
    if not fitting:
        on_record = ", ".join(f"{of} {when}" for of, when in sorted({(n.group, n.year) for n in found}))
        asked = " ".join(str(word) for word in (group, year) if word is not None)
        raise ReoError(
            f"there is no trade with output on record for {asked}", f"choose one of: {on_record or 'none, build first'}"
        )
    played = measure.play(fitting, scenarios, catalog.load_table("countries"))
    silent = sorted(set(scenarios["scenario"]) - set(played["scenario"]))
    if silent:
        raise ReoError(
            f"nothing is withheld in {', '.join(silent)}: the origin sends its targets nothing in the years and groups asked for",
            "choose another year, group, origin or target; for feed such as Myanmar's choose feed `included`",
        )
    return played.sort_values(["year", "group", "scenario", "importer"], kind="stable").reset_index(drop=True)


def show(played: pd.DataFrame, out: Console, rows: int = MOST_ROWS) -> None:
    """For each year, group and scenario who loses most, with what it rests on."""
    for (year, group, name), lost in played.groupby(["year", "group", "scenario"], sort=False):
        first = lost.iloc[0]
        grid = Grid("importer", box=None, pad_edge=False, title_justify="left")
        grid.title = (
            f"[bold]{name}[/], {group} {year}: {first['origin']} withholds {_t(_sum(lost, 'withheld_t'))} t {first['basis']}"
        )
        for heading in ("use before, t", "lost, t", "direct", "through others", "of use", "added, t", "of use after"):
            grid.add_column(heading, justify="right")
        most = lost.sort_values(["lost_before_t", "importer"], ascending=[False, True], kind="stable")
        for row in most[most["importer"] != first["origin"]].head(rows).to_dict("records"):
            grid.add_row(
                str(row["importer"]), _t(row["use_t"]), _t(row["lost_before_t"]), _t(row["lost_direct_t"]),
                _t(row["lost_through_others_t"]), _share(row["lost_before_share"]), _t(row["added_t"]),
                _share(row["lost_after_share"]),
            )  # fmt: skip
        out.print(grid)
        back = _t(_sum(lost[lost["importer"] == first["origin"]], "lost_before_t"))
        out.print(
            f"All importers lose {_t(_sum(lost, 'lost_before_t'))} t, which is what was withheld; {back} t of it is what comes "
            f"back less to {first['origin']}. The others add {_t(_sum(lost, 'added_t'))} t. EUU is in its members' rows too.",
            highlight=False,
        )
        if pd.notna(first["others_unexplained_share"]):
            out.print(UNEXPLAINED.format(share=first["others_unexplained_share"]), highlight=False)
        out.print()
    out.print(f"[yellow]{CAVEAT}[/] docs/methods/disruption.md", highlight=False)


def _sum(lost: pd.DataFrame, column: str) -> float:
    return float(lost.loc[lost["importer"] != "EUU", column].sum())


def _t(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 10 or amount == 0 else f"{amount:,.2f}"


def _share(share: float) -> str:
    return "" if pd.isna(share) else f"{share:.1%}"
