"""The verb that tests statements about a case: claims."""

from typing import Annotated

import typer

from dearth.cli_case import CaseArgument, JsonOption
from dearth.cli_options import QuickOption, SeedOption
from dearth.show.progress import print_json, working


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


def claims(
    case: CaseArgument,
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...", help="Claims to test, by id; none tests all of them.",
            autocompletion=complete_claim,
        ),
    ] = None,
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
    from dearth.show.terminal_claims import print_claims

    read = load(case)
    with working(read.name) as progress:
        made = run_claims(read, ids or (), seed=seed, quick=quick, progress=progress)
    if as_json:
        print_json(made.document)
    else:
        print_claims(made, full=bool(ids))


def add_claims(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command()(claims)
