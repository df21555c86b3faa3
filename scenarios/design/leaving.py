"""The fewest changes: which units must leave their territory at least, by HiGHS, and where they go.

Territories too full must give, territories too empty must get. What leaves is decided whole unit by whole unit, what
arrives may be split: the answer of the integer programme is a bound for every design, and nearly a design itself.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix, csr_matrix, hstack, vstack

from scenarios.design.prices import Choices
from sim.world import Floats, Ints

NODES = 50  # of the search tree; what is proven until then is the bound
ENDED = 1  # status of a search that came to its limit of time or nodes
CLOSE = 0.005  # of the best: near enough


def least_leaving(choices: Choices, today: Ints, cost: Floats, must: Floats, seconds: float) -> tuple[Ints, float]:
    """Rows of units that leave, and what no design within the limits can undercut.

    ``today`` (n,) is each unit's territory, -1 where it has none yet (it only arrives), ``cost`` (n,) what leaving
    costs, ``must`` (n, k) the unit's load. Minimise cost · leaves, so that for each territory and metric
    low ≤ load today − what leaves + what arrives ≤ high, and all that leaves arrives.

    Territories of 6 and 2 with units of 3, 2 and 1 in the first, limits 3 to 5 and a cost as large as the unit: the
    unit of 1 leaves, the bound is 1.
    """
    m, k = choices.low.shape
    here = np.flatnonzero(today >= 0)
    n = here.size
    load = np.zeros((m, k))
    np.add.at(load, today[here], must[here])
    new = must[today < 0].sum(axis=0)
    rows, columns = np.tile(today[here], k) * k + np.repeat(np.arange(k), n), np.tile(np.arange(n), k)
    out: csr_matrix = coo_matrix((-must[here].T.ravel(), (rows, columns)), shape=(m * k, n)).tocsr()
    into = coo_matrix((np.ones(m * k), (np.arange(m * k), np.arange(m * k))), shape=(m * k, m * k)).tocsr()
    arrives = coo_matrix((np.ones(m * k), (np.tile(np.arange(k), m), np.arange(m * k))), shape=(k, m * k)).tocsr()
    leaves = coo_matrix((-must[here].T.ravel(), (np.repeat(np.arange(k), n), columns)), shape=(k, n)).tocsr()
    matrix = vstack([hstack([out, into]), hstack([leaves, arrives])])
    flat = load.ravel()
    limits = LinearConstraint(
        matrix,
        np.concatenate([choices.low.ravel() - flat, new]),
        np.concatenate([choices.high.ravel() - flat, new]),
    )
    free = (choices.near[here] >= 0).sum(axis=1) > 1  # what is locked can't leave
    found = milp(
        np.concatenate([cost[here], np.zeros(m * k)]),
        constraints=limits,
        integrality=np.concatenate([np.ones(n), np.zeros(m * k)]),
        bounds=Bounds(0.0, np.concatenate([free.astype(float), np.full(m * k, np.inf)])),
        options={"node_limit": NODES, "mip_rel_gap": CLOSE, "time_limit": max(seconds, 0.1)},
    )
    proven = getattr(found, "mip_dual_bound", None)
    if found.x is None:
        if proven is None or not np.isfinite(proven):  # a search that was ended shows nothing impossible
            proven = 0.0 if found.status == ENDED else np.inf
        return np.empty(0, dtype=np.int64), float(proven)
    return here[found.x[:n] > 0.5], float(found.fun) if proven is None else float(proven)


def placed(choices: Choices, today: Ints, leaving: Ints, must: Floats) -> Ints:
    """A choice for each unit, (n,): those that leave, and those that have no territory yet, go where most is missing.

    The largest first; of territories that miss as much the one that comes first among the unit's choices.
    """
    m = choices.low.shape[0]
    goes = np.zeros(len(today), dtype=bool)
    goes[leaving] = True
    goes |= today < 0
    choice = (choices.near == today[:, None]).argmax(axis=1).astype(np.int64)
    load = np.zeros(choices.low.shape)
    np.add.at(load, today[~goes], must[~goes])
    size = must.sum(axis=1)
    middle = 0.5 * (choices.low + np.minimum(choices.high, m))
    for i in np.lexsort((np.arange(len(today)), np.where(goes, -size, 1.0)))[: int(goes.sum())]:
        near = choices.near[i]
        open_to = (near >= 0) & (near != today[i])
        if not open_to.any():
            open_to = near >= 0
        lacks = np.where(open_to, (middle - load)[near].min(axis=1), -np.inf)
        choice[i] = int(lacks.argmax())
        load[near[choice[i]]] += must[i]
    return np.asarray(choice)
