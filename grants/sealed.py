"""Secrets: what is derived from the key, what is kept only as a hash, and what is sealed in a row."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken


def fingerprint(secret: str) -> str:
    """How a secret is kept at rest: SHA-256, for secrets of 128 bits and more."""
    return hashlib.sha256(secret.encode()).hexdigest()


def derived(key: str, purpose: str, text: str) -> str:
    """A secret that only the holder of `key` can make again from `text`; one purpose never opens another."""
    return hmac.new(key.encode(), f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def code(key: str, text: str) -> str:
    """Six digits derived from `text`."""
    return f"{int(derived(key, 'code', text), 16) % 1_000_000:06d}"


def same(left: str, right: str) -> bool:
    """Equality that takes the same time whatever differs."""
    return hmac.compare_digest(left.encode(), right.encode())


def seal(key: str, text: str) -> str:
    """`text`, readable only with the field key."""
    return _box(key).encrypt(text.encode()).decode()


def unseal(key: str, sealed: str) -> str:
    """What was sealed; a ValueError when the field key is another one."""
    try:
        return _box(key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise ValueError("this was sealed with another MEEBESLIS_FIELD_KEY") from None


def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"field\0{key}".encode()).digest()))
