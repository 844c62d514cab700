"""What datapackage.json says, in the terms of RO-Crate, Croissant and DataCite."""

import warnings
from collections.abc import Mapping
from typing import Any

from pipeline import files, paths, wiring
from pipeline.intake.lock import Lock
from pipeline.release import descriptor
from pipeline.release.commit import Commit

Described = Mapping[str, Any]
LOCK = "requirements.lock"
# https://docs.mlcommons.org/croissant/docs/croissant-spec.html
CROISSANT = "http://mlcommons.org/croissant/"
CROISSANT_TYPES = {"integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean", "string": "sc:Text"}
TERMS = (
    *("citeAs", "column", "extract", "field", "fileProperty", "fileObject", "fileSet", "format", "includes", "isLiveDataset"),
    *("jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "separator"),
    *("source", "subField", "transform"),
)


def ro_crate(described: Described, locked: Lock, commit: Commit) -> dict[str, Any]:
    """RO-Crate metadata: each table's file as the result of an action of this commit on other tables and on locked source files.

    https://w3id.org/ro/crate
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from rocrate.model import ContextEntity
        from rocrate.rocrate import ROCrate

    crate = ROCrate()
    crate.name, crate.description = described["title"], described["description"]
    crate.datePublished, crate.license = described["created"], described["licenses"][0]["path"]
    root = crate.root_dataset
    root["version"], root["keywords"] = described["version"], described["keywords"]
    # The library names its own version and the time of this run.
    crate.metadata.extra_terms = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}

    def entity(identifier: str, kind: str, **properties: Any) -> Any:
        return crate.add(ContextEntity(crate, identifier, {"@type": kind, **properties}))

    authors = [entity(f"#author-{i}", "Organization", name=one["title"]) for i, one in enumerate(described["contributors"])]
    root["author"] = authors
    environment = entity("#environment", "CreativeWork", name=LOCK, sha256=files.sha256(paths.REPOSITORY / LOCK))
    code = entity(
        "#code", "SoftwareSourceCode", name=described["name"], version=commit.hash, softwareRequirements={"@id": environment.id}
    )
    made_from = {source["source_id"] for source in described["sources"]}
    sources = {}
    for source_id in sorted(made_from):
        source = locked.sources[source_id]
        parts = [
            entity(f"#source-{source_id}-{i}", "MediaObject", name=one.name, sha256=one.sha256, contentSize=str(one.bytes))
            for i, one in enumerate(source.files)
        ]
        sources[source_id] = entity(
            f"#source-{source_id}",
            "Dataset",
            name=source.title,
            version=source.edition,
            publisher=source.publisher,
            license=source.licence,
            url=source.landing_page,
            hasPart=[{"@id": part.id} for part in parts],
        )
    tables = {}
    for resource in descriptor.tables(described):
        for file, media in ((resource["parquet"], "application/vnd.apache.parquet"), (resource, resource["mediatype"])):
            tables[file["path"]] = crate.add_file(
                dest_path=file["path"],
                properties={
                    "name": resource["title"],
                    "description": resource["description"],
                    "encodingFormat": media,
                    "contentSize": str(file["bytes"]),
                    "sha256": file["hash"].removeprefix("sha256:"),
                },
            )
    for resource in descriptor.tables(described):
        inputs = wiring.inputs(resource["name"])
        used = [sources[name].id for name, kind in inputs.items() if kind == "source" and name in sources]
        used += [f"tables/{name}.parquet" for name, kind in inputs.items() if kind == "table"]
        entity(
            f"#make-{resource['name']}",
            "CreateAction",
            name=f"Make {resource['name']}",
            endTime=described["created"],
            instrument={"@id": code.id},
            object=[{"@id": one} for one in used],
            result=[{"@id": resource["parquet"]["path"]}, {"@id": resource["path"]}],
        )
    root["mentions"] = [{"@id": f"#make-{resource['name']}"} for resource in descriptor.tables(described)]
    for one in descriptor.forecasts(described):
        described_as = {"name": one["title"], "encodingFormat": one["mediatype"], "contentSize": str(one["bytes"])}
        crate.add_file(dest_path=one["path"], properties=described_as | {"sha256": one["hash"].removeprefix("sha256:")})
    made: dict[str, Any] = crate.metadata.generate()
    return made


def croissant(described: Described) -> dict[str, Any]:
    """Croissant 1.0: every table's Parquet file as a record set."""
    context = {
        "@language": "en",
        "@vocab": "https://schema.org/",
        "cr": CROISSANT,
        "sc": "https://schema.org/",
        "dct": "http://purl.org/dc/terms/",
        "conformsTo": "dct:conformsTo",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
        **{term: f"cr:{term}" for term in TERMS},
    }
    return {
        "@context": context,
        "@type": "sc:Dataset",
        "conformsTo": f"{CROISSANT}1.0",
        "name": described["name"],
        "alternateName": described["title"],
        "description": described["description"],
        "version": described["version"],
        "datePublished": described["created"],
        "license": described["licenses"][0]["path"],
        "keywords": described["keywords"],
        "creator": [{"@type": "sc:Organization", "name": one["title"]} for one in described["contributors"]],
        "citeAs": citation(described),
        "distribution": [_file_object(resource) for resource in descriptor.tables(described)],
        "recordSet": [_record_set(resource) for resource in descriptor.tables(described)],
    }


def _file_object(resource: Described) -> dict[str, Any]:
    file = resource["parquet"]
    return {
        "@type": "cr:FileObject",
        "@id": file["path"],
        "name": file["path"],
        "contentUrl": file["path"],
        "contentSize": f"{file['bytes']} B",
        "encodingFormat": "application/x-parquet",
        "sha256": file["hash"].removeprefix("sha256:"),
    }


def _record_set(resource: Described) -> dict[str, Any]:
    name = resource["name"]
    refers = {one["fields"][0]: one["reference"] for one in resource["schema"].get("foreignKeys", [])}
    fields = []
    for field in resource["schema"]["fields"]:
        made = {
            "@type": "cr:Field",
            "@id": f"{name}/{field['name']}",
            "name": field["name"],
            "description": field["description"],
            "dataType": CROISSANT_TYPES[field["type"]],
            "source": {"fileObject": {"@id": resource["parquet"]["path"]}, "extract": {"column": field["name"]}},
        }
        if target := refers.get(field["name"]):
            made["references"] = {"field": {"@id": f"{target['resource']}/{target['fields'][0]}"}}
        fields.append(made)
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"{resource['title']}. {resource['description']}",
        "key": [{"@id": f"{name}/{column}"} for column in resource["schema"]["primaryKey"]],
        "field": fields,
    }


