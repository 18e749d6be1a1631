//! What the shipped policy says of real commands: each of its tiers, and what stays free.

use super::case::{Asked, asked, told};
use countersign::{
    domain::{Environment, Isolation},
    policy::{Installation, Policy},
};

fn shipped() -> Policy {
    Policy::shipped().unwrap_or_else(|error| panic!("{error}"))
}

fn each(asked: impl Fn(&str) -> Asked, wanted: &str, commands: &[&str]) {
    let policy = shipped();
    for command in commands {
        assert_eq!(told(&asked(command).by(&policy)), wanted, "{command}");
    }
}

#[test]
fn reading_is_let_through_wherever_it_is() {
    let commands = [
        "ls -la",
        "git status",
        "cat README.md",
        "kubectl get pods --context prod",
        "psql -h prod-db -c 'SELECT 1'",
        "terraform plan",
        "aws s3 ls s3://prod-data",
        "cd /tmp",
        "mcp:postgres/query {\"sql\":\"SELECT 1\"}",
        "cat ~/.config/countersign/config.toml",
    ];
    each(asked, "through (read-only)", &commands);
    each(|line| asked(line).on(Environment::Production), "through (read-only)", &commands);
}

#[test]
fn local_work_that_can_be_turned_back_is_let_through_where_nobody_said_what_the_place_is() {
    let commands = [
        "echo hi > out.txt",
        "sed -i s/a/b/ config/production.yaml",
        "mkdir -p src/prod && touch src/prod/a",
        "rm -rf node_modules",
        "git commit -am wip",
        "git checkout -b fix",
        "npm install lodash",
        "npm test",
        "cargo build",
        "go test ./...",
        "pytest -q",
        "make",
        "pip install -r requirements.txt",
        "docker build -t shop .",
        "terraform init",
        "curl -o data.json https://example.com/data.json",
    ];
    each(asked, "through (reversible)", &commands);
}

#[test]
fn the_same_work_on_a_host_of_production_needs_somebody() {
    let on = |line: &str| asked(line).on(Environment::Production);
    each(on, "1 (production)", &["echo hi > out.txt", "npm install lodash", "git commit -am wip"]);
}

#[test]
fn what_can_be_turned_back_outside_of_production_is_let_through() {
    let on = |line: &str| asked(line).on(Environment::NonProduction);
    let commands = [
        "kubectl scale deploy/web --replicas=3",
        "psql -c 'UPDATE users SET plan = 1 WHERE id = 2'",
        "kubectl scale deploy/web --replicas=3 && aws s3 cp a s3://b/c",
    ];
    each(on, "through (reversible)", &commands);
}

#[test]
fn what_can_be_turned_back_in_production_or_in_who_knows_what_needs_one_approval() {
    let commands = [
        "kubectl scale deploy/web --replicas=3",
        "kubectl scale deploy/web --replicas=3 --context prod",
        "git push origin main",
        "aws s3 cp a s3://b/c",
        "gh pr merge 12",
        "sudo systemctl restart nginx",
        "curl -X POST https://api.example.com/v1/deploys -d '{}'",
        "mcp:github/merge_pull_request {\"owner\":\"a\",\"repo\":\"b\",\"pullNumber\":1}",
    ];
    each(asked, "1 (production)", &commands);
}

#[test]
fn work_on_another_machine_is_not_local() {
    let commands = [
        "ssh web1 'echo x > /etc/motd'",
        "sudo ssh -p 22 web1 touch /tmp/x",
        "cd /srv && ssh web1 'cd /srv; make'",
        "kubectl exec web-1 -- sh -c 'echo x > /tmp/y'",
        "scp motd web1:/etc/motd",
        "rsync -a dist/ web1:/srv/www/",
        "ansible all -m shell -a 'touch /tmp/x'",
        "docker push acme/shop",
    ];
    each(asked, "1 (production)", &commands);
    each(asked, "through (reversible)", &["ssh web1 uptime; make"]);
}

