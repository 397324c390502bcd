"""The client of the API: a method for a question, typed answers, safe retries."""

import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from types import TracebackType
from typing import Any, Final, Literal, Self, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from licet.library.answers import (
    Answer,
    DryRun,
    Explanation,
    Gate,
    Key,
    Obligation,
    PolicyCheck,
    PublishedPolicy,
    Release,
    ServerVersion,
    Submitted,
)
from licet.library.faults import Interrupted, Refused, WrongUse
from licet.library.sending import Call, Deadline, Sender
from licet.library.steps import Steps
from licet.library.submission import Progress, Submission

_LONGEST_WAIT: Final = 60.0
_TOO_EARLY: Final = 425
Shape = TypeVar("Shape", bound=Answer)
Report = Literal["application/sarif+json", "application/xml", "text/markdown"]


class Client:
    """A client of one server with one key; close it, or use it in a `with`. `tries` is how often a call is sent at most.

    Every method raises Fault: Unreachable, Refused, Interrupted, WrongUse, and DeadlinePassed where `deadline` ends first.
    """

    def __init__(self, url: str, key: str, *, tries: int = 4, pause: Callable[[float], None] = time.sleep) -> None:
        if not url.startswith(("http://", "https://")):
            raise WrongUse(f"{url!r} is no address of a server.", where="LICET_URL", to_do="Begin it with https://.")
        if not key.isascii() or not key.isprintable() or not key:
            raise WrongUse("The key has characters that no key has.", where="LICET_API_KEY", to_do="Copy it again.")
        self._http = httpx.Client(base_url=url.rstrip("/"), headers={"X-Api-Key": key})
        self._sender = Sender(self._http, tries, pause)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def version(self) -> ServerVersion:
        """The version of the server."""
        return self._json("GET", "/api/v1/version", ServerVersion)

    def submit(
        self, submission: Submission, *, deadline: Deadline | None = None, progress: Progress | None = None
    ) -> Submitted:
        """Send a document; return what the server read in it. The verdict follows: see `settled` and `gate`."""
        opened = partial(submission.opened, progress or (lambda _sent: None))
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(submission.size)}
        call = Call("POST", "/api/v1/sboms", submission.names, headers, opened)
        return _decoded(self._sender.send(call, deadline or Deadline()), Submitted)

    def release(self, release_id: str) -> Release:
        """A release by its id."""
        return self._json("GET", f"/api/v1/releases/{segment(release_id)}", Release)

    def release_named(self, project: str, version: str) -> Release:
        """A release by its names."""
        return self._json("GET", f"/api/v1/projects/{segment(project)}/releases/{segment(version)}", Release)

    def gate(
        self,
        release_id: str,
        *,
        fail_on: str = "error",
        baseline: str | None = None,
        destinations: str | None = None,
        deadline: Deadline | None = None,
    ) -> Gate:
        """The verdict, waited for until the deadline, without end when there is none."""
        asked = {"fail_on": fail_on, "baseline": baseline, "destination": destinations}
        path = f"/api/v1/releases/{segment(release_id)}/gate"
        return _decoded(self._when_ready(path, _given(asked), {}, deadline or Deadline()), Gate)

    def gate_report(self, release_id: str, media_type: Report, **asked: str | None) -> bytes:
        """The verdict as SARIF 2.1.0, JUnit or Markdown; `asked` as for `gate`, of a release that has been evaluated."""
        path = f"/api/v1/releases/{segment(release_id)}/gate"
        return self._when_ready(path, _given(asked), {"Accept": media_type}, Deadline()).content

    def notice(
        self, release_id: str, *, format_: str = "text", final: bool = False, deadline: Deadline | None = None
    ) -> tuple[bytes, str]:
        """The NOTICE and its status, `draft` or `final`; with `final` a draft is refused."""
        asked = {"format": format_} | ({"require": "final"} if final else {})
        path = f"/api/v1/releases/{segment(release_id)}/notice"
        answer = self._when_ready(path, asked, {}, deadline or Deadline())
        return answer.content, answer.headers.get("x-notice-status", "draft")

    def obligations(self, release_id: str, **asked: str | None) -> Iterator[Obligation]:
        """All obligations; `asked`: status, kind, license, purl."""
        return self._pages(f"/api/v1/releases/{segment(release_id)}/obligations", Obligation, _given(asked))

    def steps(self, release_id: str) -> Steps:
        """The validation steps, and the first that is not done."""
        return self._json("GET", f"/api/v1/releases/{segment(release_id)}/steps", Steps)

    def explain(self, release_id: str, *, purl: str | None = None, name: str | None = None) -> Explanation:
        """How the verdict on a component came about, named by its purl or by its name."""
        path = f"/api/v1/releases/{segment(release_id)}/explain"
        return self._json("GET", path, Explanation, _given({"purl": purl, "name": name}))

    def check_policy(self, policy: bytes) -> PolicyCheck:
        """What is wrong in a policy, and how its own tests go."""
        return self._json("POST", "/api/v1/policies/validate", PolicyCheck, body=policy)

    def dry_run(self, name: str, policy: bytes, progress: Callable[[int], None] = lambda _count: None) -> list[DryRun]:
        """What the policy would change in the releases that use `name`, page by page; told how many were looked at."""
        pages: list[DryRun] = []
        token: str | None = None
        while not pages or token:
            asked = {"limit": "100"} | ({"page_token": token} if token else {})
            page = self._json("POST", f"/api/v1/policies/{segment(name)}/dry-run", DryRun, asked, policy)
            pages.append(page)
            token = page.next_page_token
            progress(sum(each.examined for each in pages))
        return pages

    def publish_policy(self, name: str, policy: bytes, *, activate: bool = True) -> PublishedPolicy:
        """Make it the next version of the policy `name`, active at once unless told otherwise."""
        asked = {} if activate else {"activate": "false"}
        return self._json("PUT", f"/api/v1/policies/{segment(name)}", PublishedPolicy, asked, policy)

    def keys(self) -> Iterator[Key]:
        """All API keys, without their secrets."""
        return self._pages("/api/v1/keys", Key, {})

    def create_key(self, name: str, roles: list[str], projects: list[str], expires_at: str | None = None) -> Key:
        """Make a key; `key` of the answer is its secret, shown this once."""
        wanted = {"name": name, "roles": roles, "projects": projects, "expires_at": expires_at}
        return self._json("POST", "/api/v1/keys", Key, body=msgspec.json.encode(wanted))

    def rotate_key(self, key_id: str, overlap_seconds: int) -> Key:
        """Give a key a new secret; the old one works for `overlap_seconds` more."""
        body = msgspec.json.encode({"overlap_seconds": overlap_seconds})
        return self._json("POST", f"/api/v1/keys/{segment(key_id)}/rotate", Key, body=body)

    def revoke_key(self, key_id: str) -> None:
        """Revoke a key, at once."""
        self._sender.send(Call("DELETE", f"/api/v1/keys/{segment(key_id)}"), Deadline())

    def _when_ready(
        self, path: str, asked: dict[str, str], headers: dict[str, str], deadline: Deadline
    ) -> httpx.Response:
        """The answer once the stage that it needs is done: asked for again while the server says that it is not."""
        while True:
            wait = min(_LONGEST_WAIT, max(deadline.left - 1, 0))
            call = Call("GET", path, asked | {"wait": f"{wait:.0f}"}, headers, wait=wait)
            try:
                return self._sender.send(call, deadline)
            except Refused as refused:
                if refused.problem.status != _TOO_EARLY:
                    raise
            if deadline.left <= 1:
                raise deadline.passed("The release was not evaluated")

    def _pages(self, path: str, shape: type[Shape], asked: dict[str, str]) -> Iterator[Shape]:
        token: str | None = ""
        while token is not None:
            wanted = asked | {"limit": "1000", "wait": "60"} | ({"page_token": token} if token else {})
            page = self._json("GET", path, _Page, wanted)
            for item in page.items:
                yield _shaped(item, shape, f"GET {path}")
            token = page.next_page_token

    def _json(
        self, method: str, path: str, shape: type[Shape], asked: dict[str, str] | None = None, body: bytes | None = None
    ) -> Shape:
        headers = {} if body is None else {"Content-Type": "application/octet-stream"}
        call = Call(method, path, asked or {}, headers, partial(nullcontext, body))
        return _decoded(self._sender.send(call, Deadline()), shape)


def segment(name: str) -> str:
    """Return a name as one segment of a path, `.` and `..` too, which would else be folded away."""
    return quote(name, safe="") if set(name) != {"."} else name.replace(".", "%2E")


def _given(asked: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if value is not None}


class _Page(Answer, frozen=True):
    items: list[dict[str, Any]]
    next_page_token: str | None


def _decoded(response: httpx.Response, shape: type[Shape]) -> Shape:
    where = f"{response.request.method} {response.request.url.path}"
    try:
        return _shaped(msgspec.json.decode(response.content), shape, where)
    except msgspec.DecodeError as error:
        raise _unpromised(error, where) from error


def _shaped(value: Any, shape: type[Shape], where: str) -> Shape:
    try:
        return msgspec.structs.replace(msgspec.convert(value, shape), raw=value)
    except msgspec.ValidationError as error:
        raise _unpromised(error, where) from error


def _unpromised(error: msgspec.MsgspecError, where: str) -> Interrupted:
    to_do = "Check that LICET_URL is the address of a Licet gateway, and that client and server are of like versions."
    return Interrupted(f"The answer is not what the API promises: {error}", where=where, to_do=to_do)
