"""The pages of the countries."""

from pipeline.report import charts
from pipeline.report.figures import countries as figures
from pipeline.report.layout import Page
from pipeline.report.pages import country_facts
from pipeline.report.tables import Tables


def pages(tables: Tables) -> list[Page]:
    """A page a country, and the list of all."""
    flows, members = country_facts.trade(tables), country_facts.members_of_eu(tables)
    made, found = [], []
    for iso3 in country_facts.with_pages(tables):
        imports = country_facts.of_country(flows, "importer", iso3, members)
        exports = country_facts.of_country(flows, "exporter", iso3, members)
        one = country_facts.country(tables, iso3, imports)
        shown = figures.figures(tables, one, imports, exports)
        found.append(one)
        made.append(Page(one.path, one.name, "country.html.jinja", {"country": one, "figures": shown}, shown, one.answer))
    least = charts.number(country_facts.LEAST_IMPORTS_KUSD / 1000)
    which = f"The main countries, and every importer of at least {least} million USD of rare-earth compounds, metals and magnets."
    return [Page("country/index.html", "Countries", "countries.html.jinja", {"countries": found}, (), which), *made]
