"""Words that columns of several tables share. Words of one table stand beside its class; stages and groups in `table`."""

# From the most certain to the least.
KINDS_OF_FIGURE = ("actual", "estimate", "projection")

# Stages a plant can reach, in order of the chain.
PLANT_STAGES = ("recycling", "mining", "intermediate", "separation", "metal_alloy", "magnet")

# What an act can bear on besides the stages of a plant.
ACT_STAGES = ("all", "mining", "separation", "metal_alloy", "magnet", "recycling", "intermediate", "technology")

# Symbols of the elements with a use in trade, and what acts name beside single elements.
ELEMENTS = (
    "all", "critical minerals", "non-REE", "magnets", "HREE", "LREE",
    "La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Y", "Sc",
    "Li", "Be", "B", "C", "N", "F", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "K", "Ca", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni",
    "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Rb", "Sr", "Zr", "Nb", "Mo", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te",
    "I", "Cs", "Ba", "Hf", "Ta", "W", "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl", "Pb", "Bi", "Th", "U",
)  # fmt: skip

# What a text is, as noted when read.
KINDS_OF_DOCUMENT = (
    "official", "official_copy", "copy_site", "repo", "press", "trade_press", "analysis", "company", "other",
)  # fmt: skip

# Best evidence first.
KINDS_OF_TEXT = ("official", "official_copy", "other")

# Value, tonnes as published, and tonnes without flow_outliers.
TRADE_BASES = ("value", "quantity", "quantity_clean")
# Of codes that also hold feed for the importer's separation: the same without feed_flows.
WITHOUT_FEED = "_without_feed"
EXPORT_BASES = (*TRADE_BASES, f"value{WITHOUT_FEED}", f"quantity_clean{WITHOUT_FEED}")

# Whether an act covers the goods of a customs code whole or in part.
SCOPE_SHARES = ("whole", "part", "unknown")

# Groups of goods whose trade network is computed; no country's output of metals is on record. HS 850511 is the group `magnets`
# of raw trade, of which rare-earth magnets are a part.
NETWORK_GROUPS = ("compounds", "rare_earth_magnets")

DATE_PRECISION = ("day", "month", "year")

# Whether a figure's period is stated, or the date of its text stands in for it.
DATED_BY = ("period", "text")
