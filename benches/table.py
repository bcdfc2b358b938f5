"""What compiling costs, beside what it may cost: `python3 benches/table.py [DPC] [ROUNDS]`.

Times `dpc` (target/release/dpc: `cargo build --release` first) on fleets of `fleet.py` in a directory of its own on tmpfs, which
it removes. What is held against each other runs in turn, in so many rounds (5); a ratio is taken within a round, and the median
is printed. A machine that is busy with other things misses aims of its own accord: the load is printed above, and 10 % is noise.
It takes five minutes, 4 GB of memory beside 3 GB on /dev/shm.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import fleet

MANY = 10_000
KIB_A_SERVICE, KIB_ALONE = 12, 16 * 1024


class Bench:
    """Runs dpc on fleets below one directory, and prints a row for each aim."""

    def __init__(self, dpc, directory, rounds):
        self.dpc, self.directory, self.rounds = os.path.abspath(dpc), directory, rounds
        self.environment = {**os.environ, "XDG_CACHE_HOME": f"{directory}/cache"}
        self.missed = 0

    def fleet(self, name, services, shape="one", image="1.4.2"):
        # In a process of its own: the peak of a command begins with that of the process that starts it.
        path = f"{self.directory}/{name}"
        subprocess.run([sys.executable, fleet.__file__, path, str(services), shape, image], check=True)
        return path

    def run(self, *command):
        """Seconds and KiB at the peak of one command, which must succeed."""
        began = time.monotonic()
        process = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL, cwd=self.directory)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{' '.join(command)}: status {process.returncode}")
        return time.monotonic() - began, usage.ru_maxrss

    def build(self, path):
        return self.run(self.dpc, "build", "--quiet", path)

    def cold(self, path):
        shutil.rmtree(f"{path}/out", ignore_errors=True)
        shutil.rmtree(f"{self.directory}/cache", ignore_errors=True)
        return self.build(path)

    def copy(self, path, to):
        """Seconds that `cp -r` takes for what a build wrote."""
        shutil.rmtree(to, ignore_errors=True)
        return self.run("cp", "-r", f"{path}/out", to)[0]

    def fresh(self, *paths):
        """Cold builds of many services, which find memory to be had and leave none in use: seconds of all, KiB of the largest."""
        back(4)
        found = [self.cold(path) for path in paths]
        for path in paths:
            shutil.rmtree(f"{path}/out")
        return sum(seconds for seconds, _ in found), max(peak for _, peak in found)

    def medians(self, *measures, rounds=None):
        """Rounds of all measures in turn: the median of each, and of each one's ratio to the first.

        Every other round goes backwards, since each measure finds the memory of the machine as the one before left it."""
        found = []
        for number in range(rounds or self.rounds):
            forwards = 1 if number % 2 == 0 else -1
            found.append([measure() for measure in measures[::forwards]][::forwards])
        times = [statistics.median(column) for column in zip(*found)]
        ratios = [statistics.median(row[at] / row[0] for row in found) for at in range(len(measures))]
        return times, ratios

    def row(self, what, found, most, unit=" ×"):
        met = found <= most
        self.missed += not met
        print(f"| {what} | {found:.2f}{unit} | {most:.2f}{unit} | {'yes' if met else 'NO'} |", flush=True)


def back(gigabytes):
    """Has the machine below a virtual one back so much memory, which then lies free here.

    Where free memory goes back to that machine (free page reporting), whoever uses it next waits some 2 s a gigabyte. In a process
    of its own, as the peak of a command begins with that of the process that starts it.
    """
    fill = f"import mmap; mmap.mmap(-1, {gigabytes} << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE)"
    subprocess.run([sys.executable, "-c", fill], check=True)


def compiling(bench):
    path = bench.fleet("fleet", MANY)
    copied, peaks = f"{bench.directory}/copy", []

    def cold():
        seconds, peak = bench.cold(path)
        peaks.append(peak)
        return seconds

    copy = lambda: bench.copy(path, copied)
    check = lambda: bench.run(bench.dpc, "check", "--quiet", path)[0]
    bench.cold(path)
    times, ratios = bench.medians(cold, copy, lambda: unchanged(bench, path), check)
    print("| " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in zip(
        ("cold build", "`cp -r`", "nothing changed", "check"), times)) + " | | | |")
    bench.row("cold build, beside `cp -r` of its output", 1 / ratios[1], 1.0)
    bench.row("nothing changed, beside the cold build", ratios[2], 0.7)
    bench.row("`dpc check`, beside the cold build", ratios[3], 0.4)
    bench.row("memory of the cold build", max(peaks) / 1024, (KIB_A_SERVICE * MANY + KIB_ALONE) / 1024, " MiB")
    shutil.rmtree(copied)
    changing(bench, path)
    shutil.rmtree(f"{path}/out")
    difference(bench, path, check)
    shutil.rmtree(path)


def unchanged(bench, path):
    before = newest(f"{path}/out")
    seconds = bench.build(path)[0]
    if newest(f"{path}/out") != before:
        sys.exit("a build with nothing changed wrote files")
    return seconds


def changing(bench, path):
    images = [f"2.0.{number}" for number in reversed(range(1000))]

    def same():
        bench.fleet("fleet", MANY, image=images[-1])
        return bench.build(path)[0]

    def changed():
        images.pop()
        bench.fleet("fleet", MANY, image=images[-1])
        return bench.build(path)[0]

    changed()
    bench.row("one service changed, beside nothing changed", bench.medians(same, changed)[1][1], 1.5)


def difference(bench, path, check):
    bench.fleet("fleet", MANY)
    other = bench.fleet("other", MANY, image="1.4.3")
    diff = lambda: bench.run(bench.dpc, "diff", path, "--base", path, "--head", other)[0]
    bench.row("`dpc diff` of two directories, beside `dpc check`", bench.medians(check, diff)[1][1], 2.5)
    shutil.rmtree(other)


def newest(path):
    """The time of the last change of any file or directory below."""
    return max(entry.stat().st_mtime_ns for folder in os.walk(path) for entry in os.scandir(folder[0]))


def growing(bench):
    """Ten fleets are built in a row and stay, so that as much memory goes to as many files in as much time as with the large one:
    alone, the first has all that the machine has at hand, and the system's own cost of a file grows with their number."""
    few, many = [bench.fleet(f"few-{number}", MANY) for number in range(10)], bench.fleet("many", 10 * MANY)
    peaks = {}

    def cold(*paths):
        seconds, peaks[len(paths)] = bench.fresh(*paths)
        return seconds

    ratio = bench.medians(lambda: cold(*few), lambda: cold(many))[1][1]
    bench.row("100,000 services, beside 10,000: time", 10 * ratio, 12)
    bench.row("100,000 services, beside 10,000: memory", peaks[1] / peaks[10], 12)
    for path in (*few, many):
        shutil.rmtree(path)


def single(bench):
    path = bench.fleet("single", 1)
    bench.build(path)
    rounds = bench.rounds * 20
    true = statistics.median(bench.run("/bin/true")[0] for _ in range(rounds)) * 1000
    one = statistics.median(bench.build(path)[0] for _ in range(rounds)) * 1000
    bench.row(f"`dpc build` of one service (`/bin/true` takes {true:.2f} ms)", one, 3 * true + 2, " ms")


def main():
    dpc = sys.argv[1] if len(sys.argv) > 1 else "target/release/dpc"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    print(f"{MANY} services unless said, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
    print("| what | found | at most | met |\n|---|--:|--:|---|")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as directory, tempfile.TemporaryDirectory(dir="target") as installed:
        # As a package or a download leaves it: the system reads pages of what a linker wrote one by one (1.2 × for one service).
        bench = Bench(shutil.copy(dpc, installed), directory, rounds)
        for part in (compiling, growing, single):
            part(bench)
    print(f"\nload {os.getloadavg()[0]:.1f}; {bench.missed or 'no'} aims missed")


if __name__ == "__main__":
    main()
