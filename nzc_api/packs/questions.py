"""What a pack asks the API, part by part; ``walked`` are pages, whose rows are taken up to the pack's position.

Lists within rows begin with them, and where they go on, are walked by a question of their own.
"""

YEAR = """query ($code: String!, $year: Int!) { log { position } pilot(by: {code: $code}) {
    id accountingPeriod(by: {year: $year}) { id } } }"""
RANGE = """query ($id: ID!) { log { position } node(id: $id) { ... on Evaluation { position startsOn endsOn
    pilot { id code } rangePilots { id code } } } }"""
PERIODS = """query ($id: ID!, $asOf: BigInt!, $after: String) { node(id: $id) { ... on Pilot {
    walked: accountingPeriods(first: 100, after: $after, asOf: $asOf) { nodes { id startsOn endsOn }
    pageInfo { hasNextPage endCursor } } } } }"""

TEXT = "{ zh en }"
MORE = "pageInfo { hasNextPage }"
PAGE = "pageInfo { hasNextPage endCursor }"
DOCUMENT = "id position documentKind fileName mediaType size sha256 bytesKept"
_DOCUMENTS = f"documents(first: 20) {{ nodes {{ {DOCUMENT} }} {MORE} }}"
_BY = "{ body { name creditCode } report { number dated sha256 } }"
# Who verified what of a batch, as of the pack's position.
VERIFIED = f"""enrolment(asOf: $asOf) {{ number methodology methodologyVersion
        creditingPeriod {{ startsOn endsOn }} validation {_BY} }}
    verification {_BY} labels {{ code name {TEXT} issuedBy validFrom expiresOn }}"""
BATCH = f"serials {{ text }} vintage programme {{ code }} project {{ code name {TEXT} }} mechanism {VERIFIED}"
GASES = "gases { gas tonnes co2e }"

