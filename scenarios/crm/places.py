"""Where an export's accounts and reps are: by their coordinates, else in the middle of those they belong with."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from scenarios.crm.export import Export
from scenarios.intake.degrees import PLACE
from scenarios.market import Finding
from scenarios.places import degrees, kilometres
from scenarios.problems import some
from scenarios.team import Team
from scenarios.workload import PLACE as ON_PLANE
from scenarios.workload import kilometres as ways
from scenarios.workload import places
from sim.world import Floats, Ints

ENOUGH = 0.5  # of the accounts must have coordinates: with fewer, most ways would be guesses
WITH = (  # whose middle stands in for an account's own coordinates, the nearest first
    ("those of its city", ("country", "county", "city")),
    ("those of its county or state", ("country", "county")),
    ("those of its region", ("region",)),
    ("all", ()),
)
ROUNDS = 100  # of moving homes nearer
NEXT_DOOR = 1.0  # km; a shorter way counts as this, so that no single account holds a home
FAR_KM = 1000.0
STRAY = 10.0  # times as far from the middle as half of the accounts are
COLUMNS = (*PLACE, *ON_PLANE)


class Places(NamedTuple):
    """Where the units of a market are: ``units`` has their COLUMNS, n rows; ``counts`` is whether travel does."""

    units: pd.DataFrame
    counts: bool
    centre: pd.Series  # latitude and longitude that kilometres are counted from
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def located(export: Export, accounts: pd.Series, offices: pd.Series) -> Places:
    """Where units are, by their account's id and by the office that they are sold from, both (n,).

    A company's units share its place. Accounts without coordinates stand in the middle (the median, north and east)
    of the accounts that they belong with (`WITH`). Where fewer than ENOUGH of them have any, or all have the same,
    nobody has a place.
    """
    own = export.accounts.set_index("id")[list(PLACE)]
    office = pd.Series(offices.to_numpy(), index=accounts.to_numpy())
    office = office[~office.index.duplicated()]
    here = own.loc[office.index]
    known = int(here[PLACE[0]].notna().sum())
    said = f"{known:,} of {len(here):,} accounts have coordinates"
    if known < ENOUGH * len(here) or len(here.dropna().drop_duplicates()) < 2:
        why = "" if not known else ", fewer than half" if known < ENOUGH * len(here) else ", all the same"
        return _nowhere(export, len(accounts), known, said, why)
    own = own.assign(longitude=_near(own["longitude"].to_numpy(), here["longitude"].dropna().iloc[0]))
    own, astray = _astray(export, own, office.index)
    said += f", {sum(one.count for one in astray)} of them far from all others" if astray else ""
    here, findings = _filled(export, own, own.loc[office.index], office)
    centre = here.median()
    x, y = kilometres(here["latitude"].to_numpy(), here["longitude"].to_numpy(), centre)
    units = here.assign(x_km=x, y_km=y).loc[accounts.to_numpy()].reset_index(drop=True)
    rest = "; the others stand in the middle of those of their city, region or all" if findings else ""
    return Places(units[list(COLUMNS)], True, centre, (*astray, *findings), (f"Travel counts: {said}{rest}.",))


def _astray(export: Export, own: pd.DataFrame, here: pd.Index) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """``own`` without coordinates that are far from all others, and which these were.

    Far is more than FAR_KM from the middle, and STRAY times as far as half of the accounts ``here`` are: one mistyped
    coordinate would take up the team's year with one trip. A firm that is all over the world has none.
    """
    known = own.loc[here].dropna()
    middle = known.median()
    km = np.hypot(*kilometres(known["latitude"].to_numpy(), known["longitude"].to_numpy(), middle))
    far = known.index[km > max(FAR_KM, STRAY * float(np.median(km)))]
    if not len(far):
        return own, ()
    what = f"accounts more than {FAR_KM:,.0f} km from the middle of all, and {STRAY:.0f} times as far as most"
    done = "their coordinates are taken as not known"
    finding = Finding(export.data.file("accounts"), f"{what}: {some(far)}", len(far), done)
    own = own.copy()
    own.loc[far] = np.nan
    return own, (finding,)


def _near(longitude: Floats, other: float) -> Floats:
    """Longitudes (n,) within 180 degrees of another one: beyond the date line is near, not once around the earth.

    >>> _near(np.array([-179.5, 10.0]), 179.0).tolist()
    [180.5, 10.0]
    """
    near: Floats = longitude - 360.0 * np.round((longitude - other) / 360.0)
    return near


def _nowhere(export: Export, units: int, known: int, said: str, why: str) -> Places:
    """No places, and why."""
    blank = pd.DataFrame({column: np.full(units, np.nan if column in PLACE else 0.0) for column in COLUMNS})
    finding = Finding(export.data.file("accounts"), f"accounts with coordinates{why}", known, "coordinates not used")
    note = f"Travel is left out and there is no map: {said}{why}."
    return Places(blank, False, pd.Series(dtype=float), (finding,) if known else (), (note,))


def _filled(
    export: Export, own: pd.DataFrame, here: pd.DataFrame, office: pd.Series
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """``here`` with coordinates for all, from those of ``own``, all accounts of the export; and how many by whose."""
    words = export.accounts.set_index("id")[["country", "county", "city", "region"]]
    region = words["region"].where(words["region"] != "", office.reindex(words.index).fillna(""))
    words = words.assign(region=region.astype("str"))
    here, found = here.copy(), []
    for whose, columns in WITH:
        lacks = here[PLACE[0]].isna()
        if not lacks.any():
            break
        if columns:
            label = pd.Series("", index=words.index, dtype="str")
            for column in columns:
                label = label + "\0" + words[column]
            label = label[words[columns[-1]] != ""]
            middles = own.loc[label.index].groupby(label).median()
            here.loc[lacks] = middles.reindex(label.reindex(here.index[lacks])).to_numpy()
        else:
            here.loc[lacks] = own.median().to_numpy()
        count = int(lacks.sum() - here[PLACE[0]].isna().sum())
        if count:
            what, done = "accounts without coordinates", f"put in the middle of {whose}"
            found.append(Finding(export.data.file("accounts"), what, count, done))
    return here, tuple(found)


def housed(
    export: Export, where: Places, offices: pd.Series, people: Team, owner: Ints, calls: Floats
) -> tuple[Team, Places]:
    """The team with places where its reps live, and ``where`` with what is to say of them; as they are without places.

    Homes are those on record, else where the way to a rep's units of today (``owner``, (n,) rows of the team) is
    shortest, each as often as it needs ``calls`` (n,); of a rep without any, the middle of its region's, else of all.
    """
    if not where.counts:
        return people, where
    reps = people.reps
    stated = export.reps.set_index("id")[list(PLACE)].reindex(reps["id"].to_numpy())
    stated = stated.apply(pd.to_numeric, errors="coerce").astype(float)
    known = stated.notna().all(axis=1).to_numpy()
    serves = np.bincount(owner, minlength=len(reps)) > 0
    home = shortest(where.units, owner, calls, len(reps))
    for row in np.flatnonzero(~serves):
        near = (offices == reps["region"].iloc[row]).to_numpy()
        home[row] = np.median(places(where.units)[near if near.any() else slice(None)], axis=0)
    north, east = stated.to_numpy(np.float64)[known].T
    east = _near(east, where.centre["longitude"])
    home[known] = np.column_stack(kilometres(north, east, where.centre))
    latitude, longitude = degrees(home[:, 0], home[:, 1], where.centre)
    latitude[known], longitude[known] = north, east
    reps = reps.assign(latitude=latitude, longitude=longitude, x_km=home[:, 0], y_km=home[:, 1])
    people = replace(people, reps=reps)
    km = ways(where.units, reps, owner)
    far = int((km > FAR_KM).sum())
    what, done = f"units more than {FAR_KM:,.0f} km from their rep's home", "kept; see whether both places are right"
    found = [Finding(export.data.file("accounts"), what, far, done)] if far else []
    said = _homes(int(known.sum()), int((serves & ~known).sum()), int((~serves & ~known).sum()))
    away = f"Today's units lie {km.mean():,.0f} km from their rep's home, in a straight line and in the mean."
    return people, where._replace(findings=(*where.findings, *found), notes=(*where.notes, said, away))


def _homes(known: int, guessed: int, idle: int) -> str:
    """Where homes are from."""
    parts = [f"{known} on record"]
    if guessed:
        parts.append(
            f"{guessed} taken to be where the way to the rep's accounts of today is shortest, a few percent shorter "
            "than it is"
        )
    if idle:
        parts.append(f"{idle} without accounts in the middle of their region's, or of all")
    return f"Homes of reps: {'; '.join(parts)}."


def shortest(units: pd.DataFrame, owner: Ints, calls: Floats, reps: int) -> Floats:
    """Where each of ``reps`` would live to have the shortest way to its units, all ``calls`` together: (reps, 2), km.

    From the median, each home moves ROUNDS times to the mean of its units, weighted by calls / km (Weiszfeld 1937),
    so that a unit far off hardly draws it. NaN for a rep without any.

    Worked: three units at 0, 10 and 90 km in a line: the way is shortest from the one in the middle; from the last (to
    NEXT_DOOR km), where that needs more calls than the others together.

    >>> line = pd.DataFrame({"x_km": [0.0, 10.0, 90.0], "y_km": 0.0})
    >>> shortest(line, np.zeros(3, dtype=np.int64), np.ones(3), 1).round(1).tolist()
    [[10.0, 0.0]]
    >>> shortest(line, np.zeros(3, dtype=np.int64), np.array([1.0, 1.0, 3.0]), 1).round(1).tolist()
    [[89.3, 0.0]]
    """
    spots = places(units)
    home = pd.DataFrame(spots, columns=ON_PLANE).groupby(owner).median().reindex(range(reps))
    for _ in range(ROUNDS):
        pull = calls / np.maximum(ways(units, home, owner), NEXT_DOOR)
        drawn = [np.bincount(owner, pull * axis, reps) for axis in spots.T]
        whole = np.bincount(owner, pull, reps)
        home = pd.DataFrame(np.column_stack(drawn) / np.where(whole > 0, whole, np.nan)[:, None], columns=ON_PLANE)
    return places(home).copy()  # to be written to: of a single rep it is the frame's own