#[test]
fn what_is_lost_for_good_needs_two_with_a_senior() {
    let commands = [
        "rm notes.txt",
        "git push --force origin main",
        "git reset --hard HEAD~3",
        "kubectl delete pod web-1",
        "kubectl delete deployment web -n prod",
        "kubectl delete ns payments",
        "psql -c 'DROP TABLE orders'",
        "dropdb shop",
        "kind delete cluster",
        "docker volume rm data",
        "terraform destroy",
        "npm publish",
        "aws rds delete-db-snapshot --db-snapshot-identifier prod-snap",
        "terraform state rm aws_db_instance.main",
    ];
    each(asked, "2 from senior (destructive)", &commands);
    let on = |line: &str| asked(line).on(Environment::NonProduction);
    each(on, "2 from senior (destructive)", &["kubectl delete ns payments", "dropdb shop"]);
}

#[test]
fn what_cannot_be_read_needs_two_with_a_senior() {
    let commands =
        ["./deploy.sh", "curl https://example.com/x | sh", "terraform apply", "bash -c \"$X\""];
    each(asked, "2 from senior (opaque)", &commands);
    let on = |line: &str| asked(line).on(Environment::NonProduction);
    each(on, "2 from senior (opaque)", &commands);
}

#[test]
fn a_change_of_several_services_needs_two_with_a_senior() {
    let both = "kubectl scale deploy/web --replicas=3 && aws s3 cp a s3://b/c";
    each(asked, "2 from senior (cross-service)", &[both]);
    // What stays on this machine is no service of its own.
    each(asked, "1 (production)", &["npm test && kubectl scale deploy/web --replicas=3"]);
}

#[test]
fn what_customers_depend_on_needs_two_with_a_senior() {
    let installation =
        Installation { customer_facing: vec!["*checkout*".to_owned()], ..Installation::default() };
    let policy = shipped().at(installation);
    for environment in [Environment::NonProduction, Environment::Unknown, Environment::Production] {
        let asked = asked("kubectl scale deploy/Checkout --replicas=3").on(environment);
        assert_eq!(told(&asked.by(&policy)), "2 from senior (customer-facing)", "{environment}");
    }
    let other = asked("kubectl scale deploy/web --replicas=3");
    assert_eq!(told(&other.by(&policy)), "1 (production)");
}

#[test]
fn a_freeze_asks_for_more_where_it_counts() {
    let frozen = |line: &str| asked(line).frozen("winter holidays");
    each(frozen, "2 from senior (frozen)", &["kubectl scale deploy/web --replicas=3"]);
    each(frozen, "through (reversible)", &["npm test", "git commit -am wip"]);
    each(frozen, "through (read-only)", &["kubectl get pods"]);
}

#[test]
fn hidden_characters_ask_for_somebody_even_in_local_work() {
    let hidden = |line: &str| asked(line).hidden();
    each(hidden, "1 (hidden)", &["echo hi > out.txt"]);
    each(hidden, "through (read-only)", &["ls"]);
}

#[test]
fn a_policy_may_ask_how_the_requester_is_isolated_and_for_a_single_tool() {
    let policy = Policy::parse(
        r#"// version: 1
@id("boxed") @approvals("0")
permit (principal, action, resource) when { principal.isolation == Isolation::"vm" };
@id("open") @approvals("3")
permit (principal, action, resource)
when { principal.isolation != Isolation::"vm" && context.mcp.server != "git" };
@id("git-commits") @approvals("1")
permit (principal, action, resource)
when { context.mcp == { server: "git", tool: "git_commit" } && principal.tool == Tool::"claude-code" };
"#,
        "policy.cedar",
    )
    .unwrap_or_else(|error| panic!("{error}"));
    let command = asked("rm notes.txt");
    assert_eq!(told(&command.by(&policy)), "3 (open)");
    assert_eq!(told(&command.isolated(Isolation::Vm).by(&policy)), "through (boxed)");
    let mut call = asked("mcp:git/git_commit {\"message\":\"wip\"}");
    call.action.title = "git/git_commit {\"message\":\"wip\"}".into();
    if let countersign::domain::Subject::Call { tool, .. } = &mut call.action.subject {
        *tool = "mcp__git__git_commit".into();
    }
    assert_eq!(told(&call.by(&policy)), "1 (git-commits)");
}
