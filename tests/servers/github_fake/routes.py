"""What each of GitHub's paths answers."""

import hashlib
import json
import urllib.parse

from world import diff_of, shape, user

EVENTS = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


class Answer:
    def __init__(self, status, value=None, pages=None, text=None):
        self.status, self.pages, self.etag = status, pages, None
        self.headers = {}
        if text is not None:
            self.bytes = text.encode()
            self.headers["Content-Type"] = "application/vnd.github.diff; charset=utf-8"
        elif value is None:
            self.bytes = b""
        else:
            self.bytes = json.dumps(value).encode()
            self.headers["Content-Type"] = "application/json; charset=utf-8"

    def tag(self):
        if self.status == 200:
            self.etag = f'W/"{hashlib.sha256(self.bytes).hexdigest()[:32]}"'
            self.headers["ETag"] = self.etag

    def not_modified(self):
        made = Answer(304)
        made.headers["ETag"] = self.etag
        return made

    def link(self, path, origin):
        """GitHub links absolutely. Behind the proxy our own address is not the client's."""
        page, last = self.pages
        if page < last:
            target = urllib.parse.urlsplit(path)
            query = dict(urllib.parse.parse_qsl(target.query)) | {"page": page + 1}
            there = f"{origin or ''}{target.path}?{urllib.parse.urlencode(query)}"
            self.headers["Link"] = f'<{there}>; rel="next"'


def missing():
    return Answer(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})


def refused(message):
    return Answer(422, {"message": "Unprocessable Entity", "errors": [message]})


