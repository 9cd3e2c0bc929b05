"""Words that name nobody: common English ones, those of a form like ours, and the services people use."""

from desk.pointing_fold import fold

_COMMON = """
a able about above abroad account accounts across actually address addresses after afternoon afterwards
again against ago agree agreed all allow almost alone along already also although always am among an and
anonymous anonymously another answer answered any anybody anyone anything anyway anywhere apart are area
around as ask asked asking at available away back bad basically be because become been before began
behind being believe below beside best better between big both briar bring brought building buildings
but by call called calling calls came can can't cannot car care careful case catch chat check child
children close co com come comes coming contact could couldn't couple daily danger dangerous dark day
days daytime deal dealing december did didn't different direct directly discord do doc does doesn't
doing don't done door down drop drug drugs during e-mail each earlier early easy either element else
email emails encrypted end english enough especially even evening evenings ever every everybody everyone
everything everywhere evidence exactly except experience facebook facetime far february few find first
five follow for found four free friday fridays from front full further gang gave get gets getting girl
girls give given gmail go goes going gone good got great group had half hand handle happen happened
happening happens happy hard has hasn't have haven't having he hear heard hello help her here hers hi
him his home hotmail hour hours house how however http https i i'd i'll i'm i've icloud if imessage
important in inbox information inside insta instagram instead into is isn't it it's its jabber january
job july just keep kept kind knew know knowing known knows last late later least leave leaves leaving
left less let letter letters like likely line linkedin list little live lived lives living local long
longer look looked looking lot lots made mail mailbox make makes making man many march mastodon matrix matter
may maybe me mean means meant meet men message messages messaging messenger midday middle midnight might
mind mine minute minutes mobile moment monday mondays money month months more morning mornings most
mostly much must my myself name named names near nearly need needed needs neither net never new next
nice night nights no nobody none noon nor normal normally not note nothing notice noticed november now
number numbers o'clock obviously october of off often ok okay old on once one ones online only open or
org other others our out outlook outside over overhear overheard own owner page part pass passed past
people perhaps person personally phone phoned phones phoning place places please pm point police
possible possibly post prefer preferred private probably problem proper property proton protonmail put
question quick quickly quiet quite rather reach reached read reading real really reason receive recently
regularly reply report reported reporting right ring risk road room round run running safe safely safer
safest said same saturday saturdays saw say saying says second secret secure securely see seeing seem
seemed seems seen send sent september session several shall she short should shouldn't show side signal
since sit six skype small sms snap snapchat so some somebody somehow someone something something's
sometimes somewhere soon sorry source speak speaking spoke spoken stand start started stay still stop
street such sunday sundays sure suspicious take taken takes taking talk talked talking teams telegram
telephone tell telling text texted texting texts than thank thanks that that's the their them themselves
then there there's thereafter these they they're thing things think third this those though thought
three threema through thursday thursdays tiktok till time times to today together told tomorrow too took
top towards town tried true try trying tuesday tuesdays turn twice twitter two uk under unless until up
upon us use used user username uses using usual usually vehicle vehicles very via viber visit voice
voicemail wait waiting walk want wanted wants was wasn't watch watched way ways we wechat wednesday
wednesdays week weekday weekdays weekend weekends weekly weeks well went were weren't what whatever
whatsapp whatsoever when whenever where whether which while who whole whom whose why wickr will wire
wish with within without witness witnessed woman women won't word work worked working works worry would
wouldn't write writing written wrong wrote www xmpp yahoo yeah year years yes yesterday yet you young
your yours yourself zoom
"""
# Those that have a capital and are no name all the same.
_NEVER_NAMES = """
briar call december discord e-mail element email english facebook facetime february friday fridays gmail
hotmail i i'd i'll i'm i've icloud imessage inbox insta instagram jabber january july line linkedin
march mastodon matrix messenger mobile monday mondays november october ok outlook phone proton
protonmail saturday saturdays september session signal skype sms snap snapchat sunday sundays teams
telegram text threema thursday thursdays tiktok tuesday tuesdays twitter viber wechat wednesday
wednesdays whatsapp wickr wire xmpp yahoo zoom
"""
_PROVIDERS = """
aol blueyonder btinternet fastmail gmail gmx googlemail hotmail icloud live mac mail mailfence me msn ntlworld
outlook pm posteo proton protonmail riseup sky talktalk tuta tutanota virginmedia web yahoo yandex ymail zoho
"""
# Found in nearly every English text, and in few of other languages.
_ENGLISH = """
and are been but from have he his it not of she that the their them there they this to were what when which
who with you
"""

COMMON = frozenset(_COMMON.split())
NEVER_NAMES = frozenset(_NEVER_NAMES.split())
PROVIDERS = frozenset(map(fold, _PROVIDERS.split()))  # hosts of many people's addresses
ENGLISH = frozenset(_ENGLISH.split())
