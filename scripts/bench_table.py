"""The table that the measurements of scripts/bench.sh add their lines to. Standard library only."""

import os
import pathlib
import re
import sys

# Small sizes say within minutes whether something is amiss; figures to be told are those of `--full`.
FULL = os.environ.get("MOLVA_BENCH_FULL") == "yes"
ROWS = []


def named_posts(otherwise):
    """The file that `MOLVA_BENCH_POSTS` names, `None` after saying what is done without one."""
    name = os.environ.get("MOLVA_BENCH_POSTS")
    if not name:
        print(f"  `MOLVA_BENCH_POSTS` names no file: {otherwise}", flush=True)
        return None
    path = pathlib.Path(name).resolve()
    if not path.is_file():
        sys.exit(f"`MOLVA_BENCH_POSTS` names `{name}`, which is no file")
    return path


def row(what, figure, unit, bar="", baseline=None):
    """Adds a line; `baseline` is (name, figure) in the same unit, larger is better. Without one the bar is what it is held against."""
    told = re.search(r"[\d,.]*\d", bar)
    baseline = baseline or (("bar", float(told[0].replace(",", ""))) if told else None)
    ratio = f"{figure / baseline[1]:.2f} x {baseline[0]}" if baseline and baseline[1] else ""
    ROWS.append((what, figure, unit, bar, ratio))
    print(f"  {what}: {figure:,.1f} {unit}  {bar}  {ratio}", flush=True)


def show():
    print("\n| what | figure | unit | bar | ratio |\n|---|---:|---|---|---|")
    for what, figure, unit, bar, ratio in ROWS:
        print(f"| {what} | {figure:,.1f} | {unit} | {bar} | {ratio} |")
