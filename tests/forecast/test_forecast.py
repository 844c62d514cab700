"""Forecasts: the methods on series worked by hand, the interval, and what freezing and scoring promise."""

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline import catalog, paths
from pipeline.cli import app
from pipeline.errors import ReoError
from pipeline.forecast import frozen, methods, series
from pipeline.forecast.frozen import Tampered
from pipeline.forecast.score import score
from pipeline.forecast.series import Series
from tests.finished_world import RESTRICTED

DAY, LATER = date(2026, 11, 29), date(2027, 2, 1)


def of(values: list[float], kind: methods.Kind = "amount", first: int = 2015, name: str = "mining") -> Series:
    unit = "t REO" if kind == "amount" else "1"
    years = range(first, first + len(values))
    return Series(name, name, unit, kind, pd.Series(values, index=years, dtype="float64"), "toy, edition 2026")


def test_on_a_straight_line_trend_and_drift_are_right_and_the_last_value_is_a_step_too_low() -> None:
    made = methods.forecast(of([0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45], "share").values, "share")
    assert made["last_value"].central == pytest.approx(0.45)
    assert [made[name].central for name in ("trend", "drift")] == pytest.approx([0.5, 0.5])
    # Each of the four evaluated years is 0.05 above the year before.
    assert (made["last_value"].errors, made["last_value"].mean_error) == (4, pytest.approx(0.05))
    assert (made["last_value"].low, made["last_value"].high) == (pytest.approx(0.4), pytest.approx(0.5))
    assert made["drift"].high - made["drift"].low == pytest.approx(0)
    assert methods.chosen(made) in ("trend", "drift")


def test_interval_worked_by_hand() -> None:
    """Shares 0.5 four times, then off by 0.1, 0.2, 0.1, 0.3: of four errors the fourth is 4 of 5 with the one to come."""
    made = methods.forecast(of([0.5, 0.5, 0.5, 0.5, 0.6, 0.4, 0.5, 0.2], "share").values, "share")["last_value"]
    assert made.mean_error == pytest.approx((0.1 + 0.2 + 0.1 + 0.3) / 4)
    # 0.2 less 0.3 is below any share.
    assert (made.low, made.central, made.high) == (0.0, pytest.approx(0.2), pytest.approx(0.5))
    assert made.coverage == 4 / 5


def test_an_amount_that_doubles_is_forecast_by_its_factor() -> None:
    made = methods.forecast(of([2.0**n for n in range(8)]).values, "amount")
    assert made["drift"].central == pytest.approx(256)
    assert made["last_value"].central == pytest.approx(128)
    # 64 where 128 came is half too low; the interval is a factor of two to both sides.
    assert made["last_value"].mean_error == pytest.approx(0.5)
    assert (made["last_value"].low, made["last_value"].high) == (pytest.approx(64), pytest.approx(256))


def test_smoothing_takes_the_weight_that_served_best() -> None:
    """Where values alternate about a level a small weight does, where they step the whole last value."""
    steps = pd.Series([1.0, 1, 1, 1, 9, 9, 9, 9], index=range(8))
    assert methods.smoothed(steps) == pytest.approx(9, abs=0.01)
    swings = pd.Series([4.0, 6, 4, 6, 4, 6, 4, 6, 4, 6], index=range(10))
    assert 4.3 < methods.smoothed(swings) < 5.7


def test_only_years_up_to_the_last_gap_count() -> None:
    values = pd.Series({2010: 1.0, 2011: 2.0, 2013: 3.0, 2014: 4.0, 2015: float("nan"), 2016: 5.0, 2017: 6.0})
    assert methods.consecutive(values).to_dict() == {2016: 5.0, 2017: 6.0}


SHARES = st.lists(st.floats(0, 1), min_size=8, max_size=30)
AMOUNTS = st.lists(st.floats(1, 1e6), min_size=8, max_size=30)


@given(SHARES.map(lambda v: of(v, "share")) | AMOUNTS.map(of))
def test_the_central_figure_is_within_its_interval_and_a_forecast_scored_with_itself_has_no_error(one: Series) -> None:
    content = frozen._content([one], DAY, None)
    (made,) = content["forecasts"]
    for figure in made["methods"].values():
        assert figure["low"] <= figure["central"] <= figure["high"]
        assert 0.8 <= figure["coverage"] < 1
        came = one.values.copy()
        came.loc[made["year"]] = figure["central"]
        scores = score(content, [Series(one.name, one.title, one.unit, one.kind, came, "next")])
        same = scores[scores["central"] == figure["central"]]
        assert (same["error"] == 0).all()
        assert same["inside"].astype(bool).all()


