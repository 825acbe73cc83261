"""Bookmarks know their section by its heading, and since when their sentence was being said."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Of those that are there, neither is known."""
    heading = sa.Column("heading", sa.Text, nullable=False, server_default="")
    op.add_column("bookmarks", heading)
    op.add_column("bookmarks", sa.Column("at", sa.BigInteger))
