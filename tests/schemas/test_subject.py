"""Every table says what it is about, once, in its class."""

import pytest

from pipeline import catalog
from pipeline.errors import ReoError
from pipeline.schemas import table as t
from pipeline.schemas.blocs import Blocs


def test_every_table_has_a_subject_and_every_subject_a_table() -> None:
    assert {t.subject(table) for table in catalog.tables().values()} == set(t.SUBJECTS)


def test_a_table_without_one_says_which_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Blocs.Config, "metadata", {"floor": "tidy"})
    with pytest.raises(ReoError, match=r"table blocs declares the subject None[^$]*trade, production, chain"):
        t.subject(Blocs)
