"""The JSON Schema of a paper's facts: what ``NAME.json`` of ``digitise`` and the store's facts say."""

import json

from services.ocr.facts import PaperFacts

FILE = "docs/schemas/paper-facts.json"


def documents() -> dict[str, str]:
    """Return the schema under its place."""
    facts = PaperFacts.model_json_schema(mode="serialization")
    told = {"$schema": "https://json-schema.org/draft/2020-12/schema", **facts}
    return {FILE: json.dumps(told, indent=2, ensure_ascii=False) + "\n"}
