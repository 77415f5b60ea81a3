"""Which criteria of the guide an application meets, by what was found of them. Pure.

优先 is a preference (our reading of section 二): a criterion that is not met refuses nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nzc_api.guide.guide import GUIDE, PriorityCriterion
from nzc_api.guide.terms import PilotVariant
from nzc_api.selection.model import Verdict


@dataclass(frozen=True, slots=True)
class CriterionStanding:
    """A criterion, and what was found last of what is judged of it, by code; nothing of what was not judged."""

    criterion: PriorityCriterion
    verdicts: Mapping[str, Verdict]

    @property
    def met(self) -> bool:
        """With parts, whether all of them are; with schemes, whether one is shown."""
        found = [self.verdicts.get(part.code) is Verdict.MET for part in self.criterion.judged]
        return all(found) if self.criterion.needs_all else any(found)


def standings(
    variant: PilotVariant, verdicts: Mapping[str, Verdict]
) -> tuple[CriterionStanding, ...]:
    """Each criterion of a variant's kind, in the guide's order."""
    return tuple(CriterionStanding(c, verdicts) for c in criteria_of(variant))


def criteria_of(variant: PilotVariant) -> tuple[PriorityCriterion, ...]:
    return GUIDE.kind_of(variant).priority_criteria


def judged_of(variant: PilotVariant) -> tuple[str, ...]:
    """The codes of all that is claimed and judged of a variant's kind."""
    return tuple(part.code for criterion in criteria_of(variant) for part in criterion.judged)
