"""
irctest starts pollcast with this controller: a fresh server for each test, on loopback, with an IRC
listener. README.md has the environment variables.
"""

import atexit
import os
from pathlib import Path
import signal
import socket
import subprocess
import time
from typing import Optional, Set, Tuple, Type

from irctest import cases
from irctest.basecontrollers import BaseServerController, DirectoryBasedController
from irctest.runner import NotImplementedByController

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = os.environ.get("POLLCAST_RUNTIME", "node")
EXTRA = os.environ.get("POLLCAST_ARGS", "").split()

# The tests compare answers with these words, or log in with them.
SERVER_NAME = "My.Little.Server"
SERVER_INFO = "test server"
OPERATOR = ("operuser", "operpassword")
LOG_WAIT_SECONDS = 60


class PollcastController(BaseServerController, DirectoryBasedController):
    software_name = "pollcast"
    supported_sasl_mechanisms: Set[str] = set()
    supports_sts = False
    isupport = {"CASEMAPPING": "ascii", "CHANTYPES": "#", "UTF8ONLY": None}
    _port_wait_interval = 0.05

    def get_hostname_and_port(self) -> Tuple[str, int]:
        """Returns a port of loopback; irctest itself would listen on all interfaces."""
        _, port = super().get_hostname_and_port()
        return ("127.0.0.1", port)

    def run(
        self,
        hostname: str,
        port: int,
        *,
        password: Optional[str],
        ssl: bool,
        run_services: bool,
        faketime: Optional[str],
        websocket_hostname: Optional[str],
        websocket_port: Optional[int],
    ) -> None:
        if ssl or websocket_port is not None:
            raise NotImplementedByController("TLS and WebSocket, which a proxy speaks")
        self.create_config()
        self.hostname, self.port = hostname, port
        command = ["node", str(ROOT / "bin" / "pollcast.mjs"), "serve", "--runtime", RUNTIME]
        # The listener of line clients gets a port that no test uses.
        command += ["--ctl", "none", "--listen", f"127.0.0.1:{_free_port()}"]
        command += ["--listen-irc", f"{hostname}:{port}", "--irc-name", SERVER_NAME]
        command += ["--irc-info", SERVER_INFO, "--irc-oper", ":".join(OPERATOR)]
        if password is not None:
            command += ["--irc-password", password]
        self.log = Path(self.directory) / "pollcast.log"
        with open(self.log, "wb") as log:
            self.proc = self.execute(
                command + EXTRA,
                proc_name="pollcast",
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stderr=log,
            )
        _running.add(self.proc)

    def wait_for_port(self) -> None:
        """
        Waits for the log. The launcher opens the port of a component for a moment before the
        component does, to report errors early: a connection at that moment is lost.
        """
        deadline = time.time() + LOG_WAIT_SECONDS
        while b"listening on" not in self.log.read_bytes() and time.time() < deadline:
            self.check_is_alive()
            time.sleep(self._port_wait_interval)
        super().wait_for_port()

    def kill_proc(self) -> None:
        if self.proc is not None:
            _running.discard(self.proc)
        super().kill_proc()

    def wait_for_services(self) -> None:
        """Does nothing: there are no services. Tests that need accounts ask for them."""

    def registerUser(
        self, case: cases.BaseServerTestCase, username: str, password: Optional[str] = None
    ) -> None:
        raise NotImplementedByController("accounts")


_running: Set[subprocess.Popen] = set()


@atexit.register
def _end_the_rest() -> None:
    """Ends the servers of tests that skipped themselves during their set-up."""
    for process in _running:
        try:
            os.killpg(process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _ask_without_sasl() -> None:
    """
    Leaves `sasl` out of each CAP REQ. The tests of channel history ask for it together with what
    they need, so a server without accounts refuses the request, and the test is skipped.
    """
    ask = cases.BaseServerTestCase.requestCapabilities

    def without(self, client, capabilities, skip_if_cap_nak=False):
        wanted = [cap for cap in capabilities if cap != "sasl"] or capabilities
        return ask(self, client, wanted, skip_if_cap_nak)

    cases.BaseServerTestCase.requestCapabilities = without  # type: ignore[method-assign]


if os.environ.get("POLLCAST_WITHOUT_SASL", "") == "1":
    _ask_without_sasl()


def get_irctest_controller_class() -> Type[PollcastController]:
    return PollcastController
