"""Reward: who offered what to whom, what came of projects abroad, Malaysia as a case."""

import altair as alt
import pandas as pd

from pipeline.report import headlines
from pipeline.report.charts import CHINA, OTHERS, PALETTE, listed
from pipeline.report.figure import SMALL, Chart, Figure
from pipeline.report.figures import marks, world
from pipeline.report.labels import LAYERS
from pipeline.report.pages.words import in_a_sentence
from pipeline.report.tables import Tables

CASE = "MYS"
WHO = {"state": "the state", "firm": "firms", "both": "state and firms together"}
DIRECTION = {
    "china_offers": "China offers",
    "joint": "Joint",
    "partner_asks": "Partner asks",
    "partner_accepts": "Partner accepts",
    "partner_refuses": "Partner refuses",
    "china_withholds": "China withholds",
    "china_asks": "China asks",
}


def cooperation(tables: Tables) -> pd.DataFrame:
    """Acts of cooperation with a known direction, one row an act and partner: partner, offer, actor_kind, year."""
    rows = tables["policy_events"]
    rows = rows[(rows["layer"] == "cooperation_incentive") & rows["offer"].notna()]
    partner = rows["counterparty"].where(rows["actor"] == "CHN", rows["actor"]).fillna("")
    rows = rows.assign(partner=partner.str.split(";"), year=rows["announced_on"].str[:4]).explode("partner")
    rows = rows[(rows["partner"] != "") & (rows["partner"] != "CHN")]
    return rows[["event_id", "partner", "offer", "actor_kind", "year", "instrument", "legal_force", "status"]]


def partners(tables: Tables) -> Figure | None:
    """Partners by number of acts of cooperation, by who acted."""
    rows = cooperation(tables)
    if rows.empty:
        return None
    names = tables.countries()
    counted = rows.groupby(["partner", "actor_kind"], as_index=False).size().rename(columns={"size": "acts"})
    totals = counted.groupby("partner")["acts"].sum().sort_values(ascending=False, kind="stable")
    shown = totals.index[:15]
    counted = counted[counted["partner"].isin(shown)].assign(
        name=lambda f: f["partner"].map(lambda code: names.get(code, code)), who=lambda f: f["actor_kind"].map(WHO)
    )
    order = [names.get(code, code) for code in shown]

    def draw(width: int) -> Chart:
        colour = alt.Color("who:N", scale=alt.Scale(domain=list(WHO.values()), range=[CHINA, OTHERS, PALETTE[4]]))
        colour = colour.legend(alt.Legend(orient="top", columns=3 if width > 400 else 1, symbolType="square"))
        x = alt.X("acts:Q", title="Acts", axis=alt.Axis(tickMinStep=1))
        return marks.bars(counted, "name", x, order, width, left=130).encode(color=colour)

    return Figure(
        name="cooperation_by_partner",
        title=f"{len(totals)} partners have an act of cooperation with China on minerals; most are with {order[0]} "
        f"({totals.iloc[0]})",
        subtitle=f"Acts of cooperation by partner and by who acted on the Chinese side, the {len(order)} partners with most acts",
        alt="Bars by partner: " + ", ".join(f"{names.get(str(c), str(c))} {n}" for c, n in totals.head(6).items()) + ".",
        draw=draw,
        rows=counted[["partner", "name", "who", "acts"]],
        through=marks.day(headlines.register_through(tables)),
        sources=("policy_register",),
        tables=("policy_events",),
        notes="An act with several partners counts once for each. Refusals and withheld help count too: the next figure "
        "shows them.",
    )


DELIVERED, OFFERED, NEITHER = "a Chinese project operates", "offers, talks or plans", "none on record"


