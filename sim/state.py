"""What changes during a year, as columns, how it is before the first week of the burn-in, and how a plan finds it."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import lanes
from sim.columns import blank_columns, gather_all, gathered, of_type
from sim.draws import REGION_YEAR, START, YEAR, four, normal
from sim.elementary import exp
from sim.layout import Layout, leads
from sim.rule import loop
from sim.rules.calling import believed
from sim.rules.response import fade
from sim.world import CUSTOMER, PROSPECT, Accounts, Floats, Ints, World

REP_COLUMNS = (
    "pace", "first_pace", "sold", "call_rate", "goal_rate", "effort", "quality", "chance", "effort_odds", "closing",
    "discount", "counted", "ability", "hired", "ramp", "time", "vacancy", "seat", "tenure", "missed", "paid", "gone",
)  # fmt: skip
WHOLE = (
    "status", "owner", "sold", "deals", "counted", "hired", "vacancy", "seat", "missed", "paid", "gone",
)  # fmt: skip


class State(NamedTuple):
    """Columns over accounts (n,), reps (m,) and open opportunities (capacity,); both engines read and write them.

    In a year with reviews columns over accounts have places to spare, whatever stands there (`sim.layout`).
    A column whose name begins with ``deal_`` is over open opportunities, and no other may begin so.
    """

    goodwill: Floats  # from calls, faded; 1 = well covered
    a_call: Floats  # what one average call adds to it
    lead: Floats  # (n, 5) competitors' score minus ours as it is now; the market's own where no event changes it
    farther: Floats  # how much farther competitors are ahead, all criteria together, than when the year began
    pressure: Floats  # what makes selling harder than it was when the year began
    said: Floats  # what each account says of us this week; (0,) where nobody listens
    word: Floats  # what its neighbours say of us; (0,) as well
    relationship: Floats  # with the present rep, 0 to 1
    before: Floats  # relationship just before the last change of rep
    fresh: Floats  # 1 at a change of rep, fading
    status: Ints  # PROSPECT, CUSTOMER, LAPSED
    success: Floats  # the rep's feeling of success
    belief_error: Floats  # log of believed over true potential
    belief: Floats  # potential as the present rep sees it, money a year
    since_call: Floats  # weeks
    shock: Floats  # this year's demand over a normal year's
    root_shock: Floats  # its square root: half of a shock is in the number of opportunities, half in their size
    mean_order: Floats  # this year's mean order, money
    mean_deal: Floats  # this year's mean opportunity, money
    base: Floats  # opportunities a week at full share, were nothing heard of us
    opens: Floats  # and with what neighbours say
    launched: Floats  # what new products add to that; (0,) in a year without events
    growth: Floats  # what events leave of demand beyond the year; (0,) in a year without
    share: Floats  # of what is winnable, this week
    open_money: Floats  # (K, n) expected open money by stage; (K + 1, n) where some walk no stages
    owner: Ints  # row of the rep
    fit: Floats  # of the present rep
    standing: Floats  # log-odds of winning that stay as long as the present rep
    km: Floats  # from the present rep's home
    hours: Floats  # of one call, travel included
    pace: Floats  # (m,) sales a week the rep expects, money
    first_pace: Floats  # (m,) the same when the plan began
    sold: Ints  # (m,) cents in this goal period
    call_rate: Floats  # (m,) calls a week at effort 1
    goal_rate: Floats  # (m,) of these, the ones that count for the activity goal
    effort: Floats  # (m,) this week
    quality: Floats  # (m,) of a call this week
    chance: Floats  # (m,) of reaching the quota, as seen this week
    effort_odds: Floats  # (m,) log-odds of winning from this week's effort, discount and month
    closing: Floats  # (m,) chance that an opportunity in the last stage is decided this week
    discount: Floats  # (m,) part of the price that is let go this week
    counted: Ints  # (m,) calls this week that count for the activity goal
    ability: Floats  # (m,) of who holds the place now
    hired: Ints  # (m,) 1 where somebody new does
    ramp: Floats  # (m,) what a call of theirs does, 1 = seasoned
    time: Floats  # (m,) hours a week for calls and travel at effort 1; of an empty place, what neighbours give
    vacancy: Ints  # (m,) weeks until somebody comes; 0 = somebody is there, NOBODY = nobody is sought
    seat: Ints  # (m,) 1 where the team has the place, held or empty
    tenure: Floats  # (m,) weeks since a new rep came
    missed: Ints  # (m,) quota periods missed in a row
    paid: Ints  # (m,) cents this year
    gone: Ints  # (m,) how often the place became empty this year
    deal_row: Ints  # place of the account of each open opportunity
    deal_key: Ints  # and its key
    deal_opened: Ints  # week it opened
    deal_ordinal: Ints  # which one of that account and week
    deal_stage: Ints  # 0 to K - 1; K where it walks no stages
    deal_cents: Ints  # size
    deals: Ints  # (m,) how many each rep has open
    deals_from: Ints  # (m + 1,) where each rep's open opportunities begin, each account's oldest first


DEAL_COLUMNS = tuple(name for name in State._fields if name.startswith("deal_"))
_APART = (*REP_COLUMNS, *DEAL_COLUMNS, "deals", "deals_from", "lead", "open_money")
_TYPES = {name: "i8" if name in WHOLE else "f8" for name in State._fields if name not in _APART}
FLOATS_OF_ACCOUNTS, INTS_OF_ACCOUNTS = (of_type(kind, _TYPES.items()) for kind in ("f8", "i8"))
COLUMNS_OF_DEALS = attrgetter(*DEAL_COLUMNS)


def room_for_deals(layout: Layout, open_now: Ints, doublings: int) -> Ints:
    """Where each rep's open opportunities begin, (m + 1,): room for two an account and fifty, or what it takes."""
    begins, accounts = np.zeros(open_now.size + 1, dtype=np.int64), layout.ends - layout.starts[:-1]
    np.maximum((2 * accounts.astype(np.int64) + 50) << doublings, 2 * open_now).cumsum(out=begins[1:])
    return begins


