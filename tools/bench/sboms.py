"""Products that resemble real software, made up: the same number of packages and seed always give the same product.

The shares of licences, holders and hashes are round figures of our own in the order that package registries show:
permissive ids first, then the LGPL and GPL family, some choices and exceptions, some names that are no id, some nothing.
"""

import hashlib
from dataclasses import dataclass
from random import Random

_IDS = {
    "MIT": 32, "Apache-2.0": 19, "BSD-3-Clause": 8, "ISC": 7, "BSD-2-Clause": 3, "MPL-2.0": 2, "LGPL-2.1-or-later": 2,
    "GPL-2.0-or-later": 1, "GPL-3.0-or-later": 1, "EPL-2.0": 1, "0BSD": 1, "Unlicense": 1, "Zlib": 1, "CC0-1.0": 1,
}  # fmt: skip
_CHOICES = {
    "MIT OR Apache-2.0": 6,
    "GPL-2.0-only WITH Classpath-exception-2.0": 2,
    "EPL-2.0 OR GPL-2.0-only WITH Classpath-exception-2.0": 1,
    "Apache-2.0 AND (MIT OR BSD-3-Clause)": 1,
}
_NAMES = {"Apache License, Version 2.0": 2, "The MIT License": 1, "BSD": 1, "Public Domain": 1, "Our own terms": 1}
_NOTHING = 3
_OWN_TERMS = 1
_JOINED = 3
_ECOSYSTEMS = {"npm": 45, "maven": 20, "pypi": 15, "golang": 10, "cargo": 5, "deb": 5}
_HOLDERS = (
    "Ada Exampel", "Bożena Kowalska", "Čeněk Novák", "the contributors", "Example Systems GmbH", "Nadir & Søn A/S",
    "佐藤花子", "Fondation Exemple", "Ixion Labs, Inc.", "Olu Adeyemi <olu@example.org>",
)  # fmt: skip
_SYLLABLES = ("ka", "lo", "mir", "ten", "sa", "vo", "rin", "del", "pu", "shi", "gar", "ne", "tol", "ux", "bex", "qua")
_SENTENCES = (
    "You may use this work for any purpose.",
    "Copies must keep this statement and the names of the authors.",
    "The authors promise nothing and answer for nothing.",
    "Changed versions must be marked as such.",
)


@dataclass(frozen=True, slots=True)
class License:
    """What a package says of its licence: an SPDX expression, or a name, or terms of its own, or nothing (empty)."""

    expression: str = ""
    name: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Package:
    """One package of a product."""

    purl: str
    name: str
    version: str
    license: License
    copyright: tuple[str, ...]
    hashes: dict[str, str]
    supplier: str
    description: str


@dataclass(frozen=True, slots=True)
class Product:
    """The packages and, as positions in them, who depends on whom; -1 is the product itself."""

    name: str
    packages: list[Package]
    edges: list[tuple[int, int]]


def product(packages: int, seed: int) -> Product:
    """The product of that many packages and about 1.5 edges for each."""
    chance = Random(f"{packages}-{seed}")
    licenses = _licenses(chance, packages)
    made = [_package(chance, number, licenses) for number in range(packages)]
    return Product(f"product-{packages}-{seed}", made, _edges(chance, packages))


def _licenses(chance: Random, packages: int) -> tuple[list[License], list[int]]:
    weighted: list[tuple[License, float]] = [(License(expression=each), w) for each, w in (_IDS | _CHOICES).items()]
    weighted += [(License(name=each), weight) for each, weight in _NAMES.items()]
    weighted.append((License(), _NOTHING))
    distinct = 5 + packages // 100
    weighted += [(_own_terms(chance, number), _OWN_TERMS / distinct) for number in range(distinct)]
    weighted += [(_joined(chance), _JOINED / distinct) for _ in range(distinct)]
    return [each for each, _ in weighted], [int(weight * 10_000) for _, weight in weighted]


def _own_terms(chance: Random, number: int) -> License:
    text = "\n\n".join(" ".join(chance.choices(_SENTENCES, k=chance.randint(3, 12))) for _ in range(4))
    return License(name=f"Terms of supplier {number}", text=f"Terms of supplier {number}\n\n{text}")


def _joined(chance: Random) -> License:
    return License(expression=" AND ".join(sorted(chance.sample(sorted(_IDS), chance.randint(2, 5)))))


def _package(chance: Random, number: int, licenses: tuple[list[License], list[int]]) -> Package:
    name = "-".join("".join(chance.choices(_SYLLABLES, k=3)) for _ in range(chance.randint(1, 2))) + str(number)
    version = f"{chance.randint(0, 9)}.{chance.randint(0, 40)}.{chance.randint(0, 9)}"
    [ecosystem] = chance.choices(list(_ECOSYSTEMS), list(_ECOSYSTEMS.values()))
    [license_] = chance.choices(*licenses)
    purl = f"pkg:{ecosystem}/{_namespace(ecosystem, name)}{name}@{version}"
    return Package(
        purl=purl,
        name=name,
        version=version,
        license=license_,
        copyright=tuple(_copyright(chance) for _ in range(chance.choice((0, 0, 1, 1, 1, 2, 4)))),
        hashes={each: hashlib.new(each, purl.encode()).hexdigest() for each in ("sha256", "sha1")[: 1 + number % 2]},
        supplier=chance.choice(_HOLDERS),
        description=" ".join(chance.choices(_SYLLABLES, k=chance.randint(0, 15))),
    )


def _namespace(ecosystem: str, name: str) -> str:
    return {"maven": f"org.example.{name[:4]}/", "golang": "example.org/", "deb": "debian/"}.get(ecosystem, "")


def _copyright(chance: Random) -> str:
    return f"Copyright (c) {chance.randint(1996, 2026)} {chance.choice(_HOLDERS)}"


def _edges(chance: Random, packages: int) -> list[tuple[int, int]]:
    """A way from the product to every package, and half as many edges again; none leads backwards."""
    direct = max(3, packages // 40)
    edges = {(-1 if number < direct else chance.randrange(number), number) for number in range(packages)}
    edges |= {(chance.randrange(number), number) for number in range(1, packages) if chance.random() < 0.5}
    return sorted(edges)
