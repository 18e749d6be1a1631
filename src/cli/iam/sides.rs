//! What is known beside the accounts: service control policies, policies of resources, and which
//! resources there are.

use crate::{
    cli::failure::{Failure, Kind},
    iam::{
        Document,
        world::{Levels, Problem, Resource, Sides},
    },
};
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::{BufReader, Read as _},
    path::Path,
};

/// Largest of these files that is read.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

#[derive(Deserialize)]
struct Scps {
    accounts: BTreeMap<Box<str>, Vec<Vec<Document>>>,
    #[serde(default, rename = "managementAccount")]
    management_account: Option<Box<str>>,
}

/// Service control policies by account, from the root down.
pub(super) fn scps(path: &Path, sides: &mut Sides) -> Result<(), Failure> {
    let form = r#"{"accounts": {"<id>": [[policy, …], …]}}, the root's level first"#;
    let read: Scps = json(path, form)?;
    let mut accounts = HashMap::new();
    for (account, levels) in read.accounts {
        let mut named: Levels = Vec::with_capacity(levels.len());
        for (level, policies) in levels.into_iter().enumerate() {
            let all = policies.into_iter().enumerate().map(|(index, policy)| {
                let name = format!("SCP {} of level {level}", index + 1);
                note(path, &format!("account {account}, {name}"), &policy, &mut sides.problems);
                (name.into(), policy)
            });
            named.push(all.collect());
        }
        accounts.insert(account, named);
    }
    sides.scps = Some(accounts);
    sides.management_account = read.management_account;
    Ok(())
}

/// Policies of resources, by ARN.
pub(super) fn resource_policies(path: &Path, sides: &mut Sides) -> Result<(), Failure> {
    let read: BTreeMap<Box<str>, Document> = json(path, r#"{"<arn>": policy, …}"#)?;
    for (arn, policy) in read {
        note(path, &format!("policy of {arn}"), &policy, &mut sides.problems);
        sides.resource_policies.push((arn, policy));
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Named {
    Arn(Box<str>),
    Running {
        arn: Box<str>,
        #[serde(default)]
        role: Option<Box<str>>,
    },
}

/// Resources that exist.
pub(super) fn resources(path: &Path, sides: &mut Sides) -> Result<(), Failure> {
    let form = r#"["<arn>", {"arn": "<arn>", "role": "<arn of the role its code runs as>"}, …]"#;
    let read: Vec<Named> = json(path, form)?;
    let all = read.into_iter().map(|named| match named {
        Named::Arn(arn) => Resource { arn, role: None },
        Named::Running { arn, role } => Resource { arn, role },
    });
    sides.resources = Some(all.collect());
    Ok(())
}

fn note(path: &Path, place: &str, policy: &Document, problems: &mut Vec<Problem>) {
    if let Document::Unreadable(why) = policy {
        problems.push(Problem {
            r#where: format!("{}: {place}", path.display()),
            what: format!("{why}. What it says is not known"),
        });
    }
}

fn json<T: DeserializeOwned>(path: &Path, form: &str) -> Result<T, Failure> {
    let name = path.display();
    let unreadable = |error: std::io::Error| {
        Failure::new(Kind::Io, format!("{name}: cannot be read: {error}"))
            .next("check the path and its permissions")
    };
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.len() > MOST_BYTES {
        return Err(Failure::new(Kind::Io, format!("{name}: larger than {MOST_BYTES} bytes"))
            .next("split it by account"));
    }
    serde_json::from_reader(BufReader::new(file.take(MOST_BYTES))).map_err(|error| {
        let why = error.to_string();
        let why = why.split(" at line ").next().unwrap_or(&why);
        let (line, column) = (error.line(), error.column());
        Failure::new(Kind::Io, format!("{name}:{line}:{column}: {why}"))
            .next(format!("write it as {form}"))
    })
}
