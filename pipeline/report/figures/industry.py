"""Industrial policy: quotas and who receives them, what stays at home, what the acts are, what is exported instead of ore."""

import altair as alt

from pipeline.report import headlines
from pipeline.report.charts import CHINA, OTHERS, PALETTE, number, percent, share_axis
from pipeline.report.figure import SMALL, Chart, Figure
from pipeline.report.figures import marks
from pipeline.report.tables import Tables

STAGES = {"mining": "Mining", "separation": "Separation", "export": "Export"}


def quotas(tables: Tables) -> Figure | None:
    """The yearly quotas of mining, separation and export, as long as they were published."""
    found = headlines.quota(tables)
    if not found:
        return None
    rows = tables["quota_use"].dropna(subset=["quota"])
    rows = rows[rows["year"] >= 2008].assign(name=rows["stage"].map(STAGES), kt=rows["quota"] / 1000)
    rows = rows[["year", "name", "quota", "kt", "quota_basis", "holders"]].sort_values(["name", "year"])
    top = float(rows["kt"].max())

    def draw(width: int) -> Chart:
        colours = {"Mining": CHINA, "Separation": OTHERS, "Export": PALETTE[5]}
        y = alt.Y("kt:Q", title="Thousand tonnes of oxide", scale=alt.Scale(domain=[0, top * 1.05]))
        return marks.named_lines(rows, marks.years(rows), y, "name", colours, width, (0, top), margin=80)

    since = f"; it has not been published since {found.not_published}" if found.not_published else ""
    return Figure(
        name="chinese_quotas",
        title=f"China's mining quota went from {number(found.first)} tonnes in {found.first_year} to {number(found.amount)} in "
        f"{found.year}{since}",
        subtitle="China's yearly quotas, thousand tonnes of rare-earth oxide; the export quota ended in 2014",
        alt=f"Lines from 2008: mining ends at {number(found.amount)} tonnes in {found.year}.",
        draw=draw,
        rows=rows.drop(columns="kt"),
        through=str(int(rows["year"].max())),
        sources=("china_production_quotas", "china_export_quotas"),
        tables=("quota_use", "quotas"),
        notes="Several batches a year are added. A quota is a limit, not what was mined.",
        row=("quota_use", found.key),
    )


def holders(tables: Tables) -> Figure | None:
    """How many groups the quotas are addressed to, with the mergers."""
    found = headlines.quota(tables)
    rows = tables["quota_holders"]
    named = rows[rows["kind"] == "addressees"].dropna(subset=["holders"]).sort_values("happened_on")
    if not found or not found.holders or len(named) < 2:
        return None
    named = named.assign(date=named["happened_on"].astype("str"))[["date", "year", "holders", "groups"]]

    def draw(width: int) -> Chart:
        y = alt.Y("holders:Q", title="Groups", scale=alt.Scale(domain=[0, 7]), axis=alt.Axis(values=[0, 2, 4, 6], format="d"))
        base = alt.Chart(named[["date", "holders"]]).encode(x=marks.days(), y=y)
        steps = base.mark_line(interpolate="step-after", color=CHINA, point=alt.OverlayMarkDef(color=CHINA, size=40))
        return steps.properties(width=width - 60, height=180)

    mergers = rows[(rows["kind"] == "change") & rows["absorbed"].notna() & (rows["year"] >= 2021)]
    said = "; ".join(f"{marks.day(str(r.happened_on))}: {r.event}" for r in mergers.itertuples())
    return Figure(
        name="holders_of_chinese_quotas",
        title=f"The groups that receive China's quotas went from {found.holders_first} in {found.holders_first_year} to "
        f"{found.holders} in {found.holders_year}",
        subtitle="Number of state groups that the quotas are addressed to",
        alt=f"A stepped line from {found.holders_first} in {found.holders_first_year} to {found.holders} in "
        f"{found.holders_year}.",
        draw=draw,
        rows=named,
        through=str(found.holders_year),
        sources=("china_rare_earth_groups",),
        tables=("quota_holders",),
        notes=f"Mergers since 2021: {said}." if said else "",
    )


def exported_share(tables: Tables) -> Figure | None:
    """Exports of compounds and metals, as oxide, over the mining quota."""
    rows = tables["quota_use"]
    rows = rows[(rows["stage"] == "mining") & rows["exports_over_quota"].notna()].sort_values("year")
    if len(rows) < 2:
        return None
    rows = rows[["year", "exports_over_quota_low", "exports_over_quota", "exports_over_quota_high"]]
    first, last = rows.iloc[0], rows.iloc[-1]
    was, now = percent(first["exports_over_quota"]), percent(last["exports_over_quota"])
    top = float(rows["exports_over_quota_high"].max())

    def draw(width: int) -> Chart:
        scale = alt.Scale(domain=[0, round(top + 0.05, 1)])
        base = alt.Chart(rows).encode(x=marks.years(rows))
        band = base.mark_area(opacity=0.2, color=OTHERS).encode(
            y=alt.Y("exports_over_quota_low:Q", scale=scale), y2="exports_over_quota_high:Q"
        )
        y = alt.Y("exports_over_quota:Q", axis=share_axis("Exports over mining quota"), scale=scale)
        line = base.mark_line(color=OTHERS, point=alt.OverlayMarkDef(color=OTHERS, size=20)).encode(y=y)
        return (band + line).properties(width=width - 70, height=marks.HEIGHT)

    return Figure(
        name="exports_over_mining_quota",
        title=f"Exports of compounds and metals were {was} of China's mining quota in {first['year']:.0f} and {now} in "
        f"{last['year']:.0f}",
        subtitle="Exports, as oxide, over the mining quota, percent; band: range of the oxide content of what is exported",
        alt=f"A line with a band from {was} in {first['year']:.0f} to {now} in {last['year']:.0f}.",
        draw=draw,
        rows=rows,
        through=f"{last['year']:.0f}",
        sources=("cepii_baci", "china_production_quotas", "conversion_factors"),
        tables=("quota_use",),
        notes="The rest is used at home, also for magnets that are then exported; until about 2012 more was mined than the "
        "quota allowed.",
    )


