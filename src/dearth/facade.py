"""The thin façade of ``dearth.load``: one method a verb, as on the command line."""

from contextlib import nullcontext
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dearth.case.keywords import checked_keywords
from dearth.case.problems import Problem
from dearth.case.read import Case, load
from dearth.checks import problems_of_case
from dearth.estimate.choices import Asked
from dearth.estimate.document import to_document
from dearth.estimate.estimates import Estimates, estimate
from dearth.estimate.progress import Progress
from dearth.show.progress import working

if TYPE_CHECKING:
    from dearth.claims.results import Claims
    from dearth.compare.results import Comparison
    from dearth.explain.explain import Explanation
    from dearth.explain.fitted import Fitted
    from dearth.reconstruction.posterior import Posterior
    from dearth.show.beside import Beside
    from dearth.show.charts import Chart
    from dearth.system.report_document import SimulatedPart
    from dearth.system.simulation import Simulation
    from dearth.trials.recovery import Trials


def _as_text(value: str | float | None) -> str | None:
    return value if value is None or isinstance(value, str) else f"{value:g}"


@dataclass(frozen=True, repr=False)
class Result(Estimates):
    """Estimates with their pictures: shows itself in a notebook.

    Attributes
    ----------
    simulation : of the food system from priors, where one was asked for and the case has a scenario
    """

    simulation: "SimulatedPart | None" = None

    @classmethod
    def of(cls, made: Estimates) -> "Result":
        """Return estimates as a result."""
        return cls(**{one.name: getattr(made, one.name) for one in fields(Estimates)})

    @cached_property
    def document(self) -> dict[str, Any]:
        """The one JSON object of the contract, with the simulation where there is one."""
        found = to_document(self)
        return found if self.simulation is None else {**found, "simulation": self.simulation.document()}

    def with_simulation(self, seed: int, quick: bool, progress: Progress, prior: bool = True) -> "Result":
        """Return the result with the simulation of the case; without change where the case has no scenario.

        Without a fit that passed its gates there is a simulation only with `prior`: from priors.

        Raises
        ------
        CaseError
            With every mistake of the scenario.
        """
        from dearth.run import simulation_of

        return replace(self, simulation=simulation_of(self.case, seed, quick, progress, prior))

    @cached_property
    def beside(self) -> "Beside":
        """The claims of the case and other famines on the same scale, as the report has them."""
        from dearth.show.beside import beside

        return beside(self)

    def charts(self) -> "list[Chart]":
        """Return every chart of the report; each holds its Vega-Lite specification and rows."""
        from dearth.show.charts import charts

        return charts(self, self.simulation, self.beside)

    def report(self, language: str = "en") -> str:
        """Return the self-contained HTML report; `language` is a code or a file, as `--language`."""
        from dearth.show.report import render_report

        return render_report(self, self.simulation, beside=self.beside, language=language)

    def one_page(self, language: str = "en") -> str:
        """Return one HTML page on surveys, lists, dated deaths and two censuses; see `one_page.one_page`."""
        from dearth.show.summary.one_page import one_page

        return one_page(self, language)

    def _repr_html_(self) -> str:
        from html import escape

        from dearth.show.charts import chart_svg, charts

        sentences = "".join(f"<p>{escape(text)}</p>" for text in self.answer)
        made = charts(self)
        wanted = [c for c in made if c.key == "specification"] or made[:1]
        return sentences + "".join(chart_svg(chart) for chart in wanted)


def compare(*cases: str, seed: int = 1, quick: bool = False, famines: bool = True) -> "Comparison":
    """Compare cases by the same measures; see `dearth.compare.compare.compare`.

    Parameters
    ----------
    cases : bundled names or paths
    seed, quick : of the draws of completeness
    famines : give the famines of the package's table too

    Raises
    ------
    CaseError
        With every mistake of a case at once.
    """
    from dearth.compare.compare import compare as compared

    return compared([load(name) for name in cases], seed=seed, quick=quick, famines=famines)


