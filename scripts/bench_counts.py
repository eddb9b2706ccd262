"""Random searches against plain counts: a stage of bench_questions.py. Standard library only."""

import collections
import json
import os
import pathlib
import random
import re
import sqlite3
import subprocess
import tempfile
import time

from bench_world import DAY, facet_values, random_selection, some_words, stamp


def stage_counts(world):
    """Random searches against plain counts: the facts of SQL, the words of `molva query match` over the same rows."""
    dice = random.Random(11)
    database = sqlite3.connect(f"file:{pathlib.Path(world.arguments.data) / 'molva.sqlite'}?mode=ro", uri=True)
    columns = "m.id, m.topic_id, m.state, m.tone, m.tags, m.copy_of, m.spam, m.sort_at, p.network, p.kind, p.language, p.community_key, p.details, p.deleted, p.text, p.title, p.url"
    mentions, names = [], [name.split(".")[-1].strip() for name in columns.split(",")]
    for values in database.execute(f"SELECT {columns} FROM mention m JOIN post p ON p.id = m.post_id"):
        mention = dict(zip(names, values))
        details = json.loads(mention.pop("details") or "{}")
        mention |= {key: details.get(key) for key in ("city", "region", "country")}
        mention["tag"] = json.loads(mention["tags"] or "[]")
        mentions.append(mention)
    live = set(world.topics)
    mentions = [mention for mention in mentions if str(mention["topic_id"]) in live and not mention["deleted"]]
    words, texts = some_words(world)
    pairs = [match for text in texts for match in re.findall(r"([а-яёa-z]{3,}) ([а-яёa-z]{3,})", text.lower())]

    def query():
        one = lambda: dice.choice(words[:2_000])
        return dice.choice([
            one, lambda: f"={one()}", lambda: f"{one()} OR {one()} OR {one()}", lambda: f"{one()} AND {dice.choice(words[:40])}",
            lambda: f"{dice.choice(words[:40])} AND NOT {one()}", lambda: '"{} {}"'.format(*dice.choice(pairs)),
            lambda: "{} NEAR/4 {}".format(*dice.choice(pairs)), lambda: f"{dice.choice([word for word in words[:500] if len(word) > 3])[:4]}*",
            lambda: "({} OR {}) SENTENCE {}".format(one(), *dice.choice(pairs)),
        ])()

    asked = [(str(number), query() if dice.random() < 0.7 else None) for number in range(world.arguments.searches)]
    with tempfile.TemporaryDirectory(prefix="molva-bench-") as folder:
        posts, queries, out = (pathlib.Path(folder) / name for name in ("posts.jsonl", "queries.jsonl", "out.jsonl"))
        with open(posts, "w") as file:
            for mention in mentions:
                file.write(json.dumps({"id": mention["id"], "text": mention["text"], "title": mention["title"]}, ensure_ascii=False) + "\n")
        with open(queries, "w") as file:
            for number, text in asked:
                if text:
                    file.write(json.dumps({"id": number, "expr": text}, ensure_ascii=False) + "\n")
        subprocess.run([os.environ["MOLVA_BIN"], "query", "match", "--queries", queries, "--posts", posts, "--out", out, "--stats"], check=True, stdout=subprocess.DEVNULL)
        matched = collections.defaultdict(set)
        with open(out) as file:
            for line in file:
                found = json.loads(line)
                for number in found["queries"]:
                    matched[str(number)].add(found["post"])
    fields = {"network": "network", "kind": "kind", "language": "language", "community": "community_key", "city": "city", "region": "region", "country": "country"}
    values = facet_values(world, fields)
    differing = 0
    for number, text in asked:
        selection = random_selection(world, dice, values, period=False) if values and dice.random() < 0.8 else {}
        include = dice.sample(["binned", "copies", "spam"], dice.randint(0, 3))
        start = world.end - dice.randint(1, 730) * DAY
        period = {"from": stamp(start), "to": stamp(start + dice.randint(1, 400) * DAY)} if dice.random() < 0.7 else {}
        tones = dice.sample(["negative", "neutral", "positive", "none"], dice.randint(1, 2)) if dice.random() < 0.2 else []
        body = selection | period | {"include": include} | ({"tone": tones} if tones else {}) | ({"query": text} if text else {})
        told = world.client.json("/api/search/count", {"selection": body})["count"]

        def answers(mention):
            return (
                ("topic" not in selection or str(mention["topic_id"]) in selection["topic"])
                and ("copies" in include or mention["copy_of"] is None)
                and ("binned" in include or mention["state"] != "binned")
                # In thousandths; what is not judged is no spam.
                and ("spam" in include or (mention["spam"] or 0) < 500)
                and (not period or seconds_of(period["from"]) <= mention["sort_at"] / 1e6 < seconds_of(period["to"]))
                and (not tones or (mention["tone"] or "none") in tones)
                and all(mention[fields[name]] in chosen for name, chosen in selection.items() if name in fields)
                and (not text or mention["id"] in matched[number])
            )

        plain = sum(1 for mention in mentions if answers(mention))
        if told != plain:
            differing += 1
            print(f"  differs: {told} told, {plain} counted: {json.dumps(body, ensure_ascii=False)}", flush=True)
    print(f"  {len(asked)} random searches over {len(mentions):,} mentions: {differing} differ from the plain count  bar 0", flush=True)


def seconds_of(text):
    return time.mktime(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
