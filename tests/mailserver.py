"""A real SMTP server for tests: it keeps what it took, refuses what it is told to, and can be down."""

import asyncio
import threading
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from tests.servers import PATIENCE_SECONDS, find_free_port


class MailServer:
    """A server on a free loopback port. `received` holds the messages, `refusals` one answer for each next mail."""

    def __init__(self):
        self.port = find_free_port()
        self.received, self.rcpt_replies, self.data_replies = [], [], []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.controller = None

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def start(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=PATIENCE_SECONDS)
        self.controller.start()

    def stop(self):
        self.may_answer.set()
        if self.controller:
            self.controller.stop()
            self.controller = None

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802
        if self.rcpt_replies:
            return self.rcpt_replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.data_replies:
            return self.data_replies.pop(0)
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        # The mail is here, and the worker does not know it yet: where a test kills it.
        await asyncio.get_running_loop().run_in_executor(None, self.may_answer.wait)
        return "250 OK"
