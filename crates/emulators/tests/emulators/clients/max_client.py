"""What maxapi can do against the emulator; a line `ok|FAILED<TAB>what<TAB>found` for each."""
import asyncio, http.server, json, logging, threading
from maxapi import Bot
from maxapi.enums.message_link_type import MessageLinkType
from maxapi.exceptions.max import InvalidToken, MaxApiError
from maxapi.enums.upload_type import UploadType
from maxapi.types.comment import CommentMessage
from maxapi.types.input_media import InputMediaBuffer
from maxapi.types.message import NewMessageLink
from maxapi.types.updates import UpdateUnionAdapter
from steps import base, control, expect

TOKEN = "emulator-token-of-max"
CHANNEL, TALK, DEAF = -70000000000001, -71000000000001, -71000000000003
logging.disable(logging.CRITICAL)


def say(kind, text, **more):
    return control("/_say", {"place": 1, "kind": kind, "text": text, **more})["id"]


def mid(id, place=1):
    return f"mid.{place:08x}{id:016x}"


def bot(token=TOKEN):
    client = Bot(token)
    client.set_api_url(base)
    return client


async def step(what, run):
    await asyncio.sleep(0.6)
    try:
        print("ok", what, await run(), sep="\t")
    except Exception as failure:
        print("FAILED", what, f"{type(failure).__name__}: {failure}".replace("\n", " ")[:300], sep="\t")


async def refused(kind, call):
    try:
        await call
    except kind as failure:
        return str(failure).replace("\n", " ")[:80]
    raise AssertionError("it was accepted")


