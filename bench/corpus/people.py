"""People's names: from many languages, shortened, misspelt, turned round, or only what they are called."""

import random
import unicodedata

from .facts import Clarity, Fact, Verdict
from .slips import slip

# Endings by which more surnames are made: there are many, and two people rarely have one by chance.
_STEMS = (
    ("Ash", "Black", "Bram", "Cold", "Crow", "Dun", "Elm", "Farn", "Gris", "Hal", "Hart", "Kel", "Lang",
     "Mel", "Oak", "Pem", "Rad", "Sel", "Thorn", "Wal", "Wether", "Win", "Whit", "Hol"),
    ("Kov", "Bar", "Mil", "Sok", "Zel", "Dom", "Jan", "Mar", "Pet", "Rad", "Stan", "Vas", "Bor", "Gav"),
)  # fmt: skip
_ENDINGS = (
    ("bourne", "by", "combe", "dale", "field", "ham", "ley", "more", "ridge", "shaw", "stead", "well",
     "wick"),
    ("alenko", "anov", "arski", "czuk", "enko", "ewicz", "iak", "i\u0107", "owski", "escu", "auskas", "enas"),
)  # fmt: skip
COMMON_FIRST = (
    "John", "David", "Mohammed", "Maria", "Ali", "James", "Sarah", "Ahmed", "Michael", "Anna", "Lee",
    "Chris",
)  # fmt: skip
COMMON_LAST = (
    "Smith", "Jones", "Khan", "Ali", "Brown", "Williams", "Taylor", "Silva", "Nguyen", "Singh", "Ahmed",
    "Patel",
)  # fmt: skip
FIRST = (
    "Arben", "Besnik", "Florin", "Ionuț", "Radu", "Mihai", "Cristina", "Oksana", "Oleksandr", "Dmytro",
    "Łukasz", "Wojciech", "Agnieszka", "Paweł", "Tomasz", "Giedrius", "Rasa", "Jurgita", "Hùng", "Linh",
    "Thảo", "Quang", "Siobhán", "Ciarán", "Declan", "Gareth", "Rhys", "Angharad", "Callum", "Hamish",
    "Morag", "Terence", "Maureen", "Joyce", "Dennis", "Carole", "Julian", "Gemma", "Kayleigh", "Bradley",
    "Curtis", "Leroy", "Delroy", "Marcia", "Chidi", "Ngozi", "Emeka", "Folasade", "Kwame", "Abena", "Yusuf",
    "Ibrahim", "Farida", "Parveen", "Harpreet", "Gurdeep", "Manjit", "Rajesh", "Anjali", "Sunita", "José",
    "Inés", "João", "Thiago", "Zoë", "Chloë", "François", "Amélie", "Jürgen", "Björn", "Milan", "Zoran",
    "Dragana", "Goran", "Mei", "Xiaoling", "Jianwei", "Bogdan", "Nicolae", "Vasile", "Stelian", "Ewelina",
    "Krzysztof", "Katarzyna", "Nuri", "Emre", "Ayşe", "Hakan", "Serkan", "Tamara", "Levan", "Giorgi", "Aram",
    "Nadia", "Karim", "Yasmin", "Tariq", "Robert", "William", "Katherine", "Anthony", "Daniel", "Matthew",
    "Joseph", "Thomas", "Stephen", "Nicholas", "Alexander", "Rebecca", "Jennifer", "Kenneth", "Edward",
    "Patrick", "Gregory", "Timothy",
)  # fmt: skip
NICK = {
    "Robert": ("Bob", "Rob", "Robbie"), "William": ("Bill", "Will", "Billy"),
    "Katherine": ("Kate", "Kathy", "Katie"), "Anthony": ("Tony", "Ant"), "Daniel": ("Dan", "Danny"),
    "Matthew": ("Matt",), "Joseph": ("Joe", "Joey"), "Thomas": ("Tom", "Tommy"),
    "Stephen": ("Steve", "Steven"), "Nicholas": ("Nick", "Nicky"), "Alexander": ("Alex",),
    "Rebecca": ("Becky", "Becca"), "Jennifer": ("Jen", "Jenny"), "Kenneth": ("Ken", "Kenny"),
    "Edward": ("Ed", "Ted", "Eddie"), "Patrick": ("Pat", "Paddy"), "Gregory": ("Greg",), "Timothy": ("Tim",),
    "Dennis": ("Denny", "Den"), "Terence": ("Terry",), "Oleksandr": ("Alexander", "Aleksandr", "Sasha"),
    "Krzysztof": ("Kris", "Krystof"), "Katarzyna": ("Kasia",), "Tomasz": ("Tomek", "Thomas"),
    "Yusuf": ("Yousef", "Yusef"), "Ibrahim": ("Ebrahim",), "Siobhán": ("Shivaun", "Siobhan"),
    "José": ("Jose",),
}  # fmt: skip
LAST = (
    "Hoxha", "Krasniqi", "Dervishi", "Popescu", "Ionescu", "Munteanu", "Dumitrescu", "Kowalczyk",
    "Wiśniewski", "Zieliński", "Nowakowska", "Shevchenko", "Bondarenko", "Kravchuk", "Petrauskas",
    "Kazlauskienė", "Ozoliņš", "Trần", "Phạm", "Vũ", "Đặng", "O'Sullivan", "McAllister", "Gallagher",
    "Fitzgerald", "Llewellyn", "Prosser", "Farquharson", "Buchanan", "Vance", "Maddox", "Harrop", "Frayne",
    "Thackeray", "Entwistle", "Ramsbottom", "Hardcastle", "Braithwaite", "Pennington", "Osbourne",
    "Blackwood", "Cartwright", "Whitlock", "Goodfellow", "Okonkwo", "Adeyemi", "Balogun", "Mensah",
    "Boateng", "Osei", "Chaudhry", "Rahman", "Siddiqui", "Qureshi", "Sandhu", "Dhillon", "Grewal", "Iyer",
    "Deshmukh", "Fernandes", "Carvalho", "Gonçalves", "Ibáñez", "Núñez", "Lefèvre", "Moreau", "Schröder",
    "Müller", "Lindqvist", "Jovanović", "Petrović", "Kovačević", "Zhang", "Huang", "Y\u0131ld\u0131r\u0131m",
    "Çelik",
    "Öztürk", "Kaya", "Lomidze", "Petrosyan", "Haddad", "Benali", "Mansour", "Aziz", "Barraclough",
    "Sedgwick", "Tunstall", "Ravenscroft", "Hollingsworth", "Attenborough", "Wolstenholme", "Dalrymple",
    "Kinsella", "Delaney", "Brannigan", "Corrigan", "McSweeney", "Pritchard", "Trelawney", "Penhaligon",
    "Rowbotham", "Shuttleworth", "Crossley", "Ogden", "Fairclough", "Rigby", "Lomax", "Nuttall", "Hesketh",
    "Cunliffe",
)  # fmt: skip
_HOW = (
    "Big", "Lil", "Mad", "Fat", "Old", "One Eye", "Two Bag", "Scottish", "Skinny", "Uncle", "Auntie",
    "Silver", "Gold Tooth", "Bricklayer", "Ginger", "Limping", "Captain", "Sweet", "Quiet", "Tall", "Dodgy",
    "Lucky", "Seven Finger", "Taxi", "Market", "Doctor", "Granny", "Slim", "Marble", "Whistling",
)  # fmt: skip
_WHO = (
    "Den", "Tony", "Kez", "Mo", "Baz", "Jaz", "Smokey", "Reggie", "Joy", "Marge", "Kenny", "Zee", "Trigger",
    "Nelly", "Sid", "Vic", "Olly", "Frank", "Ronnie", "Gaz", "Shell", "Bev", "Tex", "Pip", "Ned", "Dot",
    "Ray", "Lou", "Jez", "Kat", "Hattie", "Moggs", "Sparky", "Duke", "Fingers", "Boots",
)  # fmt: skip
# What half the street is called.
_STREET = (
    "Ghost", "Smoke", "Dave", "Mo", "Tiny", "Boss", "Tony", "Biggs", "Ace", "Kez", "the manager", "Uncle",
)  # fmt: skip


