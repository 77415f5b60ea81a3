"""What events carry of whom only some see: by which rows it is known who they are. Pure."""

from nzc_api.feed.payloads.evaluation import OF_EVALUATIONS
from nzc_api.feed.payloads.management import OF_MANAGEMENT
from nzc_api.feed.payloads.measures import OF_MEASURES
from nzc_api.feed.payloads.metering import OF_METERING

# These are told by whose pilot it is: who sees what of that, as the audience of its kind.
OF_ROOMS = {**OF_METERING, **OF_MEASURES, **OF_MANAGEMENT, **OF_EVALUATIONS}
