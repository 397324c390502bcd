"""What reading promises for every document, whatever is in it, as a check that finds the promise that was broken."""

import time
from hashlib import sha256
from typing import NoReturn

import msgspec

from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import TITLES, Refusal
from shared.contracts.inventory import ROOT, Inventory
from tests.support.reading import Read, read

LIMITS = Limits()


class BrokenPromise(Exception):
    """Reading ended, but not as it promises to."""


def check(document: bytes) -> None:
    """Read `document` twice; raises BrokenPromise, or whatever reading raised that it must not.

    A MemoryError is no fault: the process has a limit of memory, and what reads for the service answers with a refusal.
    """
    try:
        begun = time.process_time()
        outcome = read(document, LIMITS)
        taken = time.process_time() - begun
        again = read(document, LIMITS)
    except MemoryError:
        return
    _require(taken <= LIMITS.reading_seconds(len(document)), "reading ends in time")
    _require(outcome == again, "two readings of one document are equal")
    match outcome:
        case Read():
            _check_result(outcome)
        case Refusal():
            _check_refusal(outcome)
        case other:
            _break(f"reading returns a result or a refusal, not {type(other).__name__}")


def _check_refusal(refusal: Refusal) -> None:
    _require(refusal.kind in TITLES, "a refusal is of a known kind")
    _require((refusal.limit is not None) <= (refusal.kind == "over-limit"), "only a passed limit is named")
    _require(bool(refusal.detail.strip()), "a refusal says why")
    _require(all(isinstance(each.pointer, str) for each in refusal.errors), "the pointer of an error is a string")
    _encode(refusal)


def _check_result(result: Read) -> None:
    _require(sha256(result.inventory).hexdigest() == result.inventory_sha256, "the digest is that of the inventory")
    _require(all(isinstance(each.pointer, str) for each in result.warnings), "the pointer of a warning is a string")
    _require(
        all(isinstance(each.pointer, str) for each in result.ignored), "the pointer of what is ignored is a string"
    )
    for told in (result.facts, result.warnings, result.ignored):
        _encode(told)
    inventory = msgspec.json.decode(result.inventory, type=Inventory)
    _require(inventory.buckets == result.facts.buckets, "the facts are those of the inventory")
    _require(inventory.buckets.ignored == len(result.ignored), "each ignored element is listed")
    _check_buckets(inventory)
    _check_graph(inventory)
    _check_texts(inventory)


def _check_buckets(inventory: Inventory) -> None:
    buckets = inventory.buckets
    _require(buckets.elements == buckets.components + buckets.duplicates + buckets.ignored, "the buckets add up")
    _require(buckets.components == len(inventory.components), "each component is counted")
    occurrences = sum(component.occurrences for component in inventory.components)
    _require(occurrences == buckets.components + buckets.duplicates, "each occurrence is counted")


def _check_graph(inventory: Inventory) -> None:
    positions = range(ROOT, len(inventory.components))
    ends = {end for edge in (*inventory.edges, *inventory.provides) for end in edge}
    ends |= {end for told in inventory.completeness for end in (*told.assemblies, *told.dependencies)}
    ends |= {choice.component for choice in inventory.choices if choice.component is not None}
    _require(all(end in positions for end in ends), "each position is that of the root or a component")
    _require(inventory.root_position is None or inventory.root_position in positions[1:], "the root is a component")
    _require(inventory.edges == sorted(set(inventory.edges)), "edges are sorted and each there once")


def _check_texts(inventory: Inventory) -> None:
    keys_are_digests = all(sha256(text.encode()).hexdigest() == key for key, text in inventory.texts.items())
    _require(keys_are_digests, "the key of a text is its SHA-256")
    used = {key for component in inventory.components for key in component.notices}
    used |= {claim.text for component in inventory.components for claim in component.licenses if claim.text is not None}
    used |= {license_.text for license_ in inventory.extracted_licenses if license_.text is not None}
    _require(used <= inventory.texts.keys(), "each text that is named is there")


def _encode(told: object) -> None:
    """What is told to people is JSON in the end."""
    try:
        msgspec.json.encode(told)
    except Exception as fault:
        _break(f"what is told can be written as JSON: {fault}")


def _require(held: bool, promise: str) -> None:
    if not held:
        _break(promise)


def _break(promise: str) -> NoReturn:
    raise BrokenPromise(promise)
