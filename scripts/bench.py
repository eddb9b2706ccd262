"""The measurements of scripts/bench.sh. Standard library only.

Each stage runs the release binary in a fresh folder and adds rows to the table: what was measured, the figure, the bar
it is held against, and where it makes sense the baseline of the same run and the ratio to it.
"""

import gzip
import json
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

import bench_inner
from bench_table import FULL, named_posts, row, show

ROOT = pathlib.Path(__file__).resolve().parent.parent
MOLVA = os.environ["MOLVA_BIN"]
MILLION = int(os.environ.get("MOLVA_BENCH_MILLION", "1000000" if FULL else "50000"))
ROUNDS = 3 if FULL else 1

# Spellings people use for each brand of the posts, in the query language (word forms are found by themselves).
BRANDS = {
    "sberbank": "сбербанк OR сбер OR sberbank OR сбербанк* OR sberbank* OR сберб*",
    "mts": "мтс OR mts OR мтс* OR mts*",
    "beeline": "билайн OR beeline OR билайн* OR beeline* OR пчелайн",
    "rostelecom": "ростелеком OR rostelecom OR ростелеком* OR rostelecom* OR rostel*",
    "vtb": "втб OR vtb OR втб24 OR vtb24 OR втб* OR vtb*",
    "megafon": "мегафон OR megafon OR мегафон* OR megafon* OR мегафн",
    "alfabank": "альфабанк OR \"альфа банк\" OR alfabank OR альфаб* OR alfa* OR альфа*",
    "tele2": "теле2 OR tele2 OR \"теле 2\" OR \"tele 2\" OR теле2* OR tele2*",
    "rshb": "рсхб OR россельхозбанк OR rshb OR россельхоз* OR rosselhoz*",
    "raiffeisen": "райффайзен OR raiffeisen OR райф OR райфф* OR raiff* OR райфа*",
    "gazprom": "газпромбанк OR gazprombank OR газпром OR газпром* OR gazprom*",
    "bankmoskvy": "\"банк москвы\" OR bm_twit OR bankmoskvy OR \"bank moskvy\"",
    "uralsib": "уралсиб OR uralsib OR уралсиб* OR uralsib*",
    "skylink": "скайлинк OR skylink OR скайлинк* OR skylink* OR \"sky link\"",
    "komstar": "комстар OR komstar OR comstar OR комстар*",
}
# About one post in twenty-five.
RARE = ["raiffeisen", "bankmoskvy", "uralsib", "skylink"]
# Words of nobody, so that the matcher holds fifteen topics as in the dense case.
UNHEARD = ["эпсилон", "квазар", "лютеция", "меридиан7", "ноктюрнбанк", "орихалк", "пангея", "ротонда5", "селенит", "трирема", "уроборос"]

BASELINES = {}


class Place:
    """A fresh data folder, and a fresh PostgreSQL database when `server` is given."""

    def __init__(self, server=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="molva-bench-"))
        self.store = ["--data", str(self.folder / "data")]
        if server:
            name = f"bench_{random.getrandbits(48):x}"
            subprocess.run(["psql", "-Xq", "-d", server, "-c", f"create database {name}"], check=True)
            self.store += ["--database", f"{server.rsplit('/', 1)[0]}/{name}"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *arguments):
        """Answers the JSON of the last line and the peak resident size in MB."""
        process = subprocess.Popen([MOLVA, *arguments, *self.store, "--json"], stdout=subprocess.PIPE, text=True)
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit(f"molva {' '.join(arguments)} failed with {os.waitstatus_to_exitcode(status)}")
        return json.loads(output.strip().splitlines()[-1]), usage.ru_maxrss / 1024

    def topics(self, queries):
        for name, query in queries.items():
            self.run("topic", "add", name, "--query", query)

    def serve(self, *arguments):
        return Served(self, arguments)


