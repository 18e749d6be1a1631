#!/usr/bin/env python3
"""Writes shapes.json: for each kind of answer the smallest object GitHub's description allows.

    tests/servers/github_fake/make_shapes.py PATH/TO/api.github.com.json

The fake lays its state over these, so an answer has every required field without anyone having
typed them. The description is `generated/api.github.com.json` of the npm package
@octokit/openapi (MIT); only field names and types are taken from it.
"""

import json
import pathlib
import sys

KINDS = [
    "private-user",
    "simple-user",
    "minimal-repository",
    "full-repository",
    "repository",
    "installation",
    "deploy-key",
    "organization-actions-secret",
    "actions-secret",
    "pull-request-simple",
    "pull-request",
    "diff-entry",
    "commit",
    "pull-request-review",
    "check-run",
    "combined-commit-status",
    "simple-commit-status",
    "workflow-run",
    "pending-deployment",
    "environment-approvals",
    "deployment",
]
TEXTS = {
    "date-time": "2026-01-01T00:00:00Z",
    "uri": "https://example.invalid/",
    "email": "nobody@example.invalid",
    "date": "2026-01-01",
}


class Shapes:
    def __init__(self, description):
        self.schemas = description["components"]["schemas"]

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def smallest(self, schema):
        schema = self.resolve(schema)
        if "enum" in schema:
            return schema["enum"][0]
        if schema.get("nullable") or "null" in listed(schema.get("type")):
            return None
        for choice in ("oneOf", "anyOf"):
            options = [self.resolve(one) for one in schema.get(choice, [])]
            if options and "properties" not in schema:
                if any(one.get("type") == "null" for one in options):
                    return None
                return self.smallest(options[0])
        if "allOf" in schema:
            merged = {}
            for one in schema["allOf"]:
                part = self.smallest(one)
                merged.update(part if isinstance(part, dict) else {})
            return merged
        kind = (listed(schema.get("type")) or ["object"])[0]
        if kind == "object":
            fields = schema.get("properties", {})
            return {name: self.smallest(fields.get(name, {})) for name in schema.get("required", [])}
        if kind == "array":
            return []
        if kind == "string":
            return TEXTS.get(schema.get("format"), "x")
        if kind in ("integer", "number"):
            return max(schema.get("minimum", 0), 0)
        return False


def listed(value):
    return value if isinstance(value, list) else [value] if value else []


def main():
    shapes = Shapes(json.loads(pathlib.Path(sys.argv[1]).read_text()))
    made = {kind: shapes.smallest(shapes.schemas[kind]) for kind in KINDS}
    path = pathlib.Path(__file__).with_name("shapes.json")
    path.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n")
    print(f"{path}: {len(made)} kinds", file=sys.stderr)


if __name__ == "__main__":
    main()
