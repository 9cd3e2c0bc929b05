"""The parts of a Word file that are the same for every letter: styles, settings, what it consists of."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ECMA = "http://schemas.openxmlformats.org"
WORDS = f'xmlns:w="{_ECMA}/wordprocessingml/2006/main"'
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_LINKS = f"{_ECMA}/officeDocument/2006/relationships"

# Every computer has it, or one that is as wide.
_FONT = "Times New Roman"
# Numbers of lists: the first is the one of all bullets, the numbered ones follow.
BULLETS = 1
NUMBERS = 2

_OVERRIDES = "".join(
    f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
    for name, kind in [
        ("document", "document.main"),
        ("styles", "styles"),
        ("numbering", "numbering"),
        ("settings", "settings"),
    ]
)
_CONTENT_TYPES = f"""{HEAD}<Types xmlns="{_ECMA}/package/2006/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>{_OVERRIDES}\
<Override PartName="/docProps/core.xml" \
ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"""

_PACKAGE_LINKS = f"""{HEAD}<Relationships xmlns="{_ECMA}/package/2006/relationships">\
<Relationship Id="rId1" Type="{_LINKS}/officeDocument" Target="word/document.xml"/>\
<Relationship Id="rId2" Type="{_ECMA}/package/2006/relationships/metadata/core-properties" \
Target="docProps/core.xml"/></Relationships>"""

_DOCUMENT_LINKS = (
    f'{HEAD}<Relationships xmlns="{_ECMA}/package/2006/relationships">'
    + "".join(
        f'<Relationship Id="rId{number}" Type="{_LINKS}/{name}" Target="{name}.xml"/>'
        for number, name in enumerate(("styles", "numbering", "settings"), 1)
    )
    + "</Relationships>"
)

# Whoever changes the letter in Word and saves it: their name and the time stay out of it.
_SETTINGS = f"""{HEAD}<w:settings {WORDS}><w:removePersonalInformation/><w:removeDateAndTime/>\
<w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:compat>\
<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>\
</w:compat><w:themeFontLang w:val="en-GB"/></w:settings>"""


def _style(name: str, title: str, paragraph: str, run: str = "", *, based: bool = True) -> str:
    base = '<w:basedOn w:val="Normal"/>' if based else ""
    default = "" if based else ' w:default="1"'
    properties = f"<w:rPr>{run}</w:rPr>" if run else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{name}"><w:name w:val="{title}"/>{base}'
        f"<w:qFormat/><w:pPr>{paragraph}</w:pPr>{properties}</w:style>"
    )


_STYLES = (
    f"{HEAD}<w:styles {WORDS}><w:docDefaults><w:rPrDefault><w:rPr>"
    f'<w:rFonts w:ascii="{_FONT}" w:hAnsi="{_FONT}" w:cs="{_FONT}"/><w:sz w:val="22"/><w:szCs w:val="22"/>'
    '<w:lang w:val="en-GB"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    + _style(
        "Normal",
        "Normal",
        '<w:spacing w:before="0" w:after="160" w:line="264" w:lineRule="auto"/>',
        based=False,
    )
    + _style("Sender", "Sender", '<w:ind w:left="4820"/>')
    + _style(
        "Heading1",
        "heading 1",
        '<w:keepNext/><w:spacing w:before="120" w:after="160"/><w:outlineLvl w:val="0"/>',
        "<w:b/><w:bCs/>",
    )
    + _style("ListBullet", "List Bullet", '<w:spacing w:after="80"/>')
    + _style("ListNumber", "List Number", '<w:spacing w:after="80"/>')
    + _style("Signature", "Signature", '<w:keepLines/><w:spacing w:before="800" w:after="400"/>')
    + _style("Sources", "Sources", '<w:spacing w:after="40"/>', '<w:sz w:val="17"/><w:szCs w:val="17"/>')
    + "</w:styles>"
)

FIXED = {
    "[Content_Types].xml": _CONTENT_TYPES,
    "_rels/.rels": _PACKAGE_LINKS,
    "word/_rels/document.xml.rels": _DOCUMENT_LINKS,
    "word/styles.xml": _STYLES,
    "word/settings.xml": _SETTINGS,
}


def core(title: str) -> str:
    """The properties of the file: its title, which screen readers say first, and nothing else."""
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_ECMA}/package/2006/metadata/core-properties"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></cp:coreProperties>'
    )


def numbering(numbered: Iterable[int]) -> str:
    """The lists: BULLETS, and ``numbered``, each of which counts from one."""
    counted = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for number in numbered
    )
    return (
        f"{HEAD}<w:numbering {WORDS}>{_level(0, 'bullet', '•')}{_level(1, 'decimal', '%1.')}"
        f'<w:num w:numId="{BULLETS}"><w:abstractNumId w:val="0"/></w:num>{counted}</w:numbering>'
    )


def _level(number: int, kind: str, text: str) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="454" w:hanging="340"/></w:pPr></w:lvl></w:abstractNum>'
    )
