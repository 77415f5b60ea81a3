"""``make map`` draws the rooms of ``nzc_api`` and who builds on whom into docs/architecture.md, from the imports."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import grimp

PACKAGE = "nzc_api"
PAGE = Path(__file__).parents[1] / "docs" / "architecture.md"
BETWEEN = re.compile(r"(<!-- map -->\n).*?(<!-- end of map -->)", re.DOTALL)

Arrows = Mapping[str, frozenset[str]]


def rooms_of(graph: grimp.ImportGraph) -> list[str]:
    """The folders of the package that have files."""
    children = graph.find_children(PACKAGE)
    return sorted(name for name in children if graph.find_children(name))


def arrows_of(graph: grimp.ImportGraph, rooms: Iterable[str]) -> Arrows:
    """Which rooms each room imports."""
    names = list(rooms)
    return {
        room: frozenset(
            other
            for other in names
            if other != room
            and graph.direct_import_exists(importer=room, imported=other, as_packages=True)
        )
        for room in names
    }


def without_detours(arrows: Arrows) -> Arrows:
    """The arrows without those that follow from others: what a room reaches by way of another one, too."""
    reached: dict[str, frozenset[str]] = {}

    def reach(room: str) -> frozenset[str]:
        if room not in reached:
            reached[room] = frozenset()  # Contracts allow no circle.
            reached[room] = arrows[room].union(*map(reach, arrows[room]))
        return reached[room]

    return {
        room: frozenset(o for o in others if not any(o in reach(via) for via in others if via != o))
        for room, others in arrows.items()
    }


def drawn(arrows: Arrows) -> str:
    """The picture, in Mermaid."""
    names = {room: room.removeprefix(f"{PACKAGE}.") for room in arrows}
    lines = [
        f"    {names[room]} --> {names[other]}"
        for room in sorted(arrows)
        for other in sorted(arrows[room])
    ]
    return "\n".join(["```mermaid", "graph TD", *lines, "```", ""])


def page_with_map(page: str) -> str:
    """The page with the picture as the imports are now."""
    graph = grimp.build_graph(PACKAGE, exclude_type_checking_imports=True, cache_dir=None)
    picture = drawn(without_detours(arrows_of(graph, rooms_of(graph))))
    return BETWEEN.sub(lambda found: found[1] + picture + found[2], page)


if __name__ == "__main__":
    PAGE.write_text(page_with_map(PAGE.read_text("utf-8")), "utf-8")
