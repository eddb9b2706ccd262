"""What pyflarum and aiorum can do against the emulator of Flarum; a line `ok|FAILED<TAB>what<TAB>found` for each."""
import asyncio, json, os, tempfile
from datetime import datetime, timezone
from pyflarum import FlarumUser
from pyflarum.client.extensions.flarum.Flarum_Lock import LockExtension
from pyflarum.client.flarum.core.discussions import PreparedDiscussion
from pyflarum.client.flarum.core.filters import Filter
from pyflarum.client.flarum.core.posts import PreparedPost
from pyflarum.error_handler import FlarumError
from requests import Session
from steps import base, control, expect, step

# aiorum keeps what it has seen in files where it runs.
os.chdir(tempfile.mkdtemp())
from aiorum.api.api_client import ApiClient
from aiorum.api.api_references import ApiReference
from aiorum.api.manager import Manager


class Here(FlarumUser):
    """It leaves the port out of the forum's address."""

    def authenticate(self, *who):
        self.forum_url = base
        return super().authenticate(*who)


def client(token=None):
    user = Here(forum_url=base, session_object=Session(), extensions=[LockExtension])
    if token:
        user.session.headers["Authorization"] = f"Token {token}"
    return user


def refused(status, call):
    try:
        call()
    except FlarumError as failure:
        return f"{expect(failure.status, status)}"
    raise AssertionError("it was accepted")


stranger, moderator = client(), client("flarum-key; userId=1001")
state = {}


def login():
    user = Here(forum_url=base, session_object=Session(), username_or_email="person1005", password="flarum-password")
    expect((user.is_authenticated, user.user_id, user.username), (True, 1005, "person1005"))
    state["person"] = user
    return f"{user.data.displayName}, here since {user.data.joinTime:%Y}"


def wrong_password():
    try:
        Here(forum_url=base, session_object=Session(), username_or_email="person1005", password="no")
    except FlarumError as failure:
        return str(failure)[:48]
    raise AssertionError("it was accepted")


def posts():
    first = stranger.get_posts(Filter(order_by="-createdAt", limit=30))
    second = stranger.get_posts(Filter(order_by="-createdAt", limit=30, page=1))
    ids = [post.id for post in first] + [post.id for post in second]
    expect((len(set(ids)), ids), (60, sorted(ids, reverse=True)))
    assert first.next_link and not first.previous_link and second.previous_link and first.first_link
    assert all(post.is_comment() and post.contentHtml.startswith("<p>") and post.createdAt.tzinfo for post in first)
    assert all(post.content is None and not post.canEdit for post in first), "what was typed is its author's to see"
    return f"{first[0].createdAt:%Y-%m-%d} back to {second[-1].createdAt:%Y-%m-%d}"


def oldest_first():
    ids = [post.id for post in stranger.get_posts(Filter(order_by="createdAt", limit=50))]
    expect(ids, sorted(ids))
    return f"from {ids[0]}"


def last_page():
    ids, page = [], 0
    while True:
        posts = stranger.get_posts(Filter(order_by="-createdAt", limit=50, page=page))
        ids, page = ids + [post.id for post in posts], page + 1
        if not posts.next_link:
            expect(len(set(ids)), len(ids))
            return f"{len(ids)} posts on {page} pages"
        expect(len(posts), 50)


def beside():
    post = stranger.get_posts(Filter(order_by="-createdAt", limit=1))[0]
    state["post"] = post
    author, discussion = post.get_author(), post.get_discussion()
    assert author.username and discussion.title and discussion.slug.startswith(f"{discussion.id}-")
    return f"{author.displayName} in {discussion.id}: {post.url.removeprefix(base)}"


def filtered():
    name = state["post"].get_author().username
    found = stranger.get_posts(Filter(additional_data={"filter[author]": name, "filter[type]": "comment"}))
    expect({post.get_author().username for post in found}, {name})
    topic = state["post"].get_discussion().id
    (first,) = stranger.get_posts(Filter(additional_data={"filter[discussion]": topic, "filter[number]": 1}))
    expect((first.number, first.get_discussion().id), (1, topic))
    ids = [post.id for post in stranger.get_posts(Filter(limit=5))]
    expect([post.id for post in stranger.get_posts(Filter(ids=ids))], ids)
    return f"{len(found)} of {name}, the first of {topic}, five by their ids"


def discussions():
    found = stranger.get_discussions(Filter(order_by="-createdAt", limit=10))
    expect([one.id for one in found], sorted((one.id for one in found), reverse=True))
    assert all(one.get_author() and one.get_last_posted_user() and one.lastPostedAt >= one.createdAt for one in found)
    state["discussion"] = max(found, key=lambda one: one.commentCount)
    return f"{len(found)}, one with {state['discussion'].commentCount} posts of {state['discussion'].participantCount}"


def discussion():
    whole = stranger.get_discussion_by_id(state["discussion"].id)
    expect((whole.title, whole.commentCount), (state["discussion"].title, state["discussion"].commentCount))
    named = [one["id"] for one in whole.relationships["posts"]["data"]]
    expect(len(named), whole.commentCount)
    expect([str(post.id) for post in whole.get_posts()], named[:20])
    return f"{len(named)} posts, begun by {whole.get_author().username}"


