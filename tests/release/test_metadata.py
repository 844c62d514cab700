"""RO-Crate, Croissant and DataCite say what datapackage.json says, and their own libraries can read them."""

import json
from pathlib import Path
from typing import Any

import mlcroissant
import pytest
from rocrate.rocrate import ROCrate

from pipeline import catalog
from pipeline.errors import ReoError
from pipeline.files import sha256
from pipeline.packed import NotAsReleased
from pipeline.release import archive as archiving
from pipeline.release.verify import verify
from pipeline.schemas import table as t
from pipeline.schemas import units


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text("utf-8"))


def test_a_table_is_followed_from_its_hash_to_its_sources_and_code(folder: Path) -> None:
    crate = ROCrate(str(folder))
    table = crate.get("tables/export_concentration.parquet")
    assert table["sha256"] == sha256(folder / "tables" / "export_concentration.parquet")
    action = crate.get("#make-export_concentration")
    assert table in action["result"]
    assert action["instrument"]["version"] == read(folder, "datapackage.json")["commit"]
    assert len(action["instrument"]["softwareRequirements"]["sha256"]) == 64
    flows = crate.get("tables/trade_flows.parquet")
    assert flows in action["object"]
    assert crate.get("#source-cepii_baci") in crate.get("#make-trade_flows")["object"]
    assert crate.datePublished.isoformat() == "2026-03-04T05:06:07+00:00"


def test_everything_that_an_action_names_is_in_the_crate(folder: Path) -> None:
    graph = read(folder, "ro-crate-metadata.json")["@graph"]
    known = {entity["@id"] for entity in graph}
    actions = [entity for entity in graph if entity["@type"] == "CreateAction"]
    assert len(actions) == len(catalog.tables())
    named = {one["@id"] for action in actions for role in ("object", "result") for one in action[role]}
    assert named <= known


@pytest.mark.filterwarnings("ignore")
def test_croissant_is_valid_and_gives_the_rows(folder: Path) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    rows = list(dataset.records("countries"))
    expected = catalog.load_table("countries")
    assert [row["countries/iso3"].decode() for row in rows] == expected["iso3"].tolist()


def test_datacite_names_the_release(folder: Path) -> None:
    stated, described = read(folder, "datacite.json"), read(folder, "datapackage.json")
    assert (stated["version"], stated["publicationYear"]) == ("0.1.0", "2026")
    assert stated["titles"][0]["title"] == described["title"]
    assert {one["relatedIdentifier"] for one in stated["relatedIdentifiers"]} == {s["path"] for s in described["sources"]}


def test_keys_of_other_tables_are_declared_and_followed(folder: Path) -> None:
    described = read(folder, "datapackage.json")
    flows = next(one for one in described["resources"] if one["name"] == "trade_flows")
    assert {"fields": ["exporter"], "reference": {"resource": "countries", "fields": ["iso3"]}} in flows["schema"]["foreignKeys"]
    assert verify(folder).version == "0.1.0"
    # A release whose countries lack a trading one, with checksums to match.
    flows["schema"]["foreignKeys"][0]["reference"] = {"resource": "documents", "fields": ["document_id"]}
    (folder / "datapackage.json").write_text(json.dumps(described))
    archiving.write_checksums(folder)
    (folder.parent / "reo-0.1.0.tar.gz").unlink()
    with pytest.raises(NotAsReleased, match=r"trade_flows\.csv: exporter '\w+' is no row of documents"):
        verify(folder)


@pytest.mark.parametrize("name", list(catalog.tables()))
def test_every_unit_has_a_code_or_differs_by_row(name: str) -> None:
    for column in t.columns(catalog.table(name)).values():
        try:
            assert bool(t.ucum(column)) == (bool(t.unit(column)) and t.unit(column) not in (*units.BY_ROW, units.BY_BASIS))
        except ReoError as error:
            pytest.fail(str(error))
