"""What ships with the service may be used together with the EUPL."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distribution

import pytest
from packaging.markers import Marker

from tests.locks import pins

# SPDX names, and the names older packages use in their classifiers or in a free-text field.
FRIENDLY = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "LGPL-3.0-only", "LGPL-3.0-or-later",
    "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib",
    "Apache Software License", "BSD License", "GNU Lesser General Public License v3 (LGPLv3)", "ISC License (ISCL)",
    "MIT License", "Mozilla Public License 2.0 (MPL 2.0)", "Python Software Foundation License",
    "MPL-2.0 AND (Apache-2.0 OR MIT)",
}  # fmt: skip

SHIPPED = [pin.name for pin in pins("requirements.lock") if pin.marker is None or Marker(pin.marker).evaluate()]


def friendly(expression: str) -> bool:
    """Whether an SPDX expression allows the use: all of one alternative; one with brackets only if known as a whole."""
    return expression in FRIENDLY or any(
        all(name.strip() in FRIENDLY for name in re.split(r"\sAND\s", alternative))
        for alternative in re.split(r"\sOR\s", expression)
    )


def allowed(package: Distribution) -> bool:
    """Look at the expression; older packages have classifiers, the oldest a word of their own."""
    if expressions := package.metadata.get_all("License-Expression", []):
        return friendly(expressions[0])
    classifiers = [
        line.split(" :: ")[-1]
        for line in package.metadata.get_all("Classifier", [])
        if line.startswith("License :: OSI Approved :: ")
    ]
    if classifiers:
        return all(friendly(name) for name in classifiers)
    return any(friendly(word) for word in package.metadata.get_all("License", []))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_package_has_a_friendly_licence(name: str) -> None:
    assert allowed(distribution(name))


@pytest.mark.parametrize(
    "expression",
    ["", "GPL-3.0-only", "AGPL-3.0-or-later", "Proprietary", "MIT AND GPL-2.0-only", "(MIT OR GPL-2.0-only)"],
)
def test_an_unfriendly_licence_is_noticed(expression: str) -> None:
    assert not friendly(expression)
