"""What docs/privacy.md says is kept is what is kept, no less and no more."""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import inspect

from ivr.callers.caller import SHORT
from ivr.callers.database import database_url, engine_of, prepare
from ivr.callers.writing import KEPT, PERIOD_S
from ivr.settings import ROOT

PAGE = (ROOT / "docs" / "privacy.md").read_text("utf-8")


def in_the_page() -> Counter[str]:
    """Every `table.column` that begins a row of its tables."""
    named: Counter[str] = Counter()
    for row in re.findall(r"^\| (`.+?) \|", PAGE, re.MULTILINE):
        named.update(re.findall(r"`([a-z_]+\.[a-z_]+)`", row))
    return named


def test_every_column_of_every_table_is_in_the_page_once(tmp_path: Path) -> None:
    """As the migrations make them: what is in the database, and not what the code thinks."""
    url = database_url("sqlite:///callers.db", tmp_path)
    prepare(url, None, datetime(2026, 3, 2, tzinfo=UTC))
    engine = engine_of(url)
    tables = inspect(engine)
    kept = [
        f"{table}.{column['name']}"
        for table in tables.get_table_names()
        for column in tables.get_columns(table)
    ]
    engine.dispose()
    assert len(kept) > 30
    assert in_the_page() == Counter(kept)


def test_how_long_it_says_is_how_long() -> None:
    assert f"{KEPT.days} days" in PAGE
    assert "within ten hours" in PAGE
    assert 2 * PERIOD_S == 10 * 60 * 60
    assert "the first eight digits" in PAGE
    assert SHORT == 8
