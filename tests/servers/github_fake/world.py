"""One organisation's state, and the forms GitHub gives it."""

import copy
import hashlib
import json
import pathlib

SHAPES = json.loads(pathlib.Path(__file__).with_name("shapes.json").read_text())
NOW = "2026-11-20T09:00:00Z"
WEB = "https://github.example"


def shape(kind, **fields):
    made = copy.deepcopy(SHAPES[kind])
    made.update(fields)
    return made


def number_of(text):
    """A stable id for a name that was seeded without one."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:7], 16)


def user(account, kind="simple-user"):
    if account is None:
        return None
    if isinstance(account, str):
        account = {"login": account}
    login = account["login"]
    return shape(
        kind,
        login=login,
        id=account.get("id", number_of(login)),
        type="Bot" if login.endswith("[bot]") else "User",
    )


class World:
    def __init__(self, org, seed):
        self.org = org
        self.repos = {repo["name"]: self.prepared(repo) for repo in seed.get("repos", [])}
        self.installations = seed.get("installations", [])
        self.secrets = seed.get("secrets", [])
        self.faults, self.requests, self.next_id = [], [], 1000

    def prepared(self, repo):
        for name in ("pulls", "runs", "keys", "secrets", "environments"):
            repo.setdefault(name, [])
        for pull in repo["pulls"]:
            pull.setdefault("state", "open")
            pull.setdefault("reviews", [])
        for run in repo["runs"]:
            run.setdefault("status", "waiting")
            run.setdefault("approvals", [])
            run.setdefault("pending", [])
        return repo

    def state(self):
        return {
            "org": self.org,
            "repos": self.repos,
            "installations": self.installations,
            "secrets": self.secrets,
            "requests": self.requests,
        }

    def find(self, repo, kind, key):
        repo = self.repos.get(repo) or {}
        field = {"pulls": "number", "runs": "id", "keys": "id"}.get(kind)
        for thing in repo.get(kind, []) if field else []:
            if str(thing[field]) == key:
                return thing
        return None

    def fresh_id(self):
        self.next_id += 1
        return self.next_id

    # --- forms --------------------------------------------------------------------------------

    def repository(self, repo, kind="minimal-repository"):
        full = f"{self.org}/{repo['name']}"
        return shape(
            kind,
            id=number_of(full),
            name=repo["name"],
            full_name=full,
            owner=user(self.org),
            archived=repo.get("archived", False),
            disabled=False,
            default_branch="main",
            created_at=NOW,
            updated_at=NOW,
            pushed_at=NOW,
        )

    def installation(self, one):
        return shape(
            "installation",
            id=one["id"],
            app_id=one.get("app_id", number_of(one["slug"])),
            app_slug=one["slug"],
            account=user(self.org),
            target_type="Organization",
            permissions=one.get("permissions", {}),
            repository_selection=one.get("repository_selection", "selected"),
            events=one.get("events", []),
            html_url=f"{WEB}/organizations/{self.org}/settings/installations/{one['id']}",
            suspended_at=one.get("suspended_at"),
            suspended_by=user(one.get("suspended_by")),
            created_at=one.get("created_at", NOW),
            updated_at=NOW,
        )

    def secret(self, name, kind="actions-secret"):
        more = {"visibility": "private"} if kind.startswith("org") else {}
        return shape(kind, name=name, created_at=NOW, updated_at=NOW, **more)

    def key(self, repo, one):
        return shape(
            "deploy-key",
            id=one["id"],
            key=one.get("key", "ssh-ed25519 AAAA"),
            title=one["title"],
            read_only=one.get("read_only", True),
            verified=True,
            enabled=True,
            added_by=one.get("added_by"),
            last_used=one.get("last_used"),
            created_at=one.get("created_at", NOW),
            url=f"https://api.github.example/repos/{self.org}/{repo['name']}/keys/{one['id']}",
        )

    def branch(self, repo, end):
        form = "repository"
        return {
            "label": f"{self.org}:{end['ref']}",
            "ref": end["ref"],
            "sha": end["sha"],
            "repo": self.repository(repo, form),
            "user": user(self.org),
        }

    def pull(self, repo, one, kind):
        made = shape(
            kind,
            id=number_of(f"{repo['name']}#{one['number']}"),
            number=one["number"],
            state=one["state"],
            title=one["title"],
            body=one.get("body"),
            user=user(one["user"]),
            html_url=f"{WEB}/{self.org}/{repo['name']}/pull/{one['number']}",
            created_at=one.get("created_at", NOW),
            updated_at=one.get("updated_at", NOW),
            merged_at=one.get("merged_at"),
            head=self.branch(repo, one["head"]),
            base=self.branch(repo, one.get("base", {"ref": "main", "sha": "0" * 40})),
        )
        if kind == "pull-request":
            files = one.get("files", [])
            made.update(
                additions=sum(file["additions"] for file in files),
                deletions=sum(file["deletions"] for file in files),
                changed_files=len(files),
                commits=len(one.get("commits", [])),
                merged=one.get("merged_at") is not None,
                merged_by=user(one.get("merged_by")),
            )
        return made

    def commit(self, one):
        name = one.get("name", "somebody")
        email = one.get("email", "somebody@example.com")
        git = {"name": name, "email": email, "date": NOW}
        made = shape(
            "commit",
            sha=one["sha"],
            author=user(one.get("author")),
            committer=user(one.get("committer")),
        )
        made["commit"].update(message=one["message"], author=git, committer=git)
        return made

    def file(self, one):
        more = {name: one[name] for name in ("patch", "previous_filename") if name in one}
        return shape(
            "diff-entry",
            sha=number_of(one["filename"]).__format__("040x"),
            filename=one["filename"],
            status=one.get("status", "modified"),
            additions=one["additions"],
            deletions=one["deletions"],
            changes=one["additions"] + one["deletions"],
            **more,
        )

    def review(self, repo, one, number):
        made = shape(
            "pull-request-review",
            id=one["id"],
            user=user(one["user"]),
            body=one["body"],
            state=one["state"],
            commit_id=one["commit_id"],
            submitted_at=NOW,
            html_url=f"{WEB}/{self.org}/{repo['name']}/pull/{number}#review-{one['id']}",
        )
        return made

    def check(self, one, sha):
        state = {"status": one.get("status", "completed"), "conclusion": one.get("conclusion")}
        return shape("check-run", id=number_of(one["name"]), name=one["name"], head_sha=sha, **state)

    def run(self, repo, one):
        made = shape(
            "workflow-run",
            id=one["id"],
            name=one.get("name", "Deploy"),
            display_title=one.get("display_title", "Deploy"),
            event=one.get("event", "push"),
            status=one["status"],
            run_attempt=one.get("attempt", 1),
            run_number=1,
            head_sha=one["head_sha"],
            head_branch=one.get("head_branch", "main"),
            html_url=f"{WEB}/{self.org}/{repo['name']}/actions/runs/{one['id']}",
            created_at=one.get("created_at", NOW),
            run_started_at=one.get("created_at", NOW),
            updated_at=NOW,
            pull_requests=[],
            actor=user(one["actor"]),
            triggering_actor=user(one.get("triggering_actor", one["actor"])),
        )
        made["repository"].update(name=repo["name"], full_name=f"{self.org}/{repo['name']}")
        return made


def diff_of(files):
    """A unified diff as git writes it."""
    text = []
    for file in files:
        new = file["filename"]
        old = file.get("previous_filename", new)
        text.append(f"diff --git a/{old} b/{new}")
        status = file.get("status", "modified")
        if status == "added":
            text.append("new file mode 100644")
        if status == "removed":
            text.append("deleted file mode 100644")
        text.append("--- " + ("/dev/null" if status == "added" else f"a/{old}"))
        text.append("+++ " + ("/dev/null" if status == "removed" else f"b/{new}"))
        text.append(file.get("patch", ""))
    return "\n".join(text) + "\n" if text else ""
