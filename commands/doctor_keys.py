"""The team's keys: how long they last, and whether they are the newest that are known here."""

from commands.doctor_check import Check, Patient, good, look, unknown, wrong
from commands.months import STEPS, day_of, last_day
from commands.output import counted
from crypto.epoch import Epoch
from crypto.errors import BadTeamKeys
from crypto.teamkeys import TeamKeys

KEYS, LIST = "keys", "list of keys"


def checks(patient: Patient) -> list[Check]:
    """Look at the list in its file, then at what the site remembers of it."""
    path = patient.settings.team_keys
    again = "bring team.keys over from a desk again"
    try:
        team = TeamKeys.read(path.read_bytes())
    except OSError as error:
        return [wrong(KEYS, f"{path} cannot be read: {error.strerror}", again)]
    except BadTeamKeys as bad:
        return [wrong(KEYS, f"{path} cannot be used: {bad}", again)]
    return [_lasting(team, patient), _real(team), _newest(team, patient)]


def _lasting(team: TeamKeys, patient: Patient) -> Check:
    today, last = patient.today, last_day(team.newest)
    now, months = Epoch.of(today), 0
    while now <= team.newest:
        now, months = now.next(), months + 1
    desks = ", ".join(f"{desk.name}: {counted(months, 'month', 'months')}" for desk in team.desks)
    left = (last - today).days
    if left < 0:
        return wrong(
            KEYS, f"the team's keys ended on {day_of(last)}; reports are sealed to old keys", STEPS[0][1]
        )
    if Epoch.of(today) < team.oldest:
        return wrong(
            KEYS,
            f"the team's keys begin with {team.oldest}, and today is {today} here",
            "set the clock if it is wrong; reports are sealed to the first month's keys meanwhile",
        )
    for days, hint in STEPS:
        if left < days:
            return look(KEYS, f"the team's keys end on {day_of(last)} ({desks} left)", hint)
    if team.expires < today:
        return look(KEYS, f"the list of keys was to be signed anew by {day_of(team.expires)}", STEPS[2][1])
    return good(KEYS, f"months left of each desk's keys, this one included: {desks}")


def _real(team: TeamKeys) -> Check:
    name = "practice"
    if team.practice:
        return look(
            name,
            "these keys are for practice: anyone can open what is sent here",
            "before anybody reports for real: real keys, in a VIGIL_DATA of their own",
        )
    return good(name, f"the keys are real; the team's fingerprint is {team.fingerprint}")


def _newest(team: TeamKeys, patient: Patient) -> Check:
    if patient.store is None:
        return unknown(LIST, "what the site remembers of earlier lists was not looked at: it does not start")
    remembered = patient.store.trusted_keys()
    if remembered is not None and remembered != team.raw:
        try:
            team.check_follows(TeamKeys.read(remembered))
        except BadTeamKeys as bad:
            return wrong(
                LIST,
                f"{patient.settings.team_keys} may not follow the list known here: {bad}",
                "put the newest list there: it is team.keys in the desk's folder",
            )
    last = patient.store.last_imports()
    taken = ", ".join(f"{desk.name}: {last.get(desk.sign_public, 'none yet')}" for desk in team.desks)
    return good(
        LIST, f"version {team.version} is the newest known here; bundles taken from each desk: {taken}"
    )
