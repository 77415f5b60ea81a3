"""The log's own key, with which its checkpoints are signed: a file that an operator makes once, and keeps."""

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nzc_api.refusal import Failed


class NoLogKey(Failed):
    """The file is none of a key, or cannot be read or written; the text says which."""


def make_key(path: Path) -> Ed25519PrivateKey:
    """Make a key, in a file that only its owner reads. Raises ``NoLogKey`` where there is one, which stays."""
    key = Ed25519PrivateKey.generate()
    written = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise NoLogKey(
            f"无法创建日志密钥文件{path}：{error.strerror}。已有的密钥不会被覆盖。",
            f"The log's key cannot be written to {path}: {error.strerror}. One that is there is not overwritten.",
        ) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(written)
    return key


def read_key(path: Path) -> Ed25519PrivateKey:
    """The key in a file. Raises ``NoLogKey``."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise NoLogKey(
            f"无法读取日志密钥文件{path}：{error.strerror}。",
            f"The log's key at {path} cannot be read: {error.strerror}.",
        ) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _not_one(path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _not_one(path)
    return key


def _not_one(path: Path) -> NoLogKey:
    return NoLogKey(
        f"{path}不是未加密的Ed25519私钥（PEM）：请用`nzc log key`生成。",
        f"{path} holds no Ed25519 key as PEM without a password: make one by `nzc log key`.",
    )
