"""Sentences that people write; {} is what they tell, a line of a story around it, or nothing of use."""

CARS = (
    "There is {car} outside most nights, reg {it}.",
    "They come in {car}, {it}, and are gone in five minutes.",
    "{car} {it} parked across my drive again.",
    "I got part of the number plate of {car}: {it}",
    "the van they use is {car}, number plate {it}, it leaves about 6.",
    "saw {car} ({it}) drop two young lads off and drive away fast.",
    "Reg was {it}, I think it was {car}.",
    "A man sits in {car}. Plate {it}. He watches the door.",
)
NAMES = (
    "The one in charge is {it}.",
    "everyone knows {it} runs it.",
    "He told me his name was {it} but I dont know if thats true.",
    "It is {it} who takes the money off them.",
    "She works for {it}, they are all frightened of that name.",
    "{it} collects on Fridays.",
    "I heard them shouting at {it}.",
    "my neighbour says it is {it} behind all this",
)
CALLED = (
    "They call him {it}.",
    "goes by {it}",
    "The boss is known as {it}, never heard a real name.",
    "One of the kids said he was waiting for {it}.",
)
TELEPHONES = (
    "The number they ring is {it}.",
    "his phone is {it}",
    "You text {it} and someone comes in ten minutes.",
    "I found {it} written on a bit of paper in the coat.",
    "call {it} and ask for a delivery, thats what the card says",
    "She was told to ring {it} if anyone asked questions.",
    "it's {it}, he has another one for his family",
)
SOCIALS = (
    "He advertises it openly, {it}.",
    "They message the kids, {it}",
    "found him online: {it}",
    "My daughter showed me the messages from {it}.",
    "all arranged over {it}, he deletes it after",
)
ADDRESSES = (
    "It is at {it}.",
    "They live at {it} and the curtains never open.",
    "happening at {it} right now",
    "The girls are kept at {it}, upstairs.",
    "I live opposite {it} and I see everything.",
    "Dropped off at {it} about midnight.",
)
POSTCODES = ("postcode {it}.", "The postcode is {it}", "sat nav: {it}")
PREMISES = (
    "This is about {it}.",
    "The staff at {it} never get a day off.",
    "They all work at {it} and sleep in the back.",
    "I went to {it} on Saturday and it did not feel right.",
    "go and look in {it}, round the back",
)
WORDS = ("The place is {it}", "pinned it, {it}")
WEBS = (
    "They have a site, {it}",
    "Their website is {it}, looks real but isn't.",
    "job was advertised on {it}",
)
EMAILS = (
    "I was told to send my passport to {it}.",
    "email they use is {it}",
    "Contact was {it}, they never answer now.",
)
ACCOUNTS = (
    "The money had to go to {it}.",
    "wages get paid into {it} which isn't theirs",
    "I paid 2,400 into {it} before I knew.",
    "bank details they gave: {it}.",
)
WALLETS = ("Then he said to use crypto, {it}", "I sent it to {it} and it was gone.", "wallet is {it}")
TOWNS = ("This is in {}.", "I am in {}", "{} area.", "Its been going on in {} for months.")

AGENCY = (
    "I rang {} and nobody came.",
    "Someone said to call {} but I am scared to.",
    "we already told {} last month.",
    "There is a poster with {} on it in the surgery.",
)
CHAIN = ("opposite {}", "It is round the back of {}.", "They meet outside {}.", "near {} on the main road.")
PLATFORM = (
    "I saw the advert on {}.",
    "My sister looked it up on {}",
    "it says to report on {} but the page did not work",
)
BANK = (
    "My bank said it was a Barclays sort code 20-00-00.",
    "it was a Monzo one, 04-00-04.",
    "the sort code was Lloyds 30-00-00 I think.",
)
STREET = ("They all answer to {}.", "someone shouted {} and he ran", "a lad called {} opens the door.")
# Numbers that are no telephone, no account and no plate.
FIGURES = (
    "I got a crime ref {a}/{b} but heard nothing.",
    "He owes them {c},{d} pounds now.",
    "It was {e}/09/2026 about {f}.30pm.",
    "the number {e} bus goes past it.",
    "parcel number JD{a}{b}{d} was in the hall.",
    "He is about 5 foot {f}, maybe {g} years old.",
)
FILLER = (
    "I don't want any trouble but I can't sleep.", "please don't say who told you",
    "Its been like this since the summer.", "There are kids in there.",
    "I think they take turns watching the street.", "They smile at me now, like they know.",
    "A woman was crying in the yard on Sunday.", "Nobody ever goes in or out in daylight.",
    "the smell is awful", "I used to work there so I know what goes on.",
    "He said if I talked he would come to my mums.", "Two of them don't speak English and look worn out.",
    "they pay cash for everything", "I have seen money change hands.",
    "My son is frightened to walk to school.", "There's a dog barking all night.",
    "I took a photo but it came out dark.", "Someone has to do something.", "They had bruises on the arms.",
    "I wrote it down as soon as I got home.", "sorry for spelling i am on my phone",
    "I counted seven people going into a two bed flat.", "They swap the girls over every few weeks.",
    "He has their passports in a drawer.", "it is always the same three men",
    "I am a nurse and I see a lot but not like this.", "A silver Ford Transit, could not see the plate.",
    "black BMW with dark windows, no idea of the reg", "white van as usual", "There was a blue Astra too.",
)  # fmt: skip
