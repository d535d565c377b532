"""How mail programs write what stands round a repetition: reply headers, header blocks, rules of forwards, what telephones add.

In the languages of our residents. Neighbour: quoting reads a mail's lines by it.
"""

from __future__ import annotations

import re

# "Den mån 3 jan. 2022 kl 10:11 skrev Kim Ek <kim@…>:" and its like: a verb of writing, a time or an address, a colon.
WROTE = re.compile(
    r"\b(?:skrev|wrote|writes|schrieb|schreibt|kirjoitti|skreiv|har skrevet|a écrit|escribió|ha scritto|schreef|napisał"
    r"|escreveu|şunu yazdı|napisao|geschreven|napsal|napísal|a scris|írta|ka shkruar|shkroi|έγραψε|đã viết"
    r"|написа[лв]\w{0,2}|пиш(?:е|ет)|كتب\w{0,2}|كتابة|نوشت\w{0,3})\b",
    re.IGNORECASE,
)
TIME = re.compile(r"\d{1,2}[:.]\d{2}|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\b(?:19|20)\d{2}\b")
CLOCK = re.compile(r"(?<![\d.:])\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?![.:]?\d)")
MAIL = re.compile(r"[\w.+-]+@[\w-]+|<mailto:")
WITHOUT_A_VERB = re.compile(  # "2018-01-03 10:11 GMT+01:00 Kim Ek <kim@…>:" and '03.01.2018, 10:11, "Kim Ek" <kim@…>:'
    r"^(?:\d{4}-\d\d-\d\d,? \d{1,2}[:.]\d\d\b[^<>]{0,200}|\d{1,2}[./]\d{1,2}[./]\d{4}, \d{1,2}[:.]\d\d, \"[^<>\"]{0,200}\" )"
    r"<\s?[^<>\s]{1,200}@[^<>\s]{1,200}\s?>\s?:$"
)
BETWEEN_DASHES = re.compile(
    r"^-{2,20}+\s?(\S.{3,300}?)\s?(?<!-)-{2,20}+$"
)  # "---- On Tue, 3 Jan … Kim Ek <kim@…> wrote ----"
BY_NAME = re.compile(  # "Kim Ek skrev:", and no sentence: "Ni skrev:", "Hej! Så skrev kommunen:"
    r"^(?!(?:så|ni|du|jag|vi|han|hon|hen|de|man|nu|sist|senast|you|i|we|they|he|she)\b)"
    r"[^.!?:;]{2,60} (?:skrev|wrote|schrieb|kirjoitti)\s?:$",
    re.IGNORECASE,
)
GROUPWISE = re.compile(  # ">>> Kim Ek <kim@…> 2026-03-03 09:12 >>>", with the repetition unmarked below
    r"^>>> (?=.{0,400}?\d[:.]\d\d)[^<>\n]{2,120}+(?:<[^<>\s@]{1,200}@[^<>\s]{1,200}>[^<>\n]{0,80}+)?(?<= )>>>\s*$"
)
CLOSES = re.compile(
    r"^>\s?(?:\w[\w ]{0,20})?\s?:$"
)  # of a reply header whose address was broken: "… <kim@…" and ">:"
DATED = re.compile(  # the same as Gmail writes it in Russian: day, year, time, and who; elsewhere a sentence may look so
    r"^(?=[^<>]{0,60}[\u0400-\u04ff])[^<>]{3,60}\b(?:19|20)\d\d\b[^<>]{0,30}\b\d{1,2}[:.]\d\d\b[^<>\d]{0,120}<\s?[^<>\s]{1,200}@[^<>\s]{1,200}\s?>\s?:$"
)
ADDRESSED = re.compile(
    r"(?:<\s?[^<>\s@]{1,200}@[^<>\s@]{1,200}\s?>|\b(?:av|by|von|af|par|van) [^<>\s@]{1,200}@[^<>\s@]{1,200})\s?:$"
)
QUOTING = re.compile(  # Horde's "Citerar Kim Ek <kim@…>:"
    r"^(?:citerar|citat(?: fr[åa]n)?|quoting|zitat von|citater|citando a|citation de)\b[^<>:@]{0,200}[\s<]"
    r"[^<>\s@]{1,200}@[^<>\s@]{1,200}>?\s?:$",
    re.IGNORECASE,
)
BEGINS = re.compile(  # whole words: "Maria" and "mailto:" are no Finnish Monday
    r"^(?:(?:den|på|on|am|op|le|el|il|em|dnia|dne|pe data de|vào|lúc"
    r"|(?:mån|man|tis|tirs?|ons|tors?|fre|lör|lør|sön|søn)(?:dag\w{0,2})?|(?:mon|fri|sun)(?:day)?|tue(?:s|sday)?|wed(?:nesday)?"
    r"|thu(?:rs|rsday)?|sat(?:urday)?|ma(?:anantai\w{0,2})?|ti(?:istai\w{0,2})?|ke(?:skiviikko\w{0,2})?|to(?:rstai\w{0,2})?"
    r"|pe(?:rjantai\w{0,2})?|la(?:uantai\w{0,2})?|su(?:nnuntai\w{0,2})?)\b|\d{1,4}[./ -])",
    re.IGNORECASE,
)

