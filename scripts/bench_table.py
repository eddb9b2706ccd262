"""The table that the measurements of scripts/bench.sh add their lines to. Standard library only."""

import os
import re

# Small sizes say within minutes whether something is amiss; figures to be told are those of `--full`.
FULL = os.environ.get("MOLVA_BENCH_FULL") == "yes"
ROWS = []


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
