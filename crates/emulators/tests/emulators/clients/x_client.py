"""What X's own xdk and tweepy can do against the emulator; a line `ok|FAILED<TAB>what<TAB>found` for each.

Every answer xdk reads is held to the models that X makes from its API description. What the emulator calls with is taken by
twitterwebhooks, which answers its question and checks its signatures.
"""
import base64, itertools, json, logging, threading, time, urllib.request
import requests, tweepy
from flask import request
from twitterwebhooks import TwitterWebhookAdapter
from werkzeug.serving import make_server
from xdk import Client, schemas
from xdk.oauth1_auth import OAuth1
from xdk.streaming import StreamConfig
from steps import base, control, expect, step

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
POST = ["created_at", "author_id", "public_metrics", "edit_history_post_ids", "referenced_posts", "entities", "conversation_id", "lang"]


def say(text, kind="post", person=1005, answers=None):
    return control("/_say", {"place": 1, "kind": kind, "text": text, "person": person, "answers": answers})["id"]


def refused(status, call):
    try:
        call()
    except requests.HTTPError as failure:
        expect(failure.response.status_code, status)
        return f"{status} {failure.response.json()['detail'][:50]}"
    except tweepy.HTTPException as failure:
        expect(failure.response.status_code, status)
        return f"{status} {failure.response.json()['detail'][:50]}"
    raise AssertionError("it was accepted")


class Local(requests.adapters.HTTPAdapter):
    """tweepy knows one host only."""

    def send(self, request, **more):
        request.url = base + request.url.split(".com", 1)[1]
        return super().send(request, **more)


app = Client(base_url=base, bearer_token="app-token")
person = Client(base_url=base, access_token="user-token-1")
signed = OAuth1(api_key="app-key", api_secret="app-secret", callback="oob", access_token="user-token-1", access_token_secret="user-secret-1")
by_key = Client(base_url=base, auth=signed)
old = tweepy.Client(bearer_token="app-token")
old.session.mount("https://api.twitter.com", Local())


def search():
    pages = itertools.islice(app.posts.search_recent("и OR не OR в", max_results=100, post_fields=POST, user_fields=["username", "public_metrics"],
                             expansions=["author_id", "referenced_posts.id"]), 3)
    posts, users = [], {}
    for page in pages:
        posts += page.data
        users.update({user.id: user.username for user in page.includes.users})
    expect(len({post.id for post in posts}), len(posts))
    assert all(post.author_id in users and post.created_at and post.public_metrics.like_count is not None for post in posts)
    assert sorted((int(post.id) for post in posts), reverse=True) == [int(post.id) for post in posts]
    return f"{len(posts)} posts of {len(users)} people, the newest first"


def since():
    first = next(app.posts.search_recent("и OR не", max_results=50))
    middle = first.data[20].id
    newer = next(app.posts.search_recent("и OR не", max_results=50, since_id=middle))
    older = next(app.posts.search_recent("и OR не", max_results=10, until_id=middle))
    expect([post.id for post in newer.data], [post.id for post in first.data[:20]])
    expect([post.id for post in older.data], [post.id for post in first.data[21:31]])
    return "20 since, 10 before"


def counts():
    told = next(app.posts.get_counts_recent("и OR не"))
    return f"{told.meta.total_post_count} posts"


def rules():
    made = app.stream.update_rules(schemas.UpdateRulesRequest(add=[schemas.UpdateRulesAdd(value="кот -is:retweet", tag="cats")]))
    expect(made.meta.summary["created"], 1)
    (rule,) = [rule for page in app.stream.get_rules() for rule in page.data]
    return f"{rule.value} ({rule.tag})"


def old_rules():
    streaming = tweepy.StreamingClient("app-token")
    streaming.session.mount("https://api.twitter.com", Local())
    answer = streaming.add_rules([tweepy.StreamRule("кот -is:retweet"), tweepy.StreamRule("(кот"), tweepy.StreamRule("сова", "owls")])
    expect([error["title"] for error in answer.errors], ["DuplicateRule", "UnprocessableEntity"])
    expect(answer.meta["summary"]["created"], 1)
    streaming.delete_rules([answer.data[0].id])
    return expect(len(streaming.get_rules().data), 1)


