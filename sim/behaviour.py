"""How customers and reps behave: every parameter of the model, declared once.

The names are words, the letters of `docs/model.md` stand in brackets in the meaning. One set of
defaults serves every market; `configs/behaviour/` overrides them by name.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from sim.parameter import Parameter as P


class Behaviour(NamedTuple):
    """The parameters of the base model, as plain numbers that compiled loops read."""

    # Response: what calls do to an account.
    carry_over: Annotated[
        float,
        P(
            "per week",
            0.0,
            0.98,
            "part of goodwill that is left a week later (L)",
            "Mizik & Jacobson 2004: effects of calls last for months",
        ),
    ] = 0.96
    share_floor: Annotated[
        float,
        P(
            "share",
            0.0,
            0.5,
            "share of what is winnable that is won without any calls (b)",
            "Albers, Mantrala & Sridhar 2010: elasticity well below 1",
        ),
    ] = 0.40
    response_shape: Annotated[float, P("exponent", 0.7, 2.0, "how steeply the share rises with goodwill (d)", "")] = 1.0
    response_half: Annotated[
        float,
        P(
            "goodwill",
            0.5,
            2.0,
            "goodwill, in units of a well-covered account's, at which half the reachable share is won (g)",
            "",
        ),
    ] = 1.0
    # Orders and opportunities.
    recurring_share: Annotated[
        float, P("share", 0.0, 1.0, "part of an account's potential that is bought as recurring orders", "")
    ] = 0.50
    orders_a_year: Annotated[
        float, P("orders a year", 1.0, 52.0, "orders a well-won customer places", "", "convention")
    ] = 12.0
    order_loyalty: Annotated[
        float,
        P(
            "per unit of relationship",
            0.0,
            2.0,
            "how much the relationship moves recurring orders (rho_R)",
            "Shi et al. 2017: accounts that change rep lose 13-18 %",
        ),
    ] = 0.90
    revival: Annotated[
        float,
        P(
            "factor",
            0.0,
            3.0,
            "how much a fresh rep at a weak relationship raises new opportunities (u_new)",
            "Schmitz et al. 2020: a tenth of accounts gain",
        ),
    ] = 1.3
    freshness_left: Annotated[float, P("per week", 0.8, 1.0, "part of a new rep's freshness left a week later", "")] = (
        25.0 / 26.0
    )
    repeat_share: Annotated[
        float,
        P(
            "share",
            0.0,
            1.0,
            "part of opportunities that is repeat business and follows the relationship as orders do (r); 0 where recurring orders are told apart",
            "",
        ),
    ] = 0.0
    deal_cv: Annotated[float, P("ratio", 0.05, 3.0, "coefficient of variation of the size of opportunities", "")] = 1.5
    # The funnel.
    stages: Annotated[
        int, P("stages", 1, 8, "stages of the funnel, the last is where it is decided (K)", "", "convention")
    ] = 2
    stage_advance: Annotated[
        float,
        P("share", 0.05, 1.0, "part of opportunities leaving a stage before the last that go on; the rest is lost", ""),
    ] = 1.0
    stage_hazard: Annotated[
        float,
        P(
            "per week",
            0.01,
            0.9,
            "chance a week that an opportunity leaves a stage that is not the last",
            "median cycle 10 weeks, from two stages of 0.17",
        ),
    ] = 0.17
    closing_hazard: Annotated[
        float,
        P(
            "per week",
            0.01,
            0.9,
            "chance a week that an opportunity in the last stage is decided, at effort 1",
            "as above",
        ),
    ] = 0.17
    closing_effort: Annotated[float, P("exponent", 0.0, 1.0, "how effort speeds closing", "")] = 0.6
    # When it is decided, off in the base.
    quick_share: Annotated[
        float,
        P(
            "share",
            0.0,
            0.95,
            "part of new opportunities that the buyer is ready to decide when they open: they walk no stages; 0: none",
            "",
        ),
    ] = 0.0
    quick_hazard: Annotated[
        float, P("per week", 0.05, 1.0, "chance a week that one of these is decided, whatever effort and calendar", "")
    ] = 0.5
    first_month_quick: Annotated[
        float,
        P("log-odds", -3.0, 3.0, "what a quarter's first month adds to the odds that what opens in it is one of these", ""),
    ] = 0.0
    first_month_pace: Annotated[
        float,
        P(
            "factor",
            0.0,
            5.0,
            "in a quarter's first month, on the weekly chance that an opportunity in the last stage is decided",
            "",
        ),
    ] = 1.0
    last_month_pace: Annotated[float, P("factor", 0.0, 5.0, "the same in its last month", "")] = 1.0
    first_month_odds: Annotated[
        float, P("log-odds", -3.0, 3.0, "what a quarter's first month adds to the odds of all that is decided in it", "")
    ] = 0.0
    last_month_odds: Annotated[float, P("log-odds", -3.0, 3.0, "what its last month adds", "")] = 0.0
    win_odds: Annotated[
        float, P("probability", 0.05, 0.9, "chance of winning an average opportunity", "", "convention")
    ] = 0.25
    win_ability: Annotated[
        float, P("log-odds per log", 0.0, 2.0, "what ability adds to the odds of winning (k_A)", "")
    ] = 0.65
    win_fit: Annotated[float, P("log-odds per log", 0.0, 1.0, "what fit adds to the odds of winning (k_F)", "")] = 0.3
    win_relationship: Annotated[float, P("log-odds per unit", 0.0, 1.0, "what the relationship adds (k_R)", "")] = 0.2
    win_recent_call: Annotated[float, P("log-odds", 0.0, 0.5, "what a call within three weeks adds (k_C)", "")] = 0.1
    win_effort: Annotated[float, P("log-odds per log", 0.0, 1.5, "what effort adds (k_H)", "")] = 0.6
    recent_weeks: Annotated[float, P("weeks", 0.0, 52.0, "how long a call is fresh in mind", "", "convention")] = 3.0
    win_discount: Annotated[
        float, P("log-odds per unit", 0.0, 10.0, "what a discount adds, for all of the price (k_D)", "")
    ] = 3.0
    # Relationship and status.
    relationship_gain: Annotated[
        float, P("per call", 0.0, 0.5, "part of the missing relationship that one call builds", "")
    ] = 0.12
    relationship_fade: Annotated[float, P("per week", 0.0, 0.1, "part of the relationship lost in a week", "")] = 0.01
    relationship_kept: Annotated[
        float, P("share", 0.0, 1.0, "part of the relationship that survives a change of rep (k0)", "Shi et al. 2017")
    ] = 0.20
    similarity_bonus: Annotated[
        float,
        P(
            "relationship",
            0.0,
            0.3,
            "relationship that a new rep brings who serves the same industries and regions",
            "Shi et al. 2017: a similar heir saves part of the loss",
        ),
    ] = 0.06
    churn_a_year: Annotated[float, P("per year", 0.0, 0.5, "customers lost a year at average care", "")] = 0.083
    # Effort.
    drive: Annotated[float, P("weeks of pay", 0.0, 2.0, "drive that pay does not buy (m0)", "")] = 0.5
    discouragement: Annotated[
        float,
        P(
            "share",
            0.0,
            1.0,
            "part of that drive lost when the quota is out of reach (d0)",
            "Chung, Steenburgh & Sudhir 2014: giving up",
        ),
    ] = 0.2
    effort_response: Annotated[
        float, P("exponent", 0.0, 0.6, "how effort answers to what a week of it brings (eta)", "Misra & Nair 2011")
    ] = 0.45
    effort_low: Annotated[float, P("times normal", 0.1, 1.0, "least effort", "")] = 0.5
    effort_high: Annotated[float, P("times normal", 1.0, 3.0, "most effort", "")] = 1.6
    luck_of_week: Annotated[
        float, P("weeks of sales", 0.1, 2.0, "how uncertain reps think a week's sales are (sigma_w)", "")
    ] = 0.6
    luck_of_pace: Annotated[float, P("share", 0.0, 0.5, "how uncertain reps think their own pace is (sigma_p)", "")] = (
        0.1
    )
    luck_of_activity: Annotated[
        float,
        P(
            "share",
            0.05,
            0.6,
            "how uncertain reps think a week's calls are (sigma_a)",
            "calls are in the rep's hands, sales are not",
        ),
    ] = 0.15
    activity_reward: Annotated[
        float, P("weeks of pay", 0.0, 0.5, "what reaching a week's activity goal is worth (g_a)", "")
    ] = 0.1
    pace_memory: Annotated[
        float, P("per week", 0.5, 0.99, "weight of the old estimate when a rep re-estimates its pace", "")
    ] = 0.9
    quality_ability: Annotated[float, P("exponent", 0.0, 2.0, "how ability raises what a call does (k_q)", "")] = 0.6
    quality_effort: Annotated[float, P("exponent", 0.0, 1.0, "how effort raises what a call does", "")] = 0.4
    rush: Annotated[
        float,
        P(
            "factor",
            0.0,
            1.0,
            "how running behind quota spoils the quality of calls",
            "Kumar et al. 2018; Fang et al. 2004",
        ),
    ] = 0.3
    patience: Annotated[
        float,
        P(
            "per week",
            0.8,
            1.0,
            "what a bonus a week further away is worth; 1: as much as today",
            "Kishore et al. 2013: present bias; off",
        ),
    ] = 1.0
    ratchet_fear: Annotated[
        float,
        P("weeks of pay", 0.0, 2.0, "what reps hold back where a quota reached raises the next one", "Leone et al. 2004"),
    ] = 0.25
    timing: Annotated[
        float,
        P("exponent", 0.0, 3.0, "how reps move closes over a period's end by what they are paid; 0: not", "Oyer 1998; off"),
    ] = 0.0
    timing_weeks: Annotated[float, P("weeks", 1.0, 13.0, "how near a period's end they do", "", "convention")] = 4.0
    # People, off in the base.
    quit_a_year: Annotated[float, P("per year", 0.0, 2.0, "reps who leave a year, all else well; 0: nobody", "")] = 0.0
    quit_missed: Annotated[float, P("factor", 0.0, 5.0, "how two missed quota periods add to that", "")] = 1.0
    quit_gap: Annotated[float, P("per unit", 0.0, 5.0, "how pay below target adds to that", "")] = 1.0
    quit_peers: Annotated[float, P("per unit", 0.0, 5.0, "how colleagues who left add to that", "")] = 1.0
    vacancy_weeks: Annotated[float, P("weeks", 0.0, 52.0, "how long a place stays empty", "", "convention")] = 8.0
    cover_share: Annotated[
        float, P("share", 0.0, 1.0, "part of an empty place's hours that neighbours give", "", "convention")
    ] = 0.3
    ramp_lost: Annotated[float, P("share", 0.0, 1.0, "what is missing in a new rep's first calls", "")] = 0.7
    ramp_weeks: Annotated[float, P("weeks", 1.0, 104.0, "in which most of that is learnt", "", "convention")] = 14.0
    hire_spread: Annotated[float, P("sd of log", 0.0, 1.0, "how unequal new reps are in ability", "")] = 0.25
    # Choice of calls.
    comfort_pull: Annotated[
        float,
        P(
            "share",
            0.0,
            1.0,
            "weight of comfort against value in the choice of calls (theta)",
            "Larson & Jaworski 2021: calls do not follow potential",
        ),
    ] = 0.80
    distance_pull: Annotated[
        float, P("per km", 0.0, 0.05, "how distance puts reps off, beyond the hours it costs (k_d)", "")
    ] = 0.004
    turn_pull: Annotated[
        float, P("exponent", 0.0, 1.0, "how an account's turn comes up with the weeks since its last call (k_w)", "")
    ] = 0.3
    taste: Annotated[float, P("temperature", 0.0, 5.0, "how much of the choice is the mood of the week", "")] = 1.2
    priority_pull: Annotated[
        float, P("factor", 1.0, 5.0, "how an activity goal on priority accounts pulls calls to them", "")
    ] = 2.0
    cheap_pull: Annotated[float, P("exponent", 0.0, 1.0, "how a goal on any call pulls to short calls", "")] = 0.5
    success_memory: Annotated[
        float,
        P(
            "per week",
            0.5,
            1.0,
            "weight of the past in a rep's feeling of success at an account",
            "Manchanda, Rossi & Chintagunta 2004: calls follow past sales",
        ),
    ] = 0.97
    comfort_base: Annotated[float, P("comfort", 0.0, 1.0, "comfort of calling on a stranger", "")] = 0.15
    belief_error: Annotated[
        float, P("sd of log", 0.0, 0.8, "how wrong reps are about an account's potential at first", "")
    ] = 0.4
    belief_left: Annotated[float, P("per call", 0.5, 1.0, "part of that error left after one call", "")] = 0.95
    # Time.
    call_hours: Annotated[float, P("hours", 0.1, 4.0, "length of a call", "", "convention")] = 1.0
    road_factor: Annotated[float, P("ratio", 1.0, 2.0, "road distance over straight line", "", "convention")] = 1.3
    road_speed: Annotated[float, P("km/h", 20.0, 120.0, "speed on the road", "", "convention")] = 60.0
    stops_a_trip: Annotated[float, P("calls", 1.0, 12.0, "calls that share one trip", "", "convention")] = 4.0
    # The year's luck.
    account_shock: Annotated[
        float, P("sd of log", 0.0, 1.0, "how far an account's year strays from its potential", "")
    ] = 0.34
    region_shock: Annotated[float, P("sd of log", 0.0, 1.0, "how far a region's year strays", "")] = 0.26
    # Competitors and neighbours. Where no event changes a lead, and nobody listens, kappa is 0.
    rival_weight: Annotated[
        float, P("factor", 0.0, 2.0, "weight of a change of competitors' lead in an account's response (kappa)", "")
    ] = 1.0
    referral: Annotated[
        float, P("per unit of word", 0.0, 2.0, "how neighbours' word moves the number of opportunities; 0: not", "")
    ] = 0.0
    review: Annotated[
        float, P("per unit of word", 0.0, 1.0, "how neighbours' word eases or hardens selling (kappa); 0: not", "")
    ] = 0.0


def lanes(behaviour: Behaviour) -> int:
    """Stages of the funnel, and one more lane where some opportunities walk none of them.

    >>> lanes(Behaviour()), lanes(Behaviour(quick_share=0.3))
    (2, 3)
    """
    return behaviour.stages + (1 if behaviour.quick_share > 0.0 else 0)
