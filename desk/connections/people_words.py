"""Words around names, words of nicknames, and words that are no names."""

from desk.connections.wordlists import words

EPITHETS = words(
    """
    big lil little young old fat mad uncle aunty auntie king papa mama skinny tall crazy dirty slim fast
    two black white polish scouse ginger tiny long lucky bad boss baby gypsy irish scottish turkish
    jamaican one-eyed smiley dr doctor captain brother cousin sister don prince queen lady sir mister ms
    miss mc dj yung chubby bald smelly shifty sticky blind mental
    """
)
TITLES = words(
    """
    mr mrs ms miss dr mister sir
    """
)
# What stands before a first name too: "Pastor Ezekiel", "Captain Mark".
ROLES = words(
    """
    pastor imam rev reverend captain father bishop prophet apostle chief sheikh sheik haji hajji
    alhaji chef coach madam madame mama papa uncle aunty auntie sergeant major general professor
    prof dr doctor mullah mufti
    """
)
# A name that ends so is one of a place.
INSTITUTIONS = words(
    """
    hospital hospitals school college university infirmary primary academy church station council
    court airport prison surgery clinic centre center line hospice chapel cathedral mosque temple
    stadium arena docks harbour marina castle abbey library nursery
    """
)
STOP = words(
    """
    the a an and or but of in on at to for from by with is was are were be been he she it they them his
    her him their our my your i we you me us who which that this these those there here then when where
    what how why not no yes unknown sure know known dont don't think maybe possibly perhaps something
    someone somebody anyone nobody everyone called named name names nickname nicknamed alias aka surname
    first last second middle also goes go going calls call himself herself both all some any none never
    only just other another same different real full proper street local man woman men women guy guys
    bloke lad lads girl girls boy boys kid kids child person people driver boss owner manager landlord
    runner dealer friend brother brothers sister cousin wife husband son father mother mum dad uncle
    partner gang couple group english british romanian albanian polish vietnamese chinese nigerian asian
    african pakistani indian bulgarian turkish russian ukrainian lithuanian latvian kurdish iraqi irish
    scottish welsh european eastern portuguese brazilian spanish young older elderly tall short white
    black male female accent speaks said says told heard spoke like sounds sounding spelt spelled spelling
    n/a na nil tbc does did do has had have can could would will might may but with without about around
    between after before during every each always often usually sometimes into out off over up down back
    away now january february march april june july august september october november december jamaican
    somali eritrean ethiopian afghan iranian syrian sudanese algerian moroccan italian german french greek
    cypriot hungarian czech slovak slovakian serbian kosovan bosnian croatian moldovan georgian thai
    opens closes tik tok tiktok snap insta fb discord signal youtube online
    filipino ghanaian zimbabwean gambian congolese scouser geordie brummie manc cockney traveller monday
    tuesday wednesday thursday friday saturday sunday police crimestoppers instagram facebook snapchat
    telegram whatsapp house flat car van because if so as than too very really again against until while
    since though although once still even much many more most comes came lives lived works worked runs ran
    owns owned drives drove sells sold took takes gave gives got gets keeps kept makes made sees saw seen
    looks looked wears wearing carries stays stayed left arrived whose dunno erm um threatened hit beat
    beats shouts shouted sits sat stands stood pays paid collects collected picks picked brings brought
    rents rented uses used met meets texted phoned rang messaged recruited offered promised forced makes
    good morning evening night afternoon please help thank thanks dear hello hi new
    """
)
LOOKS = words(
    """
    polish irish scottish turkish jamaican gypsy black white ginger tall slim skinny fat young old big
    dirty long
    """
)
STREET_NAMES = words(
    """
    victoria albert george alexandra charlotte elizabeth edward william james thomas john henry mary anne
    charles francis grace rose may will mark bill arthur clarence frederick
    """
)
CUE_WORDS = words(
    """
    called named name names nickname nicknames nicknamed nick goes known knows know aka k alias calls call
    calling street streetname surname first answers refer referred introduced moniker
    """
)
# Last names too.
STREETS_TOO = words("hill green lane croft vale marsh park banks")
