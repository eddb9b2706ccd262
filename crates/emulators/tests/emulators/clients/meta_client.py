"""What facebook-business can do against the emulator; a line `ok|FAILED<TAB>what<TAB>found` for each."""
import json
import facebook_business.session as sessions
from facebook_business.adobjects.comment import Comment
from facebook_business.adobjects.igcomment import IGComment
from facebook_business.adobjects.igmedia import IGMedia
from facebook_business.adobjects.iguser import IGUser
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.pagepost import PagePost
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from steps import base, control, expect, step

sessions.FacebookSession.GRAPH = base
PAGE, ACCOUNT = "104000000000001", "17841400000000001"


def api(token="page-token-1", secret="emulator-app-secret"):
    return FacebookAdsApi(sessions.FacebookSession("1234567890", secret, token), api_version="v26.0")


def refused(run):
    try:
        run()
    except FacebookRequestError as error:
        return error.api_error_code(), error.api_error_subcode()
    raise AssertionError("it was accepted")


good = api()
page, account = Page(PAGE, api=good), IGUser(ACCOUNT, api=good)


def whole(cursor):
    return list(cursor)


def about():
    got = page.api_get(fields=["name", "username", "fan_count", "instagram_business_account"])
    expect(got["instagram_business_account"]["id"], ACCOUNT)
    return f"{got['name']}, @{got['username']}, {got['fan_count']} fans"


step("Page.api_get", about)


def token():
    data = good.call("GET", ("debug_token",), params={"input_token": "page-token-1"}).json()["data"]
    expect((data["is_valid"], data["profile_id"], data["type"]), (True, PAGE, "PAGE"))
    return f"{len(data['scopes'])} scopes, ends {data['expires_at']}"


step("debug_token", token)


def feed():
    posts = whole(page.get_feed(fields=["id", "message", "created_time", "from", "permalink_url"], params={"limit": 20}))
    times = [post["created_time"] for post in posts]
    expect((times, len({post["id"] for post in posts})), (sorted(times, reverse=True), len(posts)))
    assert len(posts) > 20 and all(post["id"].startswith(PAGE + "_") for post in posts)
    return f"{len(posts)} posts over {len(posts) // 20 + 1} pages"


step("Page.get_feed, all pages", feed)


def busiest():
    fields = ["comments.limit(0).summary(true)"]
    posts = whole(page.get_feed(fields=fields, params={"limit": 100}))
    return max(posts, key=lambda post: post["comments"]["summary"]["total_count"])


def comments():
    post = busiest()
    every = whole(PagePost(post["id"], api=good).get_comments(fields=["id", "message", "parent", "from"], params={"filter": "stream", "limit": 5}))
    expect(len(every), post["comments"]["summary"]["total_count"])
    first = whole(PagePost(post["id"], api=good).get_comments(params={"filter": "toplevel"}))
    expect(len([comment for comment in every if "parent" not in comment]), len(first))
    return f"{len(every)} comments, {len(first)} of them first"


step("PagePost.get_comments, stream and toplevel", comments)


def tagged():
    control("/_say", {"place": 1, "kind": "topic", "text": "Это они", "person": 1005})
    return expect([post["message"] for post in page.get_tagged(fields=["message"])], ["Это они"])[0]


step("Page.get_tagged", tagged)


def ratings():
    found = whole(page.get_ratings(fields=["review_text", "recommendation_type", "reviewer", "open_graph_story"], params={"limit": 50}))
    assert {one["recommendation_type"] for one in found} == {"positive", "negative"}
    return f"{len(found)} reviews"


step("Page.get_ratings", ratings)


def answered():
    comment = PagePost(busiest()["id"], api=good).get_comments(params={"limit": 1})[0]
    made = Comment(comment["id"], api=good).create_comment(params={"message": "Спасибо"})
    got = Comment(made["id"], api=good).api_get(fields=["message", "from", "parent"])
    expect((got["message"], got["from"]["id"], got["parent"]["id"]), ("Спасибо", PAGE, comment["id"]))
    return "an answer below a comment, of the page"


step("Comment.create_comment", answered)


def changed():
    made = PagePost(busiest()["id"], api=good).create_comment(params={"message": "Раз"})
    comment = Comment(made["id"], api=good)
    comment.api_update(params={"message": "Два"})
    expect(comment.api_get(fields=["message"])["message"], "Два")
    comment.api_delete()
    return f"then error {expect(refused(lambda: comment.api_get(fields=['message'])), (100, 33))}"


step("Comment.api_update, api_delete, and gone", changed)


def private():
    said = control("/_say", {"place": 1, "kind": "post", "text": "Где деньги?", "person": 1006})
    number = 122_000_000_000_000 + 1_000_000_000 + said["id"]
    write = lambda: good.call("POST", (PAGE, "messages"), params={"recipient": {"post_id": f"{PAGE}_{number}"}, "message": {"text": "Ответим"}})
    sent = write().json()
    return f"{sent['message_id'][:8]}…, again: error {expect(refused(write), (10900, None))[0]}"


step("a private reply, once", private)


def window():
    write = lambda person: good.call("POST", (PAGE, "messages"), params={"recipient": {"id": str(7_000_000_000_000_000 + person)}, "message": {"text": "Да"}}).json()
    control("/_say", {"place": 1, "kind": "message", "text": "Ау", "person": 1064, "under": 1064})
    write(1064)
    talks = whole(page.get_conversations(fields=["id"], params={"user_id": str(7_000_000_000_000_000 + 1064)}))
    expect(len(talks), 1)
    other = "104000000000003"
    third = api("page-token-3")
    knows = {one["id"] for one in whole(Page(other, api=third).get_conversations(fields=["id"], params={"limit": 100}))}
    stranger = next(person for person in range(1001, 1065) if f"t_{7_000_000_000_000_000 + person}" not in knows)
    recipient = {"recipient": {"id": str(7_000_000_000_000_000 + stranger)}, "message": {"text": "Да"}}
    closed = refused(lambda: third.call("POST", (other, "messages"), params=recipient))
    return f"within the window; outside: error {expect(closed, (10, 2018278))}"


