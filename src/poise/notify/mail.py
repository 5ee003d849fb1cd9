"""Mail: a message as text and as HTML, and its way over SMTP."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Iterator
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from poise.model.notice import Item, Notice, Section
from poise.model.text import printable
from poise.notify.delivery import MailSecurity, MailServer, NotDelivered

WIDTH = 78
COLOURS = {"critical": "#a40e26", "high": "#b35900", "medium": "#7d6608", "low": "#57606a"}
"""Level -> colour of its word, readable on white; the word says the same."""


def message_of(notice: Notice, to: str, sender: str, key: str) -> EmailMessage:
    """Return the mail of a message. The same key gives the same `Message-ID`.

    Raises :class:`NotDelivered`, final, for an address that no mail can bear.
    """
    made = EmailMessage()
    domain = sender.rpartition("@")[2]
    made["Subject"] = _plain(notice.subject)
    made["From"] = _address(sender, "Poise")
    made["To"] = _address(to)
    made["Date"] = format_datetime(notice.made_at)
    made["Message-ID"] = f"<{hashlib.sha256(f'{key} {to}'.encode()).hexdigest()[:32]}@{domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content("\n".join(text_lines(notice)) + "\n")
    made.add_alternative("\n".join(_html(notice)) + "\n", subtype="html")
    return made


def _address(text: str, name: str = "") -> Address:
    try:
        return Address(name, addr_spec=text)
    except (ValueError, MessageError, IndexError) as problem:
        raise NotDelivered(f"{text!r} is no mail address.", is_final=True) from problem


def text_lines(notice: Notice) -> Iterator[str]:
    """Yield a message as lines of text."""
    yield _plain(notice.lead)
    for section in notice.sections:
        title = _plain(section.title)
        yield from ("", title, "-" * min(len(title), WIDTH))
        for item in section.items:
            yield f"* {item.level}: {_plain(item.title)}"
            yield f"  {_plain(item.where)}" + (f" ({_plain(item.note)})" if item.note else "")
            if item.link:
                yield f"  {item.link}"
        if section.more:
            yield f"and {section.more:,} more"
    if notice.link:
        yield from ("", f"All of it: {notice.link}")


def _html(notice: Notice) -> Iterator[str]:
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8"></head>'
    yield '<body style="font-family:sans-serif;font-size:15px;line-height:1.45;color:#1f2328;max-width:44em">'
    yield f"<p>{_safe(notice.lead)}</p>"
    for section in notice.sections:
        yield from _html_section(section)
    if notice.link:
        yield f'<p><a href="{escape(notice.link)}">Open in Poise</a></p>'
    yield "</body></html>"


def _html_section(section: Section) -> Iterator[str]:
    yield f'<h2 style="font-size:17px">{_safe(section.title)}</h2><ul style="padding-left:1.2em">'
    yield from (_html_item(item) for item in section.items)
    if section.more:
        yield f"<li>and {section.more:,} more</li>"
    yield "</ul>"


def _html_item(item: Item) -> str:
    title = _safe(item.title)
    shown = f'<a href="{escape(item.link)}">{title}</a>' if item.link else title
    colour = COLOURS.get(item.level, "#57606a")
    note = f" ({_safe(item.note)})" if item.note else ""
    return f'<li><strong style="color:{colour}">{_safe(item.level)}</strong>: {shown}<br>{_safe(item.where)}{note}</li>'


def _plain(text: str) -> str:
    return " ".join(printable(text).split())


def _safe(text: str) -> str:
    return escape(_plain(text))


def send(server: MailServer, message: EmailMessage, to: str) -> None:
    """Hand a mail to the server. Raises :class:`NotDelivered`: final for a receiver that the server knows not to be."""
    try:
        with _connected(server) as connection:
            if server.user:
                connection.login(server.user, server.password)
            connection.send_message(message, server.sender, [to])
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        raise NotDelivered(f"The mail server refuses {to}: {_said(code, words)}.", is_final=code >= 500) from refused
    except smtplib.SMTPAuthenticationError as refused:
        what = f"The mail server refuses the user {server.user}: {_said(refused.smtp_code, b'')}."
        raise NotDelivered(what, "Check mail.user and the password.") from refused
    except smtplib.SMTPResponseException as refused:
        said = _said(refused.smtp_code, refused.smtp_error)
        is_final = refused.smtp_code >= 500 and isinstance(refused, smtplib.SMTPDataError)
        raise NotDelivered(f"The mail server refuses the mail: {said}.", is_final=is_final) from refused
    except smtplib.SMTPNotSupportedError as lacking:
        what = f"The mail server {server.host} does not offer what is needed: {lacking}."
        raise NotDelivered(what, "Set mail.security to what it offers.") from lacking
    except (smtplib.SMTPException, OSError, ValueError) as problem:
        raise NotDelivered(
            f"The mail server {server.host}:{server.port} failed: {type(problem).__name__}."
        ) from problem


def _connected(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=server.ca_file or None)
    if server.security is MailSecurity.TLS:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout_s, context=context)
    connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
    if server.security is MailSecurity.STARTTLS:
        try:
            connection.starttls(context=context)
        except BaseException:
            connection.close()
            raise
    return connection


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {_plain(text)[:200]}".strip()
