"""Why a server is not reached, by what the network says of it."""

import socket
from collections.abc import Mapping

from nzc_api.refusal import LocalizedText

# The most particular first.
_WHY: Mapping[type[BaseException], LocalizedText] = {
    socket.gaierror: LocalizedText("主机名无法解析", "its host's name does not resolve"),
    ConnectionRefusedError: LocalizedText("该地址没有程序监听", "nothing listens there"),
    FileNotFoundError: LocalizedText("没有该套接字文件", "there is no such socket"),
    TimeoutError: LocalizedText("没有应答", "it does not answer"),
    ConnectionError: LocalizedText("连接被中断", "it breaks the connection off"),
    OSError: LocalizedText("未能建立连接", "no connection comes about"),
}


def why_unreached(cause: object) -> LocalizedText:
    """Why, in both languages; what no network said, as it was said."""
    said = str(cause or "–")
    found = (reason for kind, reason in _WHY.items() if isinstance(cause, kind))
    return next(found, LocalizedText(said, said))
