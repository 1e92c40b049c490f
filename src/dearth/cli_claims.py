"""The verb that tests statements about a case: claims."""

from typing import TYPE_CHECKING, Annotated

import typer

from dearth.cli_case import CaseArgument, JsonOption
from dearth.cli_options import QuickOption, SeedOption
from dearth.show.progress import print_json, working

if TYPE_CHECKING:
    from dearth.case.read import Case
    from dearth.estimate.progress import Progress
    from dearth.explain.explain import Explanation


def complete_claim(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the claims of the case on the command line whose ids begin so."""
    from dearth.case.problems import CaseError
    from dearth.case.read import find
    from dearth.case.yamlfile import read_yaml
    from dearth.claims.read import FILE

    try:
        content, _ = read_yaml(find(str(ctx.params.get("case") or "")) / FILE, FILE)
        names = [str(claim["id"]) for claim in content["claims"]]
    except (CaseError, KeyError, TypeError):
        return []
    return [name for name in names if name.startswith(incomplete)]


def _explained(case: "Case", seed: int, progress: "Progress") -> "tuple[Explanation | None, str]":
    """Return shares and counterfactuals of the stored fit, or why there are none."""
    from dearth.case.problems import CaseError
    from dearth.explain.explain import Wanted
    from dearth.explain.fitted import fitted
    from dearth.explain.stored_explanation import explained
    from dearth.numerics.compilation_cache import keep_compiled

    keep_compiled()
    try:
        return explained(case, fitted(case), Wanted(seed=seed), progress), ""
    except CaseError as error:
        return None, error.problems[0].message


def claims(
    case: CaseArgument,
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...", help="Claims to test, by id; none tests all of them.",
            autocompletion=complete_claim,
        ),
    ] = None,
    explained: Annotated[
        bool,
        typer.Option(
            "--explain", help="Compute shares of causes and counterfactuals from the stored fit where no "
            "explanation is stored, which takes minutes. Without either, claims about causes are untestable.",
        ),
    ] = False,
    seed: SeedOption = 1,
    quick: QuickOption = False,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Test the claims of a case: who says what, the test declared beforehand, and the verdict.

    The tests stand in claims.yaml of the case. With ids, the numbers behind each verdict are shown.

    [bold]Examples[/bold]

    dearth claims china-1958

    dearth claims china-1958 deaths-30-million

    dearth claims ./my-case --json
    """
    from dearth.case.read import load
    from dearth.claims.evaluate import run_claims
    from dearth.explain.stored_explanation import stored_explanation
    from dearth.show.terminal_claims import print_claims

    read = load(case)
    with working(read.name) as progress:
        explanation, why = _explained(read, seed, progress) if explained else (stored_explanation(read), "")
        made = run_claims(
            read, ids or (), seed=seed, quick=quick, explanation=explanation, unexplained=why,
            progress=progress,
        )  # fmt: skip
    if as_json:
        print_json(made.document)
    else:
        print_claims(made, full=bool(ids))


def add_claims(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command()(claims)
