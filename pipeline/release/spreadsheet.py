"""Text in a release's CSV files that a spreadsheet would take for a formula."""

import pyarrow
import pyarrow.compute

FORMULA = r"^[=+\-@\t\r]"


def guarded(rows: pyarrow.Table) -> pyarrow.Table:
    """The rows with an apostrophe before each text cell that begins like a formula; numbers stay as they are."""
    for place, field in enumerate(rows.schema):
        if pyarrow.types.is_string(field.type) or pyarrow.types.is_large_string(field.type):
            text = rows.column(place)
            begins = pyarrow.compute.match_substring_regex(text, FORMULA)
            quoted = pyarrow.compute.binary_join_element_wise(
                pyarrow.scalar("'", field.type), text, pyarrow.scalar("", field.type)
            )
            rows = rows.set_column(place, field, pyarrow.compute.if_else(begins, quoted, text))
    return rows
