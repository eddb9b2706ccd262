"""How the stages of bench_questions.py ask a running Molva and tell what they saw. Standard library only."""

import collections
import http.client
import json
import re
import sys
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


def panel_question(panel, selection):
    return f"/api/questions/{panel}", {"selection": selection} | ({"limit": 20} if panel in ("places", "authors", "words") else {})


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


def some_words(world):
    """Words by how many mentions have them, most first."""
    texts = []
    for topic in world.topics:
        items = world.client.json("/api/search", {"selection": {"topic": [topic]}, "order": "newest", "limit": 200})["items"]
        texts += [mention["post"]["text"] for mention in items]
    seen = collections.Counter(word for text in texts for word in set(re.findall(r"[a-zа-яёіїєґ]{2,}", text.lower())))
    return [word for word, _ in seen.most_common()], texts


def show():
    print("\n| what | n | p50 ms | p95 ms | slowest ms | bar |\n|---|---:|---:|---:|---:|---|")
    for what, count, p50, p95, slowest, bar in ROWS:
        print(f"| {what} | {count} | {p50:.1f} | {p95:.1f} | {slowest:.1f} | {bar} |")
