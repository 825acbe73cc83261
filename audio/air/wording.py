"""Numbers in sentences that staff read."""


def counted(count: int, noun: str) -> str:
    """`1 clip`, `2 clips`, `1,000 clips`: the noun takes an `s` unless there is one."""
    if count == 1:
        return f"1 {noun}"
    return f"{count:,} {noun}s"