# The lines that Outlook and its like put above what they quote, by what they mean.
LABELS = {
    "from": "från|from|von|fra|lähettäjä|keneltä|de|da|van|od|kimden|gönderen|от|від|من|از"
    "|от кого|від кого|de la|feladó|από|saatja|šalje|nga|发件人|發件人|寄件者|寄件人|差出人",
    "sent": "skickat|sent|gesendet|sendt|lähetetty|datum|date|dato|päivämäärä|pvm|päiväys|envoyé|enviado|inviato|verzonden|skickad"
    "|enviada|enviado el|enviada em|fecha|data|wysłano|gönderildi|gönderme tarihi|tarih|отправлено|дата|надіслано"
    "|تم الإرسال|تاريخ الإرسال|التاريخ|ارسال شده|ارسال|تاریخ"
    "|envoyé le|message du|trimis|elküldve|dátum|στάλθηκε|ημερομηνία|saadetud|odesláno|poslano|poslato|dërguar"
    "|发送时间|發送時間|发送日期|寄件日期|傳送時間|日期|送信日時",
    "to": "till|to|an|til|vastaanottaja|kenelle|à|para|a|aan|do|kime|alıcı|кому|إلى|به"
    "|către|címzett|προς|adressaat|komu|prima|për|za|收件人|收件者|宛先",
    "copy": "kopia|cc|kopie|kopi|kopio|bcc|hemlig kopia|reply-to|svara till|viktigt|prioritet|importance|bilagor|attachments"
    "|dw|bilgi|копия|копія|نسخة|نسخة إلى|رونوشت|copie à|másolatot kap|抄送|副本",
    "subject": "ämne|subject|betreff|emne|aihe|objet|asunto|assunto|oggetto|onderwerp|temat|konu|тема|الموضوع|موضوع|re"
    "|sujet|subiect|tárgy|θέμα|teema|předmět|predmet|主题|主旨|主題|件名",
}
# Of the words for "sent" those that people too write above a list of their own: "Datum: 3 maj".
DAY_LABELS = frozenset(
    "datum date dato päivämäärä pvm päiväys fecha data tarih дата التاريخ تاریخ dátum ημερομηνία 日期".split()
)
MEANING = {label: meaning for meaning, labels in LABELS.items() for label in labels.split("|")}
LABEL = re.compile(
    r"^[>\s*_|\u200e\u200f\u202a-\u202e\u2066-\u2069]{0,8}([^\W\d_][\w\- ]{0,20}?)\s?\*{0,2}(?::\*{0,2}(?:\s|$|(?<=\s:))|：)"
)
RULE = re.compile(r"^[\s_\-=*–—]{0,120}$")
TITLED_RULE = re.compile(
    r"^\s*-{4,20}\s?[^\W\d_][^-\n]{2,40}-{4,20}\s*$"
)  # in a language that ORIGINAL lacks

