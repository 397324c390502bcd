"""A private, throwaway RabbitMQ node."""

import os
import secrets
import socket
from pathlib import Path

from tests.support.authority import Authority
from tests.support.manifests import K8S
from tests.support.ports import free_port
from tests.support.processes import ProcessFailed, ServiceProcess, ThrowawayServer, find_program, run_to_end, wait_until

_SOFTWARE = "rabbitmq-server"  # the program's name and the package's
_AMQP_0_9_1 = b"AMQP\x00\x00\x09\x01"  # the protocol header of AMQP 0-9-1, §4.2.2
_METHOD_FRAME = b"\x01"


class ThrowawayRabbit(ThrowawayServer):
    """A RabbitMQ node with its own name, cookie, port mapper (epmd) and ports on 127.0.0.1, and the user guest/guest.

    Runs as whoever runs the tests, root included. Tests that share the node keep apart by the names of their exchanges
    and queues, or take a virtual host each. With an authority it speaks TLS too.
    Raises MissingServer if its programs are not on this machine.
    """

    def __init__(self, authority: Authority | None = None) -> None:
        # The programs in the library folder: Debian's wrapper in /usr/sbin insists on the system's own rabbitmq user.
        self._programs = find_program(
            _SOFTWARE, named_by="LICET_TEST_RABBITMQ_SBIN",
            packaged="/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin", package=_SOFTWARE,
        ).parent  # fmt: skip
        mapper = find_program(
            "epmd", named_by="LICET_TEST_ERLANG_BIN", packaged="/usr/lib/erlang/bin", package="erlang-base"
        )
        super().__init__("rabbitmq")
        self.port = free_port()
        self._authority, self._tls_port = authority, free_port()
        self._mapper_port = free_port()
        self._env = self._environment()
        # In the foreground, as our own child: one that the node starts would live on after it as nobody's child.
        self._mapper = ServiceProcess(
            [str(mapper), "-port", str(self._mapper_port), "-address", "127.0.0.1"],
            self._env,
            self.directory / "epmd.log",
        )
        self._server = ServiceProcess(
            [str(self._programs / _SOFTWARE)], self._env, self.directory / "log", folder=self.directory
        )

    @property
    def url(self) -> str:
        """The address of the default virtual host, with its user."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}/"

    @property
    def tls_url(self) -> str:
        """The same over TLS, for a node that was given an authority."""
        return f"amqps://guest:guest@127.0.0.1:{self._tls_port}/"

    def vhost(self, name: str) -> str:
        """Creates a virtual host and gives its URL. Takes two calls of rabbitmqctl, which are seconds."""
        self.ctl("add_vhost", name)
        self.ctl("set_permissions", "--vhost", name, "guest", ".*", ".*", ".*")
        return self.url + name

    def ctl(self, *args: str) -> str:
        """What rabbitmqctl answers. Raises ProcessFailed if it fails."""
        return run_to_end([str(self._programs / "rabbitmqctl"), *args], self._env)

    def wait_until_on_disk(self, quorum_queue: str, vhost: str = "/", timeout: float = 20.0) -> None:
        """Returns once the node has written to disk that the quorum queue exists; call it before `kill`.

        The write comes about a second after the declaration (seen in 3.10.8), and after the first publisher confirms. A
        queue whose node is killed before it stays without a leader for good, and its confirmed messages with it.
        Raises ProcessFailed after `timeout` seconds.
        """
        # Ra's register of its members: the queue's internal name, an Erlang atom, after the low byte of its length.
        name = f"{'%2F' if vhost == '/' else vhost}_{quorum_queue}".encode()
        entry = bytes([len(name) % 256]) + name
        if not wait_until(lambda: any(entry in each.read_bytes() for each in self._member_registers()), timeout):
            raise ProcessFailed(f"the node has no quorum queue {quorum_queue} on disk after {timeout:g} s")

    def _member_registers(self) -> list[Path]:
        return sorted(self.directory.glob("mnesia/*/quorum/*/names.dets"))

    def destroy(self) -> None:
        """Ends the node and its port mapper and removes the folder; allowed at any time, and twice."""
        try:
            super().destroy()
        finally:
            self._mapper.kill()

    def _prepare(self) -> None:
        cookie = self.directory / ".erlang.cookie"
        cookie.write_text(secrets.token_hex(16))
        cookie.chmod(0o400)
        (self.directory / "enabled_plugins").write_text("[].\n")
        (self.directory / "no-environment-file").touch()
        (self.directory / "rabbitmq.conf").write_text(self._configuration())
        self._mapper.start()
        self._mapper.wait_for(lambda: _accepts(self._mapper_port), self._seconds_to_start)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(_AMQP_0_9_1)
                return connection.recv(1) == _METHOD_FRAME
        except OSError:
            return False

    def _configuration(self) -> str:
        settings = {
            "listeners.tcp.1": f"127.0.0.1:{self.port}",
            "log.file": "false",
            "log.console": "true",
            "log.console.level": "info",
            "log.console.use_colors": "off",
            "vm_memory_high_watermark.absolute": "512MiB",
            "disk_free_limit.absolute": "64MiB",
        } | self._tls()
        deployed = (K8S / "overlays/single-node/rabbitmq.conf").read_text(encoding="utf-8")
        return deployed + "".join(f"{name} = {value}\n" for name, value in settings.items())

    def _tls(self) -> dict[str, str]:
        if self._authority is None:
            return {}
        return {
            "listeners.ssl.1": f"127.0.0.1:{self._tls_port}",
            "ssl_options.cacertfile": str(self._authority.certificate),
            "ssl_options.certfile": str(self._authority.server_certificate),
            "ssl_options.keyfile": str(self._authority.server_key),
            "ssl_options.verify": "verify_none",  # clients need no certificate
        }

    def _environment(self) -> dict[str, str]:
        loopback_only = "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}"
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.directory),
            "LC_ALL": "C.UTF-8",
            "ERL_EPMD_PORT": str(self._mapper_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"licet{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_BASE": str(self.directory),
            "RABBITMQ_MNESIA_BASE": str(self.directory / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.directory / "logs"),
            "RABBITMQ_PID_FILE": str(self.directory / "pid"),
            "RABBITMQ_CONFIG_FILE": str(self.directory / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.directory / "enabled_plugins"),
            "ERL_CRASH_DUMP": str(self.directory / "erl_crash.dump"),
            "RABBITMQ_CONF_ENV_FILE": str(self.directory / "no-environment-file"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"+S 2:2 {loopback_only}",
            "RABBITMQ_CTL_ERL_ARGS": f"+S 1:1 +sbwt none {loopback_only}",
            # 0 is any free port. The default is a range that everybody on the machine shares.
            "RABBITMQ_CTL_DIST_PORT_MIN": "0",
            "RABBITMQ_CTL_DIST_PORT_MAX": "0",
            # Makes the start script become the Erlang VM in place of waiting for it, so that the VM is our own child.
            "RUNNING_UNDER_SYSTEMD": "true",
        }


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True
