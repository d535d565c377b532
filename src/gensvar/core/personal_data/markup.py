"""Tags that stand in a text: what an eye does not see between the letters of a name, and what breaks a line.

A tag that may carry a datum (an address in a link) is none of these; it stays text. Neighbour: `reading` asks here.
"""

from __future__ import annotations

_INLINE = "abbr|a|bdi|bdo|big|b|cite|code|del|em|font|ins|i|kbd|mark|nobr|q|samp|small|span|strike|strong|sub|sup|s|tt|u|var|wbr"
_BLOCKS = (
    "address|article|aside|blockquote|body|br|center|dd|div|dl|dt|footer|h[1-6]|header|hr|html|li|main|ol|p|pre|section|table"
    "|tbody|td|tfoot|thead|th|tr|ul"
)
_LOOKS = (
    r"(?:\s{1,3}(?:align|bgcolor|border|class|color|dir|face|height|id|lang|size|style|valign|width)"
    r"\s?=\s?(?:\"[^\"<>@\n]{0,300}\"|'[^'<>@\n]{0,300}'|[\w#.%-]{1,40})){0,6}"
)
UNSEEN = rf"(?P<unseen></?(?:{_INLINE}){_LOOKS}\s?/?>|<!--(?:[^<>@\n]){{0,200}}-->)"
BREAK = rf"(?P<break></?(?:{_BLOCKS}){_LOOKS}\s?/?>)"
