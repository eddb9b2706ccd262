"""What ok_api can do against the emulator; a line `ok|FAILED<TAB>what<TAB>found` for each."""
import http.server, json, threading, time
import requests
from ok_api import OkApi
import steps
from steps import base, control, expect

KEY, SECRET, TOKEN = "CEMULATORKEY", "EMULATORSECRET", "emulator-token-of-ok"
GROUP, GROUP_TOKEN = "70000000000001", "emulator-token-of-group-1"
send = requests.Session.send


def to_emulator(session, request, **options):
    """The client has the network's address built in."""
    request.url = request.url.replace("https://api.ok.ru", base)
    return send(session, request, **options)


requests.Session.send = to_emulator
client = OkApi(access_token=TOKEN, application_key=KEY, application_secret_key=SECRET)
state = {}


def say(kind, text, **more):
    return control("/_say", {"place": 1, "kind": kind, "text": text, **more})["id"]


def ok_id(id):
    return str(150_000_000_000_000 + 10_000_000_000 + id)


def graph(method, path, body=None, token=GROUP_TOKEN):
    """What the client has no method for."""
    return requests.request(method, f"https://api.ok.ru/graph{path}", params={"access_token": token}, json=body).json()


def step(what, run):
    time.sleep(0.1)
    steps.step(what, run)


def refused(code, answer):
    answer = answer if isinstance(answer, dict) else answer.json()
    expect(answer.get("error_code"), code)
    return answer["error_msg"]


def by_path():
    other = OkApi(access_token=TOKEN, application_key=KEY, application_secret_key="another")
    return refused(104, other.users.getCurrentUser())


def all_topics():
    topics, anchor, pages = [], "", 0
    while True:
        more = {"anchor": anchor} if anchor else {}
        page = client.mediatopic.getTopics(gid=GROUP, count=10, **more).json()
        topics += page["media_topics"]
        anchor, pages = page["anchor"], pages + 1
        if not page["has_more"]:
            break
        time.sleep(0.1)
    times = [topic["created_ms"] for topic in topics]
    expect((len({topic["id"] for topic in topics}), times), (len(topics), sorted(times, reverse=True)))
    state["topic"] = max(topics, key=lambda topic: topic["discussion_summary"]["comments_count"])
    return f"{len(topics)} topics on {pages} pages"


def comments():
    topic, found, anchor = state["topic"], [], ""
    while True:
        more = {"anchor": anchor} if anchor else {}
        page = client.discussions.getComments(discussionId=topic["id"], discussionType="GROUP_TOPIC", count=5, **more).json()
        found += page["comments"]
        anchor = page["anchor"]
        if not page["has_more"]:
            break
        time.sleep(0.1)
    expect(len(found), topic["discussion_summary"]["comments_count"])
    return f"{len(found)} comments, {sum('reply_to_comment_id' in comment for comment in found)} answers"


def reply():
    above = say("comment", "Вопрос", person=1005, under=int(state["topic"]["id"]) % 10**10)
    made = client.discussions.addDiscussionComment(
        entityId=state["topic"]["id"], entityType="GROUP_TOPIC", comment="Ответ", reply_to_comment_id=ok_id(above), as_admin="true"
    ).json()
    page = client.discussions.getComments(discussionId=state["topic"]["id"], discussionType="GROUP_TOPIC", count=100).json()
    ours = [comment for comment in page["comments"] if comment["id"] == made][0]
    expect((ours["reply_to_comment_id"], ours["author_ref"]), (ok_id(above), f"group:{GROUP}"))
    return f"{made}, in the name of the group"


def removed():
    page = client.discussions.getComments(discussionId=state["topic"]["id"], discussionType="GROUP_TOPIC", count=100).json()
    client.discussions.deleteDiscussionComment(commentId=page["comments"][-1]["id"])
    told = client.discussions.getComments(
        discussionId=state["topic"]["id"], discussionType="GROUP_TOPIC", count=100, includeRemoved="true"
    ).json()["comments"]
    return expect(told[-1]["type"], "REMOVED_MESSAGE")


