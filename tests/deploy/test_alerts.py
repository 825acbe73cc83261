"""The alerts, and the pages that name figures: each figure is there."""

import re
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from ivr.operators import metrics
from ivr.settings import ROOT

KNOWN = {
    sample
    for family in REGISTRY.collect()
    if family.name.startswith("line_")
    for sample in (
        family.name,
        *(f"{family.name}_{end}" for end in ("total", "bucket", "count", "sum")),
    )
}


@pytest.mark.parametrize(
    "file", ["deploy/alerts.yml", "docs/complaints.md", "docs/operating.md"]
)
def test_every_figure_that_is_named_is_counted(file: str) -> None:
    assert metrics.CALLS
    named = set(re.findall(r"\bline_[a-z_]+", Path(ROOT / file).read_text("utf-8")))
    assert named
    assert named - KNOWN == set()


def test_every_figure_is_explained() -> None:
    page = Path(ROOT / "docs/operating.md").read_text("utf-8")
    families = {family.name for family in REGISTRY.collect()}
    ours = {name for name in families if name.startswith("line_")}
    assert len(ours) > 8
    assert {name for name in ours if f"`{name}" not in page} == set()
