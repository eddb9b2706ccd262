"""What PRAW can do against the emulator; a line `ok|FAILED<TAB>what<TAB>found` for each."""
import praw, prawcore
from praw.exceptions import RedditAPIException
from steps import base, control, expect, step


def client(number=1001, password=None, secret="reddit-secret"):
    return praw.Reddit(client_id="reddit-app", client_secret=secret, username=f"person{number}", password=password or f"password-{number}",
                       user_agent="test:emulator:1 (by /u/person1001)", oauth_url=base, reddit_url=base, short_url=base,
                       check_for_updates=False, ratelimit_seconds=0)


def refused(kind, call):
    try:
        call()
    except kind as failure:
        return str(failure)[:90]
    raise AssertionError("it was accepted")


reddit = client()
place = reddit.subreddit("place1")


def me():
    return f"u/{expect(reddit.user.me().name, 'person1001')}, {reddit.auth.limits['remaining']:.0f} requests left"


def new_posts():
    posts = list(place.new(limit=None))
    expect(len({post.id for post in posts}), len(posts))
    assert posts == sorted(posts, key=lambda post: -post.created_utc) and all(post.is_self for post in posts)
    return f"{len(posts)} posts, the newest first"


def new_comments():
    comments = list(reddit.subreddit("place1+place2").comments(limit=None))
    expect({comment.subreddit.display_name for comment in comments}, {"place1", "place2"})
    return f"{len(comments)} comments of two communities"


def search():
    word = next(place.new(limit=1)).title.split()[0]
    found = list(place.search(word, sort="new", limit=20))
    assert found
    return f"{len(found)} posts"


def tree():
    post = max(place.new(limit=None), key=lambda post: post.num_comments)
    post.comments.replace_more(limit=None)
    every = post.comments.list()
    expect(len(every), post.num_comments)
    deep = [comment for comment in every if comment.parent_id.startswith("t1_")]
    assert deep and all(comment.parent() in every for comment in deep)
    return f"{len(every)} comments, {len(deep)} of them answers"


def by_name():
    names = [thing.fullname for thing in list(place.new(limit=2)) + list(place.comments(limit=2))]
    return expect([thing.fullname for thing in reddit.info(fullnames=names)], names)


def stream():
    for comment in place.stream.comments(pause_after=0):
        return f"begins with {comment.fullname}"


def reply():
    post = next(place.new(limit=1))
    comment = post.reply("Спасибо, **разберёмся** & ответим")
    expect((comment.parent_id, comment.author.name, comment.body), (post.fullname, "person1001", "Спасибо, **разберёмся** & ответим"))
    below = comment.reply("И ещё")
    expect(below.parent_id, comment.fullname)
    expect(next(reddit.user.me().comments.new(limit=1)), below)
    return f"{comment.fullname} and {below.fullname} below it"


def change():
    comment = next(reddit.user.me().comments.new(limit=1))
    expect(comment.edit("Иначе").body, "Иначе")
    comment.delete()
    again = next(iter(reddit.info(fullnames=[comment.fullname])))
    return expect((again.body, again.author), ("[deleted]", None))[0]


def locked():
    post = list(place.new(limit=2))[1]
    post.mod.lock()
    told = refused(RedditAPIException, lambda: post.reply("x"))
    post.mod.unlock()
    assert told.startswith("THREAD_LOCKED"), told
    return told


def deleted():
    comment = next(place.comments(limit=1))
    number = int(comment.id, 36)
    control("/_delete", {"place": number % 4, "id": number // 4})
    told = refused(RedditAPIException, lambda: comment.reply("x"))
    assert told.startswith("DELETED_COMMENT"), told
    return told


def too_long():
    told = refused(RedditAPIException, lambda: next(place.new(limit=1)).reply("я" * 10_001))
    assert told.startswith("TOO_LONG"), told
    return told


def too_often():
    post = next(place.new(limit=1))
    control("/_faults", {"next": 1, "kinds": ["rate_limit"]})
    try:
        post.reply("x")
    except RedditAPIException as failure:
        expect(failure.items[0].error_type, "RATELIMIT")
        return f"wait {reddit._handle_rate_limit(failure) or 'as told'}: {failure.items[0].message[:50]}"
    finally:
        control("/_faults", {})
    raise AssertionError("it was accepted")


def too_many():
    control("/_faults", {"next": 1, "kinds": ["rate_limit"]})
    told = refused(prawcore.exceptions.TooManyRequests, lambda: client().user.me())
    control("/_faults", {})
    return told


def expired():
    control("/_faults", {"next": 1, "kinds": ["expired_token"]})
    name = reddit.user.me(use_cache=False).name
    control("/_faults", {})
    return f"a new token is made for u/{name}"


def banned():
    other = client(1002)
    return refused(prawcore.exceptions.Forbidden, lambda: next(other.subreddit("place3").new(limit=1)).reply("x"))


def nowhere():
    return refused(prawcore.exceptions.NotFound, lambda: list(reddit.subreddit("no_such_place").new(limit=1)))


def wrong_password():
    return refused(prawcore.exceptions.OAuthException, lambda: client(password="wrong").user.me())


def wrong_secret():
    return refused(prawcore.exceptions.ResponseException, lambda: client(secret="wrong").user.me())


for what, run in [("user.me, limits", me), ("subreddit.new, all pages", new_posts), ("subreddit.comments, several", new_comments),
                  ("subreddit.search", search), ("a submission's comment tree", tree), ("info by full names", by_name),
                  ("stream.comments", stream), ("reply to a post and to a comment", reply), ("edit and delete", change),
                  ("a token that ended", expired), ("a locked thread", locked), ("an answer to what was deleted", deleted),
                  ("a text that is too long", too_long), ("where one is banned", banned), ("a community that is not there", nowhere),
                  ("a wrong password", wrong_password), ("a wrong secret", wrong_secret), ("too many comments", too_often),
                  ("too many requests", too_many)]:
    step(what, run)
