"""Kinds of street, as people write them."""

from desk.connections.wordlists import table, words

_STREETS = """
    street: street st str strt
    road: road rd raod
    avenue: avenue ave av aven
    lane: lane ln la
    drive: drive dr drv
    close: close cl clo
    crescent: crescent cres cresc cr
    court: court ct crt
    place: place pl
    square: square sq
    terrace: terrace terr tce ter
    gardens: gardens gdns gdn garden
    grove: grove gr grv
    way: way wy
    walk: walk wlk
    hill: hill
    park: park pk
    row: row rw
    view: view
    mews: mews
    parade: parade pde
    green: green grn
    rise: rise
    broadway: broadway
    quay: quay
    wharf: wharf
    yard: yard yd
    estate: estate est
    boulevard: boulevard blvd
    gate: gate
    bank: bank
    circus: circus
    embankment: embankment
    approach: approach
    parkway: parkway
    highway: highway
    passage: passage
    vale: vale
    mount: mount
    meadow: meadow
    meadows: meadows
    fold: fold
    croft: croft
    end: end
    arcade: arcade
    link: link
    wynd: wynd
    brae: brae
    loan: loan
    rigg: rigg
    fields: fields
    side: side
"""
KIND_OF = table(_STREETS)
# What the name of a house ends with.
HOUSES = words(
    "cottage lodge house villa villas grange manor barn hall tower towers court mansions heights point croft"
)
