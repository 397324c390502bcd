"""An identity provider on loopback: it serves its configuration and keys, and signs tokens."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

AnyKey = RSAKey | ECKey | OctKey


@dataclass
class TokenIssuer:
    """What it serves and signs with; `asked` counts the requests by path."""

    url: str
    key: RSAKey = field(default_factory=lambda: rsa_key("first"))
    answers: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.answers["/.well-known/openid-configuration"] = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        self.publish(self.key)

    def publish(self, *keys: RSAKey) -> None:
        self.answers["/keys"] = {"keys": [each.as_dict(private=False) for each in keys]}

    def rotate(self) -> None:
        """Sign with a new key from now on, and serve it alone."""
        self.key = rsa_key("second")
        self.publish(self.key)

    def token(self, now: float, key: AnyKey | None = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """Return a token good for five minutes from `now`; a claim that is None is left out."""
        key = key or self.key
        said = {"iss": self.url, "aud": "licet", "sub": "somebody", "iat": int(now), "exp": int(now) + 300} | claims
        head = {"alg": "RS256", "kid": self.key.kid} | (header or {})
        every = ["RS256", "RS512", "HS256", "ES256", "none"]
        return jwt.encode(head, {name: each for name, each in said.items() if each is not None}, key, algorithms=every)


@contextmanager
def token_issuer() -> Iterator[TokenIssuer]:
    """Run an identity provider on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked[self.path] = issuer.asked.get(self.path, 0) + 1
            answer = issuer.answers.get(self.path)
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(404 if answer is None else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = TokenIssuer(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def rsa_key(kid: str) -> RSAKey:
    """Return a key pair, made once for each name: that takes a third of a second."""
    return _made(kid)


@cache
def _made(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}, private=True)
