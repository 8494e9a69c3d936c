"""What each role may see, worked out once more from roles.yaml and from what the city asked for, and
from nothing of the program: the table that the pages are held against.

Rules over the roles (docs/access.md): whoever serves a respondent gets nothing of the protected side;
the reporter is for the centre and the lead unit; what stands under step_up waits for a fresh proof;
purpose caps everything; emergency access opens one person, and no reporter; of a unit whose name tells of
health, only they are told who see health, and the unit itself.
"""
import copy
import re

SHIELDED = {"address", "contact", "narrative", "plan", "placement", "reporter", "reporter_name"}
REPORTER = {"reporter", "reporter_name"}


def words(text):
    return [w.strip() for w in text.split(",") if w.strip()]


def between(line, head):
    """The words of `head: [a, b]` in a line; None when it is not there."""
    found = re.search(r"\b" + head + r": \[([^\]]*)\]", line)
    return words(found[1]) if found else None


class Roles:
    """roles.yaml, read by its lines: as much of it as this test needs."""

    def __init__(self, path):
        self.purposes, self.may, self.acts_for, self.sees = {}, {}, {}, {}
        self.waits, self.protected_waits, role = set(), set(), None
        relations = ("none", "screening", "unit", "serves_protected", "serves_neutral", "serves_respondent",
                     "break_glass")
        for line in open(path, encoding="utf-8"):
            purpose = re.match(r"  - \{code: (\w+), .*classes:", line)
            begins = re.match(r"  - code: (\w+)", line)
            if line.startswith("#"):
                continue
            if purpose:
                self.purposes[purpose[1]] = set(between(line, "classes"))
            elif begins:
                role = begins[1]
                self.sees[role] = {relation: set() for relation in relations}
            elif line.startswith("step_up:"):
                self.waits = set(between(line, "classes"))
                self.protected_waits = set(between(line, "protected_classes"))
            elif role and between(line, "may") is not None:
                self.may[role] = set(between(line, "may"))
            elif role and between(line, "purposes") is not None:
                self.acts_for[role] = between(line, "purposes")
            elif role:
                for relation in relations:
                    found = between(line, relation)
                    if found is not None:
                        self.sees[role][relation] = set(found)
        if len(self.sees) < 10 or any(r not in self.may or r not in self.acts_for for r in self.sees):
            raise SystemExit("roles.yaml is written otherwise than this test can read")


def unit_classes(path):
    """unit: the class that its type in units.yaml says its name tells; those alone that tell one."""
    types, units = {}, {}
    for line in open(path, encoding="utf-8"):
        told = re.match(r"  - \{code: (\w+), class: (\w+),", line)
        unit = re.match(r"  - \{code: (\w+), .*\btype: (\w+),", line)
        if told:
            types[told[1]] = told[2]
        elif unit:
            units[unit[1]] = unit[2]
    return {unit: types[of] for unit, of in units.items() if of in types}


class Viewer:
    """Who looks: own ties (person, side, kind), those of the unit, whom they opened in an emergency."""

    def __init__(self, roles, login, role, purpose, unit, own=(), unit_ties=(), opened=(), stale=False):
        self.roles, self.login, self.role, self.purpose, self.unit = roles, login, role, purpose, unit
        self.own, self.unit_ties, self.opened, self.stale = list(own), list(unit_ties), set(opened), stale
        self.supervises = "dispatch.assign" in roles.may[role]
        both = self.own + self.unit_ties
        self.of_unit = {t[0] for t in both if serves_respondent(t)}  # respondents that the unit serves
        self.respondents = {t[0] for t in (both if self.supervises else self.own) if serves_respondent(t)}


def serves_respondent(tie):
    return tie[1] == "respondent" and tie[2] in ("lead", "co")


class World:
    """Who is protected from whom, who else hides with them, which unit has which part in a report."""

    def __init__(self, protected_from, hiding, reports, in_doubt=(), telling=None):
        self.protected_from = protected_from  # respondent: everybody protected from them
        self.hiding = hiding                  # respondent: those and their families
        self.reports = reports                # report: (people, [(unit, side, kind, worker)], sealed kind)
        self.in_doubt = in_doubt              # whom a record is to be linked to, or was within the day
        self.telling = telling or {}          # unit: the class that its name tells

    def shielded(self, viewer, person):
        return any(person in self.hiding.get(r, ()) for r in viewer.respondents)


