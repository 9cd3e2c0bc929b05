"""The database's server, where there is one: is it safe, does it keep quiet, is there a copy?"""

from commands.doctor_check import Check, Patient
from store import Looked


def checks(patient: Patient) -> list[Check]:
    """Tell what the store's look at its server found; nothing where it has none."""
    found = patient.looked
    if not isinstance(found, Looked):
        return []
    return [Check(each.name, each.good, each.what, each.hint) for each in found.remarks]
