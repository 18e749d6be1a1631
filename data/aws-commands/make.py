#!/usr/bin/env python3
"""Makes data/aws-commands.txt: every command of the AWS CLI, and how far it goes.

    python3 data/aws-commands/make.py            writes the table beside this folder
    python3 data/aws-commands/make.py --check    says whether the shipped table would come out

The CLI and its service models are downloaded at the versions below and checked against the digests
below; access levels come from data/aws-actions.tsv.gz. README.md describes the lines and the rules.
"""

import gzip
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE.parent / "aws-commands.txt"
ACTIONS = HERE.parent / "aws-actions.tsv.gz"

PINNED = {
    "awscli==1.46.2": "d818f5a3c8e772271db67ac002c9ba2bc4ec064e5aefbf1605e23bd2cf4346c5",
    "botocore==1.44.5": "8f16a56d1dff125dd65322ae021efa7ba5195a6db5102b96862566055b748921",
}

# Runs where the CLI is installed: the CLI itself says what its commands are called.
LIST = """
import json
import awscli.clidriver
from botocore import xform_name
found = {}
for name, command in awscli.clidriver.create_clidriver()._get_command_table().items():
    model = getattr(command, "service_model", None)
    if model is None:
        continue
    operations = {}
    for operation, inner in command._get_command_table().items():
        api = getattr(inner, "_operation_model", None)
        if api is not None:
            operations[operation] = [api.name, (api.http or {}).get("method", "POST")]
        elif operation not in ("wait", "help"):
            operations[operation] = ["", ""]
    # What the CLI leaves out or calls otherwise, an SDK still has.
    for api in model.operation_names:
        http = model.operation_model(api).http or {}
        operations.setdefault(xform_name(api, "-"), [api, http.get("method", "POST")])
    meta = model.metadata
    found[name] = {
        "sdk": model.service_name,
        "id": meta.get("serviceId", ""),
        "prefixes": [meta.get("signingName", ""), meta.get("endpointPrefix", "")],
        "protocol": meta.get("protocol", ""),
        "operations": operations,
    }
print(json.dumps(found))
"""

# Services whose IAM prefix is neither the name they sign with nor the one in their address.
PREFIXES = {
    "ce": ["ce"], "cur": ["cur"], "deploy": ["codedeploy"], "configservice": ["config"],
    "stepfunctions": ["states"], "opensearch": ["es"], "opensearchserverless": ["aoss"],
    "pinpoint": ["mobiletargeting"], "sesv2": ["ses"], "keyspaces": ["cassandra"],
    "location": ["geo"], "connectcampaigns": ["connect-campaigns"], "lexv2-models": ["lex"],
    "lex-models": ["lex"], "lexv2-runtime": ["lex"], "lex-runtime": ["lex"],
    "emr": ["elasticmapreduce"], "efs": ["elasticfilesystem"], "fis": ["fis"],
    "service-quotas": ["servicequotas"], "sso-admin": ["sso"], "docdb": ["rds"],
    "neptune": ["rds"], "s3api": ["s3"], "s3control": ["s3"], "cloudwatch": ["cloudwatch"],
    "resource-groups": ["resource-groups"], "resourcegroupstaggingapi": ["tag"],
    "apigateway": [], "apigatewayv2": [], "dynamodbstreams": ["dynamodb"],
    "marketplacecommerceanalytics": ["marketplacecommerceanalytics"], "amp": ["aps"],
    "elbv2": ["elasticloadbalancing"], "elb": ["elasticloadbalancing"], "ds": ["ds"],
    "ds-data": ["ds-data"], "kinesis-video-media": ["kinesisvideo"], "wafv2": ["wafv2"],
    "iot-data": ["iot"], "workmailmessageflow": ["workmailmessageflow"],
    "cognito-idp": ["cognito-idp"], "evs": ["evs"],
}

