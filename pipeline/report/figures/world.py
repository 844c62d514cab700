"""A schematic map of the world: one square a country, near its neighbours; no borders are drawn and none are claimed."""

# From the north: the countries of a row of squares, each with its column from the west.
PLACES = (
    "GRL:6 NOR:12 SWE:13 FIN:14",
    "CAN:2 EUU:11 EST:14 RUS:19",
    "IRL:9 GBR:10 DNK:12 BLR:15",
    "USA:2 NLD:11 DEU:12 POL:13 UKR:15 KAZ:18 MNG:22 PRK:25",
    "FRA:10 BEL:11 SRB:13 HUN:14 TKM:17 UZB:18 KGZ:19 KOR:25 JPN:27",
    "MEX:2 PRT:8 ESP:9 ITA:12 TUR:16 TJK:19 CHN:22",
    "MAR:9 DZA:10 LBY:12 ISR:15 IRQ:16 IRN:17 AFG:18 PAK:19 NPL:21 HKG:24 TWN:25",
    "COL:4 MLI:9 EGY:14 SAU:16 ARE:17 IND:20 BGD:21 MMR:22 LAO:23 VNM:24",
    "ECU:3 PER:4 SEN:8 GHA:10 NGA:11 SDN:14 ETH:15 LKA:20 THA:22 KHM:23 PHL:25",
    "BOL:5 BRA:6 GIN:8 CMR:12 UGA:14 KEN:15 MYS:23",
    "CHL:4 COD:13 BDI:14 TZA:15 SGP:23 IDN:24",
    "ARG:5 AGO:12 ZMB:13 MWI:15",
    "NAM:12 BWA:13 ZWE:14 MOZ:15 MDG:17 AUS:25",
    "ZAF:13 NZL:27",
)
COLUMNS, ROWS = 28, len(PLACES)
# Column and row of each country.
SQUARES = {code: (int(column), row) for row, line in enumerate(PLACES) for code, column in (p.split(":") for p in line.split())}
