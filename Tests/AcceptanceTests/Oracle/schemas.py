"""Holds JSON objects against the schemas of docs/json.md: schemas.py DOCUMENT HEADING, an object a line on standard input.

What the document does not name is no part of an object: every schema is read as if it allowed nothing else.
"""
import json
import re
import sys

import jsonschema


def strict(schema):
    if isinstance(schema, dict):
        schema = {key: strict(value) for key, value in schema.items()}
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    elif isinstance(schema, list):
        schema = [strict(value) for value in schema]
    return schema


document, heading = sys.argv[1:3]
sections = re.split(r"^## ", open(document, encoding="utf-8").read(), flags=re.MULTILINE)
section = next(text for text in sections if text.split("\n")[0] == heading)
schema = json.loads(re.search(r"```json\n(.*?)```", section, re.DOTALL)[1])
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(strict(schema))
lines = sys.stdin.read().splitlines()
faults = [] if lines else ["there is no object"]
for line in lines:
    faults += [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(json.loads(line))]
print("\n".join(faults[:10]))
sys.exit(1 if faults else 0)
