"""What pydiscourse can do against the emulator; a line `ok|FAILED<TAB>what<TAB>found` for each."""
import tempfile
from pydiscourse import DiscourseClient
from pydiscourse.exceptions import DiscourseClientError, DiscourseRateLimitedError
from steps import base, control, expect, step


def client(name="person1001", key="discourse-key"):
    return DiscourseClient(base, api_username=name, api_key=key)


def refused(kind, call):
    try:
        call()
    except kind as failure:
        return str(failure)[:90]
    raise AssertionError("it was accepted")


forum = client()
state = {}


def user():
    return expect(forum.user("person1001")["username"], "person1001")


def latest_posts():
    first = forum.latest_posts()["latest_posts"]
    older = forum.latest_posts(before=first[-1]["id"])["latest_posts"]
    ids = [post["id"] for post in first + older]
    expect(ids, sorted(set(ids), reverse=True))
    assert all(post["raw"] and post["cooked"].startswith("<p>") for post in first)
    return f"{len(ids)} posts on two pages, the newest first"


def topics():
    found = forum.latest_topics()["topic_list"]["topics"]
    state["topic"] = max((forum.topic("topic", topic["id"]) for topic in found[:8]), key=lambda topic: topic["posts_count"])
    return f"{len(found)} topics, one of {state['topic']['posts_count']} posts"


def posts_of_a_topic():
    topic = state["topic"]
    ids = topic["post_stream"]["stream"]
    found = forum.posts(topic["id"], post_ids=ids[:3])["post_stream"]["posts"]
    expect([post["id"] for post in found], ids[:3])
    expect(found[0]["post_number"], 1)
    return f"{len(found)} posts by their ids"


def by_id_and_number():
    topic = state["topic"]
    post = forum.post_by_id(topic["post_stream"]["stream"][-1])
    again = forum.post_by_number(topic["id"], post["post_number"])
    return f"post {expect(again['id'], post['id'])} is number {post['post_number']}"


def search():
    word = state["topic"]["title"].split()[0]
    return f"{len(forum.search(q=word)['posts'])} posts"


def create():
    made = forum.create_post("Спасибо, **разберёмся** & ответим", topic_id=state["topic"]["id"])
    state["post"] = made
    below = forum.create_post("И ещё одно", topic_id=state["topic"]["id"], reply_to_post_number=made["post_number"])
    expect((below["reply_to_post_number"], below["username"]), (made["post_number"], "person1001"))
    return f"posts {made['id']} and {below['id']} below it"


def image():
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + bytes(64))
        file.flush()
        kept = forum.upload_image(file.name, "composer", True)
    text = f"Смотрите\n\n![карта|{kept['width']}x{kept['height']}]({kept['short_url']})"
    made = forum.create_post(text, topic_id=state["topic"]["id"])
    return expect(forum.post_by_id(made["id"])["raw"], text).splitlines()[-1]


def no_image():
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(b"MZ")
        file.flush()
        return refused(DiscourseClientError, lambda: forum.upload_image(file.name, "composer", True))


def own_actions():
    found = forum.user_actions("person1001", "5")
    expect((found[0]["post_id"] > found[1]["post_id"], found[1]["post_id"]), (True, state["post"]["id"]))
    return f"{len(found)} of person1001's answers"


def change():
    forum.update_post(state["post"]["id"], "Иначе")
    return expect(forum.post_by_id(state["post"]["id"])["raw"], "Иначе")


def too_similar():
    return refused(DiscourseClientError, lambda: forum.create_post("И ещё одно", topic_id=state["topic"]["id"]))


def too_short():
    return refused(DiscourseClientError, lambda: forum.create_post("a", topic_id=state["topic"]["id"]))


def too_long():
    return refused(DiscourseClientError, lambda: forum.create_post("я" * 32_001, topic_id=state["topic"]["id"]))


def closed():
    forum.update_topic_status(state["topic"]["id"], "closed", True)
    told = refused(DiscourseClientError, lambda: forum.create_post("Можно ещё?", topic_id=state["topic"]["id"]))
    forum.update_topic_status(state["topic"]["id"], "closed", False)
    return told


def gone():
    return refused(DiscourseClientError, lambda: forum.post_by_id(10**9))


def wrong_key():
    return refused(DiscourseClientError, lambda: client(key="wrong").latest_posts())


def too_often():
    control("/_faults", {"next": 1, "kinds": ["rate_limit"]})
    found = client("person1002").user("person1002")["username"]
    control("/_faults", {})
    return f"{expect(found, 'person1002')} after the wait it was told"


for what, run in [("user", user), ("latest_posts, two pages", latest_posts), ("latest_topics, topic", topics), ("posts of a topic by id", posts_of_a_topic),
                  ("post_by_id, post_by_number", by_id_and_number), ("search", search), ("create_post, an answer below it", create),
                  ("user_actions", own_actions), ("update_post", change), ("the same words again", too_similar), ("a text that is too short", too_short),
                  ("a text that is too long", too_long), ("a closed topic", closed), ("upload_image, a post with it", image), ("upload_image of what is none", no_image), ("a post that is not there", gone), ("a wrong key", wrong_key),
                  ("too many requests", too_often)]:
    step(what, run)
