"""An opened casebook in memory: the cases, what staff made of them, investigations, decisions on links.

Everything is opened once (`open_book`), and looked up in memory from then on. What staff notes is sealed and
put into the casebook at once (`Book.add`), one file a note: nothing is ever changed, so that two copies of a
casebook are merged by putting the files of both together. Nothing readable is written to the disk.
"""

from desk.book.book import Book, open_book
from desk.book.casefile import CaseFile
from desk.book.investigations import InvestigationFile
from desk.book.work import Said, Work

__all__ = ["Book", "CaseFile", "InvestigationFile", "Said", "Work", "open_book"]
