"""What is said in two languages, as GraphQL."""

from typing import Any

import strawberry

from nzc_api.refusal import LocalizedText as DomainText
from nzc_api.schema.kit.fields import short_list


@strawberry.type(description="A text in both languages.")
class LocalizedText:
    zh: str = strawberry.field(description="In Chinese.")
    en: str = strawberry.field(description="In British English.")

    @classmethod
    def of(cls, text: DomainText) -> "LocalizedText":
        return cls(zh=text.zh, en=text.en)


@strawberry.input(description="A text in both languages.")
class LocalizedTextInput:
    zh: str = strawberry.field(description="In Chinese: 1 to 200 characters.")
    en: str = strawberry.field(description="In English: 1 to 200 characters.")

    def text(self) -> DomainText:
        return DomainText(zh=self.zh, en=self.en)


def text_attribute(path: str, description: str) -> Any:
    """A field that is a bilingual attribute of the type's domain object."""
    names = path.split(".")

    def resolve(root: Any) -> LocalizedText:
        value = root.domain
        for name in names:
            value = getattr(value, name)
        return LocalizedText.of(value)

    return strawberry.field(resolver=resolve, description=description)


def texts_attribute(path: str, description: str, *, at_most: int) -> Any:
    """A field that is a list of bilingual texts of the type's domain object."""

    @short_list(description, at_most)
    def resolve(root: Any) -> list[LocalizedText]:
        return [LocalizedText.of(text) for text in getattr(root.domain, path)]

    return resolve
