"""What graphql-core says of a request, in Chinese, and without Python. Its messages are all that it
tells."""

import re

from graphql.pyutils import inspect

from nzc_api.schema.kit.given import as_json

# How a message ends that suggests something, and one that ends with another message.
_PERHAPS = "是否指{2}"
_BECAUSE = "的值无效：{1}"

# What a front-end developer or a registry's integrator may meet: what it says, and what that means.
_SAID = (
    # Of values.
    (r"Expected a? ?value of non-null type '([^']+)' (?:to be provided|not to be null)\.",
     "类型{0}为必填，不能缺失或为null"),
    (r"Expected value of type '([^']+)' to be an object, found: (.*)\.", "应为{0}对象，实际为{1}"),
    (r"Expected value of type '([^']+)' to include required field '([^']+)', found: .*",
     "{0}缺少必填字段{1}"),
    (r"Expected value of type '([^']+)' not to include unknown field '([^']+)'\. Did you mean ([^?]+)\? Found.*",
     "{0}没有字段{1}，是否指{2}"),
    (r"Expected value of type '([^']+)' not to include unknown field '([^']+)', found.*",
     "{0}没有字段{1}"),
    (r"Within OneOf Input Object type '([^']+)', exactly one field must be specified.*",
     "{0}须恰好给出一个字段，且不为null"),
    (r"Expected value of type '([^']+)', found: (.*)\.", "应为{0}，实际为{1}"),
    (r"Value '(.*)' does not exist in '([^']+)' enum\. Did you mean the enum value (.+)\?",
     "枚举{1}没有值{0}，是否指{2}"),
    (r"Value '(.*)' does not exist in '([^']+)' enum\.", "枚举{1}没有值{0}"),
    (r"Enum '([^']+)' cannot represent (?:value|non-string value|non-enum value): (.*?)\..*",
     "枚举{0}的值应为其名称，实际为{1}"),
    (r"Int cannot represent non 32-bit signed integer value: (.*)",
     "应为32位整数，实际为{0}"),
    (r"Int cannot represent non-integer value: (.*)", "应为整数，实际为{0}"),
    (r"Float cannot represent non numeric value: (.*)", "应为数字，实际为{0}"),
    (r"String cannot represent a non string value: (.*)", "应为字符串，实际为{0}"),
    (r"Boolean cannot represent a non boolean value: (.*)", "应为true或false，实际为{0}"),
    (r"ID cannot represent (?:value|a non-string and non-integer value): (.*)",
     "应为字符串形式的id，实际为{0}"),
    # Of documents.
    (r"Cannot query field '([^']+)' on type '([^']+)'\. Did you mean (.+)\?",
     "类型{1}没有字段{0}，是否指{2}"),
    (r"Cannot query field '([^']+)' on type '([^']+)'\.", "类型{1}没有字段{0}"),
    (r"Unknown argument '([^']+)' on (?:field|directive) '([^']+)'\. Did you mean (.+)\?",
     "{1}没有参数{0}，是否指{2}"),
    (r"Unknown argument '([^']+)' on (?:field|directive) '([^']+)'\.", "{1}没有参数{0}"),
    (r"Argument '([^']+)' of type '([^']+)' is required, but it was not provided\.",
     "缺少必填参数{0}（类型{1}）"),
    (r"Argument '([^']+)' has invalid value:? (.*)", "参数{0}的值无效：{1}"),
    (r"Unknown type '([^']+)'\..*", "没有类型{0}"),
    (r"Unknown fragment '([^']+)'\.", "没有片段{0}"),
    (r"Unknown directive '([^']+)'\.", "没有指令{0}"),
    (r"Field '([^']+)' must not have a selection since type '([^']+)' has no subfields\.",
     "字段{0}的类型{1}没有子字段，不能再选择"),
    (r"Field '([^']+)' of type '([^']+)' must have a selection of subfields\..*",
     "字段{0}的类型{1}为对象，须选择其子字段"),
    (r"Variable '([^']+)' is not defined.*", "变量{0}未声明"),
    (r"Variable '([^']+)' is never used.*", "变量{0}未被使用"),
    (r"Variable '([^']+)' cannot be non-input type '([^']+)'\.", "变量{0}不能为输出类型{1}"),
    (r"Variable '([^']+)' of type '([^']+)' used in position expecting type '([^']+)'\.",
     "变量{0}的类型为{1}，而此处须为{2}"),
    (r"Variable '([^']+)' has invalid value: (.*)", "变量{0}的值无效：{1}"),
    (r"Fragment '([^']+)' is never used\.", "片段{0}未被使用"),
    (r"There can be only one (?:argument|variable|operation|fragment|input field) named '([^']+)'\.",
     "{0}只能出现一次"),
    (r"This anonymous operation must be the only defined operation\.",
     "未命名的操作须为文档中的唯一操作"),
)  # fmt: skip

_PATTERNS = [(re.compile(said, re.DOTALL), meant) for said, meant in _SAID]

# What a client sent may be in a message, and may be made to look like one: searching takes its time.
_LONGEST = 500


def without_python(message: str) -> str:
    """A message as a client may see it: null is not called None."""
    return re.sub(r"(non-null type '[^']+' not to be )None\.", r"\1null.", message)


def of_value(message: str, value: object) -> str:
    """A message about a value, which it quotes as JSON instead of as Python would."""
    return without_python(message.replace(f": {inspect(value)}", f": {as_json(value)}", 1))


def in_chinese(message: str) -> str:
    """What a message means; a rare or a very long one as it is."""
    if len(message) > _LONGEST:
        return message
    for pattern, meant in _PATTERNS:
        found = pattern.fullmatch(message)
        if found is not None:
            return meant.format(*_groups(found, meant))
    return message


def _groups(found: re.Match[str], meant: str) -> list[str]:
    if not found.groups():
        return []
    *names, last = found.groups()
    if meant.endswith(_BECAUSE):
        last = in_chinese(last)
    elif meant.endswith(_PERHAPS):
        last = last.replace(", or ", "或").replace(" or ", "或")
    return [*names, last]
