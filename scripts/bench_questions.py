"""Asks a running Molva the questions of an analyst and says how long the answers took. Standard library only.

    molva token create bench --scope read --scope write --scope push --data DIR
    molva serve --data DIR &
    python3 scripts/bench_questions.py STAGE… --base http://127.0.0.1:8080 --token TOKEN [--data DIR]

Stages: questions (each panel of the five questions, one topic, one year), facets, search (newest 20), analysts (twenty at
once, alone and against live posts), export (all mentions as CSV), counts (500 random searches against plain counts over
the SQLite database; needs --data and $MOLVA_BIN), size.

Figures are told apart: `first` is the first time a question is asked of a fresh server, `again` the same question later,
`other` a question that was not asked before, on a server that has answered others.
"""

import argparse
import http.client
import pathlib
import random
import re
import time

from bench_analysts import stage_analysts
from bench_counts import stage_counts
from bench_world import DAY, FACETS, PANELS, World, facet_values, panel_question, random_selection, row, show, some_words, stamp, timed


def stage_questions(world):
    for panel in PANELS:
        same = [panel_question(panel, {"topic": [topic]} | world.year()) for topic in world.topics]
        dice = random.Random(panel)
        other = [panel_question(panel, {"topic": [dice.choice(world.topics)]} | world.year(dice.randrange(1, 300))) for _ in range(40)]
        row(f"{panel}, first", timed(world.client, same))
        row(f"{panel}, again", sum((timed(world.client, same) for _ in range(5)), []), "bar p95 < 100")
        row(f"{panel}, other period", timed(world.client, other), "bar p95 < 100")


def stage_facets(world):
    values = facet_values(world)
    dice = random.Random(3)
    questions = [("/api/search/facets", {"selection": random_selection(world, dice, values), "facets": FACETS, "limit": 20}) for _ in range(150)]
    row("all facets of a random combination, first", timed(world.client, questions))
    row("all facets of the same combinations, again", timed(world.client, questions), "bar p95 < 150")
    single = [(path, body | {"facets": [dice.choice(FACETS)]}) for path, body in questions]
    single = [(path, body | {"selection": random_selection(world, dice, values)}) for path, body in single]
    row("one facet of other combinations", timed(world.client, single), "bar p95 < 150")
    counts = [("/api/search/count", {"selection": body["selection"]}) for _, body in questions]
    row("count of a combination", timed(world.client, counts), "bar p95 < 150")
    lines = [("/api/search/timeline", {"selection": random_selection(world, dice, values)}) for _ in range(60)]
    row("timeline of a combination", timed(world.client, lines), "bar p95 < 150")


def stage_search(world):
    words, texts = some_words(world)
    dice = random.Random(5)
    long = [word for word in words if len(word) > 4][:400]
    pairs = [match for text in dice.sample(texts, min(200, len(texts))) for match in re.findall(r"([а-яёa-z]{4,}) ([а-яёa-z]{4,})", text.lower())]
    brand = lambda: " OR ".join(dice.sample(long[20:], 4))
    kinds = {
        "OR of four words": brand,
        "AND of two words": lambda: " AND ".join(dice.sample(long[:80], 2)),
        "phrase": lambda: '"{} {}"'.format(*dice.choice(pairs)),
        "NEAR": lambda: "{} NEAR/5 {}".format(*dice.sample(long[:80], 2)),
        "word form": lambda: dice.choice(long),
        "exact word": lambda: f"={dice.choice(long)}",
        "topic query and a word": lambda: f"({brand()}) AND NOT {dice.choice(long[:40])}",
    }
    for title, make in kinds.items():
        questions = [("/api/search", {"selection": {"query": make()}, "order": "newest", "limit": 20}) for _ in range(60)]
        row(f"newest 20, {title}, first", timed(world.client, questions), "bar p95 < 50")
        row(f"newest 20, {title}, again", timed(world.client, questions), "bar p95 < 50")
    often = [("/api/search", {"selection": {"query": word}, "order": "newest", "limit": 20}) for word in words[:30]]
    row("newest 20, the 30 most frequent words", timed(world.client, often), "bar p95 < 300")
    counts = [("/api/search/count", {"selection": {"query": word}}) for word in words[:30]]
    row("count of the 30 most frequent words, first", timed(world.client, counts))
    for order in ("relevance", "reach"):
        ranked = [("/api/search", {"selection": {"query": word}, "order": order, "limit": 20}) for word in words[:30]]
        row(f"20 by {order}, the 30 most frequent words", timed(world.client, ranked))


def stage_export(world):
    for form in world.arguments.forms.split(","):
        body = {"what": "mentions", "selection": {}, "format": form}
        if world.arguments.export_days:
            body["selection"] = {"from": stamp(world.end - world.arguments.export_days * DAY), "to": stamp(world.end)}
        rows = world.client.json("/api/search/count", {"selection": body["selection"]})["count"]
        begun = time.monotonic()
        ticket = world.client.json("/api/exports", body)
        connection = http.client.HTTPConnection(world.client.address.hostname, world.client.address.port, timeout=1_200)
        connection.request("GET", ticket["url"], headers={"Authorization": f"Bearer {world.arguments.token}"})
        answer, size, first = connection.getresponse(), 0, None
        while chunk := answer.read(1 << 20):
            first = first or time.monotonic() - begun
            size += len(chunk)
        took = time.monotonic() - begun
        print(f"  {form}: {rows:,} mentions, {size / 2**20:.0f} MB in {took:.1f} s ({rows / took:,.0f} rows/s), first bytes after {first or 0:.2f} s  bar 1,000,000 rows of CSV < 20 s", flush=True)


def stage_size(world):
    print(f"  archive: {world.client.json('/api/archive')}")
    if world.arguments.data:
        data = pathlib.Path(world.arguments.data)
        for name, files in (("archive", data.glob("archive/**/*")), ("database", data.glob("molva.sqlite*"))):
            print(f"  {name}: {sum(file.stat().st_size for file in files if file.is_file()) / 2**20:,.0f} MB")


STAGES = {"questions": stage_questions, "facets": stage_facets, "search": stage_search, "analysts": stage_analysts,
          "export": stage_export, "counts": stage_counts, "size": stage_size}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stages", nargs="+", choices=STAGES)
    parser.add_argument("--base", default="http://127.0.0.1:8080")
    parser.add_argument("--token", required=True)
    parser.add_argument("--data")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--analysts", type=int, default=20)
    parser.add_argument("--pause", type=float, default=2.0, help="seconds an analyst looks at an answer, on average")
    parser.add_argument("--rate", type=int, default=1_000)
    parser.add_argument("--searches", type=int, default=500)
    parser.add_argument("--export-days", type=int, default=0)
    parser.add_argument("--forms", default="csv,jsonl,parquet,xlsx")
    arguments = parser.parse_args()
    world = World(arguments)
    for stage in arguments.stages:
        print(f"== {stage}", flush=True)
        STAGES[stage](world)
    show()


main()
