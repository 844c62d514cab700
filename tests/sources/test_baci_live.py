"""CEPII's archive from a local server: whole, cut short and continued, changed in between, or no archive at all."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import paths
from pipeline.errors import ReoError
from pipeline.intake import web
from pipeline.intake.web import FetchError
from pipeline.sources import baci_live
from tests.publishers import Answer, publisher
from tests.sources.publishers_answers import answered, archive, cepii, sent

YEAR = "t,i,j,k,v,q\n2024,156,842,850511,600.000,20.000\n"


WHOLE = archive(
    BACI_HS92_Y2023_V202601=YEAR.replace("2024", "2023"), BACI_HS92_Y2024_V202601=YEAR, country_codes_V202601="code\n"
)


def fetched(answer: Callable[[str | None], Answer]) -> list[Path]:
    with publisher(lambda query, n: answer(query.get("range"))) as (host, _), web.session(pause=0, tries=0) as asked:
        return baci_live.fetch("V202601", asked, host)


def test_every_year_is_put_down_as_cepii_names_it(data_folder: Path) -> None:
    files = fetched(lambda wanted: sent(WHOLE, wanted))
    names = ["BACI_HS92_Y2023_V202601.csv.gz", "BACI_HS92_Y2024_V202601.csv.gz", "country_codes_V202601.csv"]
    assert [f.relative_to(paths.raw() / "cepii_baci").as_posix() for f in files] == names
    assert gzip.decompress(files[1].read_bytes()).decode() == YEAR
    again = [f.read_bytes() for f in files]
    assert [f.read_bytes() for f in fetched(lambda wanted: (404, {}, b""))] == again, "the archive at hand is used"


def test_a_body_cut_short_goes_on_from_there(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "CHUNK", 50)
    half = 50 * (len(WHOLE) // 100)
    with pytest.raises(FetchError, match="in part"):
        fetched(lambda wanted: sent(WHOLE[:half], wanted, announced=len(WHOLE) - half))
    asked_for = []
    files = fetched(lambda wanted: (asked_for.append(wanted), sent(WHOLE, wanted))[1])
    assert asked_for == [f"bytes={half}-"]
    assert gzip.decompress(files[1].read_bytes()).decode() == YEAR


def test_a_file_that_became_shorter_in_between_starts_anew(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "CHUNK", 1)
    with pytest.raises(FetchError, match="in part"):
        fetched(lambda wanted: sent(WHOLE + b"more", wanted, announced=9))
    with pytest.raises(FetchError, match="another BACI_HS92_V202601"):
        fetched(lambda wanted: sent(WHOLE, wanted))
    assert len(fetched(lambda wanted: sent(WHOLE, wanted))) == 3


def test_a_file_that_changed_in_between_is_sent_whole(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The half at hand has the state of its first try, which the publisher compares."""
    monkeypatch.setattr(web, "CHUNK", 50)
    other = archive(BACI_HS92_Y2024_V202601=YEAR.replace("600.000", "700.000"), country_codes_V202601="code\n")
    with pytest.raises(FetchError, match="in part"):
        fetched(lambda wanted: sent(WHOLE[:100], wanted, announced=9))

    def honest(query: dict[str, str], n: int) -> Answer:
        state = sent(other, None)[1]["ETag"]
        return sent(other, query.get("range") if query.get("if_range") == state else None)

    with publisher(honest) as (host, queries), web.session(pause=0, tries=0) as asked:
        files = baci_live.fetch("V202601", asked, host)
    assert [(q["range"], q["if_range"]) for q in queries] == [("bytes=100-", sent(WHOLE[:100], None)[1]["ETag"])]
    assert gzip.decompress(files[0].read_bytes()).decode() == YEAR.replace("600.000", "700.000")


def test_the_archive_at_hand_is_fetched_again_only_where_the_publishers_is_another(data_folder: Path) -> None:
    def answer(content: bytes) -> Callable[[dict[str, str], int], Answer]:
        answered = sent(content, None)
        return lambda query, n: (304, {}, b"") if query.get("known") == answered[1]["ETag"] else answered

    methods = []
    for content in (WHOLE, WHOLE, archive(BACI_HS92_Y2024_V202601=YEAR)):
        with publisher(answer(content)) as (host, queries), web.session(pause=0, tries=0) as asked:
            baci_live.fetch("V202601", asked, host)
        methods.append(len(queries))
    assert methods == [1, 1, 2]


def test_another_revision_of_the_harmonized_system_is_named_before_the_release(data_folder: Path) -> None:
    answers = cepii(revision="HS17", Y2024=YEAR)
    with publisher(lambda query, n: answered(answers, query)) as (host, _), web.session(pause=0, tries=0) as asked:
        files = baci_live.fetch("HS17-V202601", asked, host)
    assert [file.name for file in files] == ["BACI_HS17_Y2024_V202601.csv.gz", "country_codes_V202601.csv"]
    with pytest.raises(ReoError, match="is no release of BACI"):
        baci_live.fetch("HS17", None, "http://nowhere")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((404, {}, b""), "has no file there .404"),
        ((200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>moved</html>"), "has no file there .200"),
        (sent(WHOLE[:-30], None), "is damaged"),
        (sent(WHOLE.replace(b"600.000", b"700.000"), None), "is damaged"),
        (sent(archive(something="else\n"), None), "holds no year"),
        (
            sent(archive(BACI_HS92_Y2023_V202601=YEAR, BACI_HS92_Y2024_V202601="t,i,j,k,v,q\n"), None),
            "Y2024_V202601.csv .* no row",
        ),
    ],
)
def test_what_is_no_archive_is_one_error(data_folder: Path, answer: Answer, message: str) -> None:
    with pytest.raises(FetchError, match=message):
        fetched(lambda wanted: answer)
    assert not list(paths.raw().glob("cepii_baci/*2024*"))
