"""What a pack asks the API, part by part; ``walked`` are pages, whose rows are taken up to the pack's position."""

BEGIN = """query ($code: String!, $year: Int!) { log { position } pilot(by: {code: $code}) {
    id viewerSeesStatements accountingPeriod(by: {year: $year}) { id } } }"""

TEXT = "{ zh en }"
DOCUMENT = "id position documentKind fileName mediaType size sha256 bytesKept"
BATCH = "serials { text } vintage programme { code } project { code name { zh en } } mechanism"
GASES = "gases { gas tonnes co2e }"

PILOT = f"""query ($code: String!, $year: Int!, $asOf: BigInt!) {{ pilot(by: {{code: $code}}, asOf: $asOf) {{
    code kind variant name {TEXT} applicantKind applicantName {TEXT} establishment operationStartsOn closedOn
    administrativeDivision {{ code name {TEXT} }}
    accountingPeriod(by: {{year: $year}}, asOf: $asOf) {{ startsOn endsOn }}
    surroundingPilots(first: 20, asOf: $asOf) {{ nodes {{ code name {TEXT} }} }} }} }}"""

APPLICATION = f"""query ($id: ID!, $asOf: BigInt!) {{ node(id: $id) {{ ... on Pilot {{ application {{
    id position applicationState variant name {TEXT} applicantKind applicantName {TEXT} establishment operationStartsOn
    boundary {{ words hectares outline {{ latitude longitude }} }}
    criteria(asOf: $asOf) {{ met criterion {{ code text {TEXT} }} parts {{ code verdict }} }} }} }} }} }}"""
CLAIMS = """query ($id: ID!, $after: String) { node(id: $id) { ... on Application {
    walked: claims(first: 100, after: $after) {
    nodes { position criterion statement documents { documentKind fileName mediaType size sha256 } }
    pageInfo { hasNextPage endCursor } } } } }"""
JUDGEMENTS = """query ($id: ID!, $after: String) { node(id: $id) { ... on Application {
    walked: judgements(first: 100, after: $after) { nodes { position criterion verdict reason }
    pageInfo { hasNextPage endCursor } } } } }"""
STEPS = """query ($id: ID!, $after: String) { node(id: $id) { ... on Application {
    walked: steps(first: 100, after: $after) { nodes { position applicationState reason }
    pageInfo { hasNextPage endCursor } } } } }"""

TARGET = """query ($id: ID!, $year: Int!, $asOf: BigInt!) { node(id: $id) { ... on Pilot {
    target(asOf: $asOf) { id position version zeroYear revisionReason weakened routes
        baseline { basis asOfPosition year grossCo2e netCo2e } ceilings { year netCo2e grossCo2e creditsQuantity } }
    targetStatus(period: {year: $year}, asOf: $asOf) { status ceilingCo2e gapCo2e onSiteReductionCo2e offsetShare
        baselineChange reasons { reason message { zh en } } } } } }"""

MEASURES = """query ($id: ID!, $asOf: BigInt!, $after: String) { node(id: $id) { ... on Pilot {
    walked: measures(first: 20, after: $after, asOf: $asOf) { nodes { position name { zh en } catalogue catalogueItem
        route stage capex opexChange lifeYears startsOn expectedCo2e technology { code }
        savings { carrier quantity unit price }
        progress(first: 100) { nodes { position state on document } }
        effects(first: 100) { nodes { position method startsOn endsOn co2e savedCo2e document } } }
    pageInfo { hasNextPage endCursor } } } } }"""
ANALYSES = """query ($id: ID!, $after: String) { node(id: $id) { ... on Pilot {
    walked: potentialAnalyses(first: 20, after: $after) { nodes { position asOfPosition basis year growth growthSource
        grossCo2e businessAsUsualCo2e expectedCo2e sinksCo2e remainingCo2e paragraphs }
    pageInfo { hasNextPage endCursor } } } } }"""

