"""Letters and digits of other scripts that look like Latin ones, where Unicode does not call them the same.

Small capitals, Cherokee, Lisu, letters in black circles and squares, and the digits of Chinese.
"""

# ruff: noqa: RUF001 - the letters that look alike are what it is about

_SMALL_CAPITALS = ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢɑɡᴦɩ", "abcdefghijklmnopqrstuvwyzagri")
_CHEROKEE = ("ᎠᎡᎢᎥᎩᎪᎫᎬᎳᎷᎻᎽᏀᏃᏎᏏᏒᏔᏙᏚᏟᏞᏢᏦᏰᏧᎾᎤᏆᏤ", "drtiyajewmhygz4brwvsclpkbdooiv")
_LISU = ("ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "bpdtgkjczfmnlsrvhwxyaeiou")
_HAN = ("零〇一二三四五六七八九两兩幺壹贰貳叁參肆伍陆陸柒捌玖", "00123456789221122334566789")
# Where a row of letters begins that has all of A to Z: in black circles, in black squares, as flags.
_ROWS = (0x1F150, 0x1F170, 0x1F1E6)


def _table() -> dict[str, str]:
    found = {chr(first + at): chr(ord("a") + at) for first in _ROWS for at in range(26)}
    for signs, plain in (_SMALL_CAPITALS, _CHEROKEE, _LISU, _HAN):
        found |= dict(zip(signs, plain, strict=True))
    found |= {chr(0x278A + at): str(at + 1) for at in range(9)}
    return found


ALIKE = _table()
HAN_DIGITS = frozenset(_HAN[0])
