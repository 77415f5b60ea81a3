"""The guide's words as enumerations; what they mean is in ``data/guide.json``."""

from enum import StrEnum


class PilotKind(StrEnum):
    """The six kinds of pilot (section 二)."""

    TOWN = "TOWN"
    BUILDING = "BUILDING"
    TRANSPORT = "TRANSPORT"
    COMMUNITY = "COMMUNITY"
    PARK = "PARK"
    ENTERPRISE = "ENTERPRISE"


class PilotVariant(StrEnum):
    """The kinds with the guide's distinctions: a building is new or existing, a community urban
    or rural (section 三)."""

    TOWN = "TOWN"
    BUILDING_NEW = "BUILDING_NEW"
    BUILDING_EXISTING = "BUILDING_EXISTING"
    TRANSPORT = "TRANSPORT"
    COMMUNITY_URBAN = "COMMUNITY_URBAN"
    COMMUNITY_RURAL = "COMMUNITY_RURAL"
    PARK = "PARK"
    ENTERPRISE = "ENTERPRISE"


class Establishment(StrEnum):
    """Whether a pilot is newly built (新建) or existing (既有)."""

    NEW = "NEW"
    EXISTING = "EXISTING"


class Phase(StrEnum):
    """The phase of a pilot's life that an inventory accounts for (section 三)."""

    CONSTRUCTION = "CONSTRUCTION"
    OPERATION = "OPERATION"
    OPERATION_MAINTENANCE = "OPERATION_MAINTENANCE"


class LifeCycleStage(StrEnum):
    """The stages of a pilot's life that planning considers (section 四（一）)."""

    RAW_MATERIAL = "RAW_MATERIAL"
    CONSTRUCTION = "CONSTRUCTION"
    OPERATION = "OPERATION"
    WASTE = "WASTE"


class ApplicantKind(StrEnum):
    """Who may apply for a pilot (section 二)."""

    COMPETENT_DEPARTMENT = "COMPETENT_DEPARTMENT"
    BUILDING_DEVELOPER = "BUILDING_DEVELOPER"
    BUILDING_OPERATOR = "BUILDING_OPERATOR"
    TRANSPORT_DEPARTMENT = "TRANSPORT_DEPARTMENT"
    TRANSPORT_UNIT = "TRANSPORT_UNIT"
    RESIDENTS_COMMITTEE = "RESIDENTS_COMMITTEE"
    VILLAGERS_COMMITTEE = "VILLAGERS_COMMITTEE"
    DEVELOPER = "DEVELOPER"
    PROPERTY_MANAGER = "PROPERTY_MANAGER"
    PARK_COMMITTEE = "PARK_COMMITTEE"
    DEVELOPMENT_ZONE_COMMITTEE = "DEVELOPMENT_ZONE_COMMITTEE"
    ENTERPRISE_OR_INSTITUTION = "ENTERPRISE_OR_INSTITUTION"
    OTHER = "OTHER"


class DocumentKind(StrEnum):
    """What a pilot hands in: a GHG inventory report (清单) or an accounting report (核算报告)."""

    INVENTORY = "INVENTORY"
    ACCOUNTING_REPORT = "ACCOUNTING_REPORT"


class Category(StrEnum):
    """What an emission source or a sink is accounted under (section 三)."""

    ENERGY_ACTIVITIES = "ENERGY_ACTIVITIES"
    INDUSTRIAL_PROCESSES = "INDUSTRIAL_PROCESSES"
    AGRICULTURE = "AGRICULTURE"
    LUCF = "LUCF"
    WASTE = "WASTE"
    BUILDING_ENERGY = "BUILDING_ENERGY"
    TRANSPORT_ENERGY = "TRANSPORT_ENERGY"
    ENERGY_CONSUMPTION = "ENERGY_CONSUMPTION"
    VEHICLE_FUEL = "VEHICLE_FUEL"
    EXHAUST_TREATMENT = "EXHAUST_TREATMENT"
    PURCHASED_ELECTRICITY = "PURCHASED_ELECTRICITY"
    PURCHASED_HEAT = "PURCHASED_HEAT"
    FUEL_FIXED_EQUIPMENT = "FUEL_FIXED_EQUIPMENT"
    FUEL_TRANSPORT_MEANS = "FUEL_TRANSPORT_MEANS"
    BIOMASS_BURNING = "BIOMASS_BURNING"
    LIVESTOCK = "LIVESTOCK"
    FORESTRY_SINK = "FORESTRY_SINK"
    OTHER = "OTHER"
    EXPORTED_ELECTRICITY = "EXPORTED_ELECTRICITY"
    EXPORTED_HEAT = "EXPORTED_HEAT"
    OWN_GENERATION = "OWN_GENERATION"


class CategoryRole(StrEnum):
    """What may be recorded under a category.

    Power and heat that are sold beyond the boundary (EXPORT), or generated inside for oneself
    (GENERATION), are recorded with the emission sources; neither says what is emitted.
    """

    SOURCE = "SOURCE"
    SINK = "SINK"
    SOURCE_OR_SINK = "SOURCE_OR_SINK"
    EXPORT = "EXPORT"
    GENERATION = "GENERATION"


class Treatment(StrEnum):
    """How a line of a category counts for a pilot's variant."""

    IN_SCOPE = "IN_SCOPE"
    COUNTED_UNLISTED = "COUNTED_UNLISTED"
    DEDUCTED = "DEDUCTED"
    MEMO = "MEMO"


class Catalogue(StrEnum):
    """The five catalogues of technologies and products that pilots may refer to (section 四（二）)."""

    NATIONAL_LOW_CARBON = "NATIONAL_LOW_CARBON"
    NATIONAL_ENERGY_SAVING = "NATIONAL_ENERGY_SAVING"
    PRODUCT_CERTIFICATION = "PRODUCT_CERTIFICATION"
    GUANGDONG_ENERGY_SAVING = "GUANGDONG_ENERGY_SAVING"
    GUANGDONG_GREEN_BUILDING = "GUANGDONG_GREEN_BUILDING"


class FinanceProduct(StrEnum):
    """The products of green finance that pilots may consider (section 四（三）); the guide's list is open."""

    SAVINGS_PLEDGE_LOAN = "SAVINGS_PLEDGE_LOAN"
    GREEN_BUYER_CREDIT = "GREEN_BUYER_CREDIT"
    GREEN_FINANCE_LEASE = "GREEN_FINANCE_LEASE"
    OTHER = "OTHER"


class FormulaTerm(StrEnum):
    """The three terms of the guide's formula (section 五)."""

    GROSS = "GROSS"
    SINKS = "SINKS"
    PURCHASED_REDUCTIONS = "PURCHASED_REDUCTIONS"