class Called(http.server.BaseHTTPRequestHandler):
    calls = []

    def do_POST(self):
        Called.calls.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def webhook():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Called)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/secret"
    expect(graph("POST", "/me/subscribe", {"url": url}), {"success": True})
    expect([one["url"] for one in graph("GET", "/me/subscriptions")["subscriptions"]], [url])
    say("message", "Здравствуйте", person=1005, under=1005)
    for _ in range(50):
        time.sleep(0.1)
        if Called.calls:
            break
    state["chat"] = Called.calls[0]["recipient"]["chat_id"]
    graph("POST", "/me/unsubscribe", {"url": url})
    expect(graph("GET", "/me/subscriptions")["subscriptions"], [])
    return f"called with a message of {Called.calls[0]['sender']['user_id']} in {state['chat']}"


def message():
    made = graph("POST", f"/{state['chat']}/messages", {"recipient": {"chat_id": state["chat"]}, "message": {"text": "Чем помочь?"}})
    newest = graph("GET", f"/{state['chat']}/messages")["messages"][0]
    expect((newest["message"]["mid"], newest["message"]["text"]), (made["message_id"], "Чем помочь?"))
    return made["message_id"]


def files():
    sent = []
    for kind, name, body in [("IMAGE", "a.png", b"\x89PNG\r\n\x1a\n" + bytes(64)), ("FILE", "b.pdf", b"%PDF-1.7")]:
        place = requests.get(f"{base}/graph/me/fileUploadUrl", params={"access_token": GROUP_TOKEN, "type": kind}).json()
        told = requests.post(place["url"], files={"pic1": (name, body)}).json()
        token = place.get("token") or list(told["photos"].values())[0]["token"]
        sent.append({"type": kind, "payload": {"token": token}})
    graph("POST", f"/{state['chat']}/messages", {"recipient": {"chat_id": state["chat"]}, "message": {"text": "Вот", "attachments": sent}})
    newest = graph("GET", f"/{state['chat']}/messages")["messages"][0]["message"]["attachments"]
    return ", ".join(expect([one["type"] for one in newest], ["IMAGE", "FILE"]))


def limit():
    control("/_faults", {"kinds": ["rate_limit"], "next": 1})
    told = refused(11, client.users.getCurrentUser())
    time.sleep(1.1)
    return told


def expired():
    control("/_faults", {"kinds": ["expired_token"], "next": 1})
    return refused(102, client.users.getCurrentUser())


step("users.getCurrentUser", lambda: client.users.getCurrentUser().json()["name"])
step("users.getInfo", lambda: client.users.getInfo(uids="570000001005", fields="uid,name").json()[0]["name"])
step("group.getInfo", lambda: client.group.getInfo(uids=GROUP, fields="uid,name").json()[0]["name"])
step("mediatopic.getTopics, all of them", all_topics)
step("mediatopic.getByIds", lambda: expect(client.mediatopic.getByIds(topic_ids=state["topic"]["id"]).json()["media_topics"][0]["id"], state["topic"]["id"]))
step("discussions.getComments, all of them", comments)
step("discussions.addDiscussionComment", reply)
step("discussions.deleteDiscussionComment", removed)
step("a topic that is gone", lambda: refused(300, client.discussions.getComments(discussionId=ok_id(10**6), discussionType="GROUP_TOPIC")))
step("a group that is not there", lambda: refused(160, client.mediatopic.getTopics(gid="5")))
step("a method that is not there", lambda: refused(3, client.friends.appreciate()))
step("a wrong secret", by_path)
step("a wrong token", lambda: refused(103, OkApi(access_token="stolen", application_key=KEY, application_secret_key=SECRET).users.getCurrentUser()))
step("an expired token", expired)
step("too many requests", limit)
step("graph: subscribe, subscriptions, unsubscribe, a call", webhook)
step("graph: a message and the chat's messages", message)
step("graph: files of a message", files)
step("graph: a wrong token", lambda: refused(103, graph("GET", "/me/subscriptions", token="stolen")))