def world_map(tables: Tables) -> Figure | None:
    """Partners on a schematic map: where a project operates, where there are offers, talks or plans."""
    acts, projects = cooperation(tables), headlines.own_projects(tables)
    if acts.empty or projects.empty:
        return None
    names = tables.countries()
    operating = set(projects[projects["outcome"] == "operating"]["country"])
    known = {*acts["partner"], *projects["country"]}
    counted = acts.groupby("partner").size()
    of_country = projects.groupby("country").size()
    squares = pd.DataFrame(
        [
            {
                "iso3": code,
                "country": names.get(code, code),
                "column": column,
                "row": row,
                "what": DELIVERED if code in operating else OFFERED if code in known else NEITHER,
                "acts": int(counted.get(code, 0)),
                "projects": int(of_country.get(code, 0)),
            }
            for code, (column, row) in world.SQUARES.items()
            if code != "CHN"
        ]
    )
    partners = squares[squares["what"] != NEITHER]
    missing = sorted(names.get(code, code) for code in known - set(world.SQUARES))
    where = [in_a_sentence(name) for name in sorted(names.get(code, code) for code in operating)]

    def draw(width: int) -> Chart:
        side = (width - 10) // world.COLUMNS
        palette = {DELIVERED: "#4dbd9a", OFFERED: "#9bc4e2", NEITHER: "#ececec"}
        colour = alt.Color("what:N", scale=alt.Scale(domain=list(palette), range=list(palette.values())))
        colour = colour.legend(alt.Legend(orient="top", columns=3 if width > 400 else 1, symbolType="square"))
        base = alt.Chart(squares).encode(
            x=alt.X("column:Q", axis=None, scale=alt.Scale(domain=[-0.5, world.COLUMNS - 0.5])),
            y=alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[world.ROWS - 0.5, -0.5])),
        )
        drawn = base.mark_square(size=(side - 1) ** 2, opacity=1).encode(color=colour)
        if width > 400:
            code = base.transform_calculate(code="datum.iso3 == 'EUU' ? 'EU' : datum.iso3")
            drawn = drawn + code.mark_text(fontSize=9).encode(text="code:N")
        return drawn.properties(width=side * world.COLUMNS, height=side * world.ROWS)

    return Figure(
        name="partners_on_a_map",
        title=f"Chinese rare-earth projects operate in {listed(where)}; "
        f"{len(known - operating)} more partners have offers, talks or plans",
        subtitle="Countries with a Chinese rare-earth project or an act of cooperation on minerals; a square is a "
        "country, placed near its neighbours",
        alt=f"A schematic map of {len(squares)} countries: {len(operating)} with an operating project, "
        f"{int((squares['what'] == OFFERED).sum())} with offers, talks or plans.",
        draw=draw,
        rows=partners.drop(columns=["column", "row"]).sort_values(["what", "country"]),
        through=marks.day(headlines.register_through(tables)),
        sources=("policy_register", "overseas_presence"),
        tables=("policy_events", "overseas_presence"),
        notes=f"Not on the map: {listed(missing)}." if missing else "",
    )


def directions(tables: Tables) -> Figure | None:
    """Who offers, asks, refuses or withholds, by year."""
    rows = cooperation(tables).drop_duplicates("event_id")
    rows = rows[rows["year"] >= "2005"]
    if rows.empty:
        return None
    counted = rows.groupby(["offer", "actor_kind"], as_index=False).size().rename(columns={"size": "acts"})
    counted = counted.assign(direction=counted["offer"].map(DIRECTION), who=counted["actor_kind"].map(WHO))
    totals = counted.groupby("direction")["acts"].sum()
    of_state = counted[(counted["actor_kind"] == "state")].set_index("offer")["acts"]
    offered, refused = int(of_state.get("china_offers", 0)), int(of_state.get("partner_refuses", 0))

    def draw(width: int) -> Chart:
        colour = alt.Color("who:N", scale=alt.Scale(domain=list(WHO.values()), range=[CHINA, OTHERS, PALETTE[4]]))
        colour = colour.legend(alt.Legend(orient="top", columns=3 if width > 400 else 1, symbolType="square"))
        x = alt.X("acts:Q", title="Acts", axis=alt.Axis(tickMinStep=1))
        return marks.bars(counted, "direction", x, list(DIRECTION.values()), width, left=130).encode(color=colour)

    return Figure(
        name="cooperation_by_direction",
        title=f"The Chinese state made {offered} offers on its own; partners refused the state {refused} times",
        subtitle="Acts of cooperation since 2005 by who takes the step, and by who acted on the Chinese side",
        alt="Bars by direction: " + ", ".join(f"{name} {totals.get(name, 0)}" for name in DIRECTION.values()) + ".",
        draw=draw,
        rows=counted[["direction", "who", "acts"]],
        through=marks.day(headlines.register_through(tables)),
        sources=("policy_register",),
        tables=("policy_events",),
        notes="Many acts are known from press reports only.",
    )


