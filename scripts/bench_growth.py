"""Fills stores of several sizes and shows how size, filling and answers grow with the mentions. Standard library only.

    python3 scripts/bench_growth.py fill --bin target/release/molva --mentions 1000000 FOLDER
    python3 scripts/bench_growth.py measure --bin target/release/molva FOLDER FOLDER FOLDER

`fill` makes FOLDER/data with seed 1 and writes what it took to FOLDER/fill.json, which `measure` shows. `measure` serves one
folder after another, waits until its archive is whole, reads its files once, so that answers are those of a server that has them in
the page cache, and asks what `bench_questions.py` asks in `--stages`. Stores grow by what `analysts` pushes: measure sizes first.
"""

import argparse
import json
import os
import pathlib
import random
import re
import sqlite3
import subprocess
import sys
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent


def bytes_of(files):
    return sum(file.stat().st_size for file in files if file.is_file())


def fill(arguments):
    (folder,) = arguments.folders
    folder.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    command = [arguments.bin, "demo", "fill", "--mentions", str(arguments.mentions), "--seed", "1", "--data", folder / "data", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"filling `{folder}` failed with {os.waitstatus_to_exitcode(status)}")
    told = {"told": json.loads(output.strip().splitlines()[-1]), "seconds": time.monotonic() - begun,
            "processor_seconds": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1024}
    (folder / "fill.json").write_text(json.dumps(told))
    print(json.dumps(told))


def measure_one(arguments, folder):
    data = folder / "data"
    command = [arguments.bin, "token", "create", f"growth{random.getrandbits(32)}", "--scope", "read", "--scope", "write", "--scope", "push", "--data", data, "--json"]
    token = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip().splitlines()[-1])["secret"]
    command = [arguments.bin, "serve", "--listen", "127.0.0.1:0", "--json", "--log", "warn", "--no-collect", "--data", data]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        base = json.loads(server.stdout.readline())["address"]

        def archive():
            request = urllib.request.Request(f"{base}/api/archive", headers={"Authorization": f"Bearer {token}"})
            return json.load(urllib.request.urlopen(request, timeout=60))

        while (status := archive())["filling"] or status["rebuilding"]:
            time.sleep(1)
        database, indexes = list(data.glob("molva.sqlite*")), list(data.glob("archive/**/*"))
        for file in database + indexes:
            if file.is_file():
                with open(file, "rb") as read:
                    while read.read(1 << 22):
                        pass
        store = sqlite3.connect(f"file:{data / 'molva.sqlite'}?mode=ro", uri=True)
        mentions = store.execute("SELECT COUNT(*) FROM mention").fetchone()[0]
        store.close()
        rows = {"mentions": mentions,
                "storage, bytes a mention": bytes_of(file for file in database if file.name == "molva.sqlite") / mentions,
                "archive, bytes a mention": bytes_of(indexes) / mentions}
        if (folder / "fill.json").exists():
            told = json.loads((folder / "fill.json").read_text())
            rows["fill, seconds"] = told["seconds"]
            rows["fill, processor seconds a million"] = told["processor_seconds"] / mentions * 1e6
            rows["fill, peak resident MB"] = told["peak_mb"]
        asked = subprocess.run([sys.executable, HERE / "bench_questions.py", *arguments.stages.split(","), "--base", base, "--token", token],
                               check=True, stdout=subprocess.PIPE, text=True).stdout
        print(asked, flush=True)
        for line in asked.splitlines():
            if found := re.fullmatch(r"\| ([^|]+) \| \d+ \| [\d.]+ \| ([\d.]+) \| [\d.]+ \|.*", line):
                rows[f"{found[1]}, p95 ms"] = float(found[2])
        with open(f"/proc/{server.pid}/status") as read:
            own = re.search(r"RssAnon:\s+(\d+) kB", read.read())
        rows["server, memory of its own MB"] = int(own[1]) / 1024
        return rows
    finally:
        server.terminate()
        server.wait()


def measure(arguments):
    columns = [measure_one(arguments, folder) for folder in arguments.folders]
    print("| what | " + " | ".join(folder.name for folder in arguments.folders) + " |")
    print("|---|" + "---:|" * len(columns))
    for what in dict.fromkeys(name for column in columns for name in column):
        figures = (f"{column[what]:,.0f}" if what in column and column[what] >= 100 else f"{column.get(what, float('nan')):,.1f}" for column in columns)
        print(f"| {what} | " + " | ".join(figures) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("fill", "measure"))
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--bin", default="target/release/molva")
    parser.add_argument("--mentions", type=int, default=1_000_000)
    parser.add_argument("--stages", default="questions,facets,search")
    arguments = parser.parse_args()
    {"fill": fill, "measure": measure}[arguments.what](arguments)


main()
