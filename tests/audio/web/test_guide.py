"""Each page says what it is for, and leads to more about it."""

from tests.support.staff import ARTICLE, HELPLINE, Staff, text_of

WITHOUT = {
    *("guide", "sign_in", "static"),
    *("typed_by_day", "use_file", "pronounce"),  # parts of pages, and files
    "changes_of_a_thing",  # named by a query
}


SLOTS = {"<language>": "en", "<code>": "en", "<name>": "hours"}
"""What stands in an address, and something that is there."""

UNKNOWN = ("<save>", "<edition>", "<path:nowhere>")
"""What the installation has none of."""


def test_every_page_has_a_line_of_help(staff: Staff) -> None:
    """Faults are told on the page that they are of."""
    for rule in staff.app.url_map.iter_rules():
        view = rule.endpoint.removeprefix("studio.")
        is_page = rule.endpoint != view and "GET" in (rule.methods or ())
        if not is_page or view in WITHOUT or "<kind>" in rule.rule:
            continue
        address = rule.rule
        for slot, value in SLOTS.items():
            address = address.replace(slot, value)
        leads_to_its_part_of_the_guide(staff, address)


def test_so_has_every_list_and_every_form(staff: Staff) -> None:
    for kind in ("articles", "prompts", "helplines", "pronunciations"):
        leads_to_its_part_of_the_guide(staff, f"/studio/en/{kind}")
    for form in (ARTICLE, HELPLINE):
        leads_to_its_part_of_the_guide(staff, form)
    staff.opens(HELPLINE)
    staff.presses("Save", number="12")
    assert "guide#helplines" in staff.document


def leads_to_its_part_of_the_guide(staff: Staff, address: str) -> None:
    """By the link below its heading."""
    if any(slot in address for slot in UNKNOWN):
        return
    staff.opens(f"{address}?name=welcome" if "recording" in address else address)
    assert staff.status == 200, address
    [link] = staff.page.xpath("//main//a[contains(@href, '/studio/guide#')]")
    place = link.get("href").partition("#")[2]
    staff.opens("/studio/guide")
    [heading] = staff.page.xpath(f"//h2[@id='{place}']")
    assert text_of(heading).lower() == text_of(link).removeprefix("Guide: ")
