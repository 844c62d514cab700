"""Annual trade between countries from its publishers' files, side by side: no year and code is held twice."""

import pandas as pd

from pipeline.intake.source_files import SourceFiles
from pipeline.sources import baci, baci_magnets


def trade_flows(
    cepii_baci: SourceFiles, cepii_baci_magnets: SourceFiles, country_codes: pd.DataFrame, countries: pd.DataFrame
) -> pd.DataFrame:
    """All flows of both BACI files as `trade_flows`. Raises SourceError as their parsers do."""
    return pd.concat(
        [baci.trade_flows(cepii_baci, country_codes), baci_magnets.flows(cepii_baci_magnets, countries)], ignore_index=True
    )
