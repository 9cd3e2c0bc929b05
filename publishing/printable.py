"""Which characters a PDF can show: those of the fonts that come with typst, and no others.

Latin, Greek, Cyrillic and Hebrew are in Libertinus Serif, Armenian and Georgian in New Computer Modern,
Arabic and Persian in DejaVu Sans Mono. Not Chinese, not emoji, not scripts whose letters join in ways these
fonts do not know: for them the Word file is right, which takes its fonts from the reader's computer.
"""

# The characters of those fonts, in hexadecimal. A test has typst set every one of them.
_RANGES = """
20-7e a0-ac ae-2e4 2ea-34e 350-36f 374-375 37a-37e 384-38a 38c 38e-3a1 3a3-3ce 3d0-3e1 3f0-3f6 3f8-3f9 3fb
3fd-477 47c-47f 483 48c-4c4 4c7-4cc 4d0-4f9 531-556 559-58a 58d-58f 5b0-5c3 5c6 5d0-5ea 5f0-5f4 606-607
609-60a 60c 615 61b 61f 621-63a 640-655 65a 660-66d 674 679-67b 67e-680 683-684 686-687 691 698 6a4 6a9
6af 6be 6cc 6f0-6f9 10d0-10ff 1e00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d
1f80-1fb4 1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4 1ff6-1ffe 2000-200a 2010-2027 202f-2037
2039-203e 2042 2044 2047-204b 204f 2070-2071 2074-208e 2090-209c 20a2-20a4 20a7-20a8 20ab-20ac 20af 20b1
20b9 20bf 2100-2103 2105-2106 2109 210c-210f 2111 2113 2115-2116 2119-211a 211c-211d 2120 2122 2124
2126-2127 212e 2132 2135-2139 214f 2153-2184 fb20 fb29-fb36 fb38-fb3c fb3e fb40-fb41 fb43-fb44 fb46-fb4e
"""


def _read(ranges: str) -> frozenset[str]:
    found: set[str] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        found.update(chr(code) for code in range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


PRINTABLE = _read(_RANGES)


def missing(text: str) -> list[str]:
    """Give the characters of ``text`` that a PDF cannot show, each once, in their order."""
    return [sign for sign in dict.fromkeys(text) if sign not in PRINTABLE]
