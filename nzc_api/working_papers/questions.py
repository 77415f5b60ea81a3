"""What evidence asks of the API; ``walked`` are pages. Lines are asked for as packs do."""

from nzc_api.packs.questions import PAGE, VERIFIED

BEGUN = """query ($code: String!, $year: Int!) { pilot(by: {code: $code}) {
    id accountingPeriod(by: {year: $year}) { id startsOn endsOn } } }"""

_GIVEN = "$id: ID!, $period: AccountingPeriodBy!, $asOf: BigInt!"
_WALKED = f"query ({_GIVEN}, $after: String) {{ node(id: $id) {{ ... on Pilot {{"

STATEMENT = f"""query ({_GIVEN}) {{ node(id: $id) {{ ... on Pilot {{
    netEmissions(period: $period, asOf: $asOf) {{ basis asOfPosition assurance electricityMethod netCo2e
        unknown {{ reason }} notes {{ code }} coverage {{ status daysInPeriod daysCovered }}
        gross {{ co2e byCategory {{ category co2e }} }}
        sinks {{ measuredCo2e soldCo2e co2e byCategory {{ category co2e }} }}
        purchasedReductions {{ quantity counted retiredQuantity shortfallQuantity }} }} }} }} }}"""

# How much there is of it, before any of that is asked for.
RETIREMENT_SIZES = f"""{_WALKED} netEmissions(period: $period, asOf: $asOf) {{ purchasedReductions {{
    walked: retirements(first: 50, after: $after) {{ totalCount nodes {{
        movements(first: 1) {{ totalCount }} withdrawn(first: 1) {{ totalCount }} }} {PAGE} }} }} }} }} }} }}"""
INVENTORY_SIZES = f"""{_WALKED} netEmissions(period: $period, asOf: $asOf) {{
    walked: inventories(first: 20, after: $after) {{ nodes {{ viewerSeesLines
        emissionSources(first: 1) {{ totalCount }} sinks(first: 1) {{ totalCount }} }} {PAGE} }} }} }} }} }}"""

INVENTORIES = f"""{_WALKED} netEmissions(period: $period, asOf: $asOf) {{
    walked: inventories(first: 20, after: $after) {{ nodes {{ id phase basis status gwpSet version startsOn endsOn
        electricityMethod submittedPosition verifiedPosition viewerSeesLines factorList {{ code version }}
        opinion {{ level reportHash }} }} {PAGE} }} }} }} }} }}"""

SOLD = f"""{_WALKED} netEmissions(period: $period, asOf: $asOf) {{ sinks {{
    walked: issued(first: 50, after: $after) {{ nodes {{ quantity batch {{
        issuedAt: position vintage producedFrom producedTo serials {{ text }}
        programme {{ code }} project {{ id code }} {VERIFIED} }} }}
    {PAGE} }} }} }} }} }} }}"""

_TERMS = "netCo2e gross { co2e } sinks { co2e } purchasedReductions { quantity }"
_CHANGE = "grossCo2e sinksCo2e purchasedCo2e netCo2e"
DIFFERENCE = f"""query ($id: ID!, $period: AccountingPeriodBy!, $from: BigInt!, $to: BigInt!, $after: BigInt) {{
    node(id: $id) {{ ... on Pilot {{ netEmissionsDiff(period: $period, from: $from, to: $to) {{
        before {{ {_TERMS} }} after {{ {_TERMS} }} change {{ {_CHANGE} unknown {{ reason }} }}
        changes(after: $after) {{ scannedPosition changes {{
            position event {{ kind }} change {{ {_CHANGE} }} after {{ netCo2e }} }} }} }} }} }} }}"""

# What came to nothing.
REQUESTS = f"""query ($of: ID!, $outcome: RequestOutcome!, $after: String) {{
    walked: retirementRequests(filter: {{accountingPeriod: $of, outcome: $outcome}}, first: 50, after: $after) {{
        totalCount nodes {{ position outcome endedPosition }} {PAGE} }} }}"""
APPLICATION = """query ($id: ID!) { node(id: $id) { ... on Pilot { application { id } } } }"""
PLANS = f"""query ($id: ID!, $after: String) {{ node(id: $id) {{ ... on Pilot {{
    walked: plans(first: 20, after: $after) {{
        nodes {{ position planSteps {{ position state reason }} }} {PAGE} }} }} }} }}"""
EVALUATIONS = f"""query ($id: ID!, $asOf: BigInt!, $after: String) {{ node(id: $id) {{ ... on Pilot {{
    walked: evaluations(first: 20, after: $after, asOf: $asOf) {{ nodes {{ position startsOn endsOn
        decision {{ position verdict reason }} }} {PAGE} }} }} }} }}"""
