"""What jetstream-lakehouse can do against the stand-in of a Jetstream of the second generation; a line `ok|FAILED<TAB>what<TAB>found`
for each. It reads frames by the lexicon and takes nothing else.
"""
import sys
from itertools import islice
from jetstream_lakehouse import live
from jetstream_lakehouse.config import Config

address = sys.argv[1]
POSTS, LIKES = "app.bsky.feed.post", "app.bsky.feed.like"
# It speaks with the real one, over TLS, alone.
secure = live.websocket_url
live.websocket_url = lambda config, cursor: secure(config, cursor).replace("wss://", "ws://")


def heard(count, cursor=0, **asked):
    events = live.iter_live(Config(endpoint=address.replace("ws:", "https:"), **asked), cursor, timeout_seconds=120)
    try:
        return list(islice(events, count))
    finally:
        events.close()


def step(what, run):
    try:
        print("ok", what, run(), sep="\t", flush=True)
    except Exception as failure:
        print("FAILED", what, f"{type(failure).__name__}: {failure}".replace("\n", " "), sep="\t", flush=True)


def expect(found, wanted):
    assert found == wanted, f"{found!r}, not {wanted!r}"
    return found


def everything():
    events = heard(82)
    expect([event.seq for event in events], list(range(1, 83)))
    expect({event.kind for event in events}, {"commit", "identity", "account"})
    operations = [event.operation for event in events if event.kind == "commit"]
    return f"{operations.count('create')} written, {operations.count('delete')} taken away"


def posts():
    events = heard(40, collections=(POSTS,), kinds=("commit",))
    expect({(event.operation, event.collection) for event in events}, {("create", POSTS)})
    assert all(event.cid.startswith("bafy") and len(event.rkey) == 13 for event in events)
    return f"{len(events)} posts"


def deletions():
    events = heard(40, collections=(LIKES,), kinds=("commit",))
    return f"{len(events)}: {expect({(event.operation, event.cid) for event in events}, {('delete', None)})}"


def people():
    events = heard(2, kinds=("identity", "account"))
    return expect([event.kind for event in events], ["identity", "account"])


def one_account():
    did = heard(1)[0].did
    return f"{len(expect({event.did for event in heard(5, dids=(did,))}, {did}))} account, five events"


def present():
    events = heard(3, cursor=None, collections=(POSTS,), kinds=("commit",))
    expect([event.seq for event in events], sorted(event.seq for event in events))
    assert events[0].seq > 82
    return f"{len(events)} posts, from {events[0].seq} on"


def again():
    """A number is told again, and the client passes over what it has had."""
    return expect([event.seq for event in heard(5, cursor=20)], [21, 22, 23, 24, 25])


for what, run in [("everything from the first number on", everything), ("posts alone", posts), ("likes alone: deletions have no record", deletions),
                  ("names and accounts alone", people), ("one account alone", one_account), ("the present", present), ("from where one was", again)]:
    step(what, run)
