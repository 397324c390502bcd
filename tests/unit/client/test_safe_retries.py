"""What the client library sends again, and what it never does, against a server that answers as it is told."""

from collections.abc import Iterator

import pytest

from licet import Client, DeadlinePassed, Interrupted, Refused, Submission, Unreachable, WrongUse
from licet.library.sending import Deadline
from tests.support.ports import free_port
from tests.support.told_server import Told, ToldServer

_VERSION = b'{"name": "licet", "version": "1"}'
_KEY = b'{"id": "1", "name": "n", "roles": [], "projects": [], "key": "licet_x"}'
_POLICY = b'{"name": "p", "version": 1, "sha256": ""}'
_BUSY = Told(503, b'{"type": "urn:licet:problem:unavailable", "title": "Away", "status": 503}', {"Retry-After": "0"})


@pytest.fixture
def server() -> Iterator[ToldServer]:
    with ToldServer() as server:
        yield server


@pytest.fixture
def client(server: ToldServer) -> Iterator[Client]:
    with Client(server.url, "licet_any", pause=lambda _seconds: None) as client:
        yield client


def test_a_question_is_asked_again_while_the_server_is_busy(server: ToldServer, client: Client) -> None:
    server.will_answer(_BUSY, Told(429, b"{}", {"Retry-After": "0"}), Told(200, _VERSION))

    assert client.version().version == "1"
    assert len(server.seen) == 3


def test_it_gives_up_in_the_end(server: ToldServer, client: Client) -> None:
    server.will_answer(_BUSY, _BUSY, _BUSY, _BUSY)

    with pytest.raises(Refused, match="Away") as refused:
        client.version()

    assert refused.value.problem.kind == "unavailable"
    assert refused.value.to_do.startswith("Try again later")
    assert len(server.seen) == 4


def test_a_post_carries_one_idempotency_key_over_all_its_tries(server: ToldServer, client: Client) -> None:
    running = Told(409, b'{"title": "Conflict", "status": 409}', {"Retry-After": "0"})
    server.will_answer(_BUSY, Told.no_answer(), running, Told(201, _KEY))

    client.create_key("n", ["submitter"], ["*"])

    keys = {each.headers["idempotency-key"] for each in server.seen}
    assert (len(server.seen), len(keys)) == (4, 1)
    assert len({each.body for each in server.seen}) == 1


def test_a_document_is_sent_from_its_beginning_again(server: ToldServer, client: Client) -> None:
    server.will_answer(_BUSY, Told(400, b'{"title": "Not an SBOM", "status": 400}'))
    sent: list[int] = []

    with pytest.raises(Refused, match="Not an SBOM"):
        client.submit(Submission(b"x" * 100_000, "a/b", "1"), progress=sent.append)

    assert [each.body for each in server.seen] == [b"x" * 100_000] * 2
    assert server.seen[0].path == "/api/v1/sboms?project=a%2Fb&version=1"
    assert max(sent) == 100_000


def test_publishing_a_policy_is_not_repeated_when_nobody_knows_what_became_of_it(
    server: ToldServer, client: Client
) -> None:
    server.will_answer(Told.no_answer())

    with pytest.raises(Interrupted):
        client.publish_policy("p", b"policy")

    assert len(server.seen) == 1


def test_publishing_a_policy_is_repeated_when_the_server_did_not_begin(server: ToldServer, client: Client) -> None:
    server.will_answer(Told(429, b"{}", {"Retry-After": "0"}), Told(201, _POLICY))

    assert client.publish_policy("p", b"policy").version == 1


def test_a_refusal_is_final(server: ToldServer, client: Client) -> None:
    server.will_answer(Told(401, b'{"type": "urn:licet:problem:unauthenticated", "title": "No", "status": 401}'))

    with pytest.raises(Refused) as refused:
        client.version()

    assert "licet login" in refused.value.to_do
    assert len(server.seen) == 1


def test_a_pause_that_ends_after_the_deadline_is_not_waited_for(server: ToldServer, client: Client) -> None:
    server.will_answer(Told(429, b"{}", {"Retry-After": "50"}))

    with pytest.raises(DeadlinePassed, match="within 5 seconds"):
        client.submit(Submission(b"x"), deadline=Deadline(5))


def test_an_answer_that_is_no_answer_of_licet_is_said_to_be_none(server: ToldServer, client: Client) -> None:
    server.will_answer(Told(200, b"<html>"), Told(200, b'{"name": 1}'), Told(302, b"", {"Location": "/elsewhere"}))

    with pytest.raises(Interrupted, match="not what the API promises"):
        client.version()
    with pytest.raises(Interrupted, match=r"\$.name"):
        client.version()
    with pytest.raises(Refused, match="it points to /elsewhere"):
        client.version()


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with Client(f"http://127.0.0.1:{free_port()}", "licet_any", tries=1) as client, pytest.raises(Unreachable):
        client.version()


@pytest.mark.parametrize(("url", "key"), [("localhost", "k"), ("http://localhost", ""), ("http://localhost", "a\nb")])
def test_what_makes_no_sense_is_refused_at_once(url: str, key: str) -> None:
    with pytest.raises(WrongUse):
        Client(url, key)


def test_names_stay_one_segment_of_the_path(server: ToldServer, client: Client) -> None:
    server.will_answer(Told(404, b"{}"), Told(404, b"{}"))

    for project in ("org/re po?", ".."):
        with pytest.raises(Refused):
            client.release_named(project, "1%2F")

    assert [each.path for each in server.seen] == [
        "/api/v1/projects/org%2Fre%20po%3F/releases/1%252F",
        "/api/v1/projects/%2E%2E/releases/1%252F",
    ]
