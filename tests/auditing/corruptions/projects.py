"""Projects, their registrations, and what lies at one site."""

CORRUPTIONS = {
    "a methodology that was stated, taken out": (
        "DELETE FROM enrolment_methodology",
        "the log says what the rows say",
    ),
    "a crediting period made shorter": (
        "UPDATE crediting_period SET ends_on = ends_on - 1",
        "monitoring periods lie in crediting periods",
    ),
    "a crediting period taken out": (
        "DELETE FROM crediting_period",
        "monitoring periods lie in crediting periods",
    ),
    "a methodology that was stated, said to be of a sink": (
        "UPDATE enrolment_methodology SET sink = true",
        "forestry follows from the methodology",
    ),
    "a project's amendment taken out": (
        "DELETE FROM project_amendment",
        "the log says what the rows say",
    ),
    "a project's name changed": (
        "UPDATE project SET name_en = 'Other' WHERE id IN (SELECT project_id FROM project_amendment)",
        "projects are called as they were amended last",
    ),
    "a registration in another programme": (
        "UPDATE enrolment SET number = 'N-999' WHERE id = (SELECT min(id) FROM enrolment)",
        "rows are as their entries say",
    ),
    "a match of sites that is gone": (
        "DELETE FROM same_site",
        "what is at one site is recorded",
    ),
    "a project's place that is gone": (
        "DELETE FROM project_placement",
        "the log says what the rows say",
    ),
    "a finding that is gone": (
        "DELETE FROM same_site_resolution",
        "the log says what the rows say",
    ),
    "a methodology of a sink that is no forestry": (
        "UPDATE enrolment SET sink = NOT sink WHERE id = (SELECT min(id) FROM enrolment)",
        "forestry follows from the methodology",
    ),
    "a sink that lies elsewhere": (
        "UPDATE project SET pilot_id = (SELECT min(id) FROM pilot) WHERE forestry",
        "sinks go back to their own pilots",
    ),
}
