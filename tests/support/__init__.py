"""What several tests share: callers, staff, small editions, servers, browsers."""

import pytest

for module in ("browser", "caller", "crawler", "documents", "staff"):
    # Their assertions tell what they found, as those of tests do.
    pytest.register_assert_rewrite(f"tests.support.{module}")
