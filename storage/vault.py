"""Encryption of single fields and keyed hashes, with keys that come from the environment and never from a row."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

KEY_ID = b"k1"


class Vault:
    """Seals contact details, guardians and special-category declarations; the key's id stands in the value."""

    def __init__(self, secret: str) -> None:
        self._box = SecretBox(_derive(secret, b"fields"))
        self._hash = _derive(secret, b"hashes")

    def seal(self, value: Any) -> bytes:
        """Encrypt any JSON value."""
        plain = json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass")  # halves of a character, too
        return KEY_ID + bytes(self._box.encrypt(plain))

    def open(self, sealed: bytes | None) -> Any:
        """Decrypt what `seal` wrote; None for None. Raises ValueError where the key does not fit."""
        if sealed is None:
            return None
        try:
            return json.loads(self._box.decrypt(bytes(sealed).removeprefix(KEY_ID)))
        except CryptoError as error:
            raise ValueError("this value was sealed with another SAMSKAB_SECRET_KEY") from error

    def hash(self, text: str) -> str:
        """A keyed hash, to look something up without storing it."""
        return hmac.new(self._hash, text.encode(), hashlib.sha256).hexdigest()


def _derive(secret: str, purpose: bytes) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=32, person=b"samskab-" + purpose).digest()