ORIGINAL = re.compile(
    r"^[\s>*]{0,8}-{2,20}\s?(?:ursprungligt meddelande|ursprungligt brev|originalmeddelande|original message|original-nachricht"
    r"|ursprüngliche nachricht|ursprüngliche mail|original nachricht|alkuperäinen viesti|oprindelig (?:meddelelse|besked)"
    r"|opprinnelig (?:melding|e-post)"
    r"|original e-?mail|message d'origine|mensaje original|messaggio originale|oorspronkelijk bericht"
    r"|wiadomość oryginalna|orijinal mesaj|özgün ileti|исходное сообщение|الرسالة الأصلية)\s?-{2,20}[\s*]{0,8}$",
    re.IGNORECASE,
)
FORWARD_SUBJECT = re.compile(
    r"^\s*(?:vb|vbs|fw|fwd|wg|vl|tr|rv|pd|enc|ilt|i̇lt|doorst|vidarebefordrat|إعادة توجيه)\s*:", re.IGNORECASE
)
# "VS:" is sent on in Danish and Norwegian, and an answer in Finnish, whose programs name the sender in Finnish too.
FORWARD_OR_ANSWER = re.compile(r"^\s*vs\s*:", re.IGNORECASE)
FINNISH = re.compile(
    r"^[>\s*_|]{0,8}(?:lähettäjä|keneltä)\s?\*{0,2}:|\bkirjoitti\b", re.IGNORECASE | re.MULTILINE
)
# Where a forward begins that the writer sends as it is: Apple Mail's lines, and the rules of others.
FORWARDED = re.compile(
    r"^[\s>]*(?:vidarebefordrat brev|begin forwarded message|anfang der weitergeleiteten nachricht|välitetty viesti alkaa"
    r"|(?:start på )?videresendt (?:besked|melding|e-post))\s*:\s*$"
    r"|^[\s>]*-{2,20}\s?(?:forwarded message|vidarebefordrat (?:meddelande|brev)|weitergeleitete nachricht"
    r"|välitetty viesti|videresendt (?:besked|melding|meddelelse)|message transféré|mensaje reenviado|messaggio inoltrato"
    r"|mensagem (?:re)?encaminhada|doorgestuurd bericht|пересылаемое сообщение|пересланное сообщение|رسالة معاد توجيهها"
    r"|yönlendirilmiş ileti|iletilmiş mesaj)\s?-{2,20}\s*$",
    re.IGNORECASE,
)
# What mail is sent from. "Skickat från min …" without it is somebody's sentence, of their daughter say.
_DEVICE = (
    r"(?:iphone|ipad|ipod|mac(?:book|intosh)?\b|android|galaxy|samsung|huawei|honor\b|xiaomi|redmi|oppo\b|oneplus|pixel|xperia"
    r"|sony|nokia|motorola|blackberry|htc\b|windows|mobil|móvil|smart ?phone"
    r"|smarttelefon|smartfon|tele[fp]h?on|téléphone|teléfono|phone|handy|cellulare|celular|tablet|surfplatta|läsplatta|dator|laptop"
    r"|comput(?:er|adora?)|ordinateur|ordenador|device|enhet|gerät|puhelim|laittee|appareil|dispositiv|toestel|komputer|cihaz"
    r"|bilgisayar|телефон|смартфон|планшет|айфон|мобильн|мобільн|компьютер|комп['’]ютер|устройств|пристро"
    r"|هاتف|جوال|جهاز|حاسوب|[آأ]يفون|گوشی|تلفن|موبایل|رایانه)"
)
_PROGRAM = rf"(?:{_DEVICE}|outlook|mail|e-post|yahoo|proton|posta\b|poczt|почт|пошт|بريد|ایمیل)"
# Such a line is short, and has no sign of a sentence outside a link's address, but for an excuse or an offer.
_END = (
    r"(?:<https?://[^<>\s]{1,300}>|[^.,;:!?…،؛؟<]|\.(?=\w)){0,40}"
    r"(?:[.,;–-]? ?"
    r"(?:get |hämta |skaffa |(?:so )?(?:please )?(?:excuse|pardon|forgive|sorry|ursäkta|förlåt|entschuldig))[^?]{0,100})?[.!]?$"
)
_OF = r" (?!(?!windows|oneplus)\w{2,20}['’]?s )"  # whose "telephone" it is: "min dotters telefon" says something
FOOTER = re.compile(
    rf"^(?:(?:skick(?:at|ades) från mi(?:n|tt)|sent from my|sendt fra mi(?:n|tt)|gesendet von mein\w*|envoyé de(?:puis)? mon"
    rf"|enviado d[eo](?:sde)? (?:mi|meu)){_OF}(?:(?:verizon|sprint|at&t)[\w ]{{0,20}}, )?"
    rf"(?:[^\s.,;:!?…]{{1,20}} ){{0,2}}[^\s.,;:!?…]{{0,20}}?{_DEVICE}\w{{0,20}}{_END}"
    rf"|von meine[mr]{_OF}(?=.{{0,40}}?{_DEVICE})[\w -]{{1,40}} gesendet\b"
    rf"|diese nachricht wurde von meine[mr]{_OF}(?=.{{0,40}}?{_DEVICE})"
    rf"|skick(?:at|ades) från (?:outlook|mail|e-post|yahoo|samsung|proton|bluemail)\b{_END}"
    rf"|sent from (?:mail|outlook|yahoo|proton|samsung|windows)\b{_END}"
    rf"|enviado d[eo](?:sde)? (?:outlook|mail|yahoo|correo para|proton)\b{_END}"
    rf"|envoyé (?:à partir de|depuis|de) (?:outlook|mail|yahoo|courrier|proton)\b{_END}"
    rf"|(?:gesendet von|sendt fra) (?:mail|outlook|yahoo)\b{_END}"
    r"|(?:hämta outlook|skaffa outlook|get outlook for|hent outlook|få outlook|hanki outlook"
    r"|obten(?:ez|ir) outlook|télécharger outlook|obtener outlook|pobierz (?:program )?outlook|الحصول على outlook)\b"
    r"|(?:get|hämta|skaffa) bluemail\b"
    r"|(?:sent (?:with|via)|skickat (?:med|via)) \W?(?:proton|spark|bluemail|mailbird|aqua|airmail|canary|edison)\b"
    r"|gesendet mit der (?:gmx|web\.de|t-online|telekom)\b|outlook für \w+ (?:beziehen|herunterladen)\b"
    r"|verzonden met \W?proton\b)"
    rf"|^(?=.{{0,60}}?{_PROGRAM})(?:lähetetty (?:[\w-]{{1,20}} ){{0,3}}[\w-]{{1,30}}st[aä](?:ni)?|inviato da|verzonden (?:vanaf|met)"
    r"|wysłan[eoy] z|отправлено (?:с|из)|надіслано (?:з|із)|[\w-]{1,20}['’]\w{1,8} gönderildi|أُ?رسلت من|تم الإرسال من|ارسال شده از)\b"
    r"(?:<https?://[^<>\s]{1,300}>|[^.,;:!?…،؛؟<]|\.(?=\w)){0,40}$",
    re.IGNORECASE,
)
DASHES = frozenset({"--", "-- ", "—", "– –"})
LIST_RULE = re.compile(r"^_{20,120}\s*$")
LIST_WORDS = re.compile(  # what a mailing list writes below its rule
    r"mailing ?list|e-postlista|sändlista|listinfo|unsubscribe|avprenumerera|sluta prenumerera|postituslista|abbestellen|abmelden",
    re.IGNORECASE,
)
