"""Which e-mail addresses, sites and accounts on social media may be one's."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from desk.connections.matching import Alike, Values, same
from desk.connections.near import one_off
from desk.connections.online import PROVIDERS
from desk.connections.social import ANY, skeleton

_LONG = 8  # letters of a name from which one sign makes a slip, not another name
_TELLING = 6  # signs of a handle that two people hardly choose alike
_CROWD = 40
_MANY = 100_000  # cases among which one name of a site is as likely two firms' as one's


def emails(values: Values, cases: int) -> Iterator[Alike]:
    """Give the pairs of e-mail addresses."""
    del cases
    yield from same(values, "the same e-mail address", 0.98)
    by_host: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    by_name: dict[str, list[str]] = defaultdict(list)
    for value in sorted(values):
        name, _, host = value.partition("@")
        by_host[host][skeleton(name)].append(value)
        by_name[name].append(value)
    for names in by_host.values():
        yield from _of_host(names)
    yield from _of_name(by_name)


def _of_host(names: dict[str, list[str]]) -> Iterator[Alike]:
    for group in names.values():
        for one, other in _pairs(group):
            yield Alike(one, other, "the same e-mail address but for dots", 0.92)
    for one, other in one_off(names, fewest=5):
        for first in names[one]:
            for last in names[other]:
                yield _slip(first, last, one, other)


def _of_name(by_name: dict[str, list[str]]) -> Iterator[Alike]:
    for group in by_name.values():
        for one, other in _pairs(group[:_CROWD]):
            hosts = one.partition("@")[2], other.partition("@")[2]
            if any(True for _ in one_off(hosts)):
                yield Alike(one, other, "the same e-mail address, with a slip behind the @", 0.9)
            elif len(group[0].partition("@")[0]) >= _TELLING and set(hosts) <= PROVIDERS:
                alone = (
                    0.74
                    if any(map(str.isdigit, one.partition("@")[0])) and len(one.partition("@")[0]) > 8
                    else 0.5
                )
                yield Alike(one, other, "the same name at two e-mail services", 0.8, alone, 0.1, placed=True)


def _slip(one: str, other: str, first: str, last: str) -> Alike:
    if _digits(first) != _digits(last):
        return Alike(one, other, "e-mail addresses that one digit makes different", 0.55, 0.4, placed=True)
    alone = 0.82 if len(first) >= _LONG else 0.6
    return Alike(one, other, "the same e-mail address but for one sign", 0.9, alone, placed=True)


def webs(values: Values, cases: int) -> Iterator[Alike]:
    """Give the pairs of hosts and addresses."""
    yield from same(values, "the same web address", 0.95)
    chance = cases / _MANY
    own = sorted(value for value in values if "/" not in value)
    plain: dict[str, list[str]] = defaultdict(list)
    for value in own:
        plain[_name(value)].append(value)
    for name, group in plain.items():
        for one, other in _pairs(group[:_CROWD]):
            if _end(one) == _end(other):
                how = "the same site; one has a hyphen or a part more"
                yield Alike(one, other, how, 0.88, chance=chance / 4)
            elif len(name) >= _TELLING:
                yield Alike(
                    one,
                    other,
                    "the same name of a site with another ending",
                    0.85,
                    0.74 if len(name) >= _LONG + 2 else 0.6,
                    chance,
                    placed=True,
                )
    yield from _misspelt_sites(plain, chance / 2)


def _misspelt_sites(plain: dict[str, list[str]], chance: float) -> Iterator[Alike]:
    for first, last in one_off(plain, fewest=_LONG):
        if _digits(first) != _digits(last):
            continue
        for one in plain[first][:_CROWD]:
            for other in plain[last][:_CROWD]:
                if _end(one) == _end(other):
                    yield Alike(one, other, "the same site but for one sign", 0.88, 0.78, chance, placed=True)


def _name(host: str) -> str:
    labels = host.split(".")
    end = 2 if len(labels) > 2 and labels[-2] in ("co", "org", "me", "ltd", "com") else 1
    return labels[-end - 1].replace("-", "")


def _end(host: str) -> str:
    return host[host.replace("-", "-").find(host.split(".")[-2 if host.count(".") == 1 else -3]) :].partition(
        "."
    )[2]


def socials(values: Values, cases: int) -> Iterator[Alike]:
    """Give the pairs of accounts: of one site, of a site nobody named, of two sites."""
    del cases
    yield from (
        Alike(value, value, f"the same account{_on(value)}", 0.97, _alone(value), _chance(value))
        for value, those in values.items()
        if len(those) > 1
    )
    by_handle: dict[str, list[str]] = defaultdict(list)
    by_plain: dict[str, list[str]] = defaultdict(list)
    for value in sorted(values):
        by_handle[value.partition(":")[2]].append(value)
        by_plain[skeleton(value.partition(":")[2])].append(value)
    yield from _same_handles(by_handle)
    yield from _like_handles(by_plain)


def _same_handles(by_handle: dict[str, list[str]]) -> Iterator[Alike]:
    for handle, group in by_handle.items():
        for one, other in _pairs(group[:_CROWD]):
            if ANY in (one[0], other[0]):
                yield Alike(
                    one,
                    other,
                    "the same account name; one does not say on what site",
                    0.93,
                    _alone(one) - 0.03,
                    _chance(one),
                )
            elif len(handle) >= _TELLING:
                yield Alike(
                    one,
                    other,
                    "the same account name on two sites",
                    0.9,
                    0.8 if _odd(handle) else 0.6,
                    0.05,
                    placed=True,
                )


def _like_handles(by_plain: dict[str, list[str]]) -> Iterator[Alike]:
    for plain, group in by_plain.items():
        for one, other in _pairs(group[:_CROWD]):
            if one.partition(":")[2] != other.partition(":")[2] and len(plain) >= 5 and _goes(one, other):
                yield Alike(one, other, "the same account name but for dots and lines", 0.9, 0.85)
    for first, last in one_off(by_plain, fewest=6):
        for one in by_plain[first][:_CROWD]:
            for other in by_plain[last][:_CROWD]:
                if _goes(one, other):
                    yield _misspelt(one, other, first, last)


def _misspelt(one: str, other: str, first: str, last: str) -> Alike:
    if _digits(first) != _digits(last) and not _swapped(first, last):
        return Alike(one, other, "account names that one digit makes different", 0.6, 0.4, 0.1, placed=True)
    return Alike(
        one,
        other,
        "the same account name but for one sign",
        0.88,
        0.78 if len(first) >= _LONG else 0.55,
        0.05,
        placed=True,
    )


def _swapped(first: str, last: str) -> bool:
    # O for 0, l for 1 and the like.
    alike = str.maketrans("oilse", "01153")
    return first.translate(alike) == last.translate(alike)


def _goes(one: str, other: str) -> bool:
    return one.partition(":")[0] == other.partition(":")[0] or ANY in (one[0], other[0])


def _on(value: str) -> str:
    site = value.partition(":")[0]
    return "" if site == ANY else f" on {site}"


def _odd(handle: str) -> bool:
    return any(not char.isalpha() for char in handle) or len(handle) > 9


def _alone(value: str) -> float:
    handle = value.partition(":")[2]
    return 0.96 if len(handle) >= 5 or _odd(handle) else 0.74


def _chance(value: str) -> float:
    handle = value.partition(":")[2]
    return 0.0 if len(handle) >= _TELLING else 0.05


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _pairs(group: Iterable[str]) -> Iterator[tuple[str, str]]:
    known = sorted(group)
    for at, one in enumerate(known):
        for other in known[at + 1 :]:
            yield one, other
