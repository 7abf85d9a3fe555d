"""What our models take from pydantic, as a checker of types is to see it.

pydantic declares that a model is built by names alone and from exactly the types of its fields. Ours also take
values by position, lists for tuples and names for codes (``Validated.__init__``): a program that does is in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ConfigDict
    from pydantic.fields import FieldInfo

    class BaseModel:
        """The part of pydantic's class that is used."""

        model_config: ClassVar[ConfigDict]
        model_fields: ClassVar[dict[str, FieldInfo]]

        def __init__(self, **entries: Any) -> None: ...

        @classmethod
        def model_validate(cls, obj: Any, **options: Any) -> Self:
            """As pydantic has it."""
            ...

        def model_dump(self, **options: Any) -> dict[str, Any]:
            """As pydantic has it."""
            ...

        def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
            """As pydantic has it."""
            ...

else:
    from pydantic import BaseModel

__all__ = ["BaseModel"]
