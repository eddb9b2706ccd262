"""The inner loops: our own benchmarks of crates, read into the table. Standard library only."""

import pathlib
import re
import subprocess
import sys

from bench_table import FULL, named_posts, row

ROOT = pathlib.Path(__file__).resolve().parent.parent


def cargo_bench(package, bench, *arguments):
    """The lines that one of our own benchmarks prints, shown while it runs."""
    command = ["cargo", "bench", "--quiet", "--locked", "--package", package, "--bench", bench, "--", *map(str, arguments)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        print(line, end="", flush=True)
        yield line.rstrip()
    if process.wait() != 0:
        sys.exit(f"`{' '.join(command)}` failed")


def stage_matcher():
    head = one = None
    for line in cargo_bench("molva-matcher", "percolate", "--largest", 100_000 if FULL else 10_000):
        if found := re.match(r"([\d]+) queries, \d+ matches", line):
            head = f"matcher, {int(found[1]):,} queries"
        elif found := re.match(r"  1 thread +(\d+) posts/s +bar (\d+)", line):
            one = float(found[1])
            row(f"{head}, one core", one, "posts/s", f"bar {int(found[2]):,}")
        elif found := re.match(r"  [\d.]+ x the plain evaluator \(([\d.]+) posts/s\)", line):
            row(f"{head}, one core", one, "posts/s", "", ("plain evaluator", float(found[1])))
        elif found := re.match(r"  [\d.]+ x a literal scan of the \d+ terms \((\d+) posts/s", line):
            row(f"{head}, one core", one, "posts/s", "", ("literal scan that evaluates nothing", float(found[1])))


def stage_understanding():
    named = named_posts("understanding takes the posts of the demo")
    posts = ["--posts", named] if named else []
    for line in cargo_bench("molva-enrichment", "understand", *posts):
        if found := re.match(r"  (.+?) +(\d+) a second(?:, +[\d.]+ us)?(?: +bar (\d+))?$", line):
            row(f"understanding: {found[1]}", float(found[2]), "posts/s", f"bar {int(found[3]):,}" if found[3] else "")


def stage_firehose():
    for line in cargo_bench("molva-pipeline", "firehose"):
        if found := re.match(r"  (.+?) +(\d+) events/s on one core .* bar (\d+)", line):
            row(f"firehose of Bluesky, {found[1]}, 10,000 queries", float(found[2]), "events/s", f"bar {int(found[3]):,}")


def stage_instructions():
    # Above the table or not to be counted here: both are told, neither ends the measurements.
    subprocess.run([ROOT / "scripts" / "instructions.sh"], cwd=ROOT, check=False)
