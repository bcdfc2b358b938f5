"""Fleets to compile, as large as one likes: `python3 benches/fleet.py DIRECTORY SERVICES [SHAPE [IMAGE]]`.

Each service is some 500 bytes of KDL such as people write, with a port, an environment, a volume, a health check and a
registration; twenty of them are on a host. The same arguments give the same bytes. Shapes:

  one      everything in dpc.kdl
  files    a file for each service, behind `include`
  alone    no service needs another
  plain    what a compose file has words for: no service needs or registers anything
  chain    each service needs the one before
  star     every service needs the first
  crowd    all services on one host, with one port each
  ports    all services on one host, with three ports each
"""

import os
import sys

PER_HOST = 20
SHAPES = ("one", "files", "alone", "plain", "chain", "star", "crowd", "ports")


def write(directory, services, shape="one", image="1.4.2"):
    """Writes a project. `image` is the version of the last service, to have one that changed."""
    os.makedirs(directory, exist_ok=True)
    crowded = shape in ("crowd", "ports")
    hosts = 1 if crowded else max(1, services // PER_HOST)
    blocks = [service(number, hosts, shape, image if number == services - 1 else "1.4.2") for number in range(services)]
    head = 'fleet "shop"\n' if shape == "plain" else 'fleet "shop" {\n    etcd "http://10.0.0.1:2379"\n}\n'
    head += "".join(f'host "host-{number}" address="10.{number // 250}.{number % 250}.11"\n' for number in range(hosts))
    if shape == "files":
        os.makedirs(f"{directory}/services", exist_ok=True)
        for number, block in enumerate(blocks):
            put(f"{directory}/services/{number:06}.kdl", block)
        blocks = ['include "services/*.kdl"\n']
    put(f"{directory}/dpc.kdl", head + "".join(blocks))


def service(number, hosts, shape, version):
    # Spread so that a host has no port twice, and none that a program is likely to have.
    port = 2000 + number * 3 if shape in ("crowd", "ports") else 8000 + number // hosts
    ports = [("http", port)] + ([("grpc", port + 1), ("admin", port + 2)] if shape == "ports" else [])
    needed = {"alone": None, "plain": None, "crowd": None, "ports": None, "star": 0, "chain": number - 1}.get(shape, number % hosts)
    needs = f'    needs "api-{needed}" timeout="60s"\n' if needed is not None and 0 <= needed != number else ""
    registers = "" if shape == "plain" else '    register "http"\n'
    listens = "".join(f'    port "{name}" {at}\n' for name, at in ports)
    return f"""\
// service {number}, kept by team {number % 17}
service "api-{number}" {{
    image "registry.example.com/shop/api-{number % 40}:{version}"
    on "host-{number % hosts}"
    user "1000:1000"
{listens}{needs}    env {{
        NODE_ENV "production"
        PORT "{{{{ ports.http }}}}"
        GREETING "say \\"hello\\""
    }}
    volume "/app/uploads"
    tmpfs "/tmp" size="64m"
    health http="http" path="/healthz" interval="5s"
{registers}    stop signal="SIGTERM" grace="30s"
    resources memory="512m"
}}
"""


def compose(number):
    """A service in a compose file that says what `service` says in the shape `plain`."""
    port = 8000 + number
    return f"""\
  api-{number}:
    image: registry.example.com/shop/api-{number % 40}:1.4.2
    user: "1000:1000"
    network_mode: host
    environment:
      NODE_ENV: production
      PORT: "{port}"
      GREETING: say "hello"
    volumes:
      - /srv/shop/api-{number}/uploads:/app/uploads
    tmpfs:
      - /tmp:size=64m
    healthcheck:
      test: ["CMD", "curl", "--fail", "http://localhost:{port}/healthz"]
      interval: 5s
    stop_signal: SIGTERM
    stop_grace_period: 30s
    mem_limit: 512m
"""


def put(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 5 or sys.argv[3:] and sys.argv[3] not in SHAPES:
        sys.exit(__doc__)
    write(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
