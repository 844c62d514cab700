"""Country and element pages say what the tables have: shares equal their rows, and nothing of restricted sources is passed on."""

import pandas as pd
import pytest

from pipeline import paths
from pipeline.report.pages import country_facts, elements, words
from pipeline.schemas import table as t
from pipeline.schemas.china_dependence import ChinaDependence
from pipeline.schemas.price_gap import PriceGap
from tests.measures import toy


def test_a_countrys_figure_is_the_row_of_the_table_with_the_other_bases_beside_it() -> None:
    known = toy.expected("china_dependence")
    compounds = country_facts.dependence(known, "EST")[0]
    row = known.query("importer == 'EST' and goods == 'compounds' and basis == 'reo_origin'").sort_values("year").iloc[-1]
    assert (compounds.goods, compounds.year, compounds.share) == ("compounds", row["year"], row["china_share"])
    beside = {words: share for words, share, _ in compounds.beside}
    assert beside["by value"] == pytest.approx(7 / 9)
    assert "by gross tonnes" in beside


def shares(**bases: float) -> pd.DataFrame:
    """Japan's rare-earth magnets in 2024 on some bases; `reo_origin` from 0.49 to 0.99."""
    rows = [
        {"year": 2024, "importer": "JPN", "goods": "rare_earth_magnets", "basis": basis, "china_share": share, "unit": "t gross"}
        | ({"china_share_low": 0.49, "china_share_high": 0.99} if basis == "reo_origin" else {})
        for basis, share in bases.items()
    ]
    return t.frame(ChinaDependence, rows)


def test_magnets_count_what_came_straight_with_the_range_through_third_countries() -> None:
    [magnets] = country_facts.dependence(shares(reo_direct=0.49, reo_origin=0.99, reo_shipped=0.49), "JPN")
    assert (magnets.share, magnets.low, magnets.high) == (0.49, 0.49, 0.99)
    assert magnets.sentence == (
        "49\u00a0% of its rare-earth magnets came straight from China in 2024, by tonnes; with what came through third countries "
        "it may be up to 99\u00a0%."
    )
    [other] = country_facts.dependence(shares(reo_direct=0.3), "JPN")
    assert other.sentence == "30\u00a0% of its rare-earth magnets came straight from China in 2024, by tonnes."


def test_the_european_union_buys_from_outside_its_members() -> None:
    flows = pd.DataFrame({"exporter": ["CHN", "DEU", "CHN"], "importer": ["DEU", "FRA", "USA"], "value_kusd": [1.0, 2.0, 4.0]})
    bought = country_facts.of_country(flows, "importer", "EUU", {"DEU", "FRA"})
    assert bought["value_kusd"].tolist() == [1.0]
    assert bought["partner"].tolist() == ["CHN"]


def test_small_partners_are_one_bar_and_the_shares_make_one() -> None:
    own = pd.DataFrame({"group": "metals", "year": 2024, "partner": list("ABCDEFG"), "value_kusd": [7.0, 6, 5, 4, 3, 2, 1]})
    rows = country_facts.partners(own, {"A": "Alpha"})
    assert rows["partner"].tolist() == ["Alpha", "B", "C", "D", "E", "Others"]
    assert rows["share"].sum() == pytest.approx(1)
    assert rows["value_kusd"].iloc[-1] == 3


def test_a_price_gap_is_said_in_whole_times_only() -> None:
    rows = [
        {"month": month, "element": "Dy", "form": "oxide", "inside": 1.0, "outside": ratio, "ratio": ratio}
        | {"ratio_low": ratio, "ratio_high": ratio, "inside_quotations": 1, "outside_quotations": 1, "fob_quotations": 0}
        for month, ratio in (("2025-05", 4.8584), ("2025-06", 1.2694))
    ]
    said = elements.price_gap(t.frame(PriceGap, rows), ("Dy",))
    assert said == [
        "In June 2025 dysprosium was asked for in Europe at about 1.3 times its price in China.",
        "The gap was widest in May 2025: about 5 times.",
    ]
    assert elements.price_gap(t.frame(PriceGap, rows), ("La",)) == []


@pytest.mark.parametrize(
    ("products", "symbols", "makes"),
    [
        ("Dy and Tb oxides", ("Dy",), True),
        ("NdPr, Ce, La and others", ("Nd", "Pr"), True),
        ("NdPr", ("Dy",), False),
        ("HREE", ("Tb",), True),
        ("HREE", ("La",), False),
        ("all separated REO", ("Y",), True),
    ],
)
def test_a_plant_makes_an_element_that_it_names_or_whose_group_it_names(
    products: str, symbols: tuple[str, ...], makes: bool
) -> None:
    assert elements.makes(pd.Series([products]), symbols).tolist() == [makes]


def test_codes_and_other_spellings_of_a_country_become_its_one_name() -> None:
    of = {"VNM": "Vietnam", "USA": "United States"}
    assert (
        words.plain("VNM and Viet Nam sell to USA; HHI 0.2, one_off", of)
        == "Vietnam and Vietnam sell to United States; HHI 0.2, one-off, done"
    )
    written = [*(paths.REPOSITORY / "docs").rglob("*.md"), *(paths.REPOSITORY / "notebooks").glob("*.ipynb")]
    assert [file.name for file in written if words.spelled(text := file.read_text("utf-8"), of) != text] == []
    assert words.possessive("United States") == "the United States'"
    assert [words.in_a_sentence(name) for name in ("Solomon Islands", "DR Congo", "Japan")] == [
        "the Solomon Islands",
        "the DR Congo",
        "Japan",
    ]


def test_numbers_are_written_as_everywhere_on_the_site() -> None:
    assert words.typeset("changed by -5 (-6 to -2), 23-25 September, 16% of HS-codes") == (
        "changed by \u22125 (\u22126 to \u22122), 23-25 September, 16\u00a0% of HS-codes"
    )
    assert words.day("2025-04") == "April 2025"
