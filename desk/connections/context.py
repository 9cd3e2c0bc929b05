"""Where each case plays: towns and first halves of postcodes, which bear a link out or speak against it."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from desk.connections.mention import Kind, Mention
from desk.connections.towns import AREA_OF, LONDON, NEAR

_MOST_OF_ALL = 0.25  # a word that stands in more of the cases is none that tells a place
_NEARLY_ALL = 0.6  # a place that more of the cases name bears nothing out
_FEW = 5
_STRONGEST = 60.0
AGAINST = 0.04


class Context:
    """The places of every case, and how telling each is."""

    def __init__(self, mentions: Iterable[Mention], cases: int) -> None:
        self.cases = max(cases, 1)
        sure: dict[str, set[str]] = defaultdict(set)
        perhaps: dict[str, set[str]] = defaultdict(set)
        self._areas: dict[str, set[str]] = defaultdict(set)
        for mention in mentions:
            if mention.kind is not Kind.PLACE:
                continue
            if mention.more.get("as") == "perhaps":
                perhaps[mention.case].add(mention.value)
                continue
            sure[mention.case].add(mention.value)
            if area := _area(mention.value):
                self._areas[mention.case].add(area)
        counts = Counter(place for places in (*sure.values(), *perhaps.values()) for place in places)
        self._invented = {
            place: count
            for place, count in counts.items()
            if place not in AREA_OF and 2 <= count <= max(3, _MOST_OF_ALL * cases)
        }
        self._places = {case: frozenset(places) for case, places in sure.items()}
        for case, places in perhaps.items():
            known = {place for place in places if place in self._invented}
            self._places[case] = self._places.get(case, frozenset()) | known
        self._counts = counts
        self._area_counts = Counter(area for areas in self._areas.values() for area in areas)

    def bears(self, a: str, b: str) -> tuple[float, str]:
        """Give how many times likelier it is that two cases speak of one thing, by where they play, and the
        place that both name, or nothing.
        """
        mine, theirs = self._places.get(a, frozenset()), self._places.get(b, frozenset())
        if shared := mine & theirs:
            best = min(shared, key=lambda place: (self._counts[place], place))
            return self._weight(self._counts[best]), best
        areas, others = self._areas.get(a, set()), self._areas.get(b, set())
        if both := areas & others:
            best = min(both, key=lambda area: (self._area_counts[area], area))
            return self._weight(self._area_counts[best]), f"the postcode area {best}" if len(
                best
            ) < 3 else best
        if areas and others:
            if ("LONDON" in areas and others & LONDON) or ("LONDON" in others and areas & LONDON):
                return 1.0, ""
            if any(not others.isdisjoint(NEAR.get(area, ())) for area in areas):
                return 1.0, ""
            return AGAINST, ""
        # Two small places that nobody here knows by name may lie side by side.
        return (0.6, "") if mine and theirs and not areas and not others else (1.0, "")

    def _weight(self, count: int) -> float:
        if self.cases > _FEW and count > _NEARLY_ALL * self.cases:
            return 1.0
        return max(1.5, min(_STRONGEST, self.cases / count)) if self.cases > 4 * _FEW else 5.0


def _area(place: str) -> str:
    if place in AREA_OF:
        return AREA_OF[place]
    return "".join(sign for sign in place[:2] if sign.isalpha()) if place.isupper() else ""