def test_a_figure_that_is_not_out_yet_has_no_error_and_one_that_is_is_compared_with_the_baselines() -> None:
    one = of([100.0] * 8)
    content = frozen._content([one], DAY, None)
    waiting = score(content, [one])
    assert set(waiting["status"]) == {"not out yet"}
    assert waiting[["actual", "error", "inside", "error_over_last_value"]].isna().all(axis=None)
    out = score(content, [of([100.0] * 8 + [125.0])]).set_index("method").loc["last_value"]
    assert (out["actual"], out["error"], out["relative_error"]) == (125.0, 25.0, 0.2)
    assert not out["inside"]
    assert out["error_over_last_value"] == 1.0


def test_a_frozen_forecast_that_is_edited_is_refused(toy_data: Path) -> None:
    file = frozen.freeze([of([100.0] * 8)], DAY)
    digest = frozen.read(file)["sha256"]
    assert frozen.read(file, digest)["frozen_on"] == "2026-11-29"
    honest = file.read_text()
    file.write_text(honest.replace('"central": 100.0', '"central": 125.0'))
    with pytest.raises(Tampered, match="was changed after it was frozen"):
        frozen.read(file)
    # With the hash rewritten too, the hash published betrays it.
    edited = json.loads(file.read_text())
    file.write_text(json.dumps(edited | {"sha256": frozen.digest(edited)}))
    with pytest.raises(Tampered, match=digest):
        frozen.read(file, digest)
    for broken in ("{", "[]", "{}"):
        file.write_text(broken)
        with pytest.raises(ReoError, match="cannot be read"):
            frozen.read(file)


def test_forecasts_are_added_and_each_names_the_one_before(toy_data: Path) -> None:
    first = frozen.freeze([of([100.0] * 8)], DAY)
    before = first.read_bytes()
    with pytest.raises(ReoError, match="is frozen already"):
        frozen.freeze([of([100.0] * 9)], DAY)
    with pytest.raises(ReoError, match="no series has other values"):
        frozen.freeze([of([100.0] * 8)], LATER)
    second = frozen.freeze([of([100.0] * 9)], LATER)
    assert first.read_bytes() == before
    (_, one), (_, other) = frozen.read_all()
    assert other["previous"] == one["sha256"]
    # The first replaced by another that is sound by itself.
    another = one | {"method": "another"}
    first.write_text(json.dumps(another | {"sha256": frozen.digest(another)}))
    with pytest.raises(Tampered, match=f"{second.name} follows"):
        frozen.read_all()
    first.unlink()
    with pytest.raises(Tampered, match=f"{second.name} follows"):
        frozen.read_all()


def test_series_too_short_and_next_years_trade_are_named_and_empty() -> None:
    content = frozen._content([of([1.0] * 7), of([1.0] * 8, name="long")], DAY, None)
    assert [one["series"] for one in content["forecasts"]] == ["long"]
    assert {one["series"] for one in content["not_forecast"]} == {"trade_next_year", "mining"}


@pytest.fixture
def finished_copy(finished_toy_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(finished_toy_world, tmp_path / "data")
    monkeypatch.setenv("REO_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def known() -> dict[str, Series]:
    return {one.name: one for one in series.known()}


def test_a_groups_share_is_that_of_its_codes_by_their_totals_without_feed(finished_copy: Path) -> None:
    """Of 284690 without feed China has 3,500 of 6,000 less 400 thousand USD in 2024 (tests/toy_world/README.md)."""
    other = catalog.load_table("export_concentration", year=2024, hs6="284610", basis="value").iloc[0]
    expected = (other["china_share"] * other["total"] + 3500) / (other["total"] + 5600)
    assert known()["china_share_of_exports_compounds_value"].values[2024] == pytest.approx(expected)


def test_a_restricted_source_is_not_forecast_from(finished_copy: Path) -> None:
    before = known()["mine_production_world"].values
    reconciled = catalog.load_table("production_reconciled")
    of_world = (reconciled["country"] == "WLD") & (reconciled["year"] == before.index[-1])
    assert of_world.sum() == 1
    reconciled.loc[of_world, "preferred_source_id"] = RESTRICTED
    catalog.save_table("production_reconciled", reconciled)
    assert known()["mine_production_world"].values.to_dict() == before.iloc[:-1].to_dict()


def test_the_commands(toy_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "known", lambda: [of([100.0] * 8)])
    runner = CliRunner()
    result = runner.invoke(app, ["forecast", "freeze"])
    assert result.exit_code == 0, result.output
    assert "sha256" in result.stdout
    assert "last_value, baseline *" in result.stdout
    assert "not out yet" in runner.invoke(app, ["forecast", "score"]).stdout
    monkeypatch.setattr(series, "known", lambda: [of([100.0] * 8 + [125.0])])
    target = paths.data() / "scores.csv"
    shown = runner.invoke(app, ["forecast", "score", "--csv", str(target)]).stdout
    assert "+20.0%" in shown
    assert pd.read_csv(target)["inside"].tolist() == [False] * 4
