"""What google-api-python-client can do against the emulator of YouTube; a line `ok|FAILED<TAB>what<TAB>found` for each."""
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from steps import base, control, expect, step

CHANNEL = "UCplace10000000000000001"


def client(refresh_token="refresh-1001", key=None):
    options = {"api_endpoint": base + "/"}
    if key:
        return build("youtube", "v3", developerKey=key, client_options=options, static_discovery=True)
    credentials = Credentials(None, refresh_token=refresh_token, token_uri=base + "/token", client_id="google-client", client_secret="google-secret")
    return build("youtube", "v3", credentials=credentials, client_options=options, static_discovery=True)


def refused(status, reason, call):
    try:
        call()
    except HttpError as failure:
        told = failure.error_details[0]["reason"] if isinstance(failure.error_details, list) else failure.reason
        expect((failure.status_code, told), (status, reason))
        return f"{status} {reason}"
    raise AssertionError("it was accepted")


own, reader = client(), client(key="youtube-key")
state = {}


def mine():
    return expect(own.channels().list(part="snippet", mine=True).execute()["items"][0]["snippet"]["customUrl"], "@person1001")


def channels():
    return reader.channels().list(part="snippet", id=CHANNEL).execute()["items"][0]["snippet"]["title"]


def threads():
    found, request = [], reader.commentThreads().list(part="snippet,replies", allThreadsRelatedToChannelId=CHANNEL, order="time", maxResults=20)
    while request is not None:
        page = request.execute()
        found += page["items"]
        request = reader.commentThreads().list_next(request, page)
    expect(len({thread["id"] for thread in found}), len(found))
    state["thread"] = max(found, key=lambda thread: thread["snippet"]["totalReplyCount"])
    state["video"] = state["thread"]["snippet"]["videoId"]
    return f"{len(found)} threads, one with {state['thread']['snippet']['totalReplyCount']} replies"


def replies():
    thread = state["thread"]
    found = reader.comments().list(part="snippet", parentId=thread["id"], maxResults=100).execute()["items"]
    expect(len(found), thread["snippet"]["totalReplyCount"])
    return expect({comment["snippet"]["parentId"] for comment in found} or {thread["id"]}, {thread["id"]}) and f"{len(found)} replies"


def of_a_video():
    found = reader.commentThreads().list(part="snippet", videoId=state["video"]).execute()["items"]
    return f"{len(found)} threads of {state['video']}"


def search():
    found = reader.search().list(part="snippet", q="", type="video", order="date", maxResults=5).execute()["items"]
    return f"{len(found)} videos, the newest {found[0]['id']['videoId']}"


def videos():
    return reader.videos().list(part="snippet", id=state["video"]).execute()["items"][0]["snippet"]["channelId"]


def reply():
    body = {"snippet": {"parentId": state["thread"]["id"], "textOriginal": "Спасибо, разберёмся & ответим"}}
    state["reply"] = own.comments().insert(part="snippet", body=body).execute()
    expect(state["reply"]["snippet"]["parentId"], state["thread"]["id"])
    found = reader.comments().list(part="snippet", parentId=state["thread"]["id"], maxResults=100).execute()["items"]
    assert state["reply"]["id"] in [comment["id"] for comment in found]
    return state["reply"]["id"]


def below_a_video():
    body = {"snippet": {"videoId": state["video"], "topLevelComment": {"snippet": {"textOriginal": "Когда выйдет?"}}}}
    return own.commentThreads().insert(part="snippet", body=body).execute()["snippet"]["topLevelComment"]["id"]


def change():
    body = {"id": state["reply"]["id"], "snippet": {"textOriginal": "Иначе"}}
    own.comments().update(part="snippet", body=body).execute()
    return expect(reader.comments().list(part="snippet", id=state["reply"]["id"]).execute()["items"][0]["snippet"]["textOriginal"], "Иначе")


def delete():
    own.comments().delete(id=state["reply"]["id"]).execute()
    return refused(404, "commentNotFound", lambda: reader.comments().list(part="snippet", id=state["reply"]["id"]).execute())


def insert(parent, text):
    return lambda: own.comments().insert(part="snippet", body={"snippet": {"parentId": parent, "textOriginal": text}}).execute()


def expired():
    control("/_faults", {"next": 1, "kinds": ["expired_token"]})
    try:
        return f"a new token is made: {own.channels().list(part='snippet', mine=True).execute()['items'][0]['id']}"
    finally:
        control("/_faults", {})


def wrong_refresh_token():
    try:
        client("wrong").channels().list(part="snippet", mine=True).execute()
    except RefreshError as failure:
        return str(failure)[:80]
    raise AssertionError("it was accepted")


def used_up():
    for _ in range(250):
        try:
            insert(state["thread"]["id"], "ещё")()
        except HttpError as failure:
            return expect(failure.error_details[0]["reason"], "quotaExceeded")
    raise AssertionError("there is no end of it")


for what, run in [("channels.list, mine", mine), ("channels.list", channels), ("commentThreads.list of a channel", threads), ("comments.list", replies),
                  ("commentThreads.list of a video", of_a_video), ("search.list", search), ("videos.list", videos), ("comments.insert", reply),
                  ("commentThreads.insert", below_a_video), ("comments.update", change), ("comments.delete", delete), ("a token that ended", expired),
                  ("an answer to what is not there", lambda: refused(404, "parentCommentNotFound", insert("Ug999999999", "x"))),
                  ("a text that is too long", lambda: refused(400, "commentTextTooLong", insert(state["thread"]["id"], "я" * 10_001))),
                  ("no text", lambda: refused(400, "commentTextRequired", insert(state["thread"]["id"], " "))),
                  ("a wrong key", lambda: refused(400, "badRequest", lambda: client(key="wrong").videos().list(part="snippet", id="v").execute())),
                  ("a wrong refresh token", wrong_refresh_token), ("the units of a day", used_up)]:
    step(what, run)
