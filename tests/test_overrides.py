"""What stands behind `territory simulate`: words read, mistakes named."""

from __future__ import annotations

import pytest

from command.overrides import read, split
from scenarios.problems import InputError


def problems_of(*arguments: str) -> tuple[str, ...]:
    with pytest.raises(InputError) as refused:
        read(arguments)
    return refused.value.problems


class TestWords:
    """What stands behind `territory simulate`."""

    def test_all_mistakes_are_named_at_once_with_the_nearest_word(self) -> None:
        assert problems_of("territory=balancd", "gols=none", "market.acounts=5", "accounts=5", "engine=messa") == (
            "no territory option 'balancd'.  did you mean 'balanced'?",
            "nothing is called 'gols'.  did you mean 'goals'?",
            "market has no 'acounts'.  did you mean 'accounts'?",
            "nothing is called 'accounts'.  did you mean 'market.accounts'?",
            "engine: there is no 'messa'.  did you mean 'mesa'?",
        )

    @pytest.mark.parametrize(
        ("word", "problem"),
        [
            ("team.reps=x", "team.reps: 'x' is not a whole number; it is how many reps a generated team has"),
            ("team.reps=2.5", "team.reps: '2.5' is not a whole number; it is how many reps a generated team has"),
            (
                "replications=1",
                "replications: 1 is out of range; "
                "it must be between 2 and 100,000 years (simulated years of every plan, or auto: as many as it takes)",
            ),
            ("replications=atuo", "replications: 'atuo' is neither a whole number nor auto.  did you mean 'auto'?"),
            (
                "replications=twenty",
                "replications: 'twenty' is neither a whole number nor auto; "
                "it is simulated years of every plan, or auto: as many as it takes",
            ),
            ("replications_limit=50", "replications_limit is where replications=auto stops; add replications=auto"),
            (
                "replications_limit=1",
                "replications_limit: 1 is out of range; "
                "it must be between 2 and 100,000 years (where replications=auto stops)",
            ),
            (
                "market.mean_potential=0",
                "market.mean_potential: 0 is out of range; it must be between 1 and 1,000,000,000 money a year "
                "(mean potential of an account)",
            ),
            (
                "team.ote=inf",
                "team.ote: inf is out of range; it must be between 0 and 1,000,000,000 money a year "
                "(on-target earnings of a rep)",
            ),
            (
                "hydra.job.chdir=true",
                "hydra.job.chdir is set by territory itself; results=FOLDER says where everything goes",
            ),
            (
                "results=${oc.env:HOME}",
                "results: '${oc.env:HOME}' can't be used; it is the folder where everything is stored",
            ),
            ("results=", "results: '' can't be used; it is the folder where everything is stored"),
            ("market.unit=acount_office", "market.unit: there is no 'acount_office'.  did you mean 'account_office'?"),
            (
                "market.seed=range(0,4e9)",
                "market.seed=range(0,4e9): range takes start, stop and step, for example range(1,5)",
            ),
            ("pay=bonus,capped", "pay=bonus,capped names 2 values; add -m to play them all"),
            ("~pay", "'~pay': nothing can be taken away; set it to another value instead"),
            ("balanced", "'balanced' sets nothing; write key=value, for example territory=balanced"),
            ("--multirn", "there is no option '--multirn'.  did you mean '--multirun'?"),
        ],
    )
    def test_a_mistake_is_answered_in_words(self, word: str, problem: str) -> None:
        assert problems_of(word) == (problem,)

    def test_a_number_may_be_written_as_people_write_it(self) -> None:
        asked = read(["market.mean_potential=1e4", "territory.tolerance=.1", "results='a, b'"])
        assert asked.overrides == ("++market.mean_potential=1e4", "++territory.tolerance=.1", "++results='a, b'")
        assert asked.results == "a, b"

    def test_a_whole_number_may_be_written_with_a_point(self) -> None:
        assert read(["replications=2.0"]).replications == 2

    def test_as_many_years_as_it_takes_begin_with_a_block(self) -> None:
        asked = read(["replications=auto"])
        assert (asked.replications, asked.limit) == (20, 400)
        assert asked.overrides == ("++replications=auto",)
        asked = read(["replications=auto", "replications_limit=8"])
        assert (asked.replications, asked.limit) == (8, 8)
        assert read(["replications=30"]).limit is None

    def test_plans_are_compared_on_one_number_of_years(self) -> None:
        assert problems_of("-m", "replications=20,auto") == ("replications can only be one number, or auto",)

    def test_nothing_in_a_name_is_looked_up(self) -> None:
        assert read(["market.folder=${oc.env:HOME}"]).overrides == ("++market.folder='\\${oc.env:HOME}'",)

    def test_a_sweep_is_counted_before_it_is_played(self) -> None:
        asked = read(["-m", "pay=bonus,capped", "market.seed=range(1,4)", "goals=glob(quota_*)"])
        assert (asked.sweep, asked.scenarios, asked.worlds, asked.today) == (True, 2 * 3 * 3, 3, 0)
        assert asked.total == 18 + 3

    def test_todays_plan_is_counted_once(self) -> None:
        """The status quo that is swept over is no further scenario; another seed has another one."""
        asked = read(["-m", "territory=current,balanced", "market.seed=1,2"])
        assert (asked.scenarios, asked.today, asked.total) == (4, 2, 4)
        assert read([]).total == 1
        assert read(["territory=balanced"]).total == 2
        assert read(["-m", "territory=current,balanced", "goals=quota_equal"]).total == 3
        assert read(["-m", "goals.stretch=1.06,1.1"]).total == 2
        assert read(["experiment=demo"]).total == 4 * 2 + 1

    def test_an_experiment_sweeps_by_itself_and_gives_way_to_the_command_line(self) -> None:
        asked = read(["+experiment=demo", "goals=none"])
        assert (asked.sweep, asked.scenarios) == (True, 4)
        assert "territory='current','by_industry','nearest','balanced'" in asked.overrides
        assert [word for word in asked.overrides if word.startswith("goals=")] == ["goals='none'"]

    def test_a_list_is_apart_only_outside_quotes_and_brackets(self) -> None:
        assert split("a,'b,c',f(d,e)") == ["a", "'b,c'", "f(d,e)"]
