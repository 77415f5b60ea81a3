"""What keeps the log from being proven."""

from nzc_api.refusal import Failed


class TreeBroken(Failed):
    """The tree is not what was committed to: a row of it was changed or deleted by hand. Nothing is proven from it, and
    nothing more is committed to, until an operator has found which (`nzc verify log`)."""

    def __init__(self) -> None:
        super().__init__(
            "日志的默克尔树与已公布的检查点不符：有记录被直接改动。在管理员用`nzc verify log`查明并恢复之前，"
            "不再签发检查点",
            "the log's Merkle tree is not what was committed to: a row was changed by hand. Nothing more is "
            "committed to until the operator has found which, by `nzc verify log`, and brought it back",
        )