KINDS = {
    "production_quota": "Quotas",
    "consolidation_merger": "Mergers",
    "plan_strategy": "Plans",
    **dict.fromkeys(("standard_regulation", "enforcement_campaign"), "Standards and enforcement"),
    **dict.fromkeys(("subsidy_funding", "tax", "stockpile", "research_programme"), "Funding, taxes, stockpiles"),
}
OTHER = "Other"


def acts(tables: Tables) -> Figure | None:
    """Chinese acts of industrial policy and environmental rules by five years."""
    rows = tables["policy_events"]
    rows = rows[(rows["actor"] == "CHN") & rows["layer"].isin(["industrial_policy", "environmental_regulation"])]
    rows = rows[rows["legal_force"] != "statement"]
    if rows.empty:
        return None
    rows = rows.assign(
        year=rows["announced_on"].str[:4].astype("int64"),
        kind=rows["instrument"].map(KINDS).fillna(OTHER),
    )
    rows = rows[rows["year"] >= 1995]
    rows = rows.assign(period=(rows["year"] // 5 * 5).astype("str") + "–" + (rows["year"] // 5 * 5 + 4).astype("str").str[2:])
    counted = rows.groupby(["period", "kind"], as_index=False).size().rename(columns={"size": "acts"})
    if counted.empty:
        return None
    totals = counted.groupby("period")["acts"].sum()
    kinds = [*dict.fromkeys(KINDS.values()), OTHER]
    by_kind = counted.groupby("kind")["acts"].sum().sort_values(ascending=False)
    through = marks.day(headlines.register_through(tables))

    def draw(width: int) -> Chart:
        colour = alt.Color("kind:N", sort=kinds, scale=alt.Scale(domain=kinds, range=[*PALETTE[:5], "#8a8a8a"]))
        colour = colour.legend(alt.Legend(orient="top", columns=3 if width > 400 else 2, symbolType="square"))
        x = alt.X("period:O", title=None, axis=alt.Axis(labelAngle=0 if width > 400 else -50))
        base = alt.Chart(counted).mark_bar().encode(x=x, y=alt.Y("acts:Q", title="Acts"), color=colour)
        return base.encode(order=alt.Order("kind:N")).properties(width=width - 60, height=marks.HEIGHT)

    most = str(by_kind.index[0]).lower()
    return Figure(
        name="chinese_industrial_policy_acts",
        title=f"{int(counted['acts'].sum())} acts of Chinese industrial and environmental policy since 1995, the largest "
        f"group {most} ({by_kind.iloc[0]})",
        subtitle="Acts on rare earths adopted in five years each, by instrument; statements are left out",
        alt="Stacked bars by five years: " + ", ".join(f"{n} acts in {p}" for p, n in totals.items()) + ".",
        draw=draw,
        rows=counted,
        through=through,
        sources=("policy_register",),
        tables=("policy_events",),
        notes="Recent acts are easier to find than early ones, and the last period is not over: more acts found does not "
        "mean more acts "
        "adopted. Sums of money are not on record.",
    )


def downstream(tables: Tables) -> Figure | None:
    """The share of metals and magnets in the value of China's rare-earth exports."""
    rows = tables["quality_shift"].dropna(subset=["downstream_share_of_value"]).sort_values("year")
    if len(rows) < 2:
        return None
    rows = rows[["year", "downstream_share_of_value", "magnets_share_of_value", "metals_share_of_value"]]
    first, last = rows.iloc[0], rows.iloc[-1]
    was, now = percent(first["downstream_share_of_value"]), percent(last["downstream_share_of_value"])

    def draw(width: int) -> Chart:
        y = alt.Y("downstream_share_of_value:Q", axis=share_axis("Share of value"), scale=alt.Scale(domain=[0, 1]))
        base = alt.Chart(rows).encode(x=marks.years(rows), y=y)
        line = base.mark_line(color=CHINA, point=alt.OverlayMarkDef(color=CHINA, size=25))
        return line.properties(width=width - 70, height=150 if width <= SMALL else marks.HEIGHT)

    return Figure(
        name="magnets_and_metals_in_chinese_exports",
        title=f"Magnets and metals were {was} of the value of China's rare-earth exports in {first['year']:.0f} and {now} in "
        f"{last['year']:.0f}",
        subtitle="Share of metals and permanent magnets (HS 850511) in China's exports of rare-earth goods, percent of value",
        alt=f"A line from {was} in {first['year']:.0f} to {now} in {last['year']:.0f}.",
        draw=draw,
        rows=rows,
        through=f"{last['year']:.0f}",
        sources=("cepii_baci", "cepii_baci_magnets"),
        tables=("quality_shift",),
        notes="HS 850511 is all metal permanent magnets, most of its value rare-earth magnets; years without a figure for "
        "magnets are left out.",
        row=("quality_shift", (int(last["year"]),)),
    )
