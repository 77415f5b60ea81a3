"""What refuses projects, their registrations and sites."""

from dataclasses import dataclass

from nzc_api.ids import ProjectId
from nzc_api.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class ProjectCodeTaken(Refusal):
    """Another project has the code."""

    code = "PROJECT_CODE_TAKEN"
    zh = "项目代码“{project_code}”已被使用"
    en = "The project code “{project_code}” is taken"

    project_code: str
    project_id: ProjectId


@dataclass(frozen=True, kw_only=True)
class EnrolmentTaken(Refusal):
    """The project is registered in the programme already, or the number is another project's."""

    code = "ENROLMENT_TAKEN"
    zh = "{programme}中已有该项目或该登记编号“{number}”的登记"
    en = "{programme} already has a registration of this project, or of the number “{number}”"

    programme: str
    number: str
    project_id: ProjectId


@dataclass(frozen=True, kw_only=True)
class ProjectNotEnrolled(Refusal):
    """Rule 9: the project has no registration (项目登记) in the programme."""

    code = "PROJECT_NOT_ENROLLED"
    zh = "项目“{project_code}”未在{programme}登记（项目登记），不能签发减排量"
    en = "The project “{project_code}” is not registered in {programme}, so it has no reductions there"

    project_code: str
    project_id: ProjectId
    programme: str


@dataclass(frozen=True, kw_only=True)
class SameSiteResolved(Refusal):
    """Two things at one site of which it was found before whether they are the same."""

    code = "SAME_SITE_RESOLVED"
    zh = "该两者场址相同一事已处理，结论为{finding}"
    en = "It is resolved whether the two at one site are the same: {finding}"

    finding: str
