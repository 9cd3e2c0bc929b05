"""Words of premises' names: kinds of business, words that name nothing, brands of every high street."""

from collections.abc import Iterable

from desk.connections.wordlists import table, words

COMPANY = "company"
_TYPES = """
    nails: nails|nail bar|nail salon|nail studio|nail shop|nail spa|nail lounge|nail boutique|
        nails and beauty|nails & beauty|nail & beauty|nail and beauty|nail art|nailbar
    car wash: hand car wash|car wash|carwash|handcarwash|valeting|valet|hand carwash|car valeting|
        wash and valet|auto wash|wash centre
    barber: barbers|barber shop|barber|barbershop|hair salon|hairdressers|hair studio|unisex salon|
        hair and beauty|hair & beauty|hair design|turkish barbers|turkish barber|gents barbers|cuts|salon|
        hair
    massage: massage parlour|massage|massage centre|thai massage|sauna|spa|day spa|wellness|health spa|
        massage spa|therapy centre
    takeaway: takeaway|take away|kebabs|kebab house|kebab shop|kebab|pizzeria|pizza|fried chicken|
        peri peri|grill house|grill|fish bar|chippy|chip shop|fish and chips|fish & chips|noodle bar|
        noodles|tandoori|balti|curry house|burgers|burger bar|diner
    restaurant: restaurant|buffet|cafe|café|coffee shop|coffee house|bistro|tea room|tea rooms|
        tearoom|bakery|kitchen|brasserie
    pub: arms|inn|tavern|pub|nightclub|night club|social club|snooker club|shisha lounge|shisha bar|shisha|
        lounge|wine bar|sports bar|bar|club|casino|bookmakers|amusements
    hotel: hotel|guest house|guesthouse|hostel|b&b|lodge hotel|apartments|holiday park|caravan park|
        campsite|motel|travellers site
    farm: farms|farm|nursery|nurseries|growers|orchards|orchard|stables|kennels|mushrooms|produce|salads
    shop: off licence|off-licence|mini market|mini mart|minimart|minimarket|supermarket|food store|
        foodstore|convenience store|convenience|newsagents|newsagent|news|phone shop|
        phone repairs|mobile phones|mobiles|butchers|halal butchers|grocers|grocery|wholesale|
        cash and carry|cash & carry|euro market|euro shop|market|stores|food and wine|food & wine|booze|
        liquor|pawnbrokers|jewellers|bargains|discount store|tanning|tattoo|tattoos|florist|pharmacy
    vapes: vape shop|vapes|vape
    gym: gym|boxing club|fitness|boxing gym|martial arts
    recruitment: recruitment agency|recruitment|employment agency|staffing|personnel|labour solutions|
        labour supply|labour|workforce|manpower|gangmasters|resourcing
    transport: logistics|haulage|transport|couriers|courier|freight|shipping|removals|coaches|travel|
        private hire|minicabs|taxis|taxi|cabs|cars
    building: construction|builders|building services|building contractors|scaffolding|roofing|landscaping|
        landscapes|groundworks|paving|driveways|demolition|developments|homes|plastering|joinery|kitchens|
        tarmac|tree surgeons|tree services|gardening
    cleaning: cleaning services|cleaning|cleaners|laundry|laundrette|launderette|dry cleaners|facilities
    care: care home|nursing home|residential home|home care|homecare|care services|care agency|
        domiciliary care|care
    motor: tyres|tyre shop|garage|motors|auto repairs|autos|autocentre|car sales|car centre|bodyshop|
        body shop|mot centre|van hire|car hire|vehicle hire|scrapyard|scrap yard|scrap metal|scrap|
        breakers|salvage
    factory: packaging|packing|meats|meat|poultry|seafoods|seafood|shellfish|foods|textiles|garments|
        clothing|fashions|recycling|waste|skips|skip hire|metals|plastics|laundries|bakeries|furniture|
        beds|mattresses|upholstery|manufacturing|flowers|fabrics|engineering
    storage: self storage|storage|warehouse|industrial estate|trading estate|business park|industrial park|
        retail park|business centre|enterprise park
    money: money transfer|money exchange|bureau de change|currency exchange|remittance|finance|capital|
        accountants|accountancy
    property: lettings|property services|properties|estates|property|lets|housing|accommodation
    security: security|door staff
    church: church|ministries|temple|mosque
    escort: escorts|escort agency|gentlemens club|strip club
"""
_COMPANY = """
    company: ltd|limited|llp|plc|& sons|and sons|& co|bros|brothers ltd|enterprises|holdings|trading|imports|
        exports|import export|group|services|solutions|uk ltd|consulting|consultancy|investments|
        international|contractors|associates
"""
CLASS_OF = table(_TYPES, "|") | table(_COMPANY, "|")
TYPE_WORDS = frozenset(word for word in CLASS_OF if " " not in word)
_KIND_WORDS = frozenset(word for kind in CLASS_OF for word in kind.split()) | words(
    """
    wash washes shop shops store house site place restaurant van whatsapp facebook telegram
    instagram group page channel chat takeaways pubs bars farmer shed barn flat flats block unknown
    various
    """
)
# Kinds that stand behind so many words that only a capital makes them a name.
ONLY_CAPITAL = words(
    """
    cars care news bar club spa hair market beds waste metals meat homes lets property
    housing security transport cleaning cleaners construction group services solutions trading
    international produce flowers fashions finance capital furniture facilities scrap salvage
    travel apartments estates removals shipping storage warehouse clothing cuts
    convenience stores vapes vape farms
    noodles packaging packing building builders taxi taxis cabs foods meats mobiles fitness
    gardening labour workforce travel enterprises imports exports consulting
    investments
    """
)
STOP = words(
    """
    the a an and or but of in on at to for from by with is was are were be he she it they them his her
    him their our my your i we you who which that this these those there then when where what how not no
    local new old big small little nearby another other same both several many some any every all one
    two three four five few new our own next only hand mobile turkish chinese indian thai polish
    romanian albanian vietnamese kurdish british english asian european african car nail hair beauty
    food fast street road corner main front back side door open closed called named near behind above
    below opposite outside inside into onto off out over under up down between round around like as than
    so if because while after before until since about against during within without through cash cheap
    dodgy busy illegal fake certain family friend friends cousins cousin brothers brother owns owned
    owner runs run works work working worked job jobs using use used visit visited go going went goes
    get gets got getting have has had do does did doing done make makes see saw seen says said think
    know public busy private cheap local police town city village centre center high large empty
    run-down disused abandoned former chicken dairy pig fruit vegetable veg poultry crime county drug
    drugs brothel trafficking slavery modern forced child adult sex cannabis weed organised human
    building night day weekend evening morning saturday sunday monday tuesday wednesday thursday friday
    mr mrs ms his/her security cleaning building care massage pop-up different whole possible possibly
    maybe probably actual proper uk gb london united kingdom england company business firm shop place
    premises unit site agency factory
    """
)
BRANDS = words(
    """
    tesco asda aldi lidl sainsbury sainsburys morrison morrisons waitrose coop co-op costa greggs mcdonald
    mcdonalds kfc subway starbucks nando nandos domino dominos wetherspoon wetherspoons travelodge ibis
    hilton boots superdrug primark argos wilko poundland b&m iceland halfords screwfix wickes currys ikea
    amazon uber deliveroo justeat pret wagamama barclays hsbc lloyds natwest santander halifax nationwide
    monzo dpd evri hermes yodel stagecoach bp esso texaco londis budgens heron moneygram safestore hmrc
    dvla jobcentre
    """
)
BRANDED = (
    "premier inn", "holiday inn", "western union", "national express", "red cross", "royal mail",
    "post office", "elf bar", "lost mary", "geek bar", "gold bar", "crystal bar", "ske crystal", "elfbar",
    "kinder bar", "mars bar", "snickers bar", "snack bar", "nail bar", "mini bar", "hayati pro", "red bull",
    "border force", "social services", "trading standards", "environment agency", "children's services",
    "big yellow", "kwik fit", "home office", "salvation army", "citizens advice", "pizza hut", "papa john",
    "burger king", "premier store", "spar shop", "shell garage", "bp garage", "esso garage", "texaco garage",
    "addison lee", "job centre", "city council", "county council", "borough council", "housing association",
)  # fmt: skip


def is_generic(name: Iterable[str]) -> bool:
    """Tell whether all of these words say of what kind something is, and none what it is called."""
    return all(word in _KIND_WORDS or word in STOP or len(word) < 2 for word in name)
