"""What google-api-python-client can do against the emulator of Google Play; a line `ok|FAILED<TAB>what<TAB>found` for each."""
import sys
from google.auth.exceptions import RefreshError
from google.oauth2 import service_account
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from steps import base, control, expect, step

key = open(sys.argv[2]).read()
APP = "example.place1"


def client(email="robot@project.example"):
    info = {"type": "service_account", "client_email": email, "private_key": key, "private_key_id": "K2", "token_uri": base + "/token"}
    credentials = service_account.Credentials.from_service_account_info(info, scopes=["https://www.googleapis.com/auth/androidpublisher"])
    return build("androidpublisher", "v3", credentials=credentials, client_options={"api_endpoint": base + "/"}, static_discovery=True).reviews()


def refused(status, reason, call):
    try:
        call()
    except HttpError as failure:
        expect((failure.status_code, failure.error_details[0]["reason"]), (status, reason))
        return f"{status} {reason}"
    raise AssertionError("it was accepted")


reviews = client()
state = {}


def first():
    found = reviews.list(packageName=APP, maxResults=5).execute()
    state["next"], state["review"] = found["tokenPagination"]["nextPageToken"], found["reviews"][0]
    return f"{len(found['reviews'])} reviews, {state['review']['comments'][0]['userComment']['starRating']} stars first"


def all_pages():
    found, token = [], None
    while True:
        page = reviews.list(packageName=APP, maxResults=100, token=token).execute()
        found += page["reviews"]
        token = page.get("tokenPagination", {}).get("nextPageToken")
        if not token:
            break
    expect(len({review["reviewId"] for review in found}), len(found))
    return f"{len(found)} reviews of a week"


def next_page():
    found = reviews.list(packageName=APP, maxResults=5, token=state["next"]).execute()["reviews"]
    assert state["review"]["reviewId"] not in [review["reviewId"] for review in found]
    return f"{len(found)} more"


def get():
    return expect(reviews.get(packageName=APP, reviewId=state["review"]["reviewId"]).execute(), state["review"])["reviewId"]


def say(text, review=None):
    return reviews.reply(packageName=APP, reviewId=review or state["review"]["reviewId"], body={"replyText": text}).execute()


def answer():
    return expect(say("Спасибо, исправим & напишем")["result"]["replyText"], "Спасибо, исправим & напишем")


def answered():
    comments = reviews.get(packageName=APP, reviewId=state["review"]["reviewId"]).execute()["comments"]
    return expect([comment["developerComment"]["text"] for comment in comments if "developerComment" in comment], ["Спасибо, исправим & напишем"])[0]


def written_over():
    say("Исправили в 2.1")
    comments = reviews.get(packageName=APP, reviewId=state["review"]["reviewId"]).execute()["comments"]
    return expect([comment["developerComment"]["text"] for comment in comments if "developerComment" in comment], ["Исправили в 2.1"])[0]


def twice():
    return expect(say("Исправили в 2.1")["result"]["replyText"], say("Исправили в 2.1")["result"]["replyText"])


def expired():
    control("/_faults", {"next": 1, "kinds": ["expired_token"]})
    try:
        found = reviews.get(packageName=APP, reviewId=state["review"]["reviewId"]).execute()
        return f"a new token is made: {expect(found['reviewId'], state['review']['reviewId'])}"
    finally:
        control("/_faults", {})


def stranger():
    try:
        client("nobody@else.example").list(packageName=APP).execute()
    except RefreshError as failure:
        return str(failure)[:80]
    raise AssertionError("it was accepted")


for what, run in [("reviews.list", first), ("reviews.list, the next page", next_page), ("reviews.list, all pages", all_pages), ("reviews.get", get),
                  ("reviews.reply", answer), ("the answer at the review", answered), ("an answer that is written over", written_over),
                  ("the same answer twice", twice), ("a token that ended", expired),
                  ("a text that is too long", lambda: refused(400, "invalid", lambda: say("я" * 351))),
                  ("no text", lambda: refused(400, "invalid", lambda: say(" "))),
                  ("a review that is not there", lambda: refused(404, "reviewNotFound", lambda: say("x", "gp:AOqpTO-99999999"))),
                  ("an app of others", lambda: refused(403, "permissionDenied", lambda: reviews.list(packageName="com.other.app").execute())),
                  ("a service account nobody invited", stranger)]:
    step(what, run)
