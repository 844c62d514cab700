"""Figures are distinguishable by everyone, and numbers are written one way."""

import pytest

from pipeline.report import charts


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", charts.PALETTE)
def test_lines_stand_out_from_white_as_accessibility_rules_ask(colour: str) -> None:
    # WCAG 2.2, success criterion 1.4.11: graphical objects need 3:1.
    assert 1.05 / (luminance(colour) + 0.05) >= 3


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (charts.percent(0.6942), "69\u00a0%"),
        (charts.percent(0.028, 1), "2.8\u00a0%"),
        (charts.percent(float("nan")), "no figure"),
        (charts.percent(0.0004), "<1\u00a0%"),
        (charts.percent(0.0), "0\u00a0%"),
        (charts.number(73814.6), "73,815"),
        (charts.number(4.108, 2), "4.11"),
        (charts.number(float("nan")), "no figure"),
        (charts.listed([]), "none"),
        (charts.listed(["Japan"]), "Japan"),
        (charts.listed(["Japan", "Korea", "Germany"]), "Japan, Korea and Germany"),
    ],
)
def test_numbers_and_lists_as_text(written: str, expected: str) -> None:
    assert written == expected
