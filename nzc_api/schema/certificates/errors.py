"""What refuses green certificates, as GraphQL."""

import nzc_api.certificates.errors as certificates
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute


@explains(certificates.CertificatesRequired)
class CertificatesRequired(UserError):
    needed_mwh = attribute(str, "needed", "How many MWh the line is.")
    given_mwh = attribute(str, "given", "How many its certificates are.")


@explains(certificates.CertificatesExceedPower)
class CertificatesExceedPower(UserError):
    power_mwh = attribute(str, "power", "How many MWh the line is.")
    given_mwh = attribute(str, "given", "How many its certificates are.")


@explains(certificates.CertificatesOutsidePeriod)
class CertificatesOutsidePeriod(UserError):
    numbers = attribute(str, "numbers", "The certificates.")
    starts_on = attribute(str, "starts_on", "The first day of the inventory.")
    ends_on = attribute(str, "ends_on", "The last day of the inventory.")


@explains(certificates.CertificatesUsed)
class CertificatesUsed(UserError):
    numbers = attribute(str, "numbers", "The certificates.")
    used = attribute(str, "used", "Those that serve another line.")


@explains(certificates.PowerCredited)
class PowerCredited(UserError):
    plant = attribute(str, "plant", "The code of the plant.")
    produced_from = attribute(
        str, "produced_from", "The first day of the power that is claimed already."
    )
    produced_to = attribute(str, "produced_to", "The last day of it.")


# What lines of green power can meet.
GreenPowerRefused = (
    CertificatesRequired
    | CertificatesExceedPower
    | CertificatesOutsidePeriod
    | CertificatesUsed
    | PowerCredited
)