def projects(tables: Tables) -> Figure | None:
    """Chinese rare-earth projects abroad by what came of them."""
    rows = headlines.own_projects(tables)
    found = headlines.offers(tables)
    if rows.empty or not found:
        return None
    counted = rows.groupby("outcome", as_index=False).size().rename(columns={"size": "projects"})
    counted = counted.assign(result=counted["outcome"].map(headlines.OUTCOMES).fillna(counted["outcome"]))
    counted["delivered"] = counted["outcome"].map(
        lambda o: "delivered" if o == "operating" else "came to nothing" if o in headlines.NOTHING else "open"
    )

    def draw(width: int) -> Chart:
        palette = {"delivered": PALETTE[2], "open": OTHERS, "came to nothing": "#8a8a8a"}
        colour = alt.Color("delivered:N", scale=alt.Scale(domain=list(palette), range=list(palette.values())))
        legend = alt.Legend(orient="top", symbolType="square", columns=3 if width > 400 else 1)
        colour = colour.legend(None if width <= SMALL else legend)
        x = alt.X("projects:Q", title="Projects", axis=alt.Axis(tickMinStep=1))
        return marks.bars(counted, "result", x, list(headlines.OUTCOMES.values()), width, left=160).encode(color=colour)

    return Figure(
        name="chinese_projects_abroad_by_outcome",
        title=f"Of {found.projects} Chinese rare-earth projects abroad on record, {found.operating} operate and "
        f"{found.came_to_nothing} came to nothing",
        subtitle="Chinese projects and stakes in rare earths abroad by what came of them, number of projects",
        alt="Bars by outcome: " + ", ".join(f"{r.result} {r.projects}" for r in counted.itertuples()) + ".",
        draw=draw,
        rows=counted[["result", "delivered", "projects"]],
        through=marks.day(str(rows["as_of"][rows["as_of"] != "undated"].max())),
        sources=("overseas_presence",),
        tables=("overseas_presence",),
        notes="Each project as the newest text found has it; projects in other minerals are left out. Not a complete list.",
    )


def case(tables: Tables) -> Figure | None:
    """The acts of and with one country, in time and by layer of policy."""
    rows = tables["policy_events"]
    rows = rows[(rows["actor"] == CASE) | rows["counterparty"].fillna("").str.contains(CASE)].sort_values("announced_on")
    if rows.empty:
        return None
    name = tables.countries().get(CASE, CASE)
    shown = rows.assign(
        date=rows["announced_on"].astype("str"),
        layer_name=rows["layer"].map(LAYERS),
        who=(rows["actor"] == "CHN").map({True: "China", False: f"{name} and others"}),
    )[["event_id", "date", "layer_name", "who", "title", "status"]]
    order = [layer for layer in LAYERS.values() if layer in set(shown["layer_name"])]
    by_layer = rows["layer"].value_counts()
    rules = rows[(rows["layer"] == "export_control") & (rows["actor"] == CASE)]
    shared, others = (int(by_layer.get(layer, 0)) for layer in ("cooperation_incentive", "diversification_response"))
    said = f"{shared} acts of cooperation, {others} with others"
    if len(rules):
        said += f"; its own export rules date from {str(rules['announced_on'].min())[:4]}"

    def draw(width: int) -> Chart:
        colour = alt.Color("who:N", scale=alt.Scale(domain=["China", f"{name} and others"], range=[CHINA, OTHERS]))
        left, size = (190, 13) if width > 400 else (145, 11)
        axis = alt.Axis(labelLimit=left, labelFontSize=size, ticks=False, domain=False)
        y = alt.Y("layer_name:N", sort=order, title=None, axis=axis)
        base = alt.Chart(shown[["date", "layer_name", "who"]]).mark_point(size=70, opacity=0.7)
        return base.encode(x=marks.days().scale(padding=12), y=y, color=colour).properties(
            width=width - left - 30, height={"step": 40}
        )

    return Figure(
        name="malaysia_between_offers_and_rules",
        title=f"{name}: {said}",
        subtitle=f"Acts of and with {name} in the register, by layer of policy and date",
        alt=f"Points in time by layer: {len(shown)} acts from {shown['date'].min()[:4]} to {shown['date'].max()[:4]}.",
        draw=draw,
        rows=shown[["date", "layer_name", "who", "title", "status"]],
        through=marks.day(headlines.register_through(tables)),
        sources=("policy_register",),
        tables=("policy_events",),
    )
