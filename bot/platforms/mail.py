"""E-mail: how the web platform speaks to somebody who is not looking. It tells, and links; it never takes an answer."""

from __future__ import annotations

import ssl
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

from bot import i18n
from bot.chat.delivery import Delivery, Gone, Pace, Refused, Result, RetryAfter, Sent, Uncertain
from bot.text import _

log = structlog.get_logger()

FOOTER = _(
    "You get this mail because you take part through Samskab. Do not forward it: the link is yours alone.\n"
    "Write /stop on the page to hear less from us."
)


class Mail:
    """Sends through one SMTP server; `open_address` unseals where a row is to go."""

    account = "mail"

    def __init__(self, url: str, sender: str) -> None:
        self.pace = Pace(rate=10, chat_rate=1, chat_burst=5)
        self._url = urlsplit(url)
        self._sender = sender

    async def start(self) -> None:
        """Nothing to make ready: a connection is opened for each mail."""

    async def stop(self) -> None:
        """Nothing to close."""

    @property
    def finds(self) -> bool:
        """What a mail server has taken cannot be looked for."""
        return False

    async def well(self) -> bool:
        """Nothing harmless can be asked: the next mail is the question."""
        return True

    async def send(self, delivery: Delivery) -> Result:
        """Send one mail to the address in `delivery.address.chat`, already unsealed."""
        if not self._url.hostname:
            log.warning("not sent: no mail server", row=delivery.row)
            return Refused("final")
        message = compose(delivery, self._sender)
        try:
            await aiosmtplib.send(
                message,
                hostname=self._url.hostname,
                port=self._url.port or (465 if self._url.scheme == "smtps" else 587),
                username=unquote(self._url.username) if self._url.username else None,
                password=unquote(self._url.password) if self._url.password else None,
                use_tls=self._url.scheme == "smtps",
                start_tls=None if self._url.scheme == "smtp" else False,
                tls_context=ssl.create_default_context(),
                timeout=30,
            )
        except aiosmtplib.SMTPRecipientsRefused:
            return Gone()
        except (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPAuthenticationError, OSError) as error:
            log.warning("mail server out of reach", error=type(error).__name__)
            return RetryAfter()
        except aiosmtplib.SMTPResponseException as error:
            return RetryAfter() if 400 <= error.code < 500 else Refused(f"mail server answered {error.code}")
        except (aiosmtplib.SMTPException, TimeoutError):
            return Uncertain()
        return Sent(str(message["Message-ID"]))


def compose(delivery: Delivery, sender: str) -> EmailMessage:
    """A plain-text mail: the message, the link that leads to its page, and why one gets it."""
    rendered = delivery.message
    mail = EmailMessage()
    mail["From"] = sender or "Samskab <noreply@localhost>"
    mail["To"] = delivery.address.chat
    mail["Subject"] = " ".join(rendered.subject.split()) or "Samskab"
    mail["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].partition("@")[2] or "localhost")
    mail["Auto-Submitted"] = "auto-generated"
    parts = [rendered.text]
    parts += [button["label"] + ": " + button["url"] for row in rendered.buttons for button in row if "url" in button]
    if link := rendered.secrets.get("login", {}).get("value"):
        parts.append(link)
    parts.append(i18n.say(FOOTER, rendered.locale or "en"))
    mail.set_content("\n\n".join(parts))
    return mail