STATEMENT = f"""query ($id: ID!, $year: Int!, $asOf: BigInt!) {{ node(id: $id) {{ ... on Pilot {{
    netEmissions(period: {{year: $year}}, asOf: $asOf) {{ basis asOfPosition assurance netCo2e creditsToZero
        furtherCreditsToZero surplusCo2e unknown {{ reason message {TEXT} }} notes {{ code message {TEXT} }}
        formula {{ text {TEXT} }}
        coverage {{ status daysInPeriod daysInOperation daysCovered categoriesInScope categoriesCovered
            warnings {{ reason message {TEXT} }}
            gaps(first: 100) {{ nodes {{ phase startsOn endsOn categories }} }} }}
        gross {{ co2e byCategory {{ category co2e {GASES} }} byGas {{ gas tonnes co2e }} }}
        sinks {{ measuredCo2e soldCo2e co2e byCategory {{ category co2e {GASES} }} }}
        memoSources {{ category co2e {GASES} }} memoSinks {{ category co2e {GASES} }}
        purchasedReductions {{ quantity counted retiredQuantity shortfallQuantity
            byMechanism {{ mechanism quantity }} }} }} }} }} }}"""

RETIREMENTS = f"""query ($id: ID!, $year: Int!, $asOf: BigInt!, $after: String) {{ node(id: $id) {{ ... on Pilot {{
    netEmissions(period: {{year: $year}}, asOf: $asOf) {{ purchasedReductions {{
        walked: retirements(first: 20, after: $after) {{ nodes {{ position postedAt quantity quantityInForce retiredOn
            registryReference programme {{ code }}
            movements(first: 100) {{ nodes {{ quantity serials {{ text }} batch {{ {BATCH} }} }} }} }}
        pageInfo {{ hasNextPage endCursor }} }} }} }} }} }} }}"""

INVENTORIES = f"""query ($id: ID!, $year: Int!, $asOf: BigInt!, $after: String) {{ node(id: $id) {{ ... on Pilot {{
    netEmissions(period: {{year: $year}}, asOf: $asOf) {{
        walked: inventories(first: 20, after: $after) {{ nodes {{ id phase basis status gwpSet version startsOn endsOn
            notOccurring submittedPosition verifiedPosition viewerSeesLines factorList {{ code version name {TEXT} }}
            opinion {{ level findings reportHash acknowledged {{ code reason }} }} }}
        pageInfo {{ hasNextPage endCursor }} }} }} }} }} }}"""

_LINE = f"""id position category label treatment rounding dataQuality lifeCycleStage co2e warnings
    activity {{ value unit }} density {{ value unit }}
    factor {{ code version name {TEXT} region validYear sources {{ title locator }} }}
    explain {{ co2e gases {{ gas tonnes co2e expression multipliers {{ name {TEXT} value unit }} }} }}
    evidence(first: 20) {{ nodes {{ {DOCUMENT} }} }}"""
SOURCES = f"""query ($id: ID!, $after: String) {{ node(id: $id) {{ ... on Inventory {{
    walked: emissionSources(first: 50, after: $after) {{ nodes {{ {_LINE} scope zeroFactorBasis {{ reason evidence }} }}
    pageInfo {{ hasNextPage endCursor }} }} }} }} }}"""
SINKS = f"""query ($id: ID!, $after: String) {{ node(id: $id) {{ ... on Inventory {{
    walked: sinks(first: 50, after: $after) {{ nodes {{ {_LINE} sinkBasis {{ methodology evidence }} }}
    pageInfo {{ hasNextPage endCursor }} }} }} }} }}"""

# Documents of a pilot, of a target, of an inventory.
DOCUMENTS = f"""query ($id: ID!, $after: String) {{ node(id: $id) {{
    ... on Pilot {{ walked: documents(first: 100, after: $after) {{
        nodes {{ {DOCUMENT} }} pageInfo {{ hasNextPage endCursor }} }} }}
    ... on Target {{ walked: documents(first: 100, after: $after) {{
        nodes {{ {DOCUMENT} }} pageInfo {{ hasNextPage endCursor }} }} }}
    ... on Inventory {{ walked: documents(first: 100, after: $after) {{
        nodes {{ {DOCUMENT} }} pageInfo {{ hasNextPage endCursor }} }} }} }} }}"""
