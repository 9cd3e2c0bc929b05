"""Files from strangers: what they are, how they look, what they carry, and a copy that carries nothing.

The desk's own process decrypts an attachment into memory and opens nothing of it. A child process in a box
does (`desk.strangers.box`): it gets the bytes and sends back only what needs no parsing: pixels, samples,
text and numbers, each with a bound, all of it checked again here. The code that runs there is in `inside`.
Nothing readable touches the disk, except a file that staff asks for by name.
"""