def full(rng: random.Random, *, common: bool) -> tuple[str, str]:
    """Draw a first and a last name."""
    if common:
        return rng.choice(COMMON_FIRST), rng.choice(COMMON_LAST)
    if rng.random() < 0.5:
        return rng.choice(FIRST), rng.choice(LAST)
    sort = rng.randrange(2)
    return rng.choice(FIRST), rng.choice(_STEMS[sort]) + rng.choice(_ENDINGS[sort])


def alias(rng: random.Random) -> str:
    """Draw what somebody is called: two words."""
    return f"{rng.choice(_HOW)} {rng.choice(_WHO)}"


def street_name(rng: random.Random) -> str:
    """Draw what many are called."""
    return rng.choice(_STREET)


def plain(text: str) -> str:
    """Give letters without their marks, small: as most people type them."""
    apart = unicodedata.normalize(
        "NFKD", text.replace("Ł", "L").replace("ł", "l").replace("Đ", "D").replace("\u0131", "i")
    )
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold().replace("'", "")


def told(rng: random.Random, thing: int, name: tuple[str, str], town: str) -> Fact:
    """Tell a person by name: in full, shortened, misspelt, turned round, or in part."""
    first, last = name
    common = first in COMMON_FIRST and last in COMMON_LAST
    signs = {"town": town, "common": "yes" if common else ""}
    whole = f"{plain(first)} {plain(last)}"
    if rng.random() < 0.7:
        first, last = _bare(first), _bare(last)
    way = rng.random()
    if way < 0.52:
        text = f"{first} {last}"
    elif way < 0.62 and name[0] in NICK:
        text = f"{rng.choice(NICK[name[0]])} {last}"
    elif way < 0.74:
        text = f"{first} {slip(rng, last)}" if rng.random() < 0.7 else f"{slip(rng, first)} {last}"
        signs["slipped"] = "yes"
    elif way < 0.79:
        text = f"{last}, {first}"
    elif way < 0.86:
        text = rng.choice(("Mr {}", "Mrs {}", "a man called {}")).format(last)
        return Fact("name", thing, text, f"? {plain(last)}", Clarity.HINT, signs)
    elif way < 0.90:
        return Fact(
            "name", thing, f"{first[0]}. {last}", f"{plain(first)[0]} {plain(last)}", Clarity.HINT, signs
        )
    elif way < 0.95:
        return Fact("name", thing, first, f"{plain(first)} ?", Clarity.HINT, signs)
    else:
        text = f"{first} {last}".upper()
    return Fact("name", thing, text.lower() if rng.random() < 0.15 else text, whole, Clarity.WHOLE, signs)


