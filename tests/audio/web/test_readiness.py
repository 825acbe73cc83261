"""The page that says whether the line is ready to go live."""

from tests.support.staff import Staff


def test_staff_see_what_a_launch_needs_and_how_to_mend_it(staff: Staff) -> None:
    staff.opens("/studio")
    assert "Ready to go live?" in staff.document
    staff.opens("/studio/ready")
    staff.sees("Not yet: ", "Mend first", "The public address")
    staff.sees(
        "To mend it: get a certificate (docs/going-live.md), and set PUBLIC_URL."
    )
    staff.sees("Not checked", "The certificate: PUBLIC_URL is not an https address yet")
