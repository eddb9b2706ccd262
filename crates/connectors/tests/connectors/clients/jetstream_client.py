"""What truewire-bluesky can do against the stand-in of a Jetstream; a line `ok|FAILED<TAB>what<TAB>found` for each.

Every event is held to the types that Truewire made of recordings of the real one.
"""
import asyncio, sys
from datetime import datetime, timedelta, timezone
from bluesky import Bluesky

address = sys.argv[1]
POSTS, LIKES = "app.bsky.feed.post", "app.bsky.feed.like"
LONG_AGO = datetime(2020, 1, 1, tzinfo=timezone.utc)


async def heard(count, path="/subscribe", **asked):
    events = []
    async with Bluesky.new(ws_url=address + path) as client:
        async with client.jetstream.events(**asked) as stream:
            async def read():
                async for event in stream:
                    events.append(event)
                    if len(events) == count:
                        return
            await asyncio.wait_for(read(), 20)
    return events


def step(what, run):
    try:
        print("ok", what, asyncio.run(run()), sep="\t", flush=True)
    except Exception as failure:
        print("FAILED", what, f"{type(failure).__name__}: {failure}".replace("\n", " "), sep="\t", flush=True)


def expect(found, wanted):
    assert found == wanted, f"{found!r}, not {wanted!r}"
    return found


async def everything():
    events = await heard(82, cursor=LONG_AGO)
    expect({event["kind"] for event in events}, {"commit", "identity", "account"})
    expect(sorted(events, key=lambda event: event["time_us"]), events)
    operations = [event["commit"]["operation"] for event in events if event["kind"] == "commit"]
    return f"{operations.count('create')} written, {operations.count('delete')} taken away"


async def posts():
    events = await heard(40, cursor=LONG_AGO, wanted_collections=[POSTS])
    written = [event["commit"] for event in events if event["kind"] == "commit"]
    expect({(commit["collection"], commit["record"]["$type"]) for commit in written}, {(POSTS, POSTS)})
    assert all(commit["cid"].startswith("bafy") and len(commit["rkey"]) == 13 for commit in written)
    return f"{len(written)} posts: {written[0]['record']['text']} …"


async def deletions():
    events = await heard(42, cursor=LONG_AGO, wanted_collections=[LIKES])
    gone = [event["commit"] for event in events if event["kind"] == "commit"]
    expect({(commit["operation"], "record" in commit, "cid" in commit) for commit in gone}, {("delete", False, False)})
    return f"{len(gone)} likes taken away"


async def people():
    events = await heard(82, cursor=LONG_AGO)
    (renamed,) = [event["identity"] for event in events if event["kind"] == "identity"]
    (gone,) = [event["account"] for event in events if event["kind"] == "account"]
    expect((gone["active"], gone["status"]), (False, "takendown"))
    return f"{renamed['handle']} is {gone['status']}"


async def one_account():
    did = (await heard(1, cursor=LONG_AGO))[0]["did"]
    events = await heard(5, cursor=LONG_AGO, wanted_dids=[did])
    expect({event["did"] for event in events}, {did})
    return f"{len(events)} events of {did}"


async def present():
    before = datetime.now(timezone.utc)
    events = await heard(3, wanted_collections=[POSTS])
    assert all(event["time_us"] >= before for event in events), events
    return f"{len(events)} posts, the first after {(events[0]['time_us'] - before).total_seconds():.2f} s"


async def again():
    events = await heard(30, cursor=LONG_AGO)
    later = await heard(5, cursor=events[20]["time_us"])
    assert events[20] in later, "what the cursor points to is told again"
    earlier = [event for event in later if event["time_us"] < events[20]["time_us"]]
    return expect(len(earlier), 0)


async def nothing_there():
    try:
        await heard(1, path="/nowhere")
    except Exception as failure:
        return f"{type(failure).__name__}: {failure}"[:60]
    raise AssertionError("it was opened")


step("everything from long ago", everything)
step("posts alone", posts)
step("likes alone: deletions have no record", deletions)
step("names and accounts", people)
step("one account alone", one_account)
step("the present", present)
step("from where one was", again)
step("another path", nothing_there)
