"""An SMTP server (aiosmtpd) that hands letters for example.test to Dovecot over LMTP, with faults on request.

usage: mail.py SMTP_PORT LMTP_PORT CERTIFICATE KEY PROVIDER_PORT

Signing in is asked for: any name, password "secret", or a token of the provider (oauth.py) by XOAUTH2 or OAUTHBEARER. A letter for one of these addresses meets a fault:

    lost-answer@…     is delivered, and the connection is cut instead of the answer to DATA
    lost-letter@…     is not delivered, and the connection is cut at the same place
    greylisted@…      450 at RCPT TO
    nobody@…          550 at RCPT TO
    spam@…            554 after DATA

Each fault befalls a Message-ID once; the next try goes through. Every delivery is written to standard output as a line.
"""

import asyncio
import base64
import email
import json
import re
import smtplib
import ssl
import sys
import urllib.parse
import urllib.request

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

smtp_port, lmtp_port, certificate, key = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
whose = f"http://127.0.0.1:{sys.argv[5]}/o/introspect/"


class Handler:
    def __init__(self):
        self.struck = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such person"
        if address.startswith("greylisted@") and address not in self.struck:
            self.struck.add(address)
            return "450 4.2.0 come again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = str(email.message_from_bytes(envelope.content)["Message-ID"])
        first = {word: next((to for to in envelope.rcpt_tos if to.startswith(word)), None) for word in ("lost-answer@", "lost-letter@", "spam@")}
        fault = next((word for word, to in first.items() if to), None)
        if fault and name in self.struck:
            fault = None
        if fault:
            self.struck.add(name)
        if fault == "spam@":
            return "554 5.7.1 looks like spam"
        if fault != "lost-letter@":
            await asyncio.get_running_loop().run_in_executor(None, self.deliver, envelope, name)
        if fault:
            server.transport.abort()
        return "250 2.0.0 taken"

    async def auth_XOAUTH2(self, server, args):
        return await self.by_token(server, args, re.compile(r"user=([^\x01]*)\x01auth=Bearer ([^\x01]*)\x01\x01"))

    async def auth_OAUTHBEARER(self, server, args):
        return await self.by_token(server, args, re.compile(r"n,a=([^,]*),\x01(?:[^\x01]*\x01)*?auth=Bearer ([^\x01]*)\x01\x01"))

    async def by_token(self, server, args, form):
        said = form.fullmatch(base64.b64decode(args[1]).decode())
        name = await asyncio.get_running_loop().run_in_executor(None, introspect, said[2]) if said else None
        if name and name == said[1].split("@")[0]:
            return AuthResult(success=True)
        # The reason first; the refusal when it was read.
        await server.challenge_auth(json.dumps({"status": "400", "schemes": "Bearer"}))
        return AuthResult(success=False, handled=False)

    def deliver(self, envelope, name):
        with smtplib.LMTP("127.0.0.1", lmtp_port) as lmtp:
            for to in envelope.rcpt_tos:
                lmtp.sendmail(envelope.mail_from, [to], envelope.original_content)
                print("delivered", name, to, flush=True)


def introspect(token):
    """Whose the token is, if it is good."""
    known = base64.b64encode(b"mail:mail secret").decode()
    form = urllib.parse.urlencode({"token": token}).encode()
    request = urllib.request.Request(whose, form, {"authorization": f"Basic {known}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        said = json.load(answer)
    return said.get("username") if said.get("active") else None


def check(server, session, envelope, mechanism, data):
    return AuthResult(success=data.password == b"secret")


class Server(Controller):
    def factory(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return SMTP(self.handler, hostname="mail.example.test", tls_context=context, authenticator=check,
                    auth_required=True, auth_require_tls=False, enable_SMTPUTF8=False)


controller = Server(Handler(), hostname="127.0.0.1", port=smtp_port)
controller.start()
asyncio.new_event_loop().run_forever()