PILOT = f"""query ($id: ID!, $asOf: BigInt!) {{ pilot(by: {{id: $id}}, asOf: $asOf) {{
    code kind variant name {TEXT} applicantKind applicantName {TEXT} establishment operationStartsOn closedOn
    administrativeDivision {{ code name {TEXT} }}
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
OF_APPLICATION = {"claims": CLAIMS, "judgements": JUDGEMENTS, "steps": STEPS}

TARGET = """query ($id: ID!, $period: AccountingPeriodBy!, $asOf: BigInt!) { node(id: $id) { ... on Pilot {
    target(asOf: $asOf) { id position version zeroYear revisionReason weakened routes
        baseline { basis asOfPosition year grossCo2e netCo2e } ceilings { year netCo2e grossCo2e creditsQuantity } }
    targetStatus(period: $period, asOf: $asOf) { status ceilingCo2e gapCo2e onSiteReductionCo2e offsetShare
        baselineChange reasons { reason message { zh en } } } } } }"""

PLAN = f"""query ($id: ID!, $asOf: BigInt!) {{ node(id: $id) {{ ... on Pilot {{
    plan(asOf: $asOf) {{ id position version reason planState startsOn endsOn constructionBudgetCo2e {_DOCUMENTS}
        packages {{ name {TEXT} stage measures {{ position }} }}
        milestones {{ code name {TEXT} dueOn building reached {{ position on document }} }}
        materials {{ name {TEXT} quantity unit factor source embodiedCo2e transportCo2e }}
        planSteps {{ position state reason }} }}
    completion(asOf: $asOf) {{ position builtOn stableFrom document }} }} }} }}"""
_PROGRESS = "position state on document"
_EFFECT = "position method startsOn endsOn co2e savedCo2e document"
MEASURES = f"""query ($id: ID!, $asOf: BigInt!, $after: String) {{ node(id: $id) {{ ... on Pilot {{
    walked: measures(first: 20, after: $after, asOf: $asOf) {{ nodes {{ id position name {TEXT} catalogue catalogueItem
        route stage capex opexChange lifeYears startsOn expectedCo2e technology {{ code }}
        savings {{ carrier quantity unit price }}
        {_DOCUMENTS} progress(first: 20) {{ nodes {{ {_PROGRESS} }} {MORE} }}
        effects(first: 20) {{ nodes {{ {_EFFECT} }} {MORE} }} }}
    {PAGE} }} }} }} }}"""
PROGRESS = f"""query ($id: ID!, $after: String) {{ node(id: $id) {{ ... on Measure {{
    walked: progress(first: 100, after: $after) {{ nodes {{ {_PROGRESS} }} {PAGE} }} }} }} }}"""
EFFECTS = f"""query ($id: ID!, $after: String) {{ node(id: $id) {{ ... on Measure {{
    walked: effects(first: 100, after: $after) {{ nodes {{ {_EFFECT} }} {PAGE} }} }} }} }}"""
ANALYSES = """query ($id: ID!, $after: String) { node(id: $id) { ... on Pilot {
    walked: potentialAnalyses(first: 20, after: $after) { nodes { position asOfPosition basis year growth growthSource
        grossCo2e businessAsUsualCo2e expectedCo2e sinksCo2e remainingCo2e paragraphs }
    pageInfo { hasNextPage endCursor } } } } }"""

SIGHT = """query ($id: ID!) { node(id: $id) { ... on Pilot { viewerSeesUnpublished } } }"""
FINANCINGS = f"""query ($id: ID!, $asOf: BigInt!, $after: String) {{ node(id: $id) {{ ... on Pilot {{
    walked: financings(first: 20, after: $after, asOf: $asOf) {{ nodes {{ id position financeProduct productName
        financier amount startsOn endsOn endedOn endDocument allocated {_DOCUMENTS}
        allocations {{ amount measure {{ id }} }}
        pledges {{ share startsOn endsOn measure {{ id }} }} }} {PAGE} }} }} }} }}"""
# Here and of evaluations without the names of persons, which can be erased: a file that has been handed on cannot.
_APPOINTMENT = "position startsOn vacant documentName"
POSTS = f"""query ($id: ID!, $asOf: BigInt!, $after: String) {{ node(id: $id) {{ ... on Pilot {{
    walked: posts(first: 20, after: $after, asOf: $asOf) {{ nodes {{ id position code postKind name {TEXT}
        responsibilities appointments(first: 20) {{ nodes {{ {_APPOINTMENT} }} {MORE} }} {_DOCUMENTS} }}
    {PAGE} }} }} }} }}"""
APPOINTMENTS = f"""query ($id: ID!, $after: String) {{ node(id: $id) {{ ... on Post {{
    walked: appointments(first: 100, after: $after) {{ nodes {{ {_APPOINTMENT} }} {PAGE} }} }} }} }}"""
DUTIES = f"""query ($id: ID!, $asOf: BigInt!, $after: String) {{ node(id: $id) {{ ... on Pilot {{
    walked: duties(first: 20, after: $after, asOf: $asOf) {{ nodes {{ id position unit unitName {TEXT} year ceilingCo2e
        actualCo2e unknown documentName inForce {_DOCUMENTS} }} {PAGE} }} }} }} }}"""
RULES = f"""query ($id: ID!, $asOf: BigInt!, $after: String) {{ node(id: $id) {{ ... on Pilot {{
    walked: managementRules(first: 20, after: $after, asOf: $asOf) {{ nodes {{ id position title documentName startsOn
        publishedLastDay lastDayInForce repealDocument {_DOCUMENTS} }} {PAGE} }} }} }} }}"""
UPKEEP = f"""query ($id: ID!, $after: String) {{ node(id: $id) {{ ... on Pilot {{
    walked: upkeep(first: 20, after: $after) {{ nodes {{ id position system on done documentName {_DOCUMENTS} }}
    {PAGE} }} }} }} }}"""
OF_MANAGEMENT = {"posts": POSTS, "duties": DUTIES, "rules": RULES, "upkeep": UPKEEP}

EVALUATIONS = f"""query ($id: ID!, $asOf: BigInt!, $after: String) {{ node(id: $id) {{ ... on Pilot {{
    walked: evaluations(first: 5, after: $after, asOf: $asOf) {{ nodes {{ id position evaluationState startsOn endsOn
        openedOn rangeCategories rangePilots {{ code }} improveBy score {_DOCUMENTS}
        scheme {{ code name {TEXT} citation {TEXT} confirmed stableMonths passMark }}
        selfEvaluations {{ position statement document }}
        panels {{ position experts {{ number employer organisation {{ id }} }} }}
        siteVisits {{ position on notes document }}
        items {{ item {{ code itemKind weight text {TEXT} }} meanPoints met
            scores {{ position expert points met reason }} }}
        findings {{ id position severity text due findingState
            findingSteps {{ position findingState text document }} }}
        followUps {{ position measure {{ id }} finding {{ id }} }}
        decision {{ position verdict reason asOfPosition score band {TEXT} grossCo2e sinksCo2e purchasedTonnes
            resultCo2e }}
        result(asOf: $asOf) {{ grossCo2e sinksCo2e purchasedTonnes resultCo2e unknown }} }} {PAGE} }} }} }} }}"""
OF_FINDINGS = f"""query ($id: ID!) {{ node(id: $id) {{ ... on Evaluation {{
    findings {{ id {_DOCUMENTS} }} }} }} }}"""
DISTURBED = """query ($id: ID!, $asOf: BigInt!) { node(id: $id) { ... on Evaluation {
    disturbedBy(asOf: $asOf) { position kind } } } }"""

STATEMENT = f"""query ($id: ID!, $period: AccountingPeriodBy!, $asOf: BigInt!) {{ node(id: $id) {{ ... on Pilot {{
    accountingPeriod(by: $period, asOf: $asOf) {{ startsOn endsOn }}
    netEmissions(period: $period, asOf: $asOf) {{ basis asOfPosition assurance netCo2e creditsToZero
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

_MOVED = f"quantity serials {{ text }} batch {{ {BATCH} }}"
_OF_PERIOD = "$id: ID!, $period: AccountingPeriodBy!, $asOf: BigInt!, $after: String"
RETIREMENTS = f"""query ({_OF_PERIOD}) {{ node(id: $id) {{ ... on Pilot {{
    netEmissions(period: $period, asOf: $asOf) {{ purchasedReductions {{
        walked: retirements(first: 20, after: $after) {{ nodes {{ id position postedAt quantity quantityInForce
            retiredOn registryReference programme {{ code }}
            movements(first: 20) {{ nodes {{ {_MOVED} }} {MORE} }} }}
        {PAGE} }} }} }} }} }} }}"""

MOVEMENTS = f"""query ($id: ID!, $asOf: BigInt!, $after: String) {{ node(id: $id) {{ ... on Retirement {{
    walked: movements(first: 100, after: $after) {{ nodes {{ {_MOVED} }} {PAGE} }} }} }} }}"""

INVENTORIES = f"""query ({_OF_PERIOD}) {{ node(id: $id) {{ ... on Pilot {{
    netEmissions(period: $period, asOf: $asOf) {{
        walked: inventories(first: 20, after: $after) {{ nodes {{ id phase basis status gwpSet version startsOn endsOn
            notOccurring submittedPosition verifiedPosition viewerSeesLines factorList {{ code version name {TEXT} }}
            opinion {{ level findings reportHash acknowledged {{ code reason }} }} }}
        {PAGE} }} }} }} }} }}"""

_LINE = f"""id position category label treatment rounding dataQuality lifeCycleStage dutyUnit co2e warnings
    activity {{ value unit }} density {{ value unit }}
    factor {{ code version name {TEXT} region validYear sources {{ title locator }} }}
    explain {{ co2e gases {{ gas tonnes co2e expression multipliers {{ name {TEXT} value unit }} }} }}
    evidence(first: 20) {{ nodes {{ {DOCUMENT} }} {MORE} }}"""
SOURCES = f"""query ($id: ID!, $after: String) {{ node(id: $id) {{ ... on Inventory {{
    walked: emissionSources(first: 50, after: $after) {{ nodes {{ {_LINE} scope zeroFactorBasis {{ reason evidence }} }}
    {PAGE} }} }} }} }}"""
SINKS = f"""query ($id: ID!, $after: String) {{ node(id: $id) {{ ... on Inventory {{
    walked: sinks(first: 50, after: $after) {{ nodes {{ {_LINE} sinkBasis {{ methodology evidence }} }}
    {PAGE} }} }} }} }}"""

# The documents of a thing; and of a line.
_WALKED = f"walked: documents(first: 100, after: $after) {{ nodes {{ {DOCUMENT} }} {PAGE} }}"
_DOCUMENTED = (
    "Pilot",
    "Target",
    "Inventory",
    "Plan",
    "Measure",
    "Financing",
    "Post",
    "Duty",
    "ManagementRule",
    "Upkeep",
    "Evaluation",
    "EvaluationFinding",
)
DOCUMENTS = (
    "query ($id: ID!, $after: String) { node(id: $id) { "
    + " ".join(f"... on {kind} {{ {_WALKED} }}" for kind in _DOCUMENTED)
    + " } }"
)
EVIDENCE = f"""query ($id: ID!, $after: String) {{ node(id: $id) {{ ... on InventoryLine {{
    walked: evidence(first: 100, after: $after) {{ nodes {{ {DOCUMENT} }} {PAGE} }} }} }} }}"""
