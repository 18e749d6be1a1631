//! What nobody may approve: by the shipped policy, and without a single forbid.

use super::case::{Asked, asked, told};
use countersign::{
    domain::{Environment, Leave},
    policy::{Installation, Policy},
};
use std::path::PathBuf;

/// Lets everything through, and forbids nothing.
const WIDE: &str =
    "// version: 1\n@id(\"all\") @approvals(\"0\") permit (principal, action, resource);";

fn installation() -> Installation {
    let mut installation =
        Installation { home: Some("/home/kim".into()), ..Installation::default() };
    installation.protected.push(PathBuf::from("/srv/countersign/store.db"));
    installation.protected.push(PathBuf::from("/srv/policy"));
    installation.protected.extend(countersign::gate::host_files());
    installation
}

fn policies() -> [(&'static str, Policy); 2] {
    let wide = Policy::parse(WIDE, "wide.cedar").unwrap_or_else(|error| panic!("{error}"));
    let shipped = Policy::shipped().unwrap_or_else(|error| panic!("{error}"));
    [("the shipped policy", shipped), ("no forbid at all", wide)]
        .map(|(name, policy)| (name, policy.at(installation())))
}

fn never(rule: &str, all: impl IntoIterator<Item = Asked>) {
    let policies = policies();
    for asked in all {
        for (name, policy) in &policies {
            let explained = asked.explained(policy);
            let line = asked.action.title.raw();
            assert_eq!(told(&explained.ruling), format!("never: {rule}"), "{name}: {line}");
            let Leave::Boundary { because, .. } = &explained.ruling.leave else { unreachable!() };
            assert!(because.starts_with("it "), "{because}");
            // Where the policy forbids it, Cedar says so; else the program does.
            assert_eq!(explained.crossed.is_some(), *name == "no forbid at all", "{name}: {line}");
        }
    }
}

fn not_a_boundary(all: impl IntoIterator<Item = Asked>) {
    for asked in all {
        for (name, policy) in &policies() {
            let ruling = asked.by(policy);
            let line = asked.action.title.raw();
            assert!(!matches!(ruling.leave, Leave::Boundary { .. }), "{name}: {line}: {ruling:?}");
        }
    }
}

#[test]
fn what_production_stands_on_is_not_deleted() {
    never(
        "production-stays",
        [
            "kubectl delete namespace payments --context prod",
            "aws rds delete-db-instance --db-instance-identifier prod --skip-final-snapshot",
            "aws s3 rb s3://prod-data --force",
            "aws s3 rm s3://prod-data --recursive",
            "aws eks delete-cluster --name prod",
            "aws elasticbeanstalk terminate-environment --environment-name shop-prod",
            "aws cloudformation delete-stack --stack-name prod",
            "gcloud sql instances delete prod",
            "gcloud container clusters delete prod",
            "psql postgres://u@prod-db/shop -c 'DROP DATABASE shop'",
            "psql -h prod-db -c 'DROP SCHEMA public CASCADE'",
            "gh api -X DELETE /repos/acme/shop/environments/production",
            "railway environment delete production",
            "heroku apps:destroy prod",
            "ssh prod-db rm -rf /var/lib/postgresql",
            "aws kms schedule-key-deletion --key-id alias/prod",
            "aws cloudtrail delete-trail --name prod",
            "aws cloudtrail stop-logging --name prod",
        ]
        .map(asked),
    );
}

#[test]
fn on_a_host_of_production_every_such_deletion_is_one_of_production() {
    let commands = [
        "dropdb shop",
        "terraform destroy",
        "terraform destroy -target=aws_db_instance.main",
        "kubectl delete ns payments",
        "redis-cli FLUSHALL",
        "npx prisma migrate reset --force",
        "rails db:drop",
        "auditctl -D",
        "systemctl stop auditd",
        "rm -rf /var/log/audit",
        "mcp:postgres/query {\"sql\":\"DROP DATABASE shop\"}",
    ];
    never("production-stays", commands.map(|line| asked(line).on(Environment::Production)));
}

#[test]
fn a_developers_own_work_hits_no_boundary() {
    not_a_boundary(
        [
            "dropdb shop",
            "kind delete cluster",
            "minikube delete",
            "psql -c 'DROP DATABASE shop_test'",
            "sqlite3 dev.db 'DROP TABLE x'",
            "docker compose down -v",
            "rm -rf dist/production",
            "kubectl delete ns payments",
            "kubectl delete ns payments --context staging",
            "aws s3 rb s3://preprod-data --force",
            "aws s3 rb s3://non-prod --force",
            "aws s3 rb s3://prod-test --force",
            "terraform destroy -target=aws_instance.web",
            "psql -c 'GRANT ALL ON DATABASE shop_dev TO kim'",
            "chmod 600 /home/kim/id",
            "sed -i s/a/b/ .claude/commands/x.md",
            "echo x > ~/.config/other/config.toml",
        ]
        .map(asked),
    );
    let outside = ["dropdb prod", "kubectl delete ns prod", "terraform destroy"];
    not_a_boundary(outside.map(|line| asked(line).on(Environment::NonProduction)));
    let inside = [
        "kubectl delete pod web-1",
        "psql -c 'DROP TABLE x'",
        "terraform destroy -target=aws_instance.web",
        "aws s3 rm s3://b/a/c",
        "terraform state rm aws_db_instance.x",
    ];
    not_a_boundary(inside.map(|line| asked(line).on(Environment::Production)));
}

#[test]
fn nobody_gives_power_to_itself() {
    never(
        "no-power-for-itself",
        [
            "aws iam attach-user-policy --user-name kim --policy-arn arn:aws:iam::aws:policy/AdministratorAccess",
            "aws iam put-user-policy --user-name claude-code --policy-name x --policy-document file://p",
            "sudo usermod -aG sudo kim",
            "visudo",
            "countersign approve a-0123456789 --digest 1f",
        ]
        .map(asked),
    );
    let grant = "psql -c 'GRANT ALL ON DATABASE shop TO kim'";
    never("no-power-for-itself", [asked(grant).on(Environment::Production)]);
    not_a_boundary(["aws iam create-access-key --user-name deploy", grant].map(asked));
}

#[test]
fn the_gate_itself_is_not_touched() {
    never(
        "hands-off-the-gate",
        [
            "rm -f ~/.config/countersign/config.toml",
            "echo x > ~/.claude/settings.json",
            "echo x > .claude/settings.local.json",
            "echo '{}' > .cursor/hooks.json",
            "cp other.toml /home/kim/.config/countersign/config.toml",
            "mv ~/.local/state/countersign/countersign.db /tmp",
            "sqlite3 /srv/countersign/store.db 'DELETE FROM actions'",
            "rm -rf /srv/countersign",
            "rm -rf ../../../srv/policy",
            "rm -rf ~/.config",
            "chmod -R 777 /srv/policy",
            "countersign gate uninstall claude-code",
            "pkill countersign",
            "pkill -9 -f 'countersign-hook gate'",
            "killall -9 countersign-hook",
            "kill -9 $(pgrep countersign)",
            "pkill sign",
            "python evil.py /srv/policy/policy.cedar",
            "mcp:filesystem/write_file {\"path\":\"/home/kim/.config/countersign/policy.cedar\",\"content\":\"x\"}",
        ]
        .map(asked),
    );
}

#[test]
fn a_boundary_holds_even_where_policy_cannot_be_asked() {
    let broken = Policy::parse(
        "// version: 1\n@id(\"a\") @approvals(\"0\") permit (principal, action, resource) \
         when { context.resources * 9223372036854775807 * 9223372036854775807 > 0 };",
        "broken.cedar",
    )
    .unwrap_or_else(|error| panic!("{error}"));
    let asked = asked("kubectl delete namespace payments --context prod && aws s3 rm s3://a/b");
    assert_eq!(told(&asked.by(&broken)), "never: production-stays");
}