step("private messages and their window", window)


def media():
    found = whole(account.get_media(fields=["id", "caption", "timestamp", "comments_count", "permalink"], params={"limit": 20}))
    busy = max(found, key=lambda one: one["comments_count"])
    first = whole(IGMedia(busy["id"], api=good).get_comments(fields=["id", "text", "username", "replies{id,text}"], params={"limit": 10}))
    assert first and all("username" in comment for comment in first)
    return f"{len(found)} media, {len(first)} first comments under one"


step("IGUser.get_media, IGMedia.get_comments", media)


def reply():
    found = whole(account.get_media(fields=["id", "comments_count"], params={"limit": 100}))
    busy = max(found, key=lambda one: one["comments_count"])
    first = IGMedia(busy["id"], api=good).get_comments(fields=["id"])[0]
    made = IGComment(first["id"], api=good).create_reply(params={"message": "Рады помочь"})
    got = IGComment(made["id"], api=good).api_get(fields=["text", "username", "parent_id"])
    expect((got["text"], got["username"], got["parent_id"]), ("Рады помочь", "brand1", first["id"]))
    texts = [one["text"] for one in IGComment(first["id"], api=good).get_replies(fields=["text"], params={"limit": 100})]
    assert "Рады помочь" in texts
    return "a reply below a comment"


step("IGComment.create_reply, get_replies", reply)


def files():
    post, png = busiest()["id"], b"\x89PNG\r\n\x1a\n" + bytes(64)
    send = lambda path, params, **files: good.call("POST", path, params=params, files=files).json()
    made = send((post, "comments"), {"message": "Смотрите"}, source=("a.png", png, "image/png"))
    expect(Comment(made["id"], api=good).api_get(fields=["attachment"])["attachment"]["type"], "photo")
    person = control("/_say", {"place": 1, "kind": "message", "text": "Счёт?", "person": 1005, "under": 1005}) and "7000000000001005"
    attachment = {"attachment": {"type": "file", "payload": {"is_reusable": True}}}
    kept = send((PAGE, "message_attachments"), {"message": json.dumps(attachment)}, filedata=("a.pdf", b"%PDF-1.7", "application/pdf"))
    told = {"attachment": {"type": "file", "payload": {"attachment_id": kept["attachment_id"]}}}
    sent = send((PAGE, "messages"), {"recipient": json.dumps({"id": person}), "message": json.dumps(told)})
    wrong = lambda: send((post, "comments"), {"message": "x"}, source=("a.png", b"MZ", "image/png"))
    return f"a comment's picture, message {sent['message_id'][-4:]} with {kept['attachment_id']}; no picture: error {expect(refused(wrong), (324, None))[0]}"


step("a comment's picture, message_attachments, a file in a message", files)


def mentions():
    media = control("/_say", {"place": 1, "kind": "topic", "text": "@brand1 смотрите", "person": 1007})["id"]
    comment = control("/_say", {"place": 1, "kind": "topic_comment", "text": "@brand1 ау", "person": 1008, "under": media})["id"]
    name = lambda number: str(17_900_000_000_000_000 + 1_000_000_000 + number)
    got = account.api_get(fields=[f"mentioned_media.media_id({name(media)}){{caption}}"])
    expect(got["mentioned_media"]["caption"], "@brand1 смотрите")
    got = account.api_get(fields=[f"mentioned_comment.comment_id({name(comment)}){{text}}"])
    expect(got["mentioned_comment"]["text"], "@brand1 ау")
    made = account.create_mention(params={"media_id": name(media), "message": "Спасибо"})
    return f"caption, comment, and an answer {made['id'][-4:]}"


step("mentioned_media, mentioned_comment, create_mention", mentions)
step("a wrong token", lambda: f"error {expect(refused(lambda: Page(PAGE, api=api('EAA')).api_get()), (190, None))[0]}")
step("an ended token", lambda: f"error {expect(refused(lambda: Page(PAGE, api=api('ended-token-1')).get_feed()), (190, 463))}")
step("a wrong appsecret_proof", lambda: f"error {expect(refused(lambda: Page(PAGE, api=api(secret='other')).api_get()), (100, None))[0]}")
step("the page of another", lambda: f"error {expect(refused(lambda: Page('104000000000002', api=good).get_feed()), (10, None))[0]}")
step("a right that is missing", lambda: f"error {expect(refused(lambda: PagePost(busiest()['id'], api=api('reader-token-1')).create_comment(params={'message': 'x'})), (200, None))[0]}")


def usage():
    headers = good.call("GET", (PAGE,)).headers()
    share = json.loads(headers["X-Business-Use-Case-Usage"])[PAGE][0]
    assert json.loads(headers["X-App-Usage"])["call_count"] <= share["call_count"] < 100
    return f"{share['call_count']} % of the page's requests"


step("the usage headers", usage)


def limits():
    control("/_faults", {"next": 1, "kinds": ["rate_limit"]})
    code = refused(lambda: page.api_get())[0]
    assert code in (4, 17, 32, 613, 80001)
    return f"error {code}"


step("too many requests", limits)
