"""The sentences of the first page and the answers of the chapters: words made of headline figures, and how sure they are."""

from dataclasses import dataclass

from pipeline.report import headlines, sure
from pipeline.report.charts import listed, number, percent
from pipeline.report.figures.marks import day
from pipeline.report.pages.words import in_a_sentence
from pipeline.report.tables import Tables

NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True)
class Answer:
    """A sentence, the shorter answer that is its chapter's title, and how sure both are."""

    sentence: str
    title: str
    sure: sure.Level


def count(amount: int) -> str:
    """A small number as a word."""
    return NUMBERS[amount] if 0 <= amount < len(NUMBERS) else f"{amount:,}"


def some(amount: int, noun: str) -> str:
    """An amount of something in words: `no restriction`, `one restriction`, `seven restrictions`."""
    return f"{count(amount) if amount else 'no'} {noun}{'' if amount < 2 else 's'}"


def be(amount: int, one: str, many: str) -> str:
    """The verb that goes with an amount."""
    return one if amount == 1 else many


def chain(tables: Tables) -> Answer | None:
    """Where in the chain China has how much."""
    mined, separated, made = headlines.mining(tables), headlines.separation(tables), headlines.magnets(tables)
    known = [share for share in (mined, separated, made) if share]
    if not mined or not known:
        return None
    parts = [f"mined {percent(mined.value)} of the world's rare earths in {mined.year}"]
    if separated:
        parts.append(f"separated {percent(separated.value)} of those that magnets need ({separated.year})")
    if made:
        parts.append(f"made {percent(made.value)} of sintered neodymium magnets ({made.year})")
    grows = made and made.value > mined.value
    title = (
        f"China's share grows along the chain: {percent(mined.value)} of mining, {percent(made.value)} of magnets"
        if made and grows
        else f"China mined {percent(mined.value)} of the world's rare earths in {mined.year}"
    )
    return Answer(f"China {listed(parts)}.", title, lowest(*(share.sure for share in known)))


def stick(tables: Tables) -> Answer | None:
    """What China restricts."""
    found = headlines.controls(tables)
    if not found:
        return None
    verb = be(found.restrictions, "was", "were")
    in_force = f"{some(found.restrictions, 'Chinese restriction')} of rare-earth exports {verb} in force"
    words = f"In {day(found.month)}, {in_force}, against {count(found.before)} in {day(found.month_before)}"
    title = f"{in_force[0].upper()}{in_force[1:]} in {found.month[:4]}, against {count(found.before)} in {found.month_before[:4]}"
    if found.elements:
        needed = f"{some(len(found.elements), 'rare earth')} needed a licence"
        words += f"; {needed}"
        title = (
            f"{needed[0].upper()}{needed[1:]} in {found.month[:4]}; {some(found.restrictions, 'restriction')} "
            f"{verb} in force, against {count(found.before)} in {found.month_before[:4]}"
        )
    if found.suspended:
        words += f", and the control of {count(len(found.suspended))} more was suspended"
    return Answer(f"{words}.", title, found.sure)


def industry(tables: Tables) -> Answer | None:
    """How China steers its own industry."""
    found = headlines.quota(tables)
    if not found:
        return None
    words = f"China's mining quota was {number(found.amount)} tonnes of oxide in {found.year}"
    title = words
    if found.first_year < found.year:
        way = "raised" if found.amount > found.first else "lowered"
        words = f"China {way} its mining quota from {number(found.first)} tonnes of oxide in {found.first_year}"
        words += f" to {number(found.amount)} in {found.year}"
        title = f"China's mining quota is {found.amount / found.first:.1f} times that of {found.first_year}"
    if found.holders and found.holders_first:
        if found.holders != found.holders_first:
            words += f", while the groups that receive it went from {count(found.holders_first)} to {count(found.holders)}"
        title += f", and {some(found.holders, 'state group')} {be(found.holders, 'holds', 'hold')} it"
    if found.not_published:
        words += f"; it has not published the quota since {found.not_published}"
    return Answer(f"{words}.", title, found.sure)


