"""The steps by which Alembic brings the database up to date. Run by `database.prepare`."""
