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
import collections
import http.client
import json
import os
import pathlib
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

PANELS = ("volume", "rhythm", "places", "authors", "words", "understanding", "trust")
FACETS = ["topic", "network", "site", "community", "author", "language", "kind", "tone", "intent", "stage", "spam",
          "judged_by", "tag", "country", "region", "city"]
DAY = 86_400
ROWS = []


def percentile(times, share):
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def row(what, times, bar=""):
    """Adds a line of milliseconds."""
    p50, p95, slowest = (1_000 * value for value in (percentile(times, 0.5), percentile(times, 0.95), max(times)))
    ROWS.append((what, len(times), p50, p95, slowest, bar))
    print(f"  {what}: n {len(times)}, p50 {p50:.1f} ms, p95 {p95:.1f} ms, slowest {slowest:.1f} ms  {bar}", flush=True)


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class Client:
    """One connection that stays open."""

    def __init__(self, base, token):
        self.address, self.token = urllib.parse.urlsplit(base), token
        self.connection = None

    def ask(self, path, body=None):
        """The bytes of the answer and the seconds it took."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=300)
        begun = time.monotonic()
        try:
            self.connection.request("GET" if body is None else "POST", path, data, headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection = None
            raise
        took = time.monotonic() - begun
        if answer.status >= 400:
            raise RuntimeError(f"{path} answered {answer.status}: {text[:400]!r} to {json.dumps(body, ensure_ascii=False)[:400]}")
        return text, took

    def json(self, path, body=None):
        return json.loads(self.ask(path, body)[0])


class World:
    def __init__(self, arguments):
        self.arguments = arguments
        self.client = self.connect()
        self.topics = [topic["id"] for topic in self.client.json("/api/topics")["items"] if topic["mentions"] > 0]
        newest = self.client.json("/api/search", {"selection": {}, "order": "newest", "limit": 1})["items"]
        if not newest:
            sys.exit("there are no mentions: run `molva demo fill` first")
        text = newest[0]["post"]["published_at"]
        # The end of the data, not the clock's: a store that was filled a while ago is as good.
        self.end = int(time.mktime(time.strptime(text[:10], "%Y-%m-%d")) - time.timezone) + DAY

    def connect(self):
        return Client(self.arguments.base, self.arguments.token)

    def year(self, back=0):
        return {"from": stamp(self.end - (365 + back) * DAY), "to": stamp(self.end - back * DAY)}


def timed(client, questions):
    return [client.ask(path, body)[1] for path, body in questions]


def stage_questions(world):
    per_panel = {}
    for panel in PANELS:
        ask = lambda selection: (f"/api/questions/{panel}", {"selection": selection} | ({"limit": 20} if panel in ("places", "authors", "words") else {}))
        same = [ask({"topic": [topic]} | world.year()) for topic in world.topics]
        dice = random.Random(panel)
        other = [ask({"topic": [dice.choice(world.topics)]} | world.year(dice.randrange(1, 300))) for _ in range(40)]
        row(f"{panel}, first", timed(world.client, same))
        row(f"{panel}, again", sum((timed(world.client, same) for _ in range(5)), []), "bar p95 < 100")
        row(f"{panel}, other period", timed(world.client, other), "bar p95 < 100")


def random_selection(world, dice, values, period=True):
    """One topic or all, a period within the year, one to three facets."""
    selection = {"topic": [dice.choice(world.topics)]} if dice.random() < 0.8 else {}
    if period:
        selection |= world.year() if dice.random() < 0.5 else world.year(dice.randrange(300))
    for facet in dice.sample(sorted(values), dice.randint(1, 3)):
        selection[facet] = dice.sample(values[facet], min(len(values[facet]), dice.randint(1, 2)))
    return selection


def facet_values(world, wanted=FACETS):
    answer = world.client.json("/api/search/facets", {"selection": {}, "facets": list(wanted), "limit": 20})
    found = {facet["facet"]: [value["value"] for value in facet["values"]] for facet in answer["facets"]}
    return {name: values for name, values in found.items() if values and name != "topic"}


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


def some_words(world):
    """Words by how many mentions have them, most first."""
    texts = []
    for topic in world.topics:
        items = world.client.json("/api/search", {"selection": {"topic": [topic]}, "order": "newest", "limit": 200})["items"]
        texts += [mention["post"]["text"] for mention in items]
    seen = collections.Counter(word for text in texts for word in set(re.findall(r"[a-zа-яёіїєґ]{2,}", text.lower())))
    return [word for word, _ in seen.most_common()], texts


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


def analyst(world, number, seconds, pause, values, words, times, faults):
    """Reads the questions page, narrows a search, opens mentions."""
    dice, client, end = random.Random(number), world.connect(), time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            act = dice.random()
            if act < 0.35:
                selection = {"topic": [dice.choice(world.topics)]} | world.year()
                for panel in PANELS:
                    body = {"selection": selection} | ({"limit": 20} if panel in ("places", "authors", "words") else {})
                    times[panel].append(client.ask(f"/api/questions/{panel}", body)[1])
            elif act < 0.65:
                selection = random_selection(world, dice, values)
                times["facets"].append(client.ask("/api/search/facets", {"selection": selection, "facets": FACETS, "limit": 20})[1])
                times["search"].append(client.ask("/api/search", {"selection": selection, "order": "newest", "limit": 20})[1])
            else:
                selection = {"query": dice.choice(words)} | (world.year() if dice.random() < 0.5 else {})
                times["search"].append(client.ask("/api/search", {"selection": selection, "order": "newest", "limit": 20})[1])
                times["count"].append(client.ask("/api/search/count", {"selection": selection})[1])
        except (RuntimeError, OSError, http.client.HTTPException) as fault:
            faults.append(str(fault)[:200])
        time.sleep(pause * dice.random() * 2)


class Pusher:
    """Live posts at a fixed rate, with the time each delivery took to be stored and its newest mention to be found."""

    def __init__(self, world, rate, texts):
        self.world, self.rate, self.texts = world, rate, texts
        # A producer in a process of its own: it must not wait for the analysts' interpreter.
        self.process = None

    def start(self, seconds):
        client = self.world.client
        draft = {"connector": "push", "name": f"bench {random.getrandbits(40):x}", "settings": {}, "secrets": {}}
        source = client.json("/api/sources", draft)["id"]
        job = {"base": self.world.arguments.base, "token": self.world.arguments.token, "source": source, "rate": self.rate,
               "seconds": seconds, "texts": self.texts[:2_000]}
        self.process = subprocess.Popen([sys.executable, __file__, "push-worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(json.dumps(job))
        self.process.stdin.close()

    def result(self):
        told = json.loads(self.process.stdout.read())
        self.process.wait()
        return told


def push_worker():
    job = json.load(sys.stdin)
    client, probe = Client(job["base"], job["token"]), Client(job["base"], job["token"])
    dice, number, stored, found, late = random.Random(), 0, [], [], 0
    run, batch = f"{dice.getrandbits(40):x}", max(1, job["rate"] // 10)
    begun = time.monotonic()
    waiting = None
    lock = threading.Lock()

    def look(selection, since):
        for _ in range(200):
            if probe.json("/api/search/count", {"selection": selection})["count"] > 0:
                with lock:
                    found.append(time.monotonic() - since)
                return
            time.sleep(0.05)
        with lock:
            found.append(time.monotonic() - since)

    for turn in range(job["seconds"] * 10):
        now = stamp(time.time())
        posts = [{"id": f"{run}-{number + index}", "text": f"{dice.choice(job['texts'])} {run}x{number + index}", "published": now} for index in range(batch)]
        number += batch
        since = time.monotonic()
        client.ask(f"/api/push/{job['source']}", posts)
        stored.append(time.monotonic() - since)
        if turn % 20 == 0 and (waiting is None or not waiting.is_alive()):
            waiting = threading.Thread(target=look, args=({"query": f"{run}x{number - 1}"}, since))
            waiting.start()
        ahead = begun + (turn + 1) / 10 - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
        else:
            late += 1
    if waiting:
        waiting.join()
    print(json.dumps({"stored": stored, "found": found, "posts": number, "seconds": time.monotonic() - begun, "late": late}))


def crowd(world, seconds, count, pause, values, words):
    times, faults = collections.defaultdict(list), []
    threads = [threading.Thread(target=analyst, args=(world, number, seconds, pause, values, words, times, faults)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, faults


def stage_analysts(world):
    words, texts = some_words(world)
    words, values = [word for word in words if len(word) > 4][:300], facet_values(world)
    seconds, count, pause, rate = world.arguments.seconds, world.arguments.analysts, world.arguments.pause, world.arguments.rate
    pusher = Pusher(world, rate, texts)
    pusher.start(seconds)
    alone = pusher.result()
    row(f"{rate} posts/s alone: a delivery is stored", alone["stored"])
    row(f"{rate} posts/s alone: a post is found by search", alone["found"], "bar < 1,000")
    times, faults = crowd(world, seconds, count, pause, values, words)
    for name, taken in sorted(times.items()):
        row(f"{count} analysts alone: {name}", taken)
    pusher.start(seconds)
    times, more = crowd(world, seconds, count, pause, values, words)
    both = pusher.result()
    for name, taken in sorted(times.items()):
        row(f"{count} analysts and {rate} posts/s: {name}", taken, f"bar p95 < {100 if name == 'search' else 300 if name == 'facets' else 200}")
    row(f"{count} analysts and {rate} posts/s: a delivery is stored", both["stored"], "as alone")
    row(f"{count} analysts and {rate} posts/s: a post is found by search", both["found"], "as alone")
    print(f"  posts/s reached: {alone['posts'] / alone['seconds']:.0f} alone, {both['posts'] / both['seconds']:.0f} together; faults: {len(faults) + len(more)} {(faults + more)[:3]}")


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


def stage_size(world):
    print(f"  archive: {world.client.json('/api/archive')}")
    if world.arguments.data:
        data = pathlib.Path(world.arguments.data)
        for name, files in (("archive", data.glob("archive/**/*")), ("database", data.glob("molva.sqlite*"))):
            print(f"  {name}: {sum(file.stat().st_size for file in files if file.is_file()) / 2**20:,.0f} MB")


def main():
    if sys.argv[1:] == ["push-worker"]:
        return push_worker()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stages", nargs="+")
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
        globals()[f"stage_{stage}"](world)
    print("\n| what | n | p50 ms | p95 ms | slowest ms | bar |\n|---|---:|---:|---:|---:|---|")
    for what, count, p50, p95, slowest, bar in ROWS:
        print(f"| {what} | {count} | {p50:.1f} | {p95:.1f} | {slowest:.1f} | {bar} |")


main()
