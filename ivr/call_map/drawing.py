"""The call map as a picture (SVG), which Graphviz lays out; a stylesheet gives it its colours."""

from ivr.call_map.stops import Stop, shown

FONT = {"fontname": "sans-serif", "fontsize": 12}
"""In points: 16 px."""


def as_svg(drawn: list[Stop]) -> str:
    """The map of these steps, as an element for a page: boxes, and arrows with their keys.

    What leads to the helplines from anywhere (0) is drawn once.
    """
    import pygraphviz  # only here: a server that draws no map does without its memory

    graph = pygraphviz.AGraph(directed=True, bgcolor="transparent", nodesep=0.2, ranksep=0.3)
    graph.node_attr.update(shape="box", style="rounded", margin="0.12,0.06", **FONT)
    graph.edge_attr.update(arrowsize=0.7, **FONT)
    names = [stop.name for stop in drawn]
    for stop in drawn:
        graph.add_node(stop.name, label=f"{stop.name}\n{stop.seconds:.1f} s")
        for name, labels in stop.leads.items():
            if name in names and (keys := shown(labels)):
                graph.add_edge(stop.name, name, label=f" {keys} ")
    graph.add_node("anywhere", style="rounded,dashed")
    graph.add_edge("anywhere", "helplines 1", label=" 0 ")
    svg: str = graph.draw(format="svg", prog="dot").decode()
    return svg[svg.index("<svg") :]
