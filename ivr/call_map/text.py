"""The call map as text: in lines, and as a flowchart for Mermaid."""

from ivr.call_map.stops import THE_END, Stop


def as_text(drawn: list[Stop]) -> str:
    """One line per step; keys that lead to the same step stand together. What callers may say
    instead of a key is in a line of its own."""
    lines = []
    for stop in drawn:
        lines.append(_line(stop))
        if stop.may_say:
            said = (f"{key} “{words}”" for key, words in stop.may_say.items())
            lines.append(f"{'':<12}   say:   {' · '.join(said)}")
    return "\n".join(lines)


def _line(stop: Stop) -> str:
    ways = []
    for name, labels in stop.leads.items():
        if labels:
            keys = ", ".join(labels)
            ways.append(f"{keys} {name}")
    all_ways = " · ".join(ways)
    return f"{stop.name:<12} {stop.seconds:5.1f} s   {all_ways}"


def as_mermaid(drawn: list[Stop]) -> str:
    """A flowchart. The way to the helplines that is open anywhere (0) is drawn once."""
    lines = ["flowchart TD", "    anywhere((anywhere)) -->|0| helplines_1"]
    for stop in drawn:
        lines.append(f'    {_id(stop.name)}["{stop.name}<br/>{stop.seconds:.1f} s"]')
        for name, labels in stop.leads.items():
            keys = shown(labels).replace("#", "#35;")
            if keys and name != THE_END:
                this = _id(stop.name)
                lines.append(f'    {this} -->|"{keys}"| {_id(name)}')
    return "\n".join(lines)


def shown(labels: list[str]) -> str:
    """A way's keys as they are drawn, without 0 and silence; three or more in a row as a range,
    such as `1–6 #`."""
    runs: list[list[str]] = []
    for label in labels:
        if label in ("0", "silence"):
            continue
        if runs and _follows(label, runs[-1][-1]):
            runs[-1].append(label)
        else:
            runs.append([label])
    return " ".join(_run(run) for run in runs)


def _follows(label: str, before: str) -> bool:
    """Whether a key is the next number after another."""
    return label.isdigit() and before == str(int(label) - 1)


def _run(labels: list[str]) -> str:
    if len(labels) > 2:
        return f"{labels[0]}–{labels[-1]}"
    return " ".join(labels)


def _id(name: str) -> str:
    """A name for Mermaid, to which `end` means something else."""
    if name == "end":
        return "the_end"
    return name.replace(" ", "_")
