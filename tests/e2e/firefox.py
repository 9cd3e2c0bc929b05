"""Firefox without a window, set up as near as can be to Tor Browser at "Safest", driven over Marionette.

No JavaScript, no SVG, private browsing, fingerprinting resisted. With a SOCKS port
every name goes through it.
"""

import json
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.e2e.waiting import BOUND, end, until

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PREFERENCES: dict[str, object] = {
    # as Tor Browser
    "privacy.resistFingerprinting": True,
    "privacy.resistFingerprinting.letterboxing": True,
    "privacy.firstparty.isolate": True,
    "browser.privatebrowsing.autostart": True,
    "dom.security.https_only_mode": True,
    "dom.security.https_only_mode.upgrade_onion": False,
    "dom.securecontext.allowlist_onions": True,
    "media.peerconnection.enabled": False,
    "webgl.disabled": True,
    "network.http.referer.hideOnionSource": True,
    # "Safest"
    "javascript.enabled": False,
    "javascript.options.wasm": False,
    "javascript.options.ion": False,
    "javascript.options.baselinejit": False,
    "svg.disabled": True,
    "mathml.disabled": True,
    "gfx.font_rendering.graphite.enabled": False,
    "gfx.font_rendering.opentype_svg.enabled": False,
    "gfx.downloadable_fonts.enabled": False,
    "media.autoplay.default": 5,
    # what is saved goes into one folder, unasked
    "browser.download.folderList": 2,
    "browser.download.useDownloadDir": True,
    "browser.download.always_ask_before_handling_new_types": False,
    "browser.download.start_downloads_in_tmp_dir": False,
    # nothing goes out on its own
    "marionette.port": 0,
    "browser.shell.checkDefaultBrowser": False,
    "app.update.auto": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.http.speculative-parallel-limit": 0,
    "network.prefetch-next": False,
    "network.dns.disablePrefetch": True,
    "network.trr.mode": 5,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "",
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "services.settings.server": "data:,#remote-settings",
    "browser.startup.homepage": "about:blank",
    "startup.homepage_welcome_url": "about:blank",
    "browser.aboutwelcome.enabled": False,
    "app.normandy.enabled": False,
    "termsofuse.bypassNotification": True,
}


def proxied(socks: int) -> dict[str, object]:
    """Send every name through the SOCKS port, and nothing around it."""
    return {
        "network.proxy.type": 1,
        "network.proxy.socks": "127.0.0.1",
        "network.proxy.socks_port": socks,
        "network.proxy.socks_version": 5,
        "network.proxy.socks_remote_dns": True,
        "network.proxy.socks5_remote_dns": True,
        "network.proxy.no_proxies_on": "",
        "network.proxy.allow_hijacking_localhost": True,
        "network.proxy.failover_direct": False,
        "network.dns.blockDotOnion": False,
        "network.dns.disabled": True,
    }


class FirefoxError(Exception):
    """Firefox refused a command: which, and what it says."""


