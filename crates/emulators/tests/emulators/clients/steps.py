"""What the scripts of this folder share: the emulator's own side, and how it is told what a client could do."""
import json, sys, urllib.request

base = sys.argv[1]


def control(path, body):
    request = urllib.request.Request(base + path, json.dumps(body).encode(), {"content-type": "application/json"})
    return json.loads(urllib.request.urlopen(request).read() or "null")


def step(what, run):
    """Prints `ok|FAILED<TAB>what<TAB>found`."""
    try:
        print("ok", what, run(), sep="\t", flush=True)
    except Exception as failure:
        print("FAILED", what, f"{type(failure).__name__}: {failure}".replace("\n", " "), sep="\t", flush=True)


def expect(found, wanted):
    assert found == wanted, f"{found!r}, not {wanted!r}"
    return found
