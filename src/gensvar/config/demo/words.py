"""Turns a scene of the script into the bytes that would really have come: a mail, or a posted form."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from PIL import Image, ImageDraw

from gensvar.config.demo.script import Scene
from gensvar.core import clock


def picture() -> bytes:
    """A small drawn picture (a street with snow), so that no photograph of anybody's is needed."""
    canvas = Image.new("RGB", (640, 420), (190, 205, 220))
    pen = ImageDraw.Draw(canvas)
    pen.rectangle((0, 260, 640, 420), fill=(238, 242, 246))
    pen.polygon(((220, 420), (300, 260), (340, 260), (420, 420)), fill=(120, 125, 130))
    for left, tall in ((40, 120), (130, 90), (440, 110), (540, 140)):
        pen.rectangle((left, 260 - tall, left + 70, 260), fill=(150, 60, 50))
        pen.polygon(
            ((left - 8, 260 - tall), (left + 35, 225 - tall), (left + 78, 260 - tall)), fill=(70, 70, 80)
        )
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=80)
    return out.getvalue()


def mail(scene: Scene, text: str = "", *, in_reply_to: str = "", to: str = "") -> bytes:
    """A mail from the scene's resident, with line ends as on the wire."""
    message = EmailMessage()
    message["From"] = formataddr((scene.name, scene.address))
    message["To"] = to or scene.to
    message["Subject"] = ("Sv: " if in_reply_to else "") + (scene.subject or "(inget ämne)")
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{uuid.uuid4()}@{scene.address.rpartition('@')[2]}>"
    if in_reply_to:
        message["In-Reply-To"] = f"<{in_reply_to}>"
        message["References"] = f"<{in_reply_to}>"
    message.set_content(text or scene.text)
    if scene.picture and not in_reply_to:
        message.add_attachment(picture(), maintype="image", subtype="jpeg", filename="bild.jpg")
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def form(scene: Scene, text: str = "", *, token: str = "") -> bytes:
    """A form posted by the scene's resident: content type, empty line, body."""
    fields = {
        "text": text or scene.text,
        "subject": "" if token else scene.subject,
        "name": scene.name,
        "email": scene.address,
        "place": scene.place,
        "answer_by": scene.answer_by,
        "language": scene.language,
        "form_id": uuid.uuid4().hex,
        "token": token,
    }
    if scene.may_publish:
        fields["may_publish"] = "on"
    if scene.show_name:
        fields["show_name"] = "on"
    return posted(fields, picture() if scene.picture and not token else None)


def posted(fields: Mapping[str, str], jpeg: bytes | None = None) -> bytes:
    """A form as a browser posts it, with a picture where one is given: content type, empty line, body."""
    boundary = f"demo{uuid.uuid4().hex}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if jpeg is not None:
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="bild.jpg"\r\n'
            "Content-Type: image/jpeg\r\n\r\n".encode()
            + jpeg
            + b"\r\n"
        )
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    return f"Content-Type: multipart/form-data; boundary={boundary}\r\n\r\n".encode() + body
