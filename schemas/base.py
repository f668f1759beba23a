"""What every shape shares: closed to unknown keys, frozen once made."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A frozen record that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)
