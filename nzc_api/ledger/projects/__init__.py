"""Projects, their enrolments and sites."""
