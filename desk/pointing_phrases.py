"""English words that say, between the lines, who wrote them: patterns, each with why it may point to them.

Wide on purpose: who is in danger by a referral is the source, and a mark too many costs a click.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_KIN = (
    "wife|husband|partner|fianc[eé]e?|girlfriend|boyfriend|ex|mother|mum|mam|mom|father|dad"
    "|parents?|family|brothers?|"
    "sisters?|sons?|daughters?|child|children|kids?|baby|boys?|girls?|lad|uncle|aunt(?:ie|y)?"
    "|cousins?|nephews?|"
    "nieces?|gran|nan|grand\\w+|step\\w+|in-laws?|neighbours?|neighbors?|friends?|mates?|best mate"
    "|flatmates?|"
    "housemates?|room-?mates?|carers?"
)
_WORK = (
    "boss|bosses|manager|supervisor|gaffer|foreman|employer|employee|staff|team|colleagues?"
    "|workmates?|co-?workers?|"
    "clients?|patients?|pupils?|students?|tenants?|customers?|landlord|landlady|teacher|doctor|gp"
    "|nurse|solicitor|"
    "lawyer|counsellor|social worker|support worker|probation officer|priest|imam|vicar|pastor|work"
    "|job|shifts?|"
    "office|workplace|company|firm|business|shop|factory|site|agency|wages?|pay|payslips?|contract"
    "|round|route|van|"
    "lorry|cab|taxi"
)
_HOME = (
    "house|home|flat|room|bedroom|kitchen|window|garden|yard|drive|door|balcony|street|road|lane"
    "|close|estate|block|"
    "building|stairs?|landing|village|hostel|caravan|place|address|postcode|school|college"
    "|university|church|mosque|"
    "temple|gurdwara|synagogue|gym|club|bus stop|dog"
)
_JOBS = (
    "nurse|midwife|doctor|gp|paramedic|carer|care worker|support worker|social worker|health"
    " visitor|teacher|"
    "head ?teacher|teaching assistant|youth worker|nanny|childminder|cleaner|receptionist|caretaker"
    "|janitor|"
    "security guard|doorman|bouncer|bar ?maid|bar ?man|bartender|waiter|waitress|chef|cook|cashier"
    "|bookkeeper|"
    "accountant|estate agent|letting agent|housing officer|post ?man|post ?woman|postie|courier"
    "|delivery driver|"
    "taxi driver|bus driver|lorry driver|train driver|bin ?man|gas engineer|engineer|electrician"
    "|plumber|builder|"
    "scaffolder|roofer|decorator|gardener|farm ?hand|fruit picker|picker|packer|warehouse worker"
    "|forklift driver|"
    "interpreter|translator|priest|imam|vicar|pastor|pharmacist|vet|dentist|police officer|pcso"
    "|special constable|"
    "prison officer|probation officer|magistrate|councillor|council officer|inspector|auditor"
    "|solicitor|barrister|"
    "paralegal|journalist|student|apprentice|intern|volunteer|hairdresser|barber|nail technician|beautician"
)
_SENSES = (
    "saw|seen|see|watched|watch|heard|hear|overheard|witnessed|noticed|spotted|counted|followed"
    "|filmed|photographed|"
    "recorded|found|opened|smelt|smelled|met|spoke|talked|asked|told|walked|drove|looked|went|was"
    " (?:there|standing|"
    "sitting|walking|driving|parked|waiting|working|present|inside|outside|woken|told|asked|shown"
    "|given|invited)"
)
_DONE_TO = (
    "hit|beat|beaten|hurt|threaten\\w*|rap\\w+|attack\\w*|forc\\w+|mak\\w+|made|lock\\w*|held|kept"
    "|[ps]aid|sold|owes?|"
    "took|tak\\w+|drove|brought|told|asked|showed|gave|offered|sent|warned|trust\\w*|knows?"
    "|recogni[sz]\\w+|follow\\w*"
)


class Phrase(NamedTuple):
    """A pattern and what it may tell of who wrote it; ``anywhere``: also in answers about other people."""

    pattern: re.Pattern[str]
    why: str
    anywhere: bool = True


def _phrase(pattern: str, why: str, *, anywhere: bool = True, flags: re.RegexFlag = re.IGNORECASE) -> Phrase:
    return Phrase(
        re.compile(pattern.replace(" ?", r"\s*").replace(" ", r"\s+").replace("'", "['’]"), flags),
        why,
        anywhere,
    )


PHRASES: tuple[Phrase, ...] = (
    _phrase(
        r"\bmy (?:full |first |last |real )?name(?:'s| is| was)?\b(?: [^\W\d_][\w'-]*){0,3}"
        r"|\bi'?(?: a)?m (?:called|named|known as)\b(?: [\w'-]+){0,2}|\bcall me\b(?: [\w'-]+)?|\bsigned\b",
        "it says, or may say, the source’s name",
    ),
    _phrase(
        r"\bmy (?:mobile|tele ?phone|phone|number|e-?mail|whats ?app|signal|telegram|insta\w*"
        r"|facebook|snap\w*|handle|"
        r"user ?name|account|address|postcode|date of birth|dob|age)\b"
        r"|\b(?:call|contact|reach|ring|phone|text|message|e-?mail|dm|write to|reply to|speak to|talk to"
        r"|get hold of) me\b",
        "it says how to reach the source, or who they are",
    ),
    _phrase(
        r"\b(?:next door|across the road|over the road|opposite|upstairs|downstairs|above|below"
        r"|behind|beside|near|"
        r"close|next) (?:to |from |of )?(?:me|us|mine|ours|where (?:i|we) \w+)\b"
        r"|\b(?:i|we)(?:'ve| have|'d| had)? (?:used to )?(?:live|lived|stay|stayed|rent|rented|own"
        r"|owned|moved|grew up)\b"
        rf"|\b(?:my|our)(?: \w+)? (?:{_HOME})\b|\bmy (?:own )?neighbou?rhood\b|\bnext[- ]?door\b",
        "it says where the source lives, or from where they see it",
    ),
    _phrase(
        rf"\b(?:my|our)(?: \w+)? (?:{_KIN})\b|\b(?:a|one) (?:friend|relative|cousin|neighbour|mate)"
        rf" of (?:mine|ours)\b",
        "it names somebody close to the source",
    ),
    _phrase(
        rf"\b(?:my|our)(?: \w+)? (?:{_WORK})\b|\b(?:i|we)(?:'ve| have|'d| had)? (?:used to |also |still )?"
        r"(?:work|worked|working|started|quit|left|resigned|volunteer|volunteered|deliver|delivered"
        r"|clean|cleaned|"
        r"drive for|drove for|manage|managed|ran|run)\b"
        r"|\b(?:i|we)(?:'m| am|'re| are|'ve been| was| were| got| had been| have been) "
        r"(?:working|employed|hired|sacked|fired|paid|self-employed|an? employee)\b"
        r"|\bwhe(?:n|re) i (?:work|worked|used to)\b",
        "it says where the source works or worked, or for whom",
    ),
    _phrase(
        rf"\b(?:i'm|i am|i was|being|as) (?:an? |the |one of the )(?:\w+ ){{0,2}}?(?:{_JOBS})s?\b",
        "it says what the source does for a living",
    ),
    _phrase(
        r"\b(?:i'm|i am|i was|i've been)(?: the| an?)? (?:\w+ )?(?:only|first|last|youngest|oldest"
        r"|new|one)\b"
        r"|\bonly (?:i|me|us|we|(?:\d+|one|two|three|four|five|six|a few|a handful|some) of (?:us"
        r"|them|the \w+))\b"
        r"(?: \w+){0,3}"
        r"|\b(?:no ?body|no-?one|no one|none)(?: else)? (?:else )?(?:knows?|knew|saw|seen|was"
        r" (?:there|told)|has seen)\b"
        r"|\b(?:apart|aside) from (?:me|us|myself)\b|\b(?:besides|except(?: for)?|other than) (?:me"
        r"|us|myself)\b"
        r"|\bjust (?:me|us|the (?:two|three|four) of us)\b|\b(?:few|not many) (?:people )?(?:knows?|knew)\b"
        r"|\b(?:the )?(?:two|three|four) of us\b|\bonly (?:one|person) who\b|\bbetween (?:us|you and me)\b",
        "only one or a few people can know it or fit it",
    ),
    _phrase(
        rf"\b(?:i|we)(?:'ve| have|'d| had)? (?:(?:\w+ly|also|just|once|even|then|never) "
        rf"){{0,2}}?(?:{_SENSES})\b"
        r"|\bwith my own (?:eyes|ears)\b|\b(?:i|we) took (?:an? |the |some |this |these )?(?:photo"
        r"|picture|video|film|note)\w*"
        r"|\b(?:i|we) (?:was|were) (?:there|present)\b",
        "it says that the source was there",
    ),
    _phrase(
        rf"\b(?:{_DONE_TO}) (?:me|us)\b|\bto (?:me|us)\b|\bin front of (?:me|us)\b|\bhappened to"
        rf" (?:me|us)\b"
        r"|\b(?:i|we)(?:'m| am| was|'re| were|'ve been| have been| had been| got| had to| owe[ds]?|"
        r" escaped| ran away| "
        r"refused| paid| bought| borrowed| delivered| carried)\b",
        "somebody in it would know that it is about the source",
    ),
    _phrase(
        r"\b(?:[01]?\d|2[0-3])[:.][0-5]\d(?: ?[ap]\.?m\b\.?|\b)|\b[01]\d[0-5]\d ?(?:hrs|hours)\b"
        r"|\b(?:quarter|half|\w+ minutes?) (?:past|to) \w+\b|\b\d{1,2} (?:minutes|mins) (?:later"
        r"|before|after)\b",
        "so exact a time is known only to who was there",
    ),
    _phrase(
        r"\b(?:yesterday|today|tonight|this (?:morning|afternoon|evening)|last night"
        r"|the other (?:day|night)|just now|right now"
        r"|(?:an?|one|two|three|few|\d+) (?:minutes?|mins?|hours?|hrs?|days?|nights?) ago)\b",
        "together with when it was sent, it tells when the source was there",
    ),
    _phrase(
        r"\bthe only (?:\w+ )?(?:one|person|man|woman|girl|boy|child|member|employee|worker|driver"
        r"|nurse|tenant|resident|"
        r"witness|customer|guest|passenger|foreigner|\w+ speaker)\b"
        r"|\bthe (?:youngest|oldest|eldest|pregnant|deaf|blind|disabled|new) (?:one|girl|boy|man"
        r"|woman|person)\b",
        "only one person fits it",
    ),
    _phrase(
        rf"\b(?:the |an? |another )(?:\w+ )?(?:{_JOBS})\b",
        "a job that few people there have: it could be the source’s, or point to who told them",
        anywhere=False,
    ),
)  # fmt: skip
_FIRST = re.compile(
    r"\b(?:I|me|my|mine|myself|we|us|our|ours|ourselves|i)\b(?:['’](?:m|ve|d|ll|re))?(?:\s+[\w'’-]+){0,4}"
)
_MEANS_LITTLE = re.compile(
    r"(?:i|we)\s+(?:think|believe|guess|suppose|hope|don['’]t know|do not know|am not sure|want"
    r"|would like|can['’]?t|"
    r"cannot|reckon|suspect)\b|(?:i|we)['’]?m?\s+not\s+sure\b|let (?:me|us) know|please help (?:me|us)",
    re.IGNORECASE,
)
FIRST_PERSON = "it is told by somebody who was there or who is in it"
ADDRESS = re.compile(r"[\w.+\-]{1,64}\s?@\s?[\w\-]{1,64}\.[\w.\-]{1,64}|(?<![\w@])@\w[\w.]{2,64}")
ANY_ADDRESS = "an e-mail address, or a name used online. Is it the source’s own?"


def told(text: str, *, about_others: bool, english: bool) -> Iterator[tuple[int, int, str]]:
    """Give the spans of ``text`` that may point to who wrote it, each with why; they may overlap.

    ``about_others``: an answer that asks about somebody else, in which a job is theirs; ``english``: it is
    mostly English, so that "i" is a person.
    """
    taken: list[tuple[int, int]] = []
    for phrase in PHRASES:
        if about_others and not phrase.anywhere:
            continue
        for match in phrase.pattern.finditer(text):
            taken.append(match.span())
            yield *match.span(), phrase.why
    for match in _FIRST.finditer(text) if english else ():
        first, end = match.span()
        known = any(start < end and first < stop for start, stop in taken)
        if not known and not _MEANS_LITTLE.match(text, first):
            yield first, end, FIRST_PERSON