def alias_told(rng: random.Random, thing: int, name: str, town: str) -> Fact:
    """Tell somebody by what they are called."""
    text = rng.choice((name, name, name.lower(), f'"{name}"', name.replace(" ", "-")))
    return Fact("name", thing, text, name.casefold(), Clarity.PART, {"town": town, "alias": "yes"})


def street_told(thing: int, name: str, town: str) -> Fact:
    """Tell somebody by what many are called."""
    return Fact("name", thing, name, name.casefold(), Clarity.HINT, {"town": town, "alias": "yes"})


def judged(one: Fact, other: Fact) -> Verdict:
    """Say what a reader says of two names."""
    if one.thing != other.thing:
        return _of_two(one, other)
    least = min(one.clarity, other.clarity)
    if (
        least is Clarity.HINT
        or one.differs(other, "alias")
        or bool(one.signs.get("alias")) != bool(other.signs.get("alias"))
    ):
        return Verdict.UNSURE
    if one.signs.get("common") or least is Clarity.PART:
        # Of a common name, and of what somebody is called, a reader wants the town too.
        same_town = one.agrees(other, "town")
        return Verdict.SAME if same_town and not one.signs.get("common") else Verdict.UNSURE
    unclear = one.differs(other, "town") or one.agrees(other, "slipped")
    return Verdict.UNSURE if unclear else Verdict.SAME


def _of_two(one: Fact, other: Fact) -> Verdict:
    if sorted(one.norm.split()) == sorted(other.norm.split()):
        # Two people of one name: nobody can tell, unless it is what half of every street is called.
        half = one.clarity is Clarity.HINT and one.differs(other, "town")
        return Verdict.DIFFERENT if half else Verdict.UNSURE
    mine, theirs = one.norm.split(" ")[-1], other.norm.split(" ")[-1]
    if mine == theirs and not one.differs(other, "town") and "?" not in mine:
        return Verdict.UNSURE  # of one surname
    alike = one.norm.split(" ")[0] == other.norm.split(" ")[0]
    return Verdict.UNSURE if alike and one.agrees(other, "town") else Verdict.DIFFERENT


def _bare(text: str) -> str:
    kept = plain(text)
    return kept[:1].upper() + kept[1:] if "'" not in text else text