class Called(http.server.BaseHTTPRequestHandler):
    calls = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        Called.calls.append((self.headers["X-Max-Bot-Api-Secret"], json.loads(body)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


async def main():
    echo = bot()
    state = {"marker": None, "comments": []}

    async def updates(**more):
        answer = await echo.get_updates(marker=state["marker"], limit=100, timeout=more.get("timeout", 0))
        state["marker"] = answer["marker"]
        # The client knows comments, but not yet the updates about them: their messages are held to its model of a comment.
        comments = [update for update in answer["updates"] if update["update_type"].startswith("comment_")]
        state["comments"] += [CommentMessage.model_validate(update["message"]) for update in comments]
        others = [update for update in answer["updates"] if not update["update_type"].startswith("comment_")]
        return [UpdateUnionAdapter.validate_python(update) for update in others]

    async def me():
        told = await echo.get_me()
        return f"@{expect(told.username, 'echo_bot')}, a bot: {told.is_bot}"

    async def chat():
        told = await echo.get_chat_by_id(CHANNEL)
        return f"{told.title}, {told.link}"

    async def rights():
        told = await echo.get_me_from_chat(TALK)
        assert "read_all_messages" in told.permissions and not (await echo.get_me_from_chat(DEAF)).permissions
        return ", ".join(told.permissions)

    async def all_updates():
        seen = []
        while more := await updates():
            seen += more
            await asyncio.sleep(0.6)
        kinds = {update.message.recipient.chat_type.value for update in seen}
        expect(kinds, {"channel", "chat", "dialog"})
        assert state["comments"]
        return f"{len(seen)} updates and {len(state['comments'])} comments its models accept"

    async def waiting():
        asked = asyncio.create_task(updates(timeout=10))
        await asyncio.sleep(0.2)
        say("message", "😀 https://a.example", person=1005, under=1005)
        (update,) = await asked
        expect(update.message.body.html_text, '😀 <a href="https://a.example">https://a.example</a>')
        return "an update that came while it waited, markup in UTF-16"

    async def edited():
        id = say("topic_comment", "раз", person=1005)
        control("/_edit", {"place": 1, "id": id, "text": "два"})
        told = [update for update in await updates() if update.update_type.value == "message_edited"]
        return expect(told[0].message.body.text, "два")

    async def removed():
        id = say("topic_comment", "раз", person=1005)
        control("/_delete", {"place": 1, "id": id})
        told = [update for update in await updates() if update.update_type.value == "message_removed"]
        return expect(told[0].message_id, mid(id))

    async def history():
        told = (await echo.get_messages(chat_id=CHANNEL, count=20)).messages
        times = [message.timestamp for message in told]
        expect(times, sorted(times, reverse=True))
        one = await echo.get_message(told[0].body.mid)
        expect(one.body.text, told[0].body.text)
        return f"{len(told)} posts, the newest first"

    async def reply():
        id = say("topic_comment", "Вопрос", person=1005)
        link = NewMessageLink(type=MessageLinkType.REPLY, mid=mid(id))
        sent = await echo.send_message(chat_id=TALK, text="Ответ", link=link)
        expect((sent.message.body.text, sent.message.link.message.mid), ("Ответ", mid(id)))
        state["own"] = sent.message.body.mid
        return sent.message.body.mid

    async def direct():
        sent = await echo.send_message(user_id=1005, text="Здравствуйте")
        return f"in {sent.message.recipient.chat_type.value} {sent.message.recipient.chat_id}"

    async def comment():
        post = say("post", "Новость", person=0)
        sent = await echo.send_comment(mid(post), text="Ответ под записью")
        told = (await echo.get_comments(mid(post))).messages
        expect([one.body.mid for one in told], [sent.message.body.mid])
        expect(told[0].recipient.post_id, mid(post))
        return f"{sent.message.body.mid} under {mid(post)}"

    async def files():
        kinds = []
        # The client waits for two seconds before it asks at all.
        echo.after_input_media_delay, echo.after_upload_retry_delay = 0.1, 0.6
        for body, name, kind in [(b"\x89PNG\r\n\x1a\n" + bytes(64), "a.png", UploadType.IMAGE), (b"%PDF-1.7", "b.pdf", UploadType.FILE)]:
            sent = await echo.send_message(user_id=1005, text="Вот", attachments=[InputMediaBuffer(body, name, kind)])
            kinds.append(sent.message.body.attachments[0].type)
        return ", ".join(expect(kinds, ["image", "file"]))

    async def change():
        await echo.edit_message(state["own"], text="Исправлено")
        expect((await echo.get_message(state["own"])).body.text, "Исправлено")
        await echo.delete_message(state["own"])
        return await refused(MaxApiError, echo.get_message(state["own"]))

    async def gone():
        link = NewMessageLink(type=MessageLinkType.REPLY, mid=mid(10**6))
        return await refused(MaxApiError, echo.send_message(chat_id=TALK, text="x", link=link))

    async def closed():
        return await refused(MaxApiError, echo.send_message(chat_id=DEAF, text="x"))

    async def nowhere():
        return await refused(MaxApiError, echo.send_message(chat_id=-5, text="x"))

    async def webhook():
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Called)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        await echo.subscribe_webhook(url, secret="s3cret-of_it")
        expect([one.url for one in (await echo.get_subscriptions()).subscriptions], [url])
        id = say("topic_comment", "Позовите", person=1005)
        for _ in range(50):
            await asyncio.sleep(0.1)
            if Called.calls:
                break
        secret, update = Called.calls[0]
        expect((secret, update["message"]["body"]["mid"]), ("s3cret-of_it", mid(id)))
        UpdateUnionAdapter.validate_python(update)
        polled = await refused(MaxApiError, echo.get_updates(timeout=0))
        await echo.unsubscribe_webhook(url)
        return f"called with the secret; polling: {polled}"[:90]

    async def too_many():
        control("/_faults", {"kinds": ["rate_limit"], "next": 1})
        return await refused(MaxApiError, echo.send_message(user_id=1005, text="x"))

    async def stranger():
        other = bot("stolen")
        try:
            return await refused(InvalidToken, other.get_me())
        finally:
            await other.close_session()

    for what, run in [
        ("GET /me", me),
        ("GET /chats/ID", chat),
        ("GET /chats/ID/members/me", rights),
        ("GET /updates, all of them", all_updates),
        ("GET /updates, waiting", waiting),
        ("message_edited", edited),
        ("message_removed", removed),
        ("GET /messages, GET /messages/MID", history),
        ("POST /messages, tied to another", reply),
        ("POST /messages?user_id", direct),
        ("POST and GET /messages/MID/comments", comment),
        ("POST /uploads, a picture and a file", files),
        ("PUT and DELETE /messages", change),
        ("an answer to what is gone", gone),
        ("a chat one may not write in", closed),
        ("a chat that is not there", nowhere),
        ("POST, GET, DELETE /subscriptions and a call", webhook),
        ("too many requests", too_many),
        ("a wrong token", stranger),
    ]:
        await step(what, run)
    await echo.close_session()


asyncio.run(main())