# Operations without an IAM action of their name: these verbs look, so does a GET or HEAD.
LOOKING = (
    "get", "list", "describe", "head", "search", "query", "lookup", "check", "validate", "test",
    "preview", "estimate", "simulate", "select", "scan", "discover", "verify", "view", "count",
    "calculate", "detect", "classify", "compare", "batch-get", "batch-describe", "batch-check",
    "batch-detect", "poll", "filter", "retrieve", "suggest", "autocomplete", "predict", "download",
    "translate", "decode", "evaluate", "rank", "recognize",
)
# Commands of version 2 that the package of version 1 does not have.
VERSION_2 = {
    "dsql": ["generate-db-connect-admin-auth-token", "generate-db-connect-auth-token"],
    "ec2-instance-connect": ["open-tunnel", "ssh"],
    "logs": ["tail"],
    "sso": ["login", "logout"],
}
# A GET that writes all the same.
WRITING = {("iot-data", "publish")}


def installed(folder):
    """The Python of an environment that has the pinned CLI."""
    wheels = folder / "wheels"
    pip = [sys.executable, "-m", "pip", "--quiet"]
    for requirement, digest in PINNED.items():
        subprocess.run([*pip, "download", "--no-deps", "--dest", wheels, requirement], check=True)
        (file,) = wheels.glob(requirement.split("==")[0] + "-*")
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        if found != digest:
            sys.exit(f"{requirement}: SHA-256 is {found}, expected {digest}")
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "--quiet", "install", *wheels.iterdir()], check=True)
    return python


def services():
    with tempfile.TemporaryDirectory() as folder:
        python = installed(pathlib.Path(folder))
        listed = subprocess.run([python, "-c", LIST], check=True, capture_output=True)
        return json.loads(listed.stdout)


def levels():
    """{(prefix, action in lower case): access level}."""
    found, prefix = {}, None
    text = gzip.decompress(ACTIONS.read_bytes()).decode()
    for line in text.split("\n\n", 1)[1].splitlines():
        if line.startswith("@"):
            prefix = line[1:]
        elif line:
            columns = line.split("\t")
            found[prefix, columns[0].lower()] = columns[1]
    return found


def level(name, service, operation, api, method, known):
    own = PREFIXES.get(name)
    # These never write, whatever the action of that name is called upon for.
    if operation.startswith(("describe-", "list-", "batch-get-")):
        return "R"
    if operation.startswith("get-") and operation.endswith(("-policy", "-permission", "-permissions")):
        return "R"
    prefixes = own if own is not None else [*service["prefixes"], name, service["sdk"]]
    for prefix in prefixes:
        found = known.get((prefix, api.lower()))
        if found:
            # Nothing is made of the difference between listing and reading.
            return "R" if found == "L" else found
    if (name, operation) in WRITING:
        return "W"
    if operation.startswith(("tag-", "untag-")):
        return "T"
    first = operation.split("-")[0]
    looks = first in LOOKING or any(operation.startswith(f"{verb}-") for verb in LOOKING)
    # Only REST protocols mean something by their method; the others POST everything.
    rest = service["protocol"].startswith("rest")
    if looks or (rest and method in ("GET", "HEAD")):
        return "R"
    return "W"


def table(found, known):
    lines = {}
    for name, service in found.items():
        service["operations"].update({operation: ["", ""] for operation in VERSION_2.get(name, [])})
        by_level = {}
        for operation, (api, method) in service["operations"].items():
            by_level.setdefault(level(name, service, operation, api, method, known), []).append(
                operation
            )
        columns = [key + " " + " ".join(sorted(by_level[key])) for key in sorted(by_level)]
        lines[name] = "\t".join(columns)
    # What the SDKs call a service where the CLI says otherwise.
    for name, service in found.items():
        for other in (service["sdk"], service["id"].lower().replace(" ", "-")):
            if other and other not in lines:
                lines[other] = "= " + name
    return "".join(f"{name}\t{lines[name]}\n" for name in sorted(lines))


def main():
    text = table(services(), levels()).encode()
    if "--check" in sys.argv[1:]:
        sys.exit(None if TABLE.read_bytes() == text else f"{TABLE} differs from what comes out")
    TABLE.write_bytes(text)


if __name__ == "__main__":
    main()
