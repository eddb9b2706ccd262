"""What python-telegram-bot can do against the emulator; a line `ok|FAILED<TAB>what<TAB>found` for each."""
import asyncio
from telegram import Bot, InputMediaDocument, LinkPreviewOptions, ReplyParameters, error
from steps import base, control, expect

TOKEN = "7000001:emulator-token"


def bot(token=TOKEN):
    return Bot(token, base_url=f"{base}/bot")


async def step(what, run):
    try:
        print("ok", what, await run(), sep="\t")
    except Exception as failure:
        print("FAILED", what, f"{type(failure).__name__}: {failure}", sep="\t")


async def refused(kind, call):
    try:
        await call
    except kind as failure:
        return str(failure)
    raise AssertionError("it was accepted")


async def main():
    async with bot() as echo:
        async def me():
            return f"@{(await echo.get_me()).username}, reads all: {(await echo.get_me()).can_read_all_group_messages}"

        async def chats():
            channel = await echo.get_chat("@channel1")
            talk = await echo.get_chat(channel.linked_chat_id)
            expect((talk.linked_chat_id, channel.type, talk.type), (channel.id, "channel", "supergroup"))
            return f"{channel.title}, discussed in {talk.username}"

        async def all_updates():
            seen, offset = [], 0
            while updates := await echo.get_updates(offset=offset, limit=100, timeout=0):
                offset = updates[-1].update_id + 1
                seen += updates
            kinds = [name for name in ("channel_post", "message") if any(getattr(update, name) for update in seen)]
            expect(len({update.update_id for update in seen}), len(seen))
            copies = [update.message for update in seen if update.message and update.message.is_automatic_forward]
            assert all(copy.forward_origin.message_id for copy in copies) and copies
            topics = [update.message for update in seen if update.message and update.message.is_topic_message]
            assert any(topic.forum_topic_created for topic in topics)
            return f"{len(seen)} updates: {', '.join(kinds)}, {len(copies)} copies of posts, {len(topics)} in topics"

        async def waiting():
            asked = asyncio.create_task(echo.get_updates(timeout=10))
            await asyncio.sleep(0.2)
            control("/_say", {"place": 1, "kind": "message", "text": "😀 @anna https://a.example", "person": 1005, "under": 1005})
            (update,) = await asked
            expect(list(update.message.parse_entities().values()), ["@anna", "https://a.example"])
            return "an update that came while it waited, entities in UTF-16"

        async def edited():
            said = control("/_say", {"place": 1, "kind": "message", "text": "раз", "person": 1005, "under": 1005})
            control("/_edit", {"place": 1, "id": said["id"], "text": "два"})
            updates = await echo.get_updates(timeout=0)
            (update,) = [update for update in updates if update.edited_message]
            assert update.edited_message.edit_date
            return expect(update.edited_message.text, "два")

        async def two_at_once():
            newest = await echo.get_updates(timeout=0)
            first = asyncio.create_task(echo.get_updates(offset=newest[-1].update_id + 1, timeout=10))
            await asyncio.sleep(0.3)
            async with bot() as other:
                second = asyncio.create_task(other.get_updates(timeout=1))
                message = await refused(error.Conflict, first)
                await second
            return message[:60]

        async def webhook():
            await echo.set_webhook("https://bot.example/hook")
            expect((await echo.get_webhook_info()).url, "https://bot.example/hook")
            message = await refused(error.Conflict, echo.get_updates(timeout=0))
            await echo.delete_webhook()
            return message[:60]

        async def reply():
            said = control("/_say", {"place": 2, "kind": "post", "text": "Новость", "person": 0})
            talk = (await echo.get_chat("@channel2")).linked_chat_id
            sent = await echo.send_message(talk, "Ответ", reply_parameters=ReplyParameters(said["id"]),
                                           link_preview_options=LinkPreviewOptions(is_disabled=True))
            expect((sent.text, sent.reply_to_message.message_id), ("Ответ", said["id"]))
            return f"message {sent.message_id} under the copy of a post"

        async def picture():
            sent = await echo.send_photo("@talk1", b"\x89PNG\r\n\x1a\n", caption="Карта")
            expect((sent.caption, sent.text, len(sent.photo)), ("Карта", None, 1))
            return f"{sent.photo[0].file_size} bytes"

        async def album():
            media = [InputMediaDocument(b"%PDF-1", caption="Счёт", filename="a.pdf"), InputMediaDocument(b"%PDF-2", filename="b.pdf")]
            sent = await echo.send_media_group("@forum1", media)
            expect([(one.caption, one.document.file_name) for one in sent], [("Счёт", "a.pdf"), (None, "b.pdf")])
            return f"{len({one.message_id for one in sent})} messages"

        async def gone():
            return await refused(error.BadRequest, echo.send_message("@talk3", "x", reply_parameters=ReplyParameters(10**6)))

        async def nowhere():
            return await refused(error.BadRequest, echo.send_message(-5, "x"))

        async def too_long():
            return await refused(error.BadRequest, echo.send_message("@talk3", "я" * 4097))

        async def too_many():
            await echo.send_message(1007, "раз")
            try:
                await echo.send_message(1007, "два")
            except error.RetryAfter as wait:
                return f"wait {wait.retry_after} s"
            raise AssertionError("it was accepted")

        async def stranger():
            async with Bot(TOKEN, base_url=f"{base}/bot"):
                pass
            return await refused(error.InvalidToken, bot("1:wrong").initialize())

        await step("getMe", me)
        await step("getChat", chats)
        await step("getUpdates, all of them", all_updates)
        await step("getUpdates, waiting", waiting)
        await step("an edited message", edited)
        await step("two programs at once", two_at_once)
        await step("setWebhook, getWebhookInfo, deleteWebhook", webhook)
        await step("sendMessage with reply_parameters", reply)
        await step("sendPhoto with a caption", picture)
        await step("sendMediaGroup of documents", album)
        await step("an answer to what is gone", gone)
        await step("a chat that is not there", nowhere)
        await step("a text that is too long", too_long)
        await step("too many messages", too_many)
        await step("a wrong token", stranger)


asyncio.run(main())