def stream():
    threading.Timer(0.5, lambda: (say("пёс"), say("рыжий кот"))).start()
    lines = app.stream.posts(tweet_fields=["created_at"], expansions=["author_id"], stream_config=StreamConfig(max_retries=0, timeout=10))
    line = next(lines)
    lines.close()
    expect((line.data.text, line.matching_rules[0].tag), ("рыжий кот", "cats"))
    return f"{line.data.text}, by {line.includes.users[0].username}"


def no_rules():
    ids = [rule.id for page in app.stream.get_rules() for rule in page.data]
    app.stream.update_rules(schemas.UpdateRulesRequest(delete=schemas.UpdateRulesDelete(ids=ids)))
    time.sleep(1)
    answer = requests.get(f"{base}/2/tweets/search/stream", headers={"Authorization": "Bearer app-token"})
    return expect(answer.status_code, 409)


def mentions():
    say("@brand1 где посылка?")
    user = app.users.get_by_username("brand1").data
    page = next(app.users.get_mentions(user.id, max_results=10, post_fields=POST))
    assert page.data[0].entities.mentions[0].username == "brand1", page.data[0]
    return f"{page.data[0].text} to {user.name}"


def me():
    return "@" + person.users.get_me().data.username


def me_signed():
    return "@" + by_key.users.get_me().data.username


def reply():
    say("@brand1 почему так долго?")
    above = next(app.users.get_mentions("1", max_results=5)).data[0]
    made = person.posts.create(schemas.CreatePostsRequest(text="Уже едет", reply=schemas.CreatePostsReply(in_reply_to_tweet_id=above.id)))
    (found,) = app.posts.get_by_ids([made.data.id], post_fields=POST).data
    expect((found.text, found.referenced_posts[0].id), ("@person1005 Уже едет", above.id))
    again = lambda: person.posts.create(schemas.CreatePostsRequest(text="Уже едет", reply=schemas.CreatePostsReply(in_reply_to_tweet_id=above.id)))
    refused(403, again)
    timeline = next(person.users.get_posts("1", max_results=5))
    return expect(timeline.data[0].id, made.data.id)


def stranger():
    say("кто-нибудь, помогите с сетью")
    above = next(app.posts.search_recent("помогите", max_results=10)).data[0]
    return refused(403, lambda: person.posts.create(
        schemas.CreatePostsRequest(text="Мы тут", reply=schemas.CreatePostsReply(in_reply_to_tweet_id=above.id))))


def edited_and_gone():
    said = say("раз сломалось")
    (first,) = next(app.posts.search_recent("раз сломалось", max_results=10)).data
    control("/_edit", {"place": 1, "id": said, "text": "два сломалось"})
    (second,) = next(app.posts.search_recent("два сломалось", max_results=10, post_fields=POST)).data
    expect(second.edit_history_post_ids, [first.id, second.id])
    control("/_delete", {"place": 1, "id": said})
    answer = app.posts.get_by_ids([second.id])
    assert not answer.data and answer.errors[0].type.endswith("resource-not-found"), answer
    return "two versions, then an error of one post"


def deleted():
    made = person.posts.create(schemas.CreatePostsRequest(text="лишнее"))
    return expect(person.posts.delete(made.data.id).data.deleted, True)


def usage():
    told = app.usage.get().data
    return f"{told.project_usage} of {told.project_cap}"


def wrong_token():
    return refused(401, lambda: Client(base_url=base, access_token="stolen").users.get_me())


def wrong_secret():
    keys = OAuth1(api_key="app-key", api_secret="wrong", callback="oob", access_token="user-token-1", access_token_secret="user-secret-1")
    return refused(401, lambda: Client(base_url=base, auth=keys).users.get_me())


def old_search():
    answer = old.search_recent_tweets("и OR не OR в", max_results=100, tweet_fields=["created_at", "public_metrics", "referenced_tweets"],
                                      expansions=["author_id", "referenced_tweets.id"], user_fields=["public_metrics"])
    expect(answer.meta["result_count"], 100)
    assert all(post.public_metrics["retweet_count"] == 1 for post in answer.data) and answer.includes["tweets"]
    return f"{len(answer.data)} posts in old names, {len(answer.includes['users'])} people"


