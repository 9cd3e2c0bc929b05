"""How much a payload may hold: the form says these numbers, and the reader enforces them."""

MAX_TEXT = 100_000  # characters (code points) of what happened, of a follow-up, and of a reply
MAX_SHORT = 300  # characters of an answer in one line, and of what a file shows
MAX_LONG = 5_000  # characters of an answer in several lines
MAX_ENTRIES = 50  # people, vehicles or places, each
MAX_WORDS = 400_000  # characters of what happened and of all answers together
MAX_MESSAGE = 20_000  # characters of a message to the team
MAX_TOPIC = 200  # characters of what it is about
MAX_REACH = 500  # characters of how to reach its sender
MAX_ROLE = 100  # characters of whom it is for, as this or a later schema names them
MAX_DESK = 64  # characters of a desk's name
MAX_AUTHOR = 64  # characters of the name of who wrote a note, and of a case's owner
MAX_TAG = 64  # characters of a tag
MAX_TAGS = 50  # tags put on by one note
MAX_FILES = 40  # files of one report, follow-up or reply
MAX_NAME = 1_000  # characters of a file's name
MAX_TYPE = 255  # characters of a file's media type
MAX_LANGUAGE = 35  # characters of a language tag (RFC 5646 asks for room for 35)
MAX_FILE_SIZE = 2**63 - 1  # bytes of a file, as the store and file systems count them

# A report with every limit reached and every character escaped in six bytes weighs under 3 MiB. The rest is
# room for schemas to come, so that an older desk says "newer schema" and not "too long".
MAX_BODY = 4 * 2**20  # bytes of JSON