def begin():
    made = PreparedDiscussion(moderator, "Нет связи", "Второй день нет связи на Лесной").post()
    state["begun"] = moderator.get_discussion_by_id(made.id)
    expect((made.title, made.commentCount), ("Нет связи", 1))
    return f"{made.id}: {made.title}"


def answer():
    made = PreparedPost(moderator, state["begun"], "Разбираемся").post()
    expect((made.number, made.content, made.get_author().username), (2, "Разбираемся", "person1001"))
    state["made"] = made
    return made.url.removeprefix(base)


def mention():
    text = f'@"person1001"#p{state["made"].id} спасибо'
    made = PreparedPost(state["person"], state["begun"], text).post()
    assert f'class="PostMention" data-id="{state["made"].id}"' in made.contentHtml, made.contentHtml
    return f"{expect(made.content, text)}"


def too_soon():
    return refused(429, PreparedPost(state["person"], state["begun"], "и ещё").post)


def edit():
    changed = state["made"].edit(PreparedPost(moderator, state["begun"], "Уже починили"))
    expect((changed.content, changed.editedAt.tzinfo is not None), ("Уже починили", True))
    assert changed.editedAt <= datetime.now(timezone.utc)
    return f"edited at {changed.editedAt:%H:%M}"


def not_ours():
    return refused(403, lambda: state["person"].get_post_by_id(state["made"].id).edit(PreparedPost(state["person"], state["begun"], "Моё")))


def empty():
    return refused(422, PreparedPost(moderator, state["begun"], " ").post)


def too_long():
    return refused(422, PreparedPost(moderator, state["begun"], "я" * 63_001).post)


def lock():
    locked = state["begun"].lock()
    told = refused(403, PreparedPost(moderator, state["begun"], "Можно ещё?").post)
    return f"{expect((locked.isLocked, state['begun'].unlock().isLocked), (True, False))}, {told}"


def hide():
    hidden = PreparedPost(moderator, state["begun"], "Лишнее").post().hide()
    expect(hidden.attributes["isHidden"], True)
    return f"then {refused(404, lambda: stranger.get_post_by_id(hidden.id))}"


def nobody():
    return refused(401, PreparedPost(stranger, state["begun"], "Я").post)


def wrong_token():
    return refused(401, client("wrong").get_posts)


def strange_order():
    return refused(400, lambda: stranger.get_posts(Filter(order_by="mood")))


def too_often():
    control("/_faults", {"next": 1, "kinds": ["rate_limit"]})
    told = refused(429, stranger.get_posts)
    control("/_faults", {})
    return told


def bot(run):
    async def running():
        async with ApiClient("flarum-key", 1002) as api:
            return await run(Manager(api, state["begun"].id, 1002, ApiReference(base + "/api")))
    return lambda: asyncio.run(running())


async def news(manager):
    first = await manager.fetch_new_posts()
    made = await manager.create_post("Ждём мастера")
    again = await manager.fetch_new_posts()
    return f"{len(first)}, then {expect(again, [made.post_id])}"


async def bot_answers(manager):
    asked = await manager.parse_post(str(state["made"].id))
    expect((asked.message, asked.username, asked.reply_id), ("Уже починили", "person1001", None))
    made = await asked.reply("Подтверждаю")
    heard = await manager.parse_post(made.post_id)
    expect((heard.username, heard.reply_id), ("person1002", str(asked.post_id)))
    return heard.message


async def bot_discussion(manager):
    found = await manager.fetch_new_discussion()
    expect((found.title, found.comments_count >= 3, found.tags), ("Нет связи", True, []))
    return f"{found.title}: {' '.join(found.content.split())[:30]}"


async def bot_changes(manager):
    made = await manager.create_post("Опечатка")
    changed = await made.edit("Поправлено")
    hidden = await made.delete()
    return expect((changed["status"], hidden["status"], hidden["json"]["data"]["attributes"]["isHidden"]), (200, 200, True))


async def bot_user(manager):
    person = await manager.parse_user(1002)
    return f"{expect(person.username, 'person1002')}, {person.comments_count} posts"


for what, run in [("a name and a password", login), ("a wrong password", wrong_password), ("posts, two pages", posts), ("the oldest first", oldest_first),
                  ("all pages to the last", last_page), ("author and discussion beside a post", beside), ("posts by author, discussion, id", filtered),
                  ("discussions", discussions), ("a discussion with its posts", discussion), ("a new discussion", begin), ("an answer", answer),
                  ("an answer that mentions a post", mention), ("another at once", too_soon), ("an edit", edit), ("an edit of what is another's", not_ours),
                  ("an empty text", empty), ("a text that is too long", too_long), ("a closed discussion", lock), ("a hidden post", hide),
                  ("a stranger writes", nobody), ("a wrong token", wrong_token), ("an order that is none", strange_order), ("too many requests", too_often),
                  ("aiorum: new posts", bot(news)), ("aiorum: an answer with a mention", bot(bot_answers)), ("aiorum: a new discussion", bot(bot_discussion)),
                  ("aiorum: edit and hide", bot(bot_changes)), ("aiorum: a user", bot(bot_user))]:
    step(what, run)
