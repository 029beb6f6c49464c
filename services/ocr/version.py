"""The version of the pipeline: it names the folder of everything made from a paper."""

import hashlib
import json

from services.ocr.recognise import EngineFacts

# Count up when the same engine would now make other documents from the same papers.
PIPELINE = 4
_DIGITS = 12


def version_of(engine: EngineFacts) -> str:
    """Return a short name that differs wherever pipeline, engine or models differ."""
    identity = json.dumps([engine.name, engine.languages, sorted(engine.models.items())])
    return f"p{PIPELINE}-{hashlib.sha256(identity.encode()).hexdigest()[:_DIGITS]}"
