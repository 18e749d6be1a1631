//! Infrastructure as code, configuration and secrets: `terraform`, `pulumi`, `ansible`, `vault`.

mod ansible;
mod configuration;
mod machinery;
mod machines;
mod orchestration;
mod paths;
mod pulumi;
mod secrets;
mod stacks;
mod terraform;
mod vault;

use super::{How, Program, count, join};

const PARTS: &[&[Program]] = &[TABLES, machinery::MACHINERY];

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &join::<{ count(PARTS) }>(PARTS);

const TABLES: &[Program] = &[
    Program { names: &["terraform", "tofu", "tf"], how: How::Code(terraform::terraform) },
    Program { names: &["terragrunt", "tg"], how: How::Code(terraform::terragrunt) },
    Program { names: &["pulumi", "esc"], how: How::Table(&pulumi::PULUMI) },
    Program { names: &["cdk", "cdklocal"], how: How::Table(&stacks::CDK) },
    Program { names: &["sam", "samlocal"], how: How::Table(&stacks::SAM) },
    Program { names: &["serverless", "sls", "osls"], how: How::Table(&stacks::SERVERLESS) },
    Program { names: &["cdktf"], how: How::Table(&stacks::CDKTF) },
    Program { names: &["terramate", "tm"], how: How::Table(&stacks::TERRAMATE) },
    Program { names: &["packer"], how: How::Table(&machines::PACKER) },
    Program { names: &["vagrant"], how: How::Table(&machines::VAGRANT) },
    Program { names: &["bosh"], how: How::Table(&machines::BOSH) },
    Program { names: &["custodian"], how: How::Table(&machines::CUSTODIAN) },
    Program { names: &["ansible"], how: How::Table(&ansible::ANSIBLE) },
    Program {
        names: &["ansible-playbook", "ansible-pull", "ansible-console", "ansible-navigator"],
        how: How::Table(&ansible::PLAYBOOK),
    },
    Program { names: &["ansible-vault"], how: How::Table(&ansible::VAULT) },
    Program { names: &["ansible-galaxy"], how: How::Table(&ansible::GALAXY) },
    Program {
        names: &["ansible-inventory", "ansible-doc", "ansible-config", "ansible-lint"],
        how: How::Table(&ansible::LOOKING),
    },
    Program { names: &["salt", "salt-call", "salt-ssh"], how: How::Table(&configuration::SALT) },
    Program { names: &["salt-key"], how: How::Table(&configuration::SALT_KEY) },
    Program { names: &["salt-run", "salt-cloud"], how: How::Table(&configuration::SALT_RUN) },
    Program { names: &["puppet", "puppetserver"], how: How::Table(&configuration::PUPPET) },
    Program {
        names: &["chef-client", "chef-solo", "cinc-client"],
        how: How::Table(&configuration::CHEF),
    },
    Program { names: &["knife"], how: How::Table(&configuration::KNIFE) },
    Program { names: &["vault", "bao"], how: How::Table(&vault::VAULT) },
    Program { names: &["consul"], how: How::Table(&orchestration::CONSUL) },
    Program { names: &["nomad"], how: How::Table(&orchestration::NOMAD) },
    Program { names: &["boundary"], how: How::Table(&orchestration::BOUNDARY) },
    Program { names: &["waypoint"], how: How::Table(&orchestration::WAYPOINT) },
    Program { names: &["sops"], how: How::Table(&secrets::SOPS) },
    Program { names: &["age", "rage"], how: How::Table(&secrets::AGE) },
    Program { names: &["tsh"], how: How::Table(&secrets::TSH) },
    Program { names: &["tctl"], how: How::Table(&secrets::TCTL) },
    Program {
        names: &[
            "infracost",
            "tflint",
            "checkov",
            "tfsec",
            "terrascan",
            "driftctl",
            "kics",
            "conftest",
            "regula",
            "inframap",
            "facter",
            "cfn-lint",
            "cfn-guard",
            "cfn_nag_scan",
            "cfn_nag",
            "opa",
            "yamllint",
            "tfupdate-check",
        ],
        how: How::Table(&secrets::CHECKS),
    },
    Program {
        names: &[
            "terraform-docs",
            "age-keygen",
            "rage-keygen",
            "tfenv",
            "tfswitch",
            "tgswitch",
            "tgenv",
            "tofuenv",
            "terraformer",
            "kubebuilder",
        ],
        how: How::Table(&secrets::WRITERS),
    },
];
