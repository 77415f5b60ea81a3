"""Which files a report can be, and making them; where what makes them is not installed, that is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from nzc_api.refusal import LocalizedText
from nzc_api.reports.model import Report


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A kind of file: its media type, what makes it, and which modules that needs."""

    suffix: str
    media_type: str
    maker: tuple[str, str]
    needs: tuple[str, ...]

    @property
    def is_there(self) -> bool:
        """Whether what makes it is installed."""
        return all(find_spec(module) is not None for module in self.needs)

    def made_of(self, report: Report) -> bytes:
        """The file. It computes for up to seconds: not in the event loop's thread."""
        module, name = self.maker
        make: Callable[[Report], bytes] = getattr(import_module(module), name)
        return make(report)


FILES: Mapping[str, ReportFile] = {
    file.suffix: file
    for file in (
        ReportFile(
            "pdf",
            "application/pdf",
            ("nzc_api.reports.pdf", "pdf_of"),
            ("typst", "pylopdf_fonts_zh_cn"),
        ),
        ReportFile(
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ("nzc_api.reports.docx", "docx_of"),
            ("docx",),
        ),
    )
}

NOT_INSTALLED = LocalizedText(
    "此服务器没有安装生成报告文件的组件：请运维人员安装nzc-api[reports]；报告内容可用Inventory.report查询",
    "What makes files of reports is not installed on this server: its operator can install nzc-api[reports]. What a "
    "report says, `Inventory.report` answers all the same",
)
