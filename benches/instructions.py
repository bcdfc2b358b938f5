"""Instructions that three fixed builds take, by callgrind: `python3 benches/instructions.py [--write] [DPC]`.

They hardly depend on the machine or on its load, where seconds do. Each is held against `benches/instructions.txt`, which
`--write` makes anew; one that took over 5 % more, or less, fails: a gain is to be written down too, or it could be lost again.
A build runs on one processor, so that its threads share the work the same way each time. dpc is target/release/dpc, where
`cargo build --release` leaves it.
"""

import os
import re
import subprocess
import sys
import tempfile

import fleet

HERE = os.path.dirname(os.path.abspath(__file__))
STORED = f"{HERE}/instructions.txt"
ROOM = 0.05


def builds(directory):
    """Name and project of each build."""
    example = f"{directory}/nodejs"
    subprocess.run(["cp", "-r", f"{HERE}/../examples/nodejs", example], check=True)
    subprocess.run(["rm", "-rf", f"{example}/out"], check=True)
    fleet.write(f"{directory}/one", 400, "one")
    fleet.write(f"{directory}/files", 400, "files")
    return [("the example nodejs", example), ("400 services in one file", f"{directory}/one"),
            ("400 services in a file each", f"{directory}/files")]


def instructions(dpc, project, directory):
    environment = {"PATH": os.environ["PATH"], "HOME": directory}
    command = ["taskset", "--cpu-list", "0", "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", dpc, "build", project]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True)
    found = re.search(r"Collected : ([0-9]+)", ran.stderr)
    if ran.returncode != 0 or not found:
        sys.exit(f"{' '.join(command)}: status {ran.returncode}\n{ran.stderr}")
    return int(found[1])


def stored():
    try:
        with open(STORED, encoding="utf-8") as file:
            return {name: int(count) for count, name in (line.strip().split("  ", 1) for line in file)}
    except FileNotFoundError:
        return {}


def main(arguments):
    write = "--write" in arguments
    dpc = os.path.abspath(next((argument for argument in arguments if argument != "--write"), "target/release/dpc"))
    with tempfile.TemporaryDirectory() as directory:
        counts = {name: instructions(dpc, project, directory) for name, project in builds(directory)}
    if write:
        with open(STORED, "w", encoding="utf-8") as file:
            file.writelines(f"{count:>12}  {name}\n" for name, count in counts.items())
    known, missed = stored(), False
    for name, count in counts.items():
        change = count / known[name] - 1 if name in known else float("inf")
        missed |= abs(change) > ROOM
        print(f"{count:>12}  {name}: {change:+.1%} of what is stored")
    if missed:
        sys.exit(f"more than {ROOM:.0%} from what is stored: find out why, or `python3 benches/instructions.py --write`")


if __name__ == "__main__":
    main(sys.argv[1:])