def old_paginator():
    posts = list(tweepy.Paginator(old.search_recent_tweets, "и OR не OR в", max_results=50).flatten(limit=120))
    return expect(len({post.id for post in posts}), 120)


def old_reply():
    say("@brand2 привет")
    above = old.get_users_mentions(2, max_results=5).data[0]
    writer = tweepy.Client(bearer_token=None, access_token=None)
    writer.session.mount("https://api.twitter.com", Local())
    writer.bearer_token = "user-token-2"
    made = writer.create_tweet(text="И вам", in_reply_to_tweet_id=above.id, user_auth=False)
    return f"{made.data['id']} below {above.id}"


def picture():
    say("@brand1 покажите")
    above = next(person.users.get_mentions("1", max_results=5)).data[0]
    text = lambda body: base64.b64encode(body).decode()
    still = person.media.upload(schemas.MediaUploadRequest(media=text(PNG), media_category="tweet_image")).data.id
    described = schemas.CreateMediaMetadataRequest(
        id=still, metadata=schemas.CreateMediaMetadataMetadata(alt_text=schemas.CreateMediaMetadataMetadataAltText(text="Кот")))
    person.media.create_metadata(described)
    made = person.posts.create(schemas.CreatePostsRequest(
        text="Вот", reply=schemas.CreatePostsReply(in_reply_to_tweet_id=above.id), media=schemas.CreatePostsMedia(media_ids=[still])))
    told = app.posts.get_by_ids([made.data.id], post_fields=["attachments", "entities"], expansions=["attachments.media_keys"], media_fields=["alt_text"])
    expect([media.model_dump()["alt_text"] for media in told.includes.media], ["Кот"])
    return f"{told.data[0].attachments.media_keys[0]} in {made.data.id}"


def pieces():
    body = b"GIF89a" + bytes(2_000)
    begun = person.media.initialize_upload(schemas.InitializeMediaUploadRequest(
        media_type="image/gif", media_category="tweet_gif", total_bytes=len(body))).data.id
    for index, piece in enumerate([body[:1_000], body[1_000:]]):
        person.media.append_upload(begun, schemas.AppendMediaUploadRequest(media=base64.b64encode(piece).decode(), segment_index=index))
    states = [person.media.finalize_upload(begun).data.processing_info.state]
    while states[-1] != "succeeded":
        time.sleep(1)
        states.append(person.media.get_upload_status(begun, command="STATUS").data.processing_info.state)
    refused(400, lambda: person.posts.create(schemas.CreatePostsRequest(text="x", media=schemas.CreatePostsMedia(media_ids=["5"]))))
    return ", ".join(states)


class Receiver:
    """A server of twitterwebhooks; what it took, and what it refused for its signature."""

    def __init__(self, secret):
        self.taken, self.refused = [], []
        adapter = TwitterWebhookAdapter(secret, endpoint="/hook")
        adapter.on("error", lambda failure: self.refused.append(str(failure)))
        adapter.server.after_request(self.note)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        listening = make_server("127.0.0.1", 0, adapter.server)
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{listening.port}/hook"

    def note(self, answer):
        if request.method == "POST" and answer.status_code == 200:
            self.taken.append(request.get_json())
        return answer

    def wait(self, event):
        for _ in range(100):
            for told in self.taken:
                if told["data"]["event_type"] == event:
                    return told["data"]
            time.sleep(0.1)
        raise AssertionError(f"no {event} in {self.taken}")


receiver = Receiver("app-secret")
hooked = {}


def hook():
    made = app.webhooks.create(schemas.CreateWebhooksRequest(url=receiver.url))
    told = made.model_dump()
    hooked["id"] = (told.get("data") or told)["id"]
    (there,) = app.webhooks.get().model_dump()["data"]
    expect((there["id"], there["url"], there["valid"]), (hooked["id"], receiver.url, True))
    return f"{receiver.url} answered the question"


def wrong_hook():
    liar = Receiver("another-secret")
    return refused(400, lambda: app.webhooks.create(schemas.CreateWebhooksRequest(url=liar.url)))