@dataclass(frozen=True)
class Laboratory:
    """A case with the verbs of dearth as methods."""

    case: Case

    @classmethod
    def of(cls, name_or_path: str) -> "Laboratory":
        """Load a case by bundled name or by path."""
        return cls(load(name_or_path))

    def __repr__(self) -> str:
        return repr(self.case)

    def check(self) -> list[Problem]:
        """Return errors and warnings of the case, those of its scenario and its claims with them."""
        return problems_of_case(self.case)

    @checked_keywords
    def estimate(
        self,
        *,
        seed: int = 1,
        quick: bool = False,
        reconstruct: bool = False,
        leave_one_out: bool = True,
        places_too: bool = True,
        method: str | None = None,
        series: str | None = None,
        baseline: str | None = None,
        completeness: str | float | None = None,
        window: str | None = None,
        window_kind: str | None = None,
        basis: str | None = None,
        transfer: str | None = None,
        birth_baseline: str | None = None,
        birth_completeness: str | float | None = None,
        births_from: str | None = None,
        progress: bool | None = None,
    ) -> Result:
        """Estimate excess deaths and births lost under every choice that is left open.

        Parameters
        ----------
        seed : of the draws of completeness
        quick : fewer draws, and a shorter fit
        reconstruct : fit the posterior now, unless the same fit is kept
        leave_one_out, places_too : with `reconstruct`, fit without each evidence source, and the places
        method, series, baseline, completeness, window, window_kind : choices held fixed, as the options
            of the command line
        basis, transfer, birth_baseline, birth_completeness, births_from : the same
        progress : show the running step and how far it is; None shows it in a notebook or a terminal

        Raises
        ------
        ArgumentError
            An argument that is unknown or of the wrong kind.
        CaseError
            The case cannot be estimated, or the choices do not go together.

        Examples
        --------
        >>> import dearth
        >>> one = dearth.load("valley").estimate(method="rate", baseline="mean:1900-1904")
        >>> len(one.estimates) >= 1
        True
        """
        asked = Asked(
            method, series, baseline, _as_text(completeness), window, window_kind, basis, transfer,
            birth_baseline, _as_text(birth_completeness), births_from,
        )  # fmt: skip
        with working(self.case.name, progress) as tell:
            made = estimate(self.case, asked, seed=seed, quick=quick, reconstruct=reconstruct,
                            leave_one_out=leave_one_out, places_too=places_too, progress=tell)  # fmt: skip
        return Result.of(made)

    @checked_keywords
    def posterior(self, *, progress: bool | None = None) -> "Posterior":
        """Return the posterior that ships with the case, or the one fitted here, with its thinned draws.

        Parameters
        ----------
        progress : show that it is being read; None shows it in a notebook or a terminal

        Raises
        ------
        CaseError
            When there is none that fits the present case; says how to fit one.

        Examples
        --------
        >>> import dearth
        >>> dearth.load("valley").posterior().printed[0].name
        'full'
        """
        from dearth.estimate.posterior import posterior_with_draws

        with working(self.case.name, progress) as tell:
            tell("reading the posterior")
            return posterior_with_draws(self.case)

    @checked_keywords
    def run(
        self, *, seed: int = 1, quick: bool = False, reconstruct: bool = False,
        with_prior_simulation: bool = False, progress: bool | None = None,
    ) -> Result:  # fmt: skip
        """Estimate excess deaths: every answer that this version can give of the case.

        Parameters
        ----------
        reconstruct : fit the posterior first, unless the same fit is kept
        with_prior_simulation : simulate a case from priors where it has no fit. Such a simulation is not an
            estimate. It stands in `document["simulation"]`, as that of a fit does without being asked for.
        progress : show the running step and how far it is; None shows it in a notebook or a terminal

        Examples
        --------
        >>> import dearth
        >>> made = dearth.load("valley").run(quick=True, with_prior_simulation=True)
        >>> made.document["simulation"]["fitted"]
        False
        """
        made = self.estimate(seed=seed, quick=quick, reconstruct=reconstruct, progress=progress)
        with working(self.case.name, progress) as tell:
            return made.with_simulation(seed, quick, tell, with_prior_simulation)

    @checked_keywords
    def claims(
        self, *, ids: tuple[str, ...] = (), seed: int = 1, quick: bool = False,
        explanation: "Explanation | None" = None, progress: bool | None = None,
    ) -> "Claims":  # fmt: skip
        """Test the claims of the case, which stand in its ``claims.yaml``.

        Parameters
        ----------
        ids : claims to test; none = all
        seed, quick : of the draws of completeness, as in `estimate`
        explanation : of `explain`, to test claims about causes with; None leaves them untestable
        progress : show the claim under way; None shows it in a notebook or a terminal

        Raises
        ------
        CaseError
            With every mistake of the claims at once.

        Examples
        --------
        >>> import dearth
        >>> made = dearth.load("china-1958").claims(ids=("mou-in-acres",))
        >>> str(made["mou-in-acres"].verdict)
        'contradicted'
        """
        from dearth.claims.evaluate import run_claims

        with working(self.case.name, progress) as tell:
            return run_claims(self.case, ids, seed=seed, quick=quick, explanation=explanation, progress=tell)

    @checked_keywords
    def simulate(
        self, *, regime: str = "as_it_was", off: tuple[str, ...] = (), draws: int | None = None,
        seed: int = 1, resolution: str = "place", story: str = "", yearly: bool = False, prior: bool = False,
        cluster: str | None = None, progress: bool | None = None, **settings: float | str,
    ) -> "Simulation":  # fmt: skip
        """Simulate the case; keywords set parameters, written mechanism__parameter; `story` names a place.

        Parameters
        ----------
        draws, yearly, prior, cluster : as the options of the command line
        progress : show the running step; None shows it in a notebook or a terminal

        Examples
        --------
        >>> import dearth
        >>> made = dearth.load("valley").simulate(regime="no_exports", relief__rho=0.5)
        >>> made.document["by_year"]["1911"]["exports_t"]
        0.0
        """
        from dearth.ensemble.executors import open_executor
        from dearth.explain.simulated import chosen, simulated
        from dearth.numerics.compilation_cache import keep_compiled
        from dearth.system.plan import Asked

        keep_compiled()
        fit, many = chosen(self.case, prior, draws)
        changes = tuple(f"{name.replace('__', '.', 1)}={value}" for name, value in settings.items())
        asked = Asked(regime, changes, tuple(off), many, seed, resolution, story, yearly)
        with (
            working(self.case.name, progress) as tell,
            nullcontext() if cluster is None else open_executor(cluster) as executor,
        ):
            return simulated(self.case, asked, fit, tell, executor)

    @checked_keywords
    def fit(
        self, *, scenario: str | None = None, refit: bool = False, quick: bool = False, seed: int = 1,
        cluster: str | None = None, progress: bool | None = None,
    ) -> "Fitted":  # fmt: skip
        """Return the simulation fitted to true deaths and births and to the case's targets.

        Parameters
        ----------
        scenario : registration scenario; None = the first of the case that is printed
        refit : fit now, although a fit is stored; without it the stored one
        quick : one search and few draws; such a fit is refused as a rule
        cluster : where searches and chains are computed, as the option of the command line; the numbers do
            not depend on it

        Raises
        ------
        CaseError
            When there is no posterior, no scenario to simulate, or no stored fit.
        """
        from dearth.ensemble.executors import open_executor
        from dearth.explain.fitted import fitted
        from dearth.numerics.compilation_cache import keep_compiled

        keep_compiled()
        with (
            nullcontext() if cluster is None else open_executor(cluster) as executor,
            working(self.case.name, progress) as tell,
        ):
            return fitted(
                self.case, scenario, refit=refit, short=quick, seed=seed, progress=tell, executor=executor
            )

    @checked_keywords
    def explain(
        self, *, scenario: str | None = None, causes: tuple[str, ...] = (), outcome: str = "excess_deaths",
        counterfactuals: tuple[str, ...] = (), draws: int = 48, seed: int = 1, progress: bool | None = None,
    ) -> "Explanation":  # fmt: skip
        """Explain why, by the stored fit: shares of causes, counterfactuals, the value of information.

        Parameters
        ----------
        causes, counterfactuals : names of the scenario's causes and regimes; none = all
        outcome, draws : as the options of the command line

        Raises
        ------
        CaseError
            When no fit is stored, the fit was refused, or a name is unknown.
        """
        from dearth.explain.explain import Wanted
        from dearth.explain.fitted import fitted
        from dearth.explain.stored_explanation import explained
        from dearth.numerics.compilation_cache import keep_compiled

        keep_compiled()
        found = fitted(self.case, scenario)
        wanted = Wanted(tuple(causes), outcome, tuple(counterfactuals), draws, seed)
        with working(self.case.name, progress) as tell:
            return explained(self.case, found, wanted, tell)

    @checked_keywords
    def recover(
        self, *, tier: int = 4, replicates: int = 40, degrade: str | None = None, windows: str = "own",
        seed: int = 1, calibrate: bool = False, cluster: str | None = None, progress: bool | None = None,
    ) -> "Trials":  # fmt: skip
        """Put the estimator on trial: degrade full records, estimate, compare with what is known.

        The case must hold deaths and people of 1 January by single age, as one made from full registers does;
        with `windows` simulated or histories it must have a scenario. `cluster` says where replicates are
        computed, as the option of the command line; the numbers do not depend on it.
        """
        from dearth.ensemble.executors import open_executor
        from dearth.numerics.compilation_cache import keep_compiled
        from dearth.trials.recovery import Asked, recover

        keep_compiled()
        asked = Asked(tier, replicates, degrade, windows, seed, calibrate)
        with (
            working(self.case.name, progress) as tell,
            nullcontext() if cluster is None else open_executor(cluster) as executor,
        ):
            return recover(self.case, asked, tell, executor=executor)