class Served:
    """`molva serve`, ready."""

    def __init__(self, place, arguments):
        secret, _ = place.run("token", "create", f"bench{random.getrandbits(32)}", "--scope", "read", "--scope", "write", "--scope", "push")
        self.token = secret["secret"]
        begun = time.monotonic()
        command = [MOLVA, "serve", "--listen", "127.0.0.1:0", "--json", "--log", "warn", *arguments, *place.store]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.base = json.loads(self.process.stdout.readline())["address"]
        self.get("/readyz", as_json=False)
        self.ready_s = time.monotonic() - begun

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)

    def get(self, path, body=None, as_json=True):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.base + path, data, headers), timeout=300) as answer:
            text = answer.read()
        return json.loads(text) if as_json else text

    def memory_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def cpu_s(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def posts_file():
    """Those that are named, or generated posts of the same shape."""
    named = named_posts("posts are generated")
    if named:
        return named
    generated = pathlib.Path(tempfile.gettempdir()) / "molva-bench-posts.jsonl.gz"
    if not generated.exists():
        words = "сегодня опять связь банк карта тариф звонок деньги город очередь ответили спасибо почему".split()
        dice, names = random.Random(1), list(BRANDS)
        spelled = {name: query.split(" OR ")[0].strip('"') for name, query in BRANDS.items()}
        with gzip.open(generated, "wt") as file:
            for number in range(50_000):
                text = " ".join(dice.choices(words, k=12) + [spelled[dice.choice(names)]])
                file.write(json.dumps({"id": str(number), "published": 1_386_326_044 + number * 60, "text": f"{text} {number}"}, ensure_ascii=False) + "\n")
    return generated


def insert_baseline():
    """Posts a second that a plain script inserts into SQLite: two indexes, 1,000 a transaction, synchronous as ours."""
    if "insert" not in BASELINES:
        records = []
        with gzip.open(posts_file(), "rt") as file:
            begun = time.monotonic()
            for line in file:
                post = json.loads(line)
                records.append((post["id"], post["published"], post["text"]))
            BASELINES["parse"] = len(records) / (time.monotonic() - begun)
        folder = tempfile.mkdtemp(prefix="molva-bench-")
        database = sqlite3.connect(os.path.join(folder, "raw.db"))
        database.execute("pragma journal_mode=wal")
        database.execute("pragma synchronous=normal")
        database.execute("create table post (id integer primary key, urn text unique, at integer, text text)")
        database.execute("create index post_at on post (at)")
        begun = time.monotonic()
        for start in range(0, len(records), 1_000):
            with database:
                database.executemany("insert or ignore into post (urn, at, text) values (?, ?, ?)", records[start:start + 1_000])
        BASELINES["insert"] = len(records) / (time.monotonic() - begun)
        database.close()
        shutil.rmtree(folder)
        row("baseline: read and parse the file in Python", BASELINES["parse"], "posts/s")
        row("baseline: raw inserts into SQLite", BASELINES["insert"], "posts/s")
    return ("raw inserts", BASELINES["insert"])


def brands():
    return dict(list(BRANDS.items())[:15])


def rare():
    return {name: BRANDS[name] for name in RARE} | {word: word for word in UNHEARD}


def measure_import(title, queries, bar, server=None):
    best, peak, counts = 0.0, 0.0, {}
    for _ in range(ROUNDS):
        with Place(server) as place:
            place.topics(queries)
            begun = time.monotonic()
            counts, memory = place.run("import", str(posts_file()))
            best, peak = max(best, counts["received"] / (time.monotonic() - begun)), max(peak, memory)
    share = 100 * counts["stored"] / max(1, counts["received"] - counts["duplicate"])
    row(f"{title} ({share:.0f} % match)", best, "posts/s", bar, insert_baseline())
    row(f"{title}, peak resident", peak, "MB", "bar < 300")


def stage_import():
    measure_import("import, 15 brands, SQLite", brands(), "bar 6,000, aim 15,000")


def stage_sparse():
    measure_import("import, few match, SQLite", rare(), "bar 30,000")


def stage_postgres():
    server = os.environ["MOLVA_TEST_POSTGRES"]
    measure_import("import, 15 brands, PostgreSQL", brands(), "bar 5,000", server)


def stage_push():
    seconds = os.environ.get("MOLVA_E2E_PUSH_SECONDS", "300" if FULL else "20")
    load = {"MOLVA_E2E_PUSH_RATE": "300", "MOLVA_E2E_PUSH_STREAMS": "50", "MOLVA_E2E_PUSH_SECONDS": seconds}
    command = ["cargo", "test", "--locked", "--package", "molva-e2e", "--test", "e2e", "--", "--exact", "--nocapture"]
    command.append("push::a_pushed_post_reaches_every_open_stream_soon")
    output = subprocess.run(command, cwd=ROOT, env=os.environ | load, stdout=subprocess.PIPE, text=True).stdout
    found = re.search(r"p50 (\d+) ms, p99 (\d+) ms, slowest (\d+) ms", output)
    if not found:
        sys.exit(f"the push measurement failed:\n{output}")
    title = f"push to stream, 300 posts/s, 50 streams, {seconds} s"
    row(f"{title}: p50", float(found[1]), "ms")
    row(f"{title}: p99", float(found[2]), "ms", "bar < 500")
    row(f"{title}: slowest", float(found[3]), "ms")


def stage_idle():
    with Place() as place:
        place.topics(brands())
        with place.serve() as served:
            time.sleep(10)
            begun, length = served.cpu_s(), 60 if FULL else 15
            time.sleep(length)
            row("idle: processor", 100 * (served.cpu_s() - begun) / length, "% of a core", "bar < 1")
            row("idle: resident", served.memory_mb(), "MB", "bar < 120")


def million_posts(folder):
    """The posts again and again with new ids and a number in the text, a million in all."""
    path = folder / "million.jsonl"
    with gzip.open(posts_file(), "rt") as source:
        posts = [json.loads(line) for line in source]
    with open(path, "w") as file:
        for number in range(MILLION):
            post = posts[number % len(posts)]
            record = {"id": str(number), "published": post["published"], "text": f"{post['text']} {number}"}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path


def stage_start():
    with Place() as place:
        place.topics(brands())
        counts, memory = place.run("import", str(million_posts(place.folder)))
        row(f"import of {MILLION:,} posts, 15 brands", counts["posts_per_second"], "posts/s", "", insert_baseline())
        row(f"import of {MILLION:,} posts, peak resident", memory, "MB", "bar < 300")
        times = []
        for _ in range(3):
            with place.serve() as served:
                times.append(served.ready_s)
                begun = time.monotonic()
                served.get("/api/mentions?limit=50")
                first_page = time.monotonic() - begun
        row(f"start with {MILLION:,} posts", 1_000 * min(times), "ms", "bar < 1,000")
        row(f"first page of mentions with {MILLION:,} posts", 1_000 * first_page, "ms")


def stage_preview():
    with Place() as place:
        counts, _ = place.run("import", str(million_posts(place.folder)))
        row(f"import of {MILLION:,} posts, no topic", counts["posts_per_second"], "posts/s", "", insert_baseline())
        kept = sum(file.stat().st_size for file in place.folder.glob("data/**/*") if file.is_file())
        row(f"kept stream of {MILLION:,} posts on disk", kept / 2**20, "MB")
        with place.serve() as served:
            for title, query in [("a rare word", "скайлинк"), ("a common brand", BRANDS["sberbank"]), ("no hit", "уроборос")]:
                times = []
                for _ in range(3):
                    begun = time.monotonic()
                    answer = served.get("/api/queries/preview", {"query": query, "limit": 20})
                    times.append(time.monotonic() - begun)
                note = f"{answer['scanned']:,} scanned, {answer['matched']:,} hits{', cut short' if answer['cut_short'] else ''}"
                row(f"preview, {title} ({note})", 1_000 * min(times), "ms", "bar < 2,000")


def folder_mb(folder):
    return sum(file.stat().st_size for file in folder.glob("**/*") if file.is_file()) / 2**20


class Watch(threading.Thread):
    """How much memory a server takes while something goes on, of its own and with the files it has mapped."""

    def __init__(self, served):
        super().__init__(daemon=True)
        self.served, self.own_mb, self.all_mb, self.over = served, 0.0, 0.0, threading.Event()
        self.start()

    def run(self):
        while not self.over.wait(0.5):
            try:
                status = pathlib.Path(f"/proc/{self.served.process.pid}/status").read_text()
            except OSError:
                return
            figures = {name: int(kb) / 1024 for name, kb in re.findall(r"(VmRSS|RssAnon):\s+(\d+)", status)}
            self.own_mb = max(self.own_mb, figures.get("RssAnon", 0))
            self.all_mb = max(self.all_mb, figures.get("VmRSS", 0))


def archive_whole(served, limit_s=7_200):
    """Waits until nothing is left to do; answers the seconds and the greatest number of events behind."""
    begun, behind = time.monotonic(), 0
    while time.monotonic() - begun < limit_s:
        status = served.get("/api/archive")
        behind = max(behind, status["events_behind"])
        if not status["filling"] and not status["rebuilding"] and status["events_behind"] == 0:
            return time.monotonic() - begun, behind
        time.sleep(0.1)
    sys.exit("the archive was not whole in time")


def push_steadily(served, rate, seconds, seen):
    """So many matching posts a second; answers how many were stored and the greatest lag of the archive in seconds."""
    source = served.get("/api/sources", {"connector": "push", "name": f"steady {rate} {random.getrandbits(32)}", "settings": {}})
    path = source.get("push", {}).get("url") or f"/api/push/{source['id']}"
    path = urllib.parse.urlparse(path).path
    texts = seen or ["Вымпелтел опять без связи, оператор молчит"]
    begun, sent, lag, slowest = time.monotonic(), 0, 0.0, 0.0
    a_second = 5
    for beat in range(seconds * a_second):
        lines = []
        for _ in range(rate // a_second):
            lines.append(json.dumps({"id": f"{beat}-{sent}", "text": f"{texts[sent % len(texts)]} {sent}"}, ensure_ascii=False))
            sent += 1
        at = time.monotonic()
        served.get(path, body="\n".join(lines).encode())
        slowest = max(slowest, time.monotonic() - at)
        lag = max(lag, served.get("/api/archive")["lag_seconds"] or 0)
        time.sleep(max(0, begun + (beat + 1) / a_second - time.monotonic()))
    return sent / (time.monotonic() - begun), lag, slowest


def stage_archive():
    """MOLVA_BENCH_MENTIONS of them (several numbers are measured one after another)."""
    for mentions in os.environ.get("MOLVA_BENCH_MENTIONS", "1000000").split(","):
        measure_archive(int(mentions))


def measure_archive(mentions):
    of = f"{mentions:,} mentions"
    with Place() as place:
        begun = time.monotonic()
        filled, memory = place.run("demo", "fill", "--mentions", str(mentions), "--seed", "1", "--no-archive")
        row(f"demo fill of {of}, store", filled["mentions"] / (time.monotonic() - begun), "mentions/s", "aim 15,000")
        row(f"demo fill of {of}, peak resident", memory, "MB")
        begun = time.monotonic()
        told, memory = place.run("archive", "rebuild")
        row(f"archive filled with {of}, no server", told["mentions"] / (time.monotonic() - begun), "mentions/s", "bar 14,000")
        row(f"archive filled with {of}, peak resident", memory, "MB", "bar < 1,500")
        data = place.folder / "data"
        row(f"archive of {of} on disk", folder_mb(data / "archive"), "MB")
        row(f"store of {of} on disk", folder_mb(data) - folder_mb(data / "archive"), "MB")
        with place.serve("--no-collect") as served:
            row(f"start with {of}", 1_000 * served.ready_s, "ms", "bar < 1,000")
            archive_whole(served)
            sample = [item["post"]["text"] for item in served.get("/api/mentions?limit=200")["items"]]
            for rate in (1_000, 5_000, 12_000):
                watch = Watch(served)
                reached, lag, slowest = push_steadily(served, rate, 30, sample)
                behind_s, behind = archive_whole(served)
                watch.over.set()
                bar = {1_000: "bar 1,000", 5_000: "bar 5,000", 12_000: "aim 12,000"}[rate]
                row(f"ingest of {rate:,}/s over {of}", reached, "mentions/s", bar)
                row(f"ingest of {rate:,}/s over {of}: greatest lag of the archive", lag, "s", "bar < 1")
                row(f"ingest of {rate:,}/s over {of}: archive in line after", behind_s, "s")
                row(f"ingest of {rate:,}/s over {of}: slowest delivery", 1_000 * slowest, "ms")
                row(f"ingest of {rate:,}/s over {of}: memory of its own", watch.own_mb, "MB", "bar < 1,500")
            watch = Watch(served)
            begun, answers = time.monotonic(), []
            served.get("/api/archive/rebuild", {})
            while True:
                at = time.monotonic()
                served.get("/api/search", {"selection": {"query": "связь"}, "order": "newest", "limit": 20})
                answers.append(time.monotonic() - at)
                status = served.get("/api/archive")
                if len(answers) > 20 and not status["rebuilding"] and not status["filling"]:
                    break
                time.sleep(0.05)
            seconds = time.monotonic() - begun
            watch.over.set()
            answers.sort()
            row(f"rebuild of {of} while serving", served.get("/api/archive")["mentions"] / seconds, "mentions/s", "bar 14,000")
            row(f"rebuild of {of} while serving: search p95", 1_000 * answers[len(answers) * 95 // 100], "ms")
            row(f"rebuild of {of} while serving: memory of its own", watch.own_mb, "MB", "bar < 1,500")
            row(f"rebuild of {of} while serving: with mapped files", watch.all_mb, "MB")


def main():
    for stage in sys.argv[1:]:
        print(f"== {stage}", flush=True)
        (globals().get(f"stage_{stage}") or getattr(bench_inner, f"stage_{stage}"))()
    show()


main()