def hook_again():
    app.webhooks.validate(hooked["id"])
    return refused(400, lambda: app.webhooks.create(schemas.CreateWebhooksRequest(url=receiver.url)))


def subscribe():
    for client, event in [(person, "post.mention.create"), (app, "post.delete")]:
        made = client.activity.create_subscription(schemas.CreateActivitySubscriptionRequest(
            event_type=event, filter=schemas.CreateActivitySubscriptionFilter(user_id="1"), webhook_id=hooked["id"], tag="ours")).data.subscription
        expect((made.event_type, made.filter.user_id, made.webhook_id, made.tag), (event, "1", hooked["id"], "ours"))
    refused(403, lambda: app.activity.create_subscription(schemas.CreateActivitySubscriptionRequest(
        event_type="post.mention.create", filter=schemas.CreateActivitySubscriptionFilter(user_id="1"), webhook_id=hooked["id"])))
    there = [one for page in person.activity.get_subscriptions() for one in page.data]
    hooked["subscriptions"] = [one.subscription_id for one in there]
    return expect(sorted(one.event_type for one in there), ["post.delete", "post.mention.create"])


def called():
    say("@brand1 вы где?")
    told = receiver.wait("post.mention.create")
    expect((told["payload"]["text"], told["filter"]["user_id"], told["tag"]), ("@brand1 вы где?", "1", "ours"))
    return f"{told['payload']['text']}; {len(receiver.refused)} refused"


def called_with_a_deletion():
    said = say("поспешили", person=0)
    time.sleep(0.5)
    control("/_delete", {"place": 1, "id": said})
    told = receiver.wait("post.delete")
    schemas.PostDeleteActivityResponsePayload.model_validate(told["payload"])
    return f"{told['payload']['id']} of {told['payload']['author_id']}"


def forged():
    answer = requests.post(receiver.url, json={"data": {}}, headers={"x-twitter-webhooks-signature": "sha256=" + base64.b64encode(bytes(32)).decode()})
    expect(answer.status_code, 403)
    return expect(len(receiver.refused), 1)


def unhooked():
    for id in hooked["subscriptions"]:
        expect(app.activity.delete_subscription(id).data.deleted, True)
    app.webhooks.delete(hooked["id"])
    return expect(app.webhooks.get().model_dump().get("data") or [], [])


def no_money():
    left = json.loads(urllib.request.urlopen(base + "/_credits").read())["spent_usd"]
    control("/_credits", {"usd": 0})
    told = refused(402, lambda: next(app.posts.search_recent("и")))
    control("/_credits", {"usd": 1000})
    return f"{told}; ${left:.2f} were spent"


step("xdk: search, three pages with people", search)
step("xdk: since_id and until_id", since)
step("xdk: counts", counts)
step("xdk: rules added and listed", rules)
step("tweepy: rules doubled, wrong, deleted", old_rules)
step("xdk: stream", stream)
step("xdk: no rules, no stream", no_rules)
step("xdk: an account by name, its mentions", mentions)
step("xdk: me, OAuth 2.0", me)
step("xdk: me, signed by OAuth 1.0a", me_signed)
step("xdk: an answer, found, refused again, on the timeline", reply)
step("xdk: an answer to who did not call us", stranger)
step("xdk: an edit and a deletion", edited_and_gone)
step("xdk: a post of one's own, deleted", deleted)
step("xdk: usage", usage)
step("xdk: a wrong token", wrong_token)
step("xdk: a wrong signature", wrong_secret)
step("tweepy: search in old names", old_search)
step("tweepy: paginator", old_paginator)
step("tweepy: an answer", old_reply)
step("xdk: a picture, described, in an answer", picture)
step("xdk: a moving picture in pieces", pieces)
step("xdk, twitterwebhooks: an address that answers the question", hook)
step("twitterwebhooks: an answer with another secret", wrong_hook)
step("xdk: asked again, and not taken twice", hook_again)
step("xdk: subscriptions to what happens", subscribe)
step("twitterwebhooks: a mention, its signature right", called)
step("twitterwebhooks: a deletion", called_with_a_deletion)
step("twitterwebhooks: a forged call", forged)
step("xdk: all taken back", unhooked)
step("xdk: no credits", no_money)
