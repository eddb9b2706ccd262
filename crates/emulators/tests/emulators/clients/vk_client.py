"""What vk_api can do against the emulator; a line `ok|FAILED<TAB>what<TAB>found` for each."""
import io
import requests, vk_api
from vk_api.bot_longpoll import VkBotEventType, VkBotLongPoll
from vk_api.exceptions import ApiError, Captcha
from steps import base, control, expect, step

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


class ToEmulator(requests.adapters.HTTPAdapter):
    """The client has the network's address built in."""

    def send(self, request, **options):
        request.url = request.url.replace("https://api.vk.com", base)
        return super().send(request, **options)


def client(token, **options):
    session = requests.Session()
    session.mount("https://api.vk.com", ToEmulator())
    return vk_api.VkApi(token=token, api_version="5.199", session=session, **options)


def code(run):
    try:
        run()
    except ApiError as error:
        return error.code
    return None


reader, community = client("service-token").get_api(), client("community-token-1").get_api()
person = client("user-token").get_api()
step("users.get", lambda: person.users.get()[0]["first_name"])
step("groups.getById", lambda: community.groups.getById()["groups"][0]["screen_name"])
step("wall.get", lambda: f"{len(reader.wall.get(owner_id=-1, count=100, extended=1)['items'])} posts")
step("wall.get, all of it", lambda: f"{len(vk_api.VkTools(client('service-token')).get_all_slow('wall.get', 100, {'owner_id': -1})['items'])} posts")


def comments():
    posts = reader.wall.get(owner_id=-1, count=100)["items"]
    post = max(posts, key=lambda post: post["comments"]["count"])
    found = reader.wall.getComments(owner_id=-1, post_id=post["id"], thread_items_count=10, count=100, extended=1)
    known = {profile["id"] for profile in found["profiles"]} | {-group["id"] for group in found["groups"]}
    assert all(item["from_id"] in known for item in found["items"])
    return f"{found['count']} comments, {found['current_level_count']} of them first"


step("wall.getComments with threads", comments)
step("board.getTopics, board.getComments", lambda: [
    f"{topic['title']}: {reader.board.getComments(group_id=1, topic_id=topic['id'], count=100)['count']}"
    for topic in reader.board.getTopics(group_id=1, order=1)["items"]][0])


def search():
    first = reader.newsfeed.search(q="о", count=50, extended=1)
    second = reader.newsfeed.search(q="о", count=50, start_from=first["next_from"])
    dates = [item["date"] for item in first["items"] + second["items"]]
    assert dates == sorted(dates, reverse=True)
    return f"{len(dates)} of {first['total_count']} in order"


step("newsfeed.search, two pages", search)


def comment():
    post = reader.wall.get(owner_id=-1)["items"][0]["id"]
    once = community.wall.createComment(owner_id=-1, post_id=post, message="Спасибо", from_group=1, guid="g1")
    twice = community.wall.createComment(owner_id=-1, post_id=post, message="Спасибо", from_group=1, guid="g1")
    expect(twice["comment_id"], once["comment_id"])
    found = reader.wall.getComments(owner_id=-1, post_id=post, sort="desc")["items"][0]
    expect((found["text"], found["from_id"]), ("Спасибо", -1))
    return "one comment of two requests with one guid"


step("wall.createComment", comment)
step("board.createComment by a person", lambda: f"comment {person.board.createComment(group_id=1, topic_id=reader.board.getTopics(group_id=1)['items'][0]['id'], message='Да')}")
step("board.createComment by a community is refused", lambda: f"error {expect(code(lambda: community.board.createComment(group_id=1, topic_id=1, message='Да')), 27)}")


def message():
    once = community.messages.send(peer_id=1005, random_id=77, message="Ответ")
    expect(community.messages.send(peer_id=1005, random_id=77, message="Ответ"), once)
    return "one message of two requests with one random_id"


step("messages.send", message)
def files():
    upload = vk_api.VkUpload(client("community-token-1"))
    photo = upload.photo_messages(io.BytesIO(PNG), peer_id=1005)[0]
    document = upload.document_message(io.BytesIO(b"%PDF-1.7"), title="счёт.pdf", peer_id=1005)["doc"]
    names = [f"{kind}{one['owner_id']}_{one['id']}_{one['access_key']}" for kind, one in (("photo", photo), ("doc", document))]
    community.messages.send(peer_id=1005, random_id=78, message="Вот", attachment=",".join(names))
    newest = community.messages.getHistory(peer_id=1005)["items"][0]
    return ", ".join(expect([one["type"] for one in newest["attachments"]], ["photo", "doc"]))


def files_on_walls():
    wall = vk_api.VkUpload(client("user-token")).photo_wall(io.BytesIO(PNG))[0]
    post = reader.wall.get(owner_id=-1)["items"][0]["id"]
    person.wall.createComment(owner_id=-1, post_id=post, message="Смотрите", attachments=f"photo{wall['owner_id']}_{wall['id']}")
    document = vk_api.VkUpload(client("community-token-1")).document_wall(io.BytesIO(PNG), title="a.png", group_id=1)["doc"]
    community.wall.createComment(owner_id=-1, post_id=post, message="И наша", from_group=1, attachments=f"doc{document['owner_id']}_{document['id']}")
    found = reader.wall.getComments(owner_id=-1, post_id=post, sort="desc")["items"][:2]
    expect(sorted(item["attachments"][0]["type"] for item in found), ["doc", "photo"])
    return f"a person's picture, a community's document; a community's picture: error {expect(code(lambda: community.photos.getWallUploadServer()), 27)}"


step("VkUpload.photo_messages, document_message", files)
step("VkUpload.photo_wall, document_wall", files_on_walls)
step("a file that was never brought", lambda: f"error {expect(code(lambda: community.messages.send(peer_id=1005, random_id=79, message='x', attachment='photo-1_5')), 100)}")
step("messages.send to a stranger", lambda: f"error {expect(code(lambda: community.messages.send(peer_id=5, random_id=1, message='x')), 901)}")
step("a wrong token", lambda: f"error {expect(code(lambda: client('nonsense').get_api().users.get()), 5)}")
step("an unknown method", lambda: f"error {expect(code(lambda: person.wall.nothing()), 3)}")


def captcha():
    control("/_faults", {"next": 1, "kinds": ["captcha"]})
    try:
        reader.wall.get(owner_id=-1)
    except Captcha as asked:
        return f"sid {asked.sid}"
    raise AssertionError("no captcha")


step("a captcha", captcha)


def too_many():
    # The client waits and asks again by itself.
    control("/_faults", {"next": 1, "kinds": ["rate_limit"]})
    return f"{len(reader.wall.get(owner_id=-1)['items'])} posts after error 6"


step("too many requests", too_many)


def long_poll():
    listener = VkBotLongPoll(client("community-token-1"), 1, wait=5)
    for kind, under in [("post", None), ("message", 1005)]:
        control("/_say", {"place": 1, "kind": kind, "text": "новое", "person": 1005, "under": under})
    told = listener.check()
    expect([event.type for event in told], [VkBotEventType.WALL_POST_NEW, VkBotEventType.MESSAGE_NEW])
    expect(told[1].message["text"], "новое")
    listener.key = "old"
    expect(listener.check(), [])
    control("/_say", {"place": 1, "kind": "post", "text": "ещё", "person": 0})
    expect([event.obj["text"] for event in listener.check()], ["ещё"])
    control("/_say", {"place": 1, "kind": "post", "text": "мимо", "person": 0})
    control("/_forget", {})
    expect(listener.check(), [])
    return "events, an old key, a lost history"


step("Bots Long Poll", long_poll)
