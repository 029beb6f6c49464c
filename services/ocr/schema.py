"""Writes the JSON Schema of a paper's facts (NAME.json).

python -m services.ocr.schema > docs/schemas/paper-facts.json
"""

import json

from services.ocr.facts import PaperFacts


def schema() -> str:
    """Return the schema as it is kept in docs/schemas."""
    facts = PaperFacts.model_json_schema(mode="serialization")
    told = {"$schema": "https://json-schema.org/draft/2020-12/schema", **facts}
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(schema(), end="")
