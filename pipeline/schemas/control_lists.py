from pipeline.schemas import table as t


class ControlLists(t.Table):
    """Items of China's export control announcements, codes as published. Never add trade over items: one code serves several."""

    announcement: str = t.text("Announcement of the Ministry of Commerce, such as 18 of 2025")
    event_id: str = t.text("Act that the announcement is, a row of policy_events")
    item_no: str = t.text("Number of the item in it")
    element: str = t.text("Element or material controlled; after a ; its companions in an alloy, which the item does not control")
    item: str = t.text("The item in our words")
    hs10: str = t.text(
        "Chinese tariff codes as published, of 8 or 10 digits, joined by ;, null where none is",
        str_matches=r"^[0-9]{8}([0-9][0-9])?(;[0-9]{8}([0-9][0-9])?)*$",
        nullable=True,
    )
    hs6: str = t.text("Their first six digits, each once, joined by ;", str_matches=r"^[0-9]{6}(;[0-9]{6})*$", nullable=True)
    control_code: str = t.text("Export control codes as published, joined by ;", nullable=True)
    document_id: str = t.document_id()
    note: str = t.text("What to mind", nullable=True)

    class Config:
        title = "Items of control lists"
        unique = ["announcement", "item_no"]
        metadata = {"floor": "tidy", "subject": "policy"}
