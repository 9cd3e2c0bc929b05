"""What reports say together: the same plate, telephone, address, account, handle, name or place in two cases.

`mentions.mentions` takes out of one case all that can link it, `links.links` says which cases share what,
how surely and why in a sentence, `exports` writes that for other programs. Only what was told about others
is read: the part of a report about its source never links anybody, nor does what a source says of their own
telephone.

A score is the desk's estimate, from 0 to 1, of how likely the two cases speak of the same thing. It says
nothing of whether either is true.
"""
