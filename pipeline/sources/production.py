"""Production and reserves: every publisher's figures side by side."""

import pandas as pd

from pipeline.sources import usgs
from pipeline.sources import world_mining_data as wmd
from pipeline.sources.lock import SourceFiles


def production(
    world_mining_data: SourceFiles, usgs_mcs: SourceFiles, reviewed: SourceFiles, country_codes: pd.DataFrame
) -> pd.DataFrame:
    """Mine production of rare earths by publisher and edition, tonnes REO. Raises SourceError as the parsers do."""
    return pd.concat([wmd.production(world_mining_data, country_codes), usgs.production(usgs_mcs, reviewed)], ignore_index=True)


def reserves(usgs_mcs: SourceFiles, reviewed: SourceFiles) -> pd.DataFrame:
    """Reserves of rare earths by edition, tonnes REO. Raises SourceError as the parser does."""
    return usgs.reserves(usgs_mcs, reviewed)