def datacite(described: Described) -> dict[str, Any]:
    """DataCite 4 metadata; the DOI is the depositor's to add. https://datacite-metadata-schema.readthedocs.io"""
    licence = described["licenses"][0]
    addressed = [source for source in described["sources"] if "path" in source]
    return {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Dataset"},
        "titles": [{"title": described["title"]}],
        "creators": [{"name": one["title"], "nameType": "Organizational"} for one in described["contributors"]],
        "publisher": {"name": described["contributors"][0]["title"]},
        "publicationYear": described["created"][:4],
        "dates": [{"date": described["created"][:10], "dateType": "Created"}],
        "language": "en",
        "version": described["version"],
        "subjects": [{"subject": word} for word in described["keywords"]],
        "descriptions": [{"description": described["description"], "descriptionType": "Abstract"}],
        "rightsList": [{"rights": licence["title"], "rightsUri": licence["path"], "rightsIdentifier": licence["name"]}],
        "relatedIdentifiers": [
            {"relatedIdentifier": source["path"], "relatedIdentifierType": "URL", "relationType": "IsDerivedFrom"}
            for source in addressed
        ],
    }


def citation(described: Described) -> str:
    """The citation in one line."""
    authors = ", ".join(one["title"] for one in described["contributors"])
    return f"{authors} ({described['created'][:4]}). {described['title']}. Version {described['version']} [Data set]."