@loop
def _count_open(begins: Ints, deals: Ints, row: Ints, place: Ints, owner: Ints, counts: Ints) -> None:
    """How many open opportunities each rep will have; accounts go to ``place`` (p,) and are ``owner``'s (p,)."""
    for j in range(deals.size):
        for d in range(begins[j], begins[j] + deals[j]):
            counts[owner[place[row[d]]]] += 1


@loop
def _regroup(
    old: Any, begins: Ints, deals: Ints, place: Ints, owner: Ints, new: Ints, new_begins: Ints, new_deals: Ints
) -> None:  # fmt: skip
    """Hands every open opportunity to the rep who will have its account; ``old`` and ``new`` are DEAL_COLUMNS."""
    for j in range(deals.size):
        for d in range(begins[j], begins[j] + deals[j]):
            i = place[old[0][d]]
            to = new_begins[owner[i]] + new_deals[owner[i]]
            new[0, to] = i
            for k in range(1, len(old)):
                new[k, to] = old[k][d]
            new_deals[owner[i]] += 1


def laid_out(
    state: State, old: Layout, new: Layout, doublings: int = 0, events: bool = False, rows: int = 0
) -> State:  # fmt: skip
    """A copy to play on in another layout; `sim.handover` then gives every account to its rep.

    ``doublings`` of the room for open opportunities, where a year ran out of it; ``events`` where some will happen;
    ``rows`` of expected money at least.
    """
    taken, places = new.starts[-1], new.rows.size
    came_from, goes_to = old.place[new.rows[:taken]], new.place[old.rows]
    columns: dict[str, Any] = blank_columns(_TYPES, new.owner.shape)
    floats, ints = (tuple(columns[name] for name, kind in _TYPES.items() if kind == one) for one in ("f8", "i8"))
    gather_all(FLOATS_OF_ACCOUNTS(state), floats, INTS_OF_ACCOUNTS(state), ints, came_from)
    columns |= _deals(state, goes_to, new, doublings)
    for name, column in state._asdict().items():
        if name in REP_COLUMNS:
            columns[name] = column.copy()
        elif name == "lead":
            changed = column is not old.accounts.lead
            lead = leads(column, came_from, places) if changed else new.accounts.lead
            columns[name] = lead.copy() if events else lead
        elif name in ("launched", "growth") and not column.size:
            if events:
                columns[name][:] = 1.0
            else:
                columns[name] = np.ones(0)
        elif name in ("said", "word"):
            columns[name] = np.zeros(len(new.neighbours))
        elif name == "open_money":
            columns[name] = np.zeros((max(rows, len(column)), places))
            for row, stage in enumerate(column):
                columns[name][row, :taken] = gathered(stage, came_from)
    return State(**columns)


