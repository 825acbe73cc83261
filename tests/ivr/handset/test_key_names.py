"""What stands on the handset's keys: every key that does something has a name."""

import pytest

from ivr.call.flow import scene_of
from ivr.call.scene import Call, Scene
from ivr.call.steps import KINDS, Reading
from ivr.edition.edition import Edition
from ivr.handset.key_names import LAST_ROW, LEADS_TO, key_names
from tests.support.reached import every_reply
from tests.support.small import NOON, article, bilingual, edition, helpline

FEW = edition(
    article("one", 2, 2), helplines=(helpline("first"), helpline("code", e164=None))
)

NOT_BY_A_KEY = {"spoken", "unreached"}
"""Steps that only a transfer's outcome leads to."""


@pytest.mark.parametrize("line", [FEW, bilingual()], ids=["one language", "two"])
def test_every_key_that_does_something_has_a_name(line: Edition) -> None:
    looked_at = 0
    for reply in every_reply(line, depth=4).values():
        call = Call(line, NOON, reply.step)
        names = key_names(call)
        if isinstance(reply.step, Reading):
            assert len(names) == 12
            continue
        leads_on = {key for key in scene_of(call).keys if key not in LAST_ROW}
        assert names.keys() == leads_on | set(LAST_ROW)
        elsewhere = {
            key for key in leads_on if _leads_elsewhere(scene_of(call), key, call)
        }
        assert all(names[key] for key in elsewhere), reply.step
        looked_at += len(elsewhere)
    assert looked_at > 100


def _leads_elsewhere(scene: Scene, key: str, call: Call) -> bool:
    return type(scene.keys[key].step) is not type(call.step)


def test_every_step_that_a_key_leads_to_has_a_name() -> None:
    assert LEADS_TO.keys() == KINDS.keys() - NOT_BY_A_KEY
