"""Every parameter that a planner can set, declared once: name, unit, default, range, meaning, source.

`configs/` mirrors these groups, one folder each; a group's YAML files are its named options. How customers and
reps behave is declared in `sim.behaviour`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from sim.behaviour import Behaviour
from sim.parameter import Parameter as P


@dataclass(frozen=True)
class MarketOptions:
    """Where the market comes from and what it looks like."""

    name: Annotated[str, P("", None, None, "generated or crm", "", "choice")] = "generated"
    seed: Annotated[int, P("", 0, 2**32 - 1, "makes the market, the team and all luck", "", "choice")] = 1
    accounts: Annotated[int, P("accounts", 2, 5_000_000, "how many accounts a generated market has", "", "choice")] = 2000
    mean_potential: Annotated[float, P("money a year", 1.0, 1e9, "mean potential of an account", "", "convention")] = 12_000.0
    potential_spread: Annotated[float, P("sd of log", 0.0, 2.0, "how unequal accounts are (sigma)", "a fifth of customers brings 55-75 % of sales: McCarthy & Winer 2018")] = 1.1
    estimate_error: Annotated[float, P("sd of log", 0.0, 1.0, "how wrong planners are about an account's potential", "")] = 0.4
    need_exponent: Annotated[float, P("exponent", 0.0, 1.0, "how calls needed grow with potential (a)", "")] = 0.4
    calls_needed: Annotated[float, P("calls a rep and week", 1.0, 100.0, "all needs together, over the present team, when the market is made", "", "convention")] = 16.0
    wins_a_rep: Annotated[float, P("wins a year", 1.0, 1000.0, "opportunities that an average rep wins", "", "convention")] = 50.0
    centre: Annotated[str, P("", None, None, "city around which a generated market lies", "", "choice")] = "Columbus, OH"
    folder: Annotated[str, P("", None, None, "folder of a CRM export", "", "choice")] = ""
    unit: Annotated[str, P("", None, None, "unit of planning in a CRM export: account_product or account_office", "", "choice")] = "account_product"
    level: Annotated[float, P("factor", 0.01, 100.0, "on what the accounts of an export ask for: 1 where today's plan sells what is on record, or as the fit has it", "", "choice")] = 1.0
    fit: Annotated[str, P("", None, None, "twin.yaml of territory fit: how the accounts and reps of an export behave; empty: no fit", "", "choice")] = ""
    draws: Annotated[int, P("draws", 0, 10_000, "how many of the fit's draws the years are played in, in turn; 0: its best guess alone", "", "choice")] = 40
    currency: Annotated[str, P("", None, None, "currency sign", "", "choice")] = "$"
    growth: Annotated[str, P("", None, None, "how much more accounts ask for each year than the year before, as in '+5%; industry=Retail +12%; region=largest -3%'; of two that name an account the later counts; empty: nothing grows", "", "choice")] = ""
    entry: Annotated[str, P("", None, None, "accounts that nobody has sold to before the plan begins, as in 'region=largest' or 'industry=Retail and region=East'; empty: none", "", "choice")] = ""


@dataclass(frozen=True)
class TeamOptions:
    """The reps and what they cost."""

    reps: Annotated[int, P("reps", 1, 100_000, "how many reps a generated team has", "", "choice")] = 20
    ability_spread: Annotated[float, P("sd of log", 0.0, 1.0, "how unequal reps are", "")] = 0.25
    fit_spread: Annotated[float, P("sd", 0.0, 0.3, "how a rep's fit differs between industries, regions and products; kept in 0.7 to 1.3", "")] = 0.12
    hours: Annotated[float, P("hours a week", 1.0, 80.0, "working hours", "", "convention")] = 40.0
    selling_share: Annotated[float, P("share", 0.05, 1.0, "part of them for calls and travel", "", "convention")] = 0.55
    ote: Annotated[float, P("money a year", 0.0, 1e9, "on-target earnings of a rep", "quota five times OTE is usual", "convention")] = 120_000.0
    overhead: Annotated[float, P("money a year", 0.0, 1e9, "what else a rep costs: taxes, tools, management", "", "convention")] = 36_000.0
    cost_per_km: Annotated[float, P("money a km", 0.0, 10.0, "travel cost", "", "convention")] = 0.40


@dataclass(frozen=True)
class TerritoryOptions:
    """Which design draws the territories."""

    name: Annotated[str, P("", None, None, "design: current, random, round_robin, nearest, by_region, by_industry, by_product, by_size, by_stage, hybrid, named_accounts, balanced, least_change, optimised, from_file", "", "choice")] = "current"
    file: Annotated[str, P("", None, None, "from_file: a CSV or XLSX with columns account and rep, or territories.geojson; accounts it does not name stay where they are", "", "choice")] = ""
    tolerance: Annotated[float, P("share", 0.0, 1.0, "balanced: how far a territory's workload may be from the mean", "+-15 % is the common rule", "convention")] = 0.05
    balance: Annotated[str, P("", None, None, "balanced: columns to balance with weights, as in 'potential, workload:2'; empty: workload", "", "choice")] = ""
    minimum: Annotated[str, P("", None, None, "balanced: what a territory must have at least, as in 'workload:800, accounts:40'", "", "choice")] = ""
    maximum: Annotated[str, P("", None, None, "balanced: what a territory may have at most, as in 'workload:1200, accounts:90'", "", "choice")] = ""
    contiguous: Annotated[str, P("", None, None, "balanced: yes where a territory must be in one piece; empty: no", "", "choice")] = ""
    adjacency: Annotated[str, P("", None, None, "balanced: a CSV with two columns of account ids that are neighbours", "", "choice")] = ""
    longest_km: Annotated[float, P("km", 0.0, 20_000.0, "balanced: how far an account may be from its rep's home; 0: any way", "", "choice")] = 0.0
    longest_minutes: Annotated[float, P("minutes", 0.0, 20_000.0, "balanced: the same as minutes of driving one way, by behaviour.road_factor and road_speed; 0: any way", "", "choice")] = 0.0
    capacity: Annotated[str, P("", None, None, "balanced: yes where no rep's workload may be more than the rep's selling hours of a year; empty: no", "", "choice")] = ""
    must_match: Annotated[str, P("", None, None, "balanced: what a rep must match, of region, industry, product: its own region, or a fit of least_fit", "", "choice")] = ""
    should_match: Annotated[str, P("", None, None, "balanced: what a rep should match, as in 'industry:25': no match counts as 25 km farther, where changes count as 25 moves", "", "choice")] = ""
    least_fit: Annotated[float, P("ratio", 0.0, 2.0, "must_match, should_match: the least fit for an industry or product that is a match; 1 is average", "", "choice")] = 1.0
    locked: Annotated[str, P("", None, None, "accounts and reps that stay as today whichever design draws, as in 'A00012, R03'", "", "choice")] = ""
    most_moved: Annotated[str, P("", None, None, "balanced: largest share that may change rep, as in 'accounts:0.2, potential:0.1'", "", "choice")] = ""
    most_moved_per_rep: Annotated[str, P("", None, None, "balanced: the same of what each rep has today", "", "choice")] = ""
    named: Annotated[str, P("", None, None, "named_accounts: the named accounts, by id, or how many of the largest by estimated potential", "", "choice")] = "20"
    named_reps: Annotated[str, P("", None, None, "named_accounts: who takes them, by id, or how many; empty: as many as their work needs", "", "choice")] = ""
    rest: Annotated[str, P("", None, None, "named_accounts: the design that draws the other accounts", "", "choice")] = "balanced"
    keep_together: Annotated[str, P("", None, None, "groups that stay with one rep: city, county, postcode, region, industry, product, size or parent; empty: none", "", "choice")] = ""
    people: Annotated[str, P("", None, None, "best: each territory that the design drew goes to the rep who is expected to earn most there, all together; empty: as drawn", "", "choice")] = ""
    edits: Annotated[str, P("", None, None, "changes to whatever the design draws, as in 'move city=Dayton to R03; merge R01 R02'", "", "choice")] = ""


OWN_TOLERANCE = {"optimised": 0.30}  # of designs whose option says another than the usual one


@dataclass(frozen=True)
class GoalsOptions:
    """Which goals reps get."""

    name: Annotated[str, P("", None, None, "policy: none, quota_equal, quota_potential, quota_history, activity_any, activity_priority, hybrid, from_file", "", "choice")] = "none"
    file: Annotated[str, P("", None, None, "from_file: a CSV or XLSX with columns rep, measure, target, every, as territory goals writes it", "", "choice")] = ""
    stretch: Annotated[float, P("times last year", 0.1, 5.0, "total quota over last year's expected sales", "", "convention")] = 1.06
    belief_weight: Annotated[float, P("share", 0.0, 1.0, "quota_potential: weight of believed potential, the rest is last year's sales", "", "convention")] = 0.8
    activity: Annotated[float, P("times last year", 0.1, 5.0, "activity goal over the rep's own calls of last year", "", "convention")] = 1.0
    periods: Annotated[int, P("periods a year", 1, 52, "quota periods in a year", "", "choice")] = 1
    ratchet_up: Annotated[float, P("ratio", 0.0, 2.0, "how much of what a rep sells above its quota raises the next year's, as shares of the quota; above 0 reps know it and hold back", "", "choice")] = 0.0
    ratchet_down: Annotated[float, P("ratio", 0.0, 2.0, "how much of what is missing to a quota lowers the next year's", "", "choice")] = 0.0


@dataclass(frozen=True)
class PayOptions:
    """How reps are paid; every plan costs the same when a territory sells what is expected of it."""

    name: Annotated[str, P("", None, None, "plan: salary, commission, bonus, accelerator, capped", "", "choice")] = "bonus"
    commission: Annotated[float, P("of OTE", 0.0, 1.0, "commission of a week of expected sales, in weeks of OTE (c)", "", "convention")] = 0.5
    bonus: Annotated[float, P("weeks of OTE", 0.0, 26.0, "bonus for a whole year's quota, in weeks of OTE (B)", "", "convention")] = 5.0
    over: Annotated[float, P("of OTE", 0.0, 3.0, "commission after the quota is reached", "", "convention")] = 0.875
    cap: Annotated[float, P("attainment", 1.0, 10.0, "attainment above which nothing more is earned", "", "convention")] = 1.2
    authority: Annotated[float, P("share", 0.0, 0.5, "largest part of a price that a rep may let go to win an opportunity", "", "choice")] = 0.0


@dataclass(frozen=True)
class ReviewOptions:
    """When the plan is looked at again while its year goes on, and what is done then."""

    name: Annotated[str, P("", None, None, "when: none, annual, quarterly, monthly, triggered; annual is between two years, and the others are held then too", "", "choice")] = "none"
    policy: Annotated[str, P("", None, None, "what is done: reactive, proactive, rebalance, requota, backfill", "", "choice")] = "proactive"
    measure: Annotated[str, P("", None, None, "triggered: what is watched each month: attainment, opportunity, coverage, workload, pipeline, trend", "", "choice")] = "opportunity"
    trigger: Annotated[float, P("share", 0.01, 5.0, "triggered: how far a territory may be from the middle one", "", "convention")] = 0.25
    threshold: Annotated[float, P("share", 0.0, 2.0, "how much fuller than a neighbour a territory may be before accounts go there; reactive: how far attainment must be from the mean of all before anything is done", "+-15 % is the common rule", "convention")] = 0.15
    most_moved: Annotated[float, P("share", 0.0, 1.0, "largest part of all accounts that may change rep in one review", "", "choice")] = 0.05
    relief: Annotated[float, P("share", 0.0, 1.0, "part of the quota that goes along with an account; requota: part of the change in demand that quotas follow", "", "choice")] = 1.0
    holdover: Annotated[float, P("share", 0.0, 1.0, "part of what open opportunities of an account are expected to bring that counts for the rep who gives it away", "", "choice")] = 0.5
    price: Annotated[float, P("money a rep and review", 0.0, 100_000.0, "what holding a review costs: reports, talks, an hour or two of each rep", "")] = 150.0
    move_price: Annotated[float, P("money an account", 0.0, 100_000.0, "what handing an account over costs beside what the customer feels: letters, visits together, the books", "")] = 40.0


@dataclass(frozen=True)
class HiringOptions:
    """Whom the plan hires beside the team, and when; whoever comes learns as a new rep does."""

    name: Annotated[str, P("", None, None, "what the way to hire is known by", "", "choice")] = "never"
    most: Annotated[int, P("reps", 0, 1_000, "how many people may be hired in all", "", "choice")] = 0
    first: Annotated[int, P("reps", 0, 1_000, "how many of them begin with the plan; the others are looked for every quarter, where they are needed, and come a quarter later", "", "choice")] = 0
    by: Annotated[str, P("", None, None, "what they are needed for: work (hours that accounts need, over hours there are) or earned (margin above last year's, over the cost of a rep)", "", "choice")] = "work"
    trigger: Annotated[float, P("ratio", 0.1, 10.0, "work: hours needed over hours there are, above which somebody is sought; earned: how often new margin must pay a rep", "", "convention")] = 1.15
    price: Annotated[float, P("money a hire", 0.0, 1e6, "what finding and teaching one costs beside pay and what is not sold meanwhile", "", "convention")] = 20_000.0


@dataclass(frozen=True)
class EventOptions:
    """What happens that nobody foresaw when goals were set."""

    name: Annotated[str, P("", None, None, "what the year is known by", "", "choice")] = "none"
    happen: Annotated[str, P("", None, None, "what happens when, as in 'week 10: demand -25% in region=East; week 20: competitor price +0.3; week 26: rep R03 leaves; week 30: launch +20% in industry=Retail'; largest stands for a column's commonest value, rep 1 for the first of the team", "", "choice")] = ""


@dataclass(frozen=True)
class ChannelsOptions:
    """How accounts are called; a visit takes behaviour.call_hours and the way, its effect and bond are 1."""

    name: Annotated[str, P("", None, None, "who is called how: visits, phone, phone_small, phone_far, best", "", "choice")] = "visits"
    phone_hours: Annotated[float, P("hours", 0.05, 4.0, "length of a phone call, with what is written down after it", "")] = 0.4
    phone_effect: Annotated[float, P("visits", 0.0, 2.0, "what a phone call adds to goodwill", "")] = 0.5
    phone_bond: Annotated[float, P("visits", 0.0, 2.0, "what a phone call does for the relationship", "")] = 0.6
    email_hours: Annotated[float, P("hours", 0.02, 4.0, "work on one e-mail of a sequence", "")] = 0.1
    email_effect: Annotated[float, P("visits", 0.0, 2.0, "what an e-mail adds to goodwill", "")] = 0.12
    email_bond: Annotated[float, P("visits", 0.0, 2.0, "what an e-mail does for the relationship", "")] = 0.15
    by_industry: Annotated[str, P("", None, None, "where a way to call does more or less, as a factor on its effect, as in 'phone: Retail 1.3, Food 0.8; email: Technology 1.5'", "", "choice")] = ""
    far_km: Annotated[float, P("km", 0.0, 20_000.0, "phone_far: accounts farther than this from their rep's home are phoned", "", "choice")] = 40.0


@dataclass(frozen=True)
class CrmOptions:
    """Which parts of a CRM system the reps work with; each has a price, takes or saves hours, and does one thing."""

    name: Annotated[str, P("", None, None, "parts: none, information, templates, pipeline_view, follow_up, all", "", "choice")] = "none"
    information_price: Annotated[float, P("money a rep and year", 0.0, 100_000.0, "information: licence and upkeep", "licences cost 25 to 150 a rep and month", "convention")] = 600.0
    information_hours: Annotated[float, P("hours a week", -20.0, 20.0, "information: a rep's week it takes, or saves where negative", "")] = 0.5
    information_error: Annotated[float, P("share", 0.0, 1.0, "information: part of reps' errors about potential that is left from week 1", "")] = 0.6
    information_learning: Annotated[float, P("factor", 0.0, 1.0, "information: on the part of that error that is left after a call", "")] = 0.95
    templates_price: Annotated[float, P("money a rep and year", 0.0, 100_000.0, "templates: licence and upkeep", "as above", "convention")] = 300.0
    templates_hours: Annotated[float, P("hours a week", -20.0, 20.0, "templates: a rep's week it takes, or saves where negative", "")] = 0.0
    templates_call: Annotated[float, P("factor", 0.1, 2.0, "templates: on the length of a call, the way apart", "")] = 0.92
    pipeline_view_price: Annotated[float, P("money a rep and year", 0.0, 100_000.0, "pipeline_view: licence and upkeep", "as above", "convention")] = 600.0
    pipeline_view_hours: Annotated[float, P("hours a week", -20.0, 20.0, "pipeline_view: a rep's week it takes, or saves where negative", "")] = 0.5
    pipeline_view_pace: Annotated[float, P("factor", 0.1, 5.0, "pipeline_view: on the weekly chance that an opportunity leaves its stage or is decided", "")] = 1.15
    follow_up_price: Annotated[float, P("money a rep and year", 0.0, 100_000.0, "follow_up: licence and upkeep", "as above", "convention")] = 300.0
    follow_up_hours: Annotated[float, P("hours a week", -20.0, 20.0, "follow_up: a rep's week it takes, or saves where negative", "")] = 0.25
    follow_up_fresh: Annotated[float, P("factor", 0.1, 10.0, "follow_up: on the weeks that a call is fresh in mind", "")] = 1.5
    follow_up_churn: Annotated[float, P("factor", 0.0, 2.0, "follow_up: on the customers lost a year", "")] = 0.9
    follow_up_kept: Annotated[float, P("share", 0.0, 1.0, "follow_up: part of the opportunities that would be dropped before the last stage that goes on", "")] = 0.3


@dataclass(frozen=True)
class ProcessOptions:
    """What is changed in one stage of the funnel, beside whatever a CRM does."""

    name: Annotated[str, P("", None, None, "what the change is known by", "", "choice")] = "none"
    stage: Annotated[int, P("stage", 0, 8, "which stage of the funnel, from 1; 0 is the last, where it is decided", "", "choice")] = 0
    pace: Annotated[float, P("factor", 0.1, 5.0, "on the weekly chance to leave that stage; 0.5 is twice the delay", "", "choice")] = 1.0
    success: Annotated[float, P("factor", 0.1, 5.0, "on the part that goes on from it; in the last stage on the odds of winning", "", "choice")] = 1.0
    price: Annotated[float, P("money a rep and year", 0.0, 100_000.0, "what the change costs", "", "choice")] = 0.0


@dataclass(frozen=True)
class Scenario:
    """One scenario: a market and team, one plan, and how often the year is played."""

    market: MarketOptions = field(default_factory=MarketOptions)
    team: TeamOptions = field(default_factory=TeamOptions)
    territory: TerritoryOptions = field(default_factory=TerritoryOptions)
    goals: GoalsOptions = field(default_factory=GoalsOptions)
    pay: PayOptions = field(default_factory=PayOptions)
    channels: ChannelsOptions = field(default_factory=ChannelsOptions)
    crm: CrmOptions = field(default_factory=CrmOptions)
    process: ProcessOptions = field(default_factory=ProcessOptions)
    review: ReviewOptions = field(default_factory=ReviewOptions)
    hiring: HiringOptions = field(default_factory=HiringOptions)
    events: EventOptions = field(default_factory=EventOptions)
    behaviour: Behaviour = Behaviour()
    years: Annotated[int, P("years", 1, 10, "years in a row that a plan is played; its measures are of all of them", "", "choice")] = 1
    replications: Annotated[
        int, P("years", 2, 100_000, "simulated years of every plan, or auto: as many as it takes", "", "choice")
    ] = 20
    engine: Annotated[str, P("", None, None, "mesa or compiled: the same year, bit for bit", "", "choice")] = "compiled"


GROUPS: dict[str, type] = {
    "market": MarketOptions,
    "team": TeamOptions,
    "territory": TerritoryOptions,
    "goals": GoalsOptions,
    "pay": PayOptions,
    "channels": ChannelsOptions,
    "crm": CrmOptions,
    "process": ProcessOptions,
    "review": ReviewOptions,
    "hiring": HiringOptions,
    "events": EventOptions,
    "behaviour": Behaviour,
}
PLAN = ("territory", "goals", "pay", "channels", "crm", "process", "review", "hiring")  # groups that a plan is made of