def _deals(state: State, goes_to: Ints, new: Layout, doublings: int) -> dict[str, Any]:
    """Open opportunities by whose they will be in another layout; accounts go to ``goes_to`` (p,)."""
    open_now = np.zeros(state.deals.size, dtype=np.int64)
    _count_open(state.deals_from, state.deals, state.deal_row, goes_to, new.owner, open_now)
    deals_from = room_for_deals(new, open_now, doublings)
    columns, deals = np.empty((len(DEAL_COLUMNS), deals_from[-1]), dtype=np.int64), np.zeros_like(open_now)
    _regroup(COLUMNS_OF_DEALS(state), state.deals_from, state.deals, goes_to, new.owner, columns, deals_from, deals)
    made: dict[str, Any] = dict(zip(DEAL_COLUMNS, columns, strict=True))
    return made | {"deals": deals, "deals_from": deals_from}


def rearranged(state: State, old: Layout, new: Layout, came_from: Ints, doublings: int) -> State:
    """What `laid_out` does beside columns of accounts, which `sim.review` has put in order: leads and opportunities."""
    lead = new.accounts.lead if state.lead is old.accounts.lead else state.lead.take(came_from, axis=0)
    return state._replace(lead=lead, **_deals(state, gathered(new.place, old.rows), new, doublings))


@loop
def _stationary(accounts: Accounts, seed: int, replication: int, error: float, state: State) -> None:
    """Relationship uniform around where 16 calls a week for 100 accounts hold it, seven accounts in eight customers."""
    for i in range(accounts.key.size):
        u_belief, u_relationship, u_status, _ = four(seed, replication, START, accounts.key[i], 0, 0)
        state.belief_error[i] = error * normal(u_belief)
        state.belief[i] = believed(accounts.potential[i], state.belief_error[i])
        state.relationship[i] = 0.38 + 0.46 * u_relationship
        state.before[i] = state.relationship[i]
        state.status[i] = CUSTOMER if u_status < 0.87 else PROSPECT
        state.goodwill[i] = 1.0


@loop
def draw_year(
    key: NDArray[np.int64], region: NDArray[np.int64], seed: int, replication: int, year: int,
    account_sd: float, region_sd: float, shock: NDArray[np.float64],
) -> None:  # fmt: skip
    """This year's demand over a normal year's: log-normal shocks of account and region, each with mean 1."""
    for i in range(key.size):
        own = account_sd * normal(four(seed, replication, YEAR, key[i], year, 0)[0])
        shared = region_sd * normal(four(seed, replication, REGION_YEAR, region[i], year, 0)[0])
        shock[i] = exp(own + shared - 0.5 * (account_sd * account_sd + region_sd * region_sd))


@loop
def learn(state: State, accounts: Accounts, left: float) -> None:
    """Reps learn about all their accounts at once: ``left`` is the part of their errors about potential that stays."""
    for i in range(accounts.key.size):
        state.belief_error[i] = fade(state.belief_error[i], left)
        state.belief[i] = believed(accounts.potential[i], state.belief_error[i])


def before_burn_in(world: World, layout: Layout, replication: int, doublings: int = 0) -> State:
    """The state before the first burn-in week: stationary draws, no open opportunities yet."""
    n, m = world.accounts.key.size, world.reps.key.size
    deals_from = room_for_deals(layout, np.zeros(m, dtype=np.int64), doublings)
    columns: dict[str, Any] = {
        "open_money": np.zeros((lanes(world.behaviour), n)),
        "deals_from": deals_from,
        "lead": layout.accounts.lead,
        "said": np.zeros(len(layout.neighbours)),
        "word": np.zeros(len(layout.neighbours)),
        "launched": np.zeros(0),
        "growth": np.zeros(0),
    }
    for name in (*REP_COLUMNS, *DEAL_COLUMNS, "deals"):
        deal = name.startswith("deal_")
        columns[name] = np.zeros(deals_from[-1] if deal else m, dtype=np.int64 if deal or name in WHOLE else np.float64)
    state = State(**blank_columns(_TYPES, (n,)) | columns)
    state.success[:] = 0.6
    state.since_call[:] = 4.0
    state.effort[:] = 1.0
    _stationary(layout.accounts, world.seed, replication, world.behaviour.belief_error, state)
    return state