def settling(world, viewer):
    """The same viewer on the pages where links are settled: whose role settles them screens those in doubt."""
    settles = copy.copy(viewer)
    if "person.link" in viewer.roles.may[viewer.role]:
        settles.unit_ties = viewer.unit_ties + [(person, "neutral", "screening") for person in world.in_doubt]
    return settles


def granted(viewer, own, unit, opened, shielded):
    """Classes of these ties before any rule over the roles."""
    sees, classes = viewer.roles.sees[viewer.role], set()
    serving = [t for t in own if t[2] in ("lead", "co")]
    if serving:
        classes |= sees["serves_protected" if any(t[1] == "protected" for t in serving) else "serves_neutral"]
    if shielded:
        return classes | sees["serves_respondent"]
    classes |= sees["none"]
    if any(t[2] == "screening" for t in own + unit):
        classes |= sees["screening"]
    if any(t[2] != "screening" for t in unit) or any(t[2] == "context" for t in own):
        classes |= sees["unit"]
    if opened:
        classes |= sees["break_glass"]
    return classes


def capped(viewer, classes, protected):
    classes = classes & viewer.roles.purposes[viewer.purpose]
    if viewer.stale:
        classes -= viewer.roles.waits | (viewer.roles.protected_waits if protected else set())
    return classes


def of_person(world, viewer, person):
    own = [t for t in viewer.own if t[0] == person]
    unit = [t for t in viewer.unit_ties if t[0] == person]
    shielded = world.shielded(viewer, person)
    opened = person in viewer.opened and not any(person in world.hiding.get(r, ()) for r in viewer.of_unit)
    classes = granted(viewer, own, unit, opened, shielded) - REPORTER
    if shielded:
        classes -= SHIELDED
        if not any(t[2] in ("lead", "co") for t in own):
            classes.discard("existence")
    return capped(viewer, classes, any(person in all_of for all_of in world.protected_from.values()))


def of_report(world, viewer, report):
    return report_and_apart(world, viewer, report)[0]


def of_part(world, viewer, report, unit):
    """Is the viewer told what this unit was asked? Who works for a respondent is told of their own part alone."""
    classes, apart = report_and_apart(world, viewer, report)
    if "existence" not in classes:
        return False
    needed = world.telling.get(unit)
    return unit == viewer.unit or not apart and (needed is None or needed in classes)


def report_and_apart(world, viewer, report):
    """What its own dispatches and its people give together; the reporter by its own dispatches alone."""
    people, parts, sealed = world.reports[report]
    own = [(None, side, kind) for unit, side, kind, worker in parts if worker == viewer.login]
    unit = [(None, side, kind) for unit, side, kind, worker in parts if worker != viewer.login and unit == viewer.unit]
    classes = granted(viewer, own, unit, False, False)
    respondent = any(serves_respondent(t) for t in own) or (
        viewer.supervises and any(serves_respondent(t) for t in unit))
    leads = any(t[2] == "lead" for t in own) or any(t[2] == "lead" and t[1] != "respondent" for t in unit)
    if not (leads and not respondent or any(t[2] == "screening" for t in own + unit)):
        classes -= REPORTER
    classes = capped(viewer, classes, True)
    waiting = set()
    for person in people:
        classes |= of_person(world, viewer, person) - REPORTER
        if viewer.stale and any(person in all_of for all_of in world.protected_from.values()):
            waiting |= viewer.roles.protected_waits
    if viewer.stale:
        classes -= viewer.roles.waits | waiting
    apart = respondent or any(world.shielded(viewer, p) or p in viewer.respondents for p in people)
    if apart:
        classes -= SHIELDED
    if sealed and "sexual" not in classes:
        classes -= {"narrative"}
    return classes, apart


def opened_by(world, viewer, owner, wanted):
    if wanted == "task":
        return of_part(world, viewer, *owner)
    if isinstance(owner, tuple):  # of a person, as a report has it: who is shielded, is so there as well
        report, person = owner
        classes = of_person(world, viewer, person)
        return wanted in classes or not world.shielded(viewer, person) and wanted in of_report(world, viewer, report)
    if owner not in world.reports:
        return wanted in of_person(world, viewer, owner)
    if wanted == "centre_only":
        parts = world.reports[owner][1]
        return "narrative" in of_report(world, viewer, owner) and any(
            unit == viewer.unit and kind == "screening" for unit, _, kind, _ in parts)
    return wanted in of_report(world, viewer, owner)


def allowed(world, viewer, marker):
    """May this viewer find the marker anywhere at all?"""
    return any(opened_by(world, viewer, owner, marker.field_class) for owner in marker.owners)
