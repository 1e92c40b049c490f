"""The block ``losses`` of a survey in ``case.yaml``: deaths that its table of persons cannot have."""

from pydantic import Field, field_validator

from dearth.case.schema_base import Prior, Strict

BOUNDED = "give a beta or logit_normal prior, or one with low and high"


def share_prior(prior: Prior | None, what: str) -> None:
    """Refuse a prior of a share that may leave 0 to 1.

    Raises
    ------
    ValueError
        What is wrong with it.
    """
    if prior is None or prior.dist in ("beta", "logit_normal"):
        return
    if prior.dist == "heavy_tailed" or prior.low is None or prior.high is None:
        raise ValueError(f"{what} is a share: {BOUNDED}")
    if not 0 <= prior.low < prior.high < 1:
        raise ValueError(f"{what}: low ({prior.low}) and high ({prior.high}) are shares below 1")


class PlacesWithoutAccess(Strict):
    """People whom the survey could not reach."""

    people: Prior = Field(description="prior of the share of all people who live in places without access")
    rate_ratio: Prior = Field(description="prior of their death rate over that of the people reached")

    @field_validator("people")
    @classmethod
    def _people(cls, prior: Prior) -> Prior:
        share_prior(prior, "people")
        return prior

    @field_validator("rate_ratio")
    @classmethod
    def _ratio(cls, prior: Prior) -> Prior:
        if prior.dist not in ("uniform", "triangular", "normal") or prior.low is None or prior.high is None:
            raise ValueError("rate_ratio: give a uniform, triangular or normal prior with low and high")
        if prior.low < 0:
            raise ValueError(f"rate_ratio: low ({prior.low}) is below 0")
        return prior


class SurveyLosses(Strict):
    """Priors of what a survey loses; each widens the model-based rate, and no other is assumed."""

    bereaved_left: Prior | None = Field(
        default=None,
        description="prior of the share of households with a death that dissolved or left before they were "
        "interviewed",
    )
    forgotten: Prior | None = Field(
        default=None,
        description="prior of the share of deaths forgotten for each day between death and interview, such "
        "as 0.003; needs days of deaths and interviews",
    )
    newborns: Prior | None = Field(
        default=None,
        description="prior of the share of deaths of children born in the recall that nobody reports; needs "
        "the column born",
    )
    without_access: PlacesWithoutAccess | None = Field(
        default=None, description="people in places that the survey could not reach"
    )

    @field_validator("bereaved_left", "newborns")
    @classmethod
    def _shares(cls, prior: Prior | None) -> Prior | None:
        share_prior(prior, "this loss")
        return prior

    @field_validator("forgotten")
    @classmethod
    def _decay(cls, prior: Prior | None) -> Prior | None:
        if prior is not None:
            if prior.low is None or prior.high is None or prior.dist in ("beta", "logit_normal"):
                raise ValueError("forgotten: give a uniform, triangular or normal prior with low and high")
            if not 0 <= prior.low < prior.high <= 0.1:
                raise ValueError(
                    f"forgotten: low ({prior.low}) and high ({prior.high}) lie between 0 and 0.1 a day"
                )
        return prior

    @property
    def declared(self) -> "dict[str, Prior]":
        """The priors that are declared, by their field."""
        found = {name: getattr(self, name) for name in ("bereaved_left", "forgotten", "newborns")}
        if self.without_access is not None:
            found["without_access.people"] = self.without_access.people
            found["without_access.rate_ratio"] = self.without_access.rate_ratio
        return {name: prior for name, prior in found.items() if prior is not None}
