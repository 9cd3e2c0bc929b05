"""Towns of the United Kingdom by their postcode area: they bear links out, or speak against them."""

from desk.connections.wordlists import table, words

_TOWNS = """
    AB: aberdeen, peterhead, fraserburgh, inverurie, stonehaven
    AL: st albans, hatfield, harpenden, welwyn garden city
    B: birmingham, solihull, redditch, bromsgrove, tamworth, west bromwich, sutton coldfield, handsworth,
        erdington, sparkbrook, smethwick, oldbury, halesowen, aston, digbeth, edgbaston, selly oak, moseley,
        small heath
    BA: bath, yeovil, frome, trowbridge, warminster
    BB: blackburn, burnley, accrington, nelson, darwen
    BD: bradford, keighley, shipley, bingley, skipton
    BH: bournemouth, poole, christchurch, wimborne
    BL: bolton, bury
    BN: brighton, hove, worthing, eastbourne, lewes, newhaven
    BR: bromley, orpington, beckenham
    BS: bristol, weston super mare, clevedon, easton, bedminster, knowle
    BT: belfast, lisburn, derry, londonderry, newry, armagh, bangor, ballymena, craigavon, omagh, larne
    CA: carlisle, workington, whitehaven, penrith
    CB: cambridge, ely, newmarket, haverhill
    CF: cardiff, barry, merthyr tydfil, pontypridd, bridgend, caerphilly, penarth
    CH: chester, birkenhead, wallasey, ellesmere port, wirral
    CM: chelmsford, harlow, brentwood, braintree, billericay, witham
    CO: colchester, clacton, harwich, sudbury
    CR: croydon, mitcham, purley, thornton heath
    CT: canterbury, margate, ramsgate, dover, folkestone, whitstable, herne bay, broadstairs
    CV: coventry, nuneaton, rugby, leamington spa, warwick, bedworth
    CW: crewe, northwich, nantwich, winsford
    DA: dartford, gravesend, bexleyheath, sidcup
    DD: dundee, arbroath, forfar, montrose
    DE: derby, burton, ilkeston, swadlincote
    DG: dumfries, stranraer
    DH: durham, consett, chester le street
    DL: darlington, bishop auckland, northallerton
    DN: doncaster, grimsby, scunthorpe, cleethorpes, goole
    DT: dorchester, weymouth
    DY: dudley, stourbridge, kidderminster, tipton
    E: hackney, stratford, walthamstow, leyton, bethnal green, whitechapel, east ham, bow, poplar,
        chingford, clapton, dalston, mile end
    EH: edinburgh, leith, livingston, musselburgh
    EN: enfield, waltham cross, barnet
    EX: exeter, barnstaple, exmouth, bideford, tiverton
    FK: falkirk, stirling, alloa, grangemouth
    FY: blackpool, fleetwood, lytham
    G: glasgow, govan, clydebank, cumbernauld
    GL: gloucester, cheltenham, stroud, cirencester
    GU: guildford, woking, aldershot, farnham, camberley, farnborough
    HA: harrow, wembley, edgware
    HD: huddersfield, brighouse
    HG: harrogate, ripon, knaresborough
    HP: hemel hempstead, high wycombe, aylesbury, amersham, chesham
    HR: hereford, leominster
    HU: hull, beverley, hessle
    HX: halifax
    IG: ilford, barking, loughton
    IP: ipswich, bury st edmunds, felixstowe, stowmarket, thetford
    IV: inverness, dingwall
    KA: kilmarnock, ayr, irvine
    KT: kingston, epsom, surbiton
    KY: kirkcaldy, dunfermline, glenrothes
    L: liverpool, bootle, toxteth, crosby, kirkby, huyton, everton, anfield
    LA: lancaster, morecambe, barrow, kendal
    LE: leicester, loughborough, hinckley, coalville
    LL: wrexham, rhyl, llandudno, colwyn bay, holyhead
    LN: lincoln, louth
    LS: leeds, harehills, headingley, chapeltown, wetherby, beeston, armley, bramley, pudsey, otley
    LU: luton, dunstable, leighton buzzard
    M: manchester, salford, moss side, hulme, longsight, sale, cheetham hill, rusholme, wythenshawe, eccles,
        didsbury
    ME: maidstone, chatham, gillingham, rochester, sittingbourne, sheerness, medway
    MK: milton keynes, bedford, bletchley
    ML: motherwell, hamilton, wishaw
    N: tottenham, finsbury park, wood green, edmonton, islington, finchley, holloway
    NE: newcastle, gateshead, north shields, south shields, tynemouth, blyth, morpeth, ashington,
        whitley bay
    NG: nottingham, mansfield, newark, grantham, sutton in ashfield, radford, hyson green
    NN: northampton, kettering, wellingborough, corby, daventry
    NP: newport, cwmbran, ebbw vale, abergavenny
    NR: norwich, great yarmouth, lowestoft, cromer
    NW: camden, kilburn, hendon, cricklewood, willesden, harlesden
    OL: oldham, rochdale, ashton under lyne, stalybridge
    OX: oxford, banbury, bicester, abingdon
    PA: paisley, greenock
    PE: peterborough, kings lynn, boston, spalding, wisbech, huntingdon, skegness, stamford
    PH: perth, pitlochry
    PL: plymouth, torpoint, saltash, liskeard
    PO: portsmouth, southsea, havant, gosport, fareham, chichester, bognor regis
    PR: preston, chorley, leyland, southport
    RG: reading, basingstoke, newbury, bracknell, wokingham
    RH: crawley, redhill, reigate, horsham, east grinstead
    RM: romford, dagenham, grays, hornchurch, tilbury, purfleet, upminster
    S: sheffield, rotherham, barnsley, chesterfield, worksop, attercliffe, burngreave
    SA: swansea, llanelli, port talbot, neath, carmarthen
    SE: peckham, woolwich, lewisham, bermondsey, camberwell, catford, greenwich, deptford, thamesmead,
        southwark, eltham
    SG: stevenage, hitchin, letchworth, hertford
    SK: stockport, macclesfield, hyde, glossop, wilmslow
    SL: slough, windsor, maidenhead
    SM: sutton, morden
    SN: swindon, chippenham, devizes
    SO: southampton, winchester, eastleigh
    SP: salisbury, andover
    SR: sunderland, seaham, peterlee
    SS: southend, basildon, canvey island, rayleigh
    ST: stoke, stoke on trent, stafford, hanley, newcastle under lyme, leek, burslem, longton
    SW: brixton, clapham, battersea, wandsworth, tooting, streatham, putney, fulham, chelsea, wimbledon,
        stockwell
    SY: shrewsbury, aberystwyth, oswestry
    TA: taunton, bridgwater
    TD: galashiels, hawick
    TF: telford
    TN: hastings, tunbridge wells, ashford, tonbridge, sevenoaks
    TQ: torquay, paignton, newton abbot
    TR: truro, falmouth, penzance, camborne, redruth
    TS: middlesbrough, stockton, hartlepool, redcar, billingham
    TW: hounslow, feltham, twickenham, richmond, staines
    UB: southall, uxbridge, hayes, greenford
    W: acton, ealing, hammersmith, paddington, notting hill, soho
    WA: warrington, st helens, widnes, altrincham
    WD: watford, borehamwood
    WF: wakefield, dewsbury, batley, pontefract, castleford
    WN: wigan, leigh
    WR: worcester, malvern, evesham, droitwich
    WS: walsall, cannock, lichfield, rugeley
    WV: wolverhampton, bilston, willenhall
    YO: york, scarborough, selby, bridlington, whitby
"""
AREA_OF = table(_TOWNS, ",")
AREA_OF["london"] = "LONDON"
# Districts of London have areas of their own; each lies in London too.
LONDON = words(
    """
    E EC N NW SE SW W WC IG RM HA UB TW CR BR SM KT EN DA
    """
)

# Parts of the country whose postcode areas one drives through in an hour: another one speaks against nothing.
_AROUND = """
    B WS WV DY CV
    M OL BL SK WN WA
    L WA CH WN PR
    LS BD HX HD WF
    S DN
    NE SR DH
    NG DE LE
    BS BA
    G PA ML KA
    SO PO
    CF NP
    ME DA TN CT
    SS RM CM
"""
_neighbours: dict[str, set[str]] = {}
for _line in _AROUND.strip().splitlines():
    for _area in _line.split():
        _neighbours.setdefault(_area, set()).update(_line.split())
NEAR = {area: frozenset(others) for area, others in _neighbours.items()}
