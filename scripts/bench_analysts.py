"""Analysts at work, alone and against live posts: a stage of bench_questions.py. Standard library only."""

import collections
import http.client
import json
import random
import subprocess
import sys
import threading
import time

from bench_world import FACETS, PANELS, Client, facet_values, panel_question, random_selection, row, some_words, stamp


def analyst(world, number, seconds, pause, values, words, times, faults):
    """Reads the questions page, narrows a search, opens mentions."""
    dice, client, end = random.Random(number), world.connect(), time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            act = dice.random()
            if act < 0.35:
                selection = {"topic": [dice.choice(world.topics)]} | world.year()
                for panel in PANELS:
                    times[panel].append(client.ask(*panel_question(panel, selection))[1])
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
        self.process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
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


if __name__ == "__main__":
    push_worker()