def reward(tables: Tables) -> Answer | None:
    """What China offers to partners, and what came of it."""
    found = headlines.offers(tables)
    if not found:
        return None
    up_to = f" ({count(found.partners_high)} with joint and less sure offers)" if found.partners_high > found.partners else ""
    abroad = f"{some(found.projects, 'Chinese rare-earth project')} abroad"
    words = f"The Chinese state offered {some(found.partners, 'partner')}{up_to} more than words on minerals; "
    words += f"of {abroad} on record, {count(found.operating)} {be(found.operating, 'operates', 'operate')} "
    words += f"and {count(found.came_to_nothing)} came to nothing."
    title = f"{count(found.operating).capitalize()} of {abroad} {be(found.operating, 'operates', 'operate')}"
    if found.operating * 2 < found.projects:
        title = f"Offers are many, results few: {title[0].lower()}{title[1:]}"
    return Answer(words, title, found.sure)


def response(tables: Tables) -> Answer | None:
    """What the others did, and what it changed."""
    found = headlines.response(tables)
    if not found:
        return None
    before, after = found.years
    rose, importers = len(found.rose()), count(len(found.shares))
    words = f"The United States and its allies took {some(found.acts, 'step')} to depend less on China in the five years to "
    words += f"{found.last_year}, {count(found.acts_before)} in the five before; "
    words += "yet " if found.acts > found.acts_before and not rose else ""
    words += f"{count(rose)} of {importers} importers bought a share of compounds outside China at least five points larger "
    words += f"in {after} than in {before}."
    title = f"{some(found.acts, 'act')[0].upper()}{some(found.acts, 'act')[1:]} in five years"
    title += f"; {count(rose)} of {importers} importers clearly {be(rose, 'depends', 'depend')} less on China for compounds"
    return Answer(words, title, found.sure)


def what_if(tables: Tables) -> Answer | None:
    """What half of China's exports withheld would mean."""
    year, lost = headlines.losses(tables, "china_half_from_all", "compounds")
    if not lost:
        return None
    names = tables.countries()
    most, least = lost[0], lost[-1]
    first, last = (in_a_sentence(names.get(loss.importer, loss.importer)) for loss in (most, least))
    words = (
        f"If China withheld 50 % of its exports of rare-earth compounds from everyone, {first} would lose {percent(most.before)} "
        f"of its use and {last} {percent(least.before)}, on the trade of {year}"
    )
    title = (
        f"Without half of China's compounds the ten largest users would lose {percent(least.before)} to "
        f"{percent(most.before)} of "
        "their use"
    )
    return Answer(f"{words}.", title, "low")


def how_sure(tables: Tables) -> Answer | None:
    """What publishers disagree about, and how well two coders agreed."""
    differing, coded = headlines_of_disagreement(tables), tables["coding_agreement"]
    if not differing or coded.empty:
        return None
    lowest_kappa = coded.sort_values("kappa").iloc[0]
    agreed = percent(float(lowest_kappa["agreement"]))
    differ = f"Publishers or editions differ by more than a tenth on {some(differing[0], 'figure')}"
    words = (
        f"{differ}, half of them by more than {percent(differing[1])}; two coders gave the same code to {agreed} or more of the "
    )
    words += "acts in every field."
    return Answer(words, f"{differ}; two coders agreed on {agreed} of the acts or more", "high")


def headlines_of_disagreement(tables: Tables) -> tuple[int, float] | None:
    """How many figures publishers or editions differ on, and the median difference, of those that may be quoted."""
    rows = tables["disagreements"]
    rows = rows[rows["restricted_source_id"].isna()] if "restricted_source_id" in rows else rows
    return (len(rows), float(rows["difference"].median())) if len(rows) else None


def lowest(*levels: sure.Level) -> sure.Level:
    """The least sure of several."""
    order: tuple[sure.Level, ...] = ("high", "medium", "low")
    return max(levels, key=order.index)
