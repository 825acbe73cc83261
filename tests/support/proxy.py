"""A real nginx before a server, with deploy/nginx.conf."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
import trustme

from ivr.settings import ROOT
from tests.support.server import free_port, until

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@dataclass(frozen=True)
class Front:
    """An nginx that runs."""

    https: str
    http: str
    trusts: str
    """The file of the authority whose certificate it has."""


def site(
    folder: Path, name: str, ports: dict[str, str], *, hurries: bool = False
) -> Path:
    """A configuration of deploy/ as all of nginx's, with other ports and folders; and with more
    patience, as a busy machine is slow, unless it `hurries`."""
    text = (ROOT / "deploy" / name).read_text()
    for old, new in ports.items():
        text = text.replace(old, new)
    text = re.sub(
        r"/etc/letsencrypt/live/line.example.org/(\w+).pem", rf"{folder}/\1.pem", text
    )
    text = text.replace("/var/log/nginx/line.log", f"{folder}/line.log")
    text = text.replace("/dev/shm/line-sounds", f"{folder}/sounds")
    text = re.sub(r"\n *listen \[::\].*", "", text)
    if not hurries:
        text = re.sub(r"(proxy_\w+_timeout) \d+s", r"\1 60s", text)
    file = folder / name
    file.write_text(
        f"pid {folder}/nginx.pid; daemon off; user root; worker_processes 1;"
        f" error_log {folder}/error.log; events {{ worker_connections 8000; }} http {{"
        f" client_body_temp_path {folder}/b;"
        f" proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; scgi_temp_path {folder}/s;"
        f" uwsgi_temp_path {folder}/u; {text} }}"
    )
    return file


@contextmanager
def nginx_before(
    address: str, folder: Path, *, hurries: bool = False
) -> Iterator[Front]:
    """nginx with deploy/nginx.conf, before the server that has this address."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    certificate = authority.issue_cert("line.example.org", "127.0.0.1")
    certificate.private_key_pem.write_to_path(str(folder / "privkey.pem"))
    certificate.cert_chain_pems[0].write_to_path(str(folder / "fullchain.pem"))
    https, http = free_port(), free_port()
    back = address.removeprefix("http://")
    ports = {"127.0.0.1:8000": back, "listen 443": f"listen {https}"}
    ports["listen 80"] = f"listen {http}"
    file = site(folder, "nginx.conf", ports, hurries=hurries)
    process = subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(file)])
    front = Front(
        f"https://127.0.0.1:{https}", f"http://127.0.0.1:{http}", str(folder / "ca.pem")
    )

    def answers() -> bool:
        assert process.poll() is None, (folder / "error.log").read_text()
        try:
            host = {"Host": "line.example.org"}
            page = f"{front.https}/healthz"
            return requests.get(page, headers=host, verify=front.trusts, timeout=60).ok
        except requests.ConnectionError:
            return False

    try:
        until(answers)
        yield front
    finally:
        process.terminate()
        process.wait(timeout=60)
