"""CEPII's archive from a local server: whole, cut short and continued, changed in between, or no archive at all."""

import gzip
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import paths
from pipeline.intake import web
from pipeline.intake.web import FetchError
from pipeline.sources import baci_live
from tests.publishers import Answer, publisher

YEAR = "t,i,j,k,v,q\n2024,156,842,850511,600.000,20.000\n"


def archive(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name, text in members.items():
            made.writestr(zipfile.ZipInfo(f"{name}.csv"), text)
    return packed.getvalue()


WHOLE = archive(
    BACI_HS92_Y2023_V202601=YEAR.replace("2024", "2023"), BACI_HS92_Y2024_V202601=YEAR, country_codes_V202601="code\n"
)


def sent(content: bytes, wanted: str | None, announced: int = 0) -> Answer:
    """A file as a server sends it, or from a byte on; `announced` bytes more than there are."""
    start = int(re.findall(r"\d+", wanted)[0]) if wanted else 0
    if start >= len(content):
        return 416, {}, b""
    headers = {"Content-Type": "application/zip", "Content-Length": str(len(content) - start + announced)}
    return (206 if wanted else 200), headers, content[start:]


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


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((404, {}, b""), "has no file there .404"),
        ((200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>moved</html>"), "has no file there .200"),
        (sent(WHOLE[:-30], None), "is damaged"),
        (sent(WHOLE.replace(b"600.000", b"700.000"), None), "is damaged"),
        (sent(archive(something="else\n"), None), "holds no year"),
    ],
)
def test_what_is_no_archive_is_one_error(data_folder: Path, answer: Answer, message: str) -> None:
    with pytest.raises(FetchError, match=message):
        fetched(lambda wanted: answer)
    assert not list(paths.raw().glob("cepii_baci/*2024*"))