class Firefox:
    """One Firefox with a fresh profile; see Browser in steps.py for what the tests ask of it.

    With ``script`` it runs JavaScript: Tor Browser at "Standard". Not ``private``, it keeps a cache and a
    history.
    """

    # Of a kind of its own: what it is set up with, and its command line.
    preferences: Mapping[str, object] = PREFERENCES
    arguments: Sequence[str] = ()

    def __init__(self, socks: int = 0, script: bool = False, private: bool = True) -> None:
        self.script = script
        self.profile = Path(tempfile.mkdtemp(prefix="firefox-"))
        preferences = {**self.preferences, **(proxied(socks) if socks else {"network.proxy.type": 0})}
        preferences["javascript.enabled"] = script
        preferences["browser.privatebrowsing.autostart"] = private
        self.downloads = self.profile / "downloads"
        preferences["browser.download.dir"] = str(self.downloads)
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in preferences.items()]
        (self.profile / "user.js").write_text("".join(lines))
        command = ["firefox-esr", "--headless", "--no-remote", "--marionette", *self.arguments]
        command += ["--profile", str(self.profile)]
        with (self.profile / "log").open("wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        try:
            self._connect()
        except BaseException:
            self.close()
            raise

    def _connect(self) -> None:
        port = until(self._port, "Marionette port")
        # Longer than any page may take, Tor and a large upload included.
        self._socket = socket.create_connection(("127.0.0.1", port), 4 * BOUND)
        self._stream, self._id = self._socket.makefile("rb"), 0
        self._read()
        self("WebDriver:NewSession", capabilities={})
        self("WebDriver:SetTimeouts", pageLoad=int(3 * BOUND * 1000))

    def _port(self) -> int:
        path = self.profile / "MarionetteActivePort"
        assert self.process.poll() is None, (self.profile / "log").read_text()[-2000:]
        return int((path.exists() and path.read_text().strip()) or 0)

    def _read(self) -> Any:
        size = b""
        while (character := self._stream.read(1)) != b":":
            if not character:
                raise FirefoxError("the connection to Firefox broke")
            size += character
        return json.loads(self._stream.read(int(size)))

    def __call__(self, command: str, **parameters: object) -> Any:
        """Send one Marionette command and give its value.

        :raises FirefoxError: when Firefox refuses it.
        """
        self._id += 1
        data = json.dumps([0, self._id, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(data), data))
        _, _, error, result = self._read()
        if error:
            raise FirefoxError(f"{command}: {error['error']}: {error['message']}")
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    def _all(self, css: str) -> list[str]:
        found = self("WebDriver:FindElements", using="css selector", value=css)
        return [each[ELEMENT] for each in found]

    def _one(self, css: str) -> str:
        found: str = self("WebDriver:FindElement", using="css selector", value=css)[ELEMENT]
        return found

    def go(self, url: str) -> None:
        self("WebDriver:Navigate", url=url)

    def loaded(self) -> bool:
        state = self("WebDriver:ExecuteScript", script="return document.readyState", args=[])
        return bool(state == "complete")

    def count(self, css: str) -> int:
        return len(self._all(css))

    def text(self, css: str) -> str:
        return str(self("WebDriver:GetElementText", id=self._one(css)))

    def value(self, css: str) -> str:
        return str(self("WebDriver:GetElementProperty", id=self._one(css), name="value"))

    def fill(self, css: str, text: str) -> None:
        element = self._one(css)
        self("WebDriver:ElementClear", id=element)
        self("WebDriver:ElementSendKeys", id=element, text=text)

    def select(self, css: str, value: str) -> None:
        self.click(f'{css} option[value="{value}"]')

    def choose(self, css: str, paths: Sequence[Path]) -> None:
        for path in paths:  # one command a file: Marionette adds each to those picked already
            self("WebDriver:ElementSendKeys", id=self._one(css), text=str(path))

    def click(self, css: str, index: int = 0) -> None:
        self("WebDriver:ElementClick", id=self._all(css)[index])

    def back(self) -> None:
        self("WebDriver:Back")

    def again(self) -> None:
        # It asks first, and does not say when it has.
        with suppress(FirefoxError):
            self("WebDriver:Refresh")
        until(self._agreed, "question whether to send it again")

    def _agreed(self) -> bool:
        with suppress(FirefoxError):
            self("WebDriver:AcceptAlert")
            return True
        return False

    def save(self, css: str, folder: Path, index: int = 0) -> Path:
        before = self._saved()
        self.click(css, index)
        # An empty file keeps the name while the bytes go to one beside it.
        (name,) = until(lambda: self._saved() - before, "saved file")
        return Path(shutil.move(self.downloads / name, folder / name))

    def _saved(self) -> set[str]:
        """The files that were saved to their end."""
        names = {path.name for path in self.downloads.glob("*")}
        return {name for name in names if not name.endswith(".part") and f"{name}.part" not in names}

    def source(self) -> str:
        return str(self("WebDriver:GetPageSource"))

    def close(self) -> None:
        end(self.process)
        if hasattr(self, "_socket"):
            self._stream.close()
            self._socket.close()
        shutil.rmtree(self.profile, ignore_errors=True)