def page_of(query, items, form, around=None):
    size = min(max(int(query.get("per_page", 30)), 1), 100)
    page = max(int(query.get("page", 1)), 1)
    shown = [form(one) for one in items[(page - 1) * size : page * size]]
    value = {"total_count": len(items), around: shown} if around else shown
    return Answer(200, value, pages=(page, -(-len(items) // size)))


def answer(world, method, parts, query, value, login, diff, proxied):
    if parts == ["user"] and method == "GET":
        return Answer(200, user(login, "private-user") | {"type": "User", "user_view_type": "private"})
    if world is None:
        return missing()
    if parts[0] == "orgs":
        return of_org(world, method, parts[2:], query)
    if parts[0] == "repos" and len(parts) > 2 and parts[2] in world.repos:
        # The description knows the diff of a commit, but not that of a pull request: behind the
        # proxy this answers what it does know for it, 406.
        call = Call(world, world.repos[parts[2]], method, query, value, login, diff, proxied)
        return call.answer(parts[3:])
    return missing()


def of_org(world, method, rest, query):
    if method == "GET" and rest == ["repos"]:
        return page_of(query, list(world.repos.values()), world.repository)
    if method == "GET" and rest == ["installations"]:
        return page_of(query, world.installations, world.installation, "installations")
    if rest[:2] == ["actions", "secrets"]:
        return secrets(world, world.secrets, method, rest[2:], query, "organization-actions-secret")
    return missing()


def secrets(world, names, method, rest, query, kind="actions-secret"):
    if method == "GET" and not rest:
        return page_of(query, names, lambda name: world.secret(name, kind), "secrets")
    if len(rest) == 1 and rest[0] in names:
        if method == "GET":
            return Answer(200, world.secret(rest[0], kind))
        if method == "DELETE":
            names.remove(rest[0])
            return Answer(204)
    return missing()


class Call:
    """One request to one repository."""

    def __init__(self, world, repo, method, query, value, login, diff, proxied):
        self.world, self.repo, self.method, self.query = world, repo, method, query
        self.value, self.login, self.diff, self.proxied = value, login, diff, proxied

    def answer(self, rest):
        get = self.method == "GET"
        match rest:
            case [] if get:
                made = self.world.repository(self.repo, "full-repository")
                made["permissions"] = {"admin": True, "push": True, "pull": True}
                return Answer(200, made)
            case ["keys", *more]:
                return self.keys(more)
            case ["actions", "secrets", *more]:
                return secrets(self.world, self.repo["secrets"], self.method, more, self.query)
            case ["environments"] if get:
                return page_of(self.query, self.repo["environments"], environment, "environments")
            case ["environments", name, "secrets", *more]:
                for one in self.repo["environments"]:
                    if one["name"] == name:
                        names = one.setdefault("secrets", [])
                        return secrets(self.world, names, self.method, more, self.query)
            case ["pulls", *more]:
                return self.pulls(more)
            case ["commits", *more] if get:
                return self.commits(more)
            case ["actions", "runs", *more]:
                return self.runs(more)
        return missing()

    # --- deploy keys ----------------------------------------------------------------------------

    def keys(self, rest):
        keys = self.repo["keys"]
        form = lambda one: self.world.key(self.repo, one)
        if self.method == "GET" and not rest:
            return page_of(self.query, keys, form)
        for one in keys:
            if rest == [str(one["id"])]:
                if self.method == "GET":
                    return Answer(200, form(one))
                if self.method == "DELETE":
                    keys.remove(one)
                    return Answer(204)
        return missing()

    # --- pull requests --------------------------------------------------------------------------

    def pulls(self, rest):
        world, repo = self.world, self.repo
        if self.method == "GET" and not rest:
            state = self.query.get("state", "open")
            shown = [one for one in repo["pulls"] if state in ("all", one["state"])]
            return page_of(self.query, shown, lambda one: world.pull(repo, one, "pull-request-simple"))
        pull = world.find(repo["name"], "pulls", rest[0]) if rest else None
        if pull is None:
            return missing()
        if self.method == "POST" and rest[1:] == ["reviews"]:
            return self.review(pull)
        if self.method != "GET":
            return missing()
        match rest[1:]:
            case []:
                if self.diff and self.proxied:
                    return Answer(406, {"message": "no diff through the description"})
                if self.diff:
                    return Answer(200, text=diff_of(pull.get("files", [])))
                return Answer(200, world.pull(repo, pull, "pull-request"))
            case ["files"]:
                return page_of(self.query, pull.get("files", []), world.file)
            case ["commits"]:
                return page_of(self.query, commits_of(pull), world.commit)
            case ["reviews"]:
                form = lambda one: world.review(repo, one, pull["number"])
                return page_of(self.query, pull["reviews"], form)
        return missing()

    def review(self, pull):
        event = (self.value or {}).get("event")
        commit = (self.value or {}).get("commit_id", pull["head"]["sha"])
        body = (self.value or {}).get("body", "")
        if event not in EVENTS:
            return refused("Variable $event of type PullRequestReviewEvent was provided invalid value")
        if event != "COMMENT" and user(pull["user"])["login"] == self.login:
            return refused(f"Can not {event.lower().replace('_', ' ')} on your own pull request")
        if event == "REQUEST_CHANGES" and not body:
            return refused("Body can't be blank")
        if commit not in [pull["head"]["sha"], *(one["sha"] for one in commits_of(pull))]:
            return refused("The commit is not part of the pull request")
        if pull["state"] != "open":
            return refused("Can not review a closed pull request")
        made = {
            "id": self.world.fresh_id(),
            "user": self.login,
            "body": body,
            "state": EVENTS[event],
            "commit_id": commit,
        }
        pull["reviews"].append(made)
        return Answer(200, self.world.review(self.repo, made, pull["number"]))

    # --- commits --------------------------------------------------------------------------------

    def commits(self, rest):
        world = self.world
        if not rest:
            known = [one for run in self.repo["runs"] for one in [commit_of(run)]]
            return page_of(self.query, known, world.commit)
        sha = rest[0]
        pulls = [one for one in self.repo["pulls"] if one["head"]["sha"] == sha]
        runs = [one for one in self.repo["runs"] if one["head_sha"] == sha]
        match rest[1:]:
            case ["check-runs"]:
                checks = [check for one in pulls + runs for check in one.get("checks", [])]
                return page_of(self.query, checks, lambda one: world.check(one, sha), "check_runs")
            case ["status"]:
                return Answer(200, self.status(sha, pulls))
            case ["pulls"]:
                numbers = [number for run in runs for number in run.get("pulls", [])]
                from_runs = [one for one in self.repo["pulls"] if one["number"] in numbers]
                form = lambda one: world.pull(self.repo, one, "pull-request-simple")
                return page_of(self.query, pulls + from_runs, form)
            case [] if runs:
                commit = commit_of(runs[0])
                if self.diff:
                    return Answer(200, text=diff_of(commit.get("files", [])))
                files = commit.get("files", [])
                made = world.commit(commit) | {"files": [world.file(one) for one in files]}
                plus = sum(one["additions"] for one in files)
                minus = sum(one["deletions"] for one in files)
                made["stats"] = {"additions": plus, "deletions": minus, "total": plus + minus}
                return Answer(200, made)
        return missing()

    def status(self, sha, pulls):
        statuses = [
            shape("simple-commit-status", context=one["context"], state=one["state"])
            for pull in pulls
            for one in pull.get("statuses", [])
        ]
        made = shape("combined-commit-status", sha=sha, statuses=statuses)
        made.update(state="pending", total_count=len(statuses))
        return made

    # --- runs and deployments -------------------------------------------------------------------

    def runs(self, rest):
        world, repo = self.world, self.repo
        if self.method == "GET" and not rest:
            wanted = self.query.get("status")
            shown = [one for one in repo["runs"] if wanted in (None, one["status"])]
            return page_of(self.query, shown, lambda one: world.run(repo, one), "workflow_runs")
        run = world.find(repo["name"], "runs", rest[0]) if rest else None
        if run is None:
            return missing()
        if self.method == "POST" and rest[1:] == ["pending_deployments"]:
            return self.decide(run)
        if self.method != "GET":
            return missing()
        match rest[1:]:
            case []:
                return Answer(200, world.run(repo, run))
            case ["pending_deployments"]:
                return Answer(200, [self.pending(run, one) for one in run["pending"]])
            case ["approvals"]:
                return Answer(200, [self.approval(one) for one in run["approvals"]])
        return missing()

    def environment(self, number):
        return next(one for one in self.repo["environments"] if one["id"] == number)

    def pending(self, run, number):
        one = self.environment(number)
        may = self.login in one.get("reviewers", [self.login])
        environment = {"id": number, "node_id": "x", "name": one["name"], "url": "x", "html_url": "x"}
        return shape("pending-deployment", environment=environment, current_user_can_approve=may)

    def approval(self, one):
        environments = [{"id": n, "name": self.environment(n)["name"]} for n in one["environments"]]
        return shape(
            "environment-approvals",
            environments=environments,
            state=one["state"],
            comment=one["comment"],
            user=user(one["user"]),
        )

    def decide(self, run):
        asked = self.value["environment_ids"]
        if not asked or any(number not in run["pending"] for number in asked):
            return refused("No pending deployment requests to approve or reject")
        for number in asked:
            if self.login not in self.environment(number).get("reviewers", [self.login]):
                return Answer(403, {"message": "You are not a required reviewer of this environment"})
        run["approvals"].append(
            {
                "environments": asked,
                "state": self.value["state"],
                "comment": self.value["comment"],
                "user": self.login,
            }
        )
        run["pending"] = [number for number in run["pending"] if number not in asked]
        if self.value["state"] == "rejected":
            run.update(status="completed", pending=[])
        elif not run["pending"]:
            run["status"] = "in_progress"
        made = [
            shape(
                "deployment",
                id=self.world.fresh_id(),
                sha=run["head_sha"],
                ref=run.get("head_branch", "main"),
                environment=self.environment(number)["name"],
            )
            for number in asked
        ]
        return Answer(200, made)


def commit_of(run):
    return {"sha": run["head_sha"], "message": "Deploy"} | run.get("commit", {})


def commits_of(pull):
    plain = {"sha": pull["head"]["sha"], "message": pull["title"], "author": pull["user"]}
    return pull.get("commits") or [plain]


def environment(one):
    return {
        "id": one["id"],
        "node_id": "x",
        "name": one["name"],
        "url": "https://example.invalid/",
        "html_url": "https://example.invalid/",
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
    }
