"""What came of checking evidence, for people. Pure."""

from collections.abc import Iterator

from nzc_api.refusal import LocalizedText
from nzc_api.retirement_certificates.saying import vouched
from nzc_api.working_papers.verifying import VerifiedPapers


def lines_of(found: VerifiedPapers, *, pinned: bool) -> Iterator[LocalizedText]:
    """What holds, and how far that goes. ``pinned``: the key was given by who checks."""
    net, statement = found.statement["netCo2e"], found.statement
    net_zh, net_en = (f"{net} t CO2e",) * 2 if net else ("未知", "not known")
    yield LocalizedText(
        f"✓ {found.pilot}，{found.year}年，截至位置{found.position}：净排放量{net_zh}；{found.files}个文件、"
        f"{found.certificates}份注销证明、{found.entries}条日志的包含证明均成立。",
        f"✓ {found.pilot}, {found.year}, as of position {found.position}: net {net_en}; {found.files} files, "
        f"{found.certificates} certificates and the proofs of {found.entries} entries hold.",
    )
    yield LocalizedText(
        f"  由表中各行重新计算：排放总量{statement['grossCo2e'] or '未知'}，可用碳汇{statement['sinksCo2e']}，"
        f"外购减排量{statement['purchasedQuantity']}。",
        f"  Reckoned anew from its rows: gross {statement['grossCo2e'] or 'not known'}, usable sinks "
        f"{statement['sinksCo2e']}, purchased reductions {statement['purchasedQuantity']}.",
    )
    if not found.has_lines:
        yield LocalizedText(
            "  清单的各行未向索取者公开：各类别的数值没有由各行重新计算。",
            "  Not all lines of the inventories were shown to who asked for it: what is of a category was not reckoned "
            "from lines.",
        )
    yield LocalizedText(
        "  工作簿只由签名约束，没有与各表比较。",
        "  The workbook is bound by the signature alone: it was not compared with the tables.",
    )
    yield from vouched(found.key, found.cosigned, pinned=pinned)
