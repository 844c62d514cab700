"""Documents keep their contract."""

from pipeline.catalog import table
from pipeline.intake.source_files import SourceFiles
from pipeline.schemas import contract
from pipeline.sources.reviewed import documents


def test_documents_keep_their_contract() -> None:
    found = contract.check(table("documents"), documents.documents(SourceFiles("documents"))).rows
    assert "usgs-mcs-2026-pdf-p-153-version-1-3" in set(found["document_id"])
