//! What the tools of a host come to: a table a host, read by one piece of code.

use super::{Fields, names, patch, payload};
use crate::gate::{Edit, Wanted, Written, hook::Malformed};
use serde_json::Value;

/// Paths of one call; more than a person would read.
const MOST: usize = 1000;

/// Where a tool has what it is about, and what it does with it.
#[derive(Debug, Clone, Copy)]
pub enum Tool {
    /// A line for a shell.
    Shell(&'static [&'static str]),
    /// A line for `PowerShell`.
    PowerShell(&'static [&'static str]),
    /// A whole file: where, and what it holds then.
    Whole(&'static [&'static str], &'static [&'static str]),
    /// A part of a file.
    Part(&'static [&'static str]),
    /// A file is removed.
    Remove(&'static [&'static str]),
    /// A patch of several files, in one of these, or the input itself.
    Patch(&'static [&'static str]),
    /// One tool for several things; which is said in a field of this name.
    Several(&'static str, &'static [(&'static str, Tool)]),
    /// Reads, searches or lists; the path is told where there is one.
    Look(&'static [&'static str]),
    /// Fetches the addresses that stand in this text.
    Fetch(&'static [&'static str]),
    /// Asks a search engine.
    Search(&'static [&'static str]),
    /// A call of AWS, in the fields of Amazon Q's own tool.
    Aws,
    /// Nothing outside the host.
    Own,
    /// Known, but not what it will do.
    Unseen(&'static str),
}

/// Why a tool that types into a running program is not judged.
pub const TYPED: Tool = Tool::Unseen("what is typed into a running program is not judged here");

/// Why a subagent is not let go where its calls come to no hook.
pub const SUBAGENT: Tool = Tool::Unseen("the calls of a subagent come to no hook of this host");

/// Tools by their names.
pub type Tools = &'static [(&'static str, Tool)];

/// The tool of this name.
pub fn find(tools: Tools, name: &str) -> Option<Tool> {
    tools.iter().find(|(known, _)| *known == name).map(|(_, tool)| *tool)
}

/// A call of an MCP tool.
pub fn mcp((server, tool): (&str, &str), arguments: &Value) -> Wanted {
    Wanted::Mcp { server: server.to_owned(), tool: tool.to_owned(), arguments: arguments.clone() }
}

/// What a call of this name comes to: a tool of the table, an MCP tool as most hosts name them, or
/// unknown.
pub fn wanted(
    tools: Tools,
    name: &str,
    input: &Value,
    under: &'static str,
    cwd: &str,
) -> Result<Wanted, Malformed> {
    if let Some(tool) = find(tools, name) {
        return tool.wanted(name, input, under, cwd);
    }
    Ok(match names::double(name) {
        Some(named) => mcp(named, input),
        None => Wanted::Unknown { tool: name.to_owned() },
    })
}

impl Tool {
    /// What a call of it comes to. `under` is where its input stands in the payload.
    pub fn wanted(
        self,
        name: &str,
        input: &Value,
        under: &'static str,
        cwd: &str,
    ) -> Result<Wanted, Malformed> {
        match self {
            Self::Own => return Ok(Wanted::Own),
            Self::Unseen(because) => {
                return Ok(Wanted::Unseen { tool: name.to_owned(), because: because.into() });
            }
            Self::Patch(_) if input.is_string() => {
                let files = patch::files(input.as_str().unwrap_or_default(), cwd)?;
                return Ok(Wanted::Write { files });
            }
            Self::Look(_) if input.is_null() => return Ok(Wanted::Look { paths: Vec::new() }),
            _ => {}
        }
        let fields = Fields::named(input, under)?;
        let write =
            |path: String, edit| Wanted::Write { files: vec![Written::new(&path, cwd, edit)] };
        Ok(match self {
            Self::Shell(line) => Wanted::Shell { command: fields.line(line)? },
            Self::PowerShell(line) => {
                let line = fields.line(line)?.replace('\'', r"'\''");
                Wanted::Shell { command: format!("pwsh -NoProfile -Command '{line}'") }
            }
            Self::Whole(path, text) => {
                let text = fields.one_of(text).ok().map(|(_, text)| text.to_owned());
                write(fields.path(path)?, Edit::Whole(text))
            }
            Self::Part(path) => write(fields.path(path)?, Edit::Part),
            Self::Remove(paths) => Wanted::Write {
                files: several(&fields, paths)?
                    .iter()
                    .map(|path| Written::new(path, cwd, Edit::Gone))
                    .collect(),
            },
            Self::Patch(text) => {
                Wanted::Write { files: patch::files(fields.one_of(text)?.1, cwd)? }
            }
            Self::Several(which, tools) => {
                let asked = fields.must(which)?;
                let tool = find(tools, &asked);
                let unknown = || Wanted::Unknown { tool: format!("{name} {asked}") };
                return tool
                    .map_or_else(|| Ok(unknown()), |tool| tool.wanted(name, input, under, cwd));
            }
            Self::Look(paths) if paths.iter().all(|path| fields.get(path).is_none()) => {
                Wanted::Look { paths: Vec::new() }
            }
            Self::Look(paths) => Wanted::Look { paths: several(&fields, paths)? },
            Self::Fetch(text) => Wanted::Fetch { urls: addresses(&fields.line(text)?) },
            Self::Search(text) => Wanted::Search { query: fields.line(text)? },
            Self::Aws => Wanted::Shell { command: aws(&fields)? },
            Self::Own | Self::Unseen(_) => Wanted::Own,
        })
    }
}

/// The paths of a field that holds one or a list of them, or objects that have one.
fn several(fields: &Fields<'_>, names: &[&'static str]) -> Result<Vec<String>, Malformed> {
    let Some((name, value)) = names.iter().find_map(|name| Some((name, fields.get(name)?))) else {
        let first = names.first().copied().unwrap_or_default();
        return Err(fields.fault(first, "is missing"));
    };
    let list = match value {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    if list.len() > MOST {
        return Err(fields.fault(name, "is a list of too many paths"));
    }
    let path = |value: &Value| {
        let path = value.as_str().or_else(|| value.get("path")?.as_str());
        let path = path.ok_or_else(|| fields.fault(name, "is no path"))?;
        if path.len() > payload::LONGEST_NAME {
            return Err(fields.fault(name, "is longer than a path can be"));
        }
        Ok(path.to_owned())
    };
    list.iter().map(path).collect()
}

/// The addresses in a text that is one, or has some in it.
fn addresses(text: &str) -> Vec<String> {
    let text = text.trim();
    if !text.contains(char::is_whitespace) {
        return if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
    }
    let begins = |word: &str| ["http://", "https://"].iter().find_map(|s| word.find(s));
    let found = text.split_whitespace().filter_map(|word| Some(word[begins(word)?..].to_owned()));
    found.collect()
}

/// As `aws SERVICE OPERATION --name value…`, as the tool itself puts it together.
fn aws(fields: &Fields<'_>) -> Result<String, Malformed> {
    let mut words = vec!["aws".to_owned(), fields.must("service_name")?];
    words.push(kebab(&fields.must("operation_name")?));
    if let Some(Value::Object(parameters)) = fields.get("parameters") {
        for (name, value) in parameters {
            words.push(format!("--{}", kebab(name.trim_start_matches('-'))));
            match value {
                Value::String(text) if text.is_empty() => {}
                Value::String(text) => words.push(text.clone()),
                other => words.push(other.to_string()),
            }
        }
    }
    for (field, option) in [("region", "--region"), ("profile_name", "--profile")] {
        let value = fields.name(field)?;
        if !value.is_empty() {
            words.extend([option.to_owned(), value]);
        }
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=".contains(c);
    let quoted = words.iter().map(|word| {
        if !word.is_empty() && word.chars().all(plain) {
            word.clone()
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    });
    Ok(quoted.collect::<Vec<_>>().join(" "))
}

/// `TableName` and `table_name` as `table-name`.
fn kebab(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut whole = String::new();
    for (at, &c) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at)).copied().unwrap_or('-');
        let ends = before.is_ascii_lowercase() || before.is_ascii_digit();
        let begins = before.is_ascii_uppercase()
            && letters.get(at + 1).is_some_and(char::is_ascii_lowercase);
        if c.is_ascii_uppercase() && (ends || begins) {
            whole.push('-');
        }
        whole.push(if c == '_' { '-' } else { c.to_ascii_lowercase() });
    }
    whole
}

/// An input that some hosts give as an object, and some as JSON in a string.
pub fn opened(input: &Value) -> Result<Value, Malformed> {
    match input {
        Value::String(text) if text.trim_start().starts_with('{') => {
            payload::document(text.as_bytes())
        }
        other => Ok(other.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::{SUBAGENT, Tool, Tools, addresses, kebab, wanted};
    use crate::gate::Wanted;
    use serde_json::{Value, json};

    const TOOLS: Tools = &[
        ("bash", Tool::Shell(&["command"])),
        ("power", Tool::PowerShell(&["command"])),
        ("edit", Tool::Several("command", &[("create", Tool::Whole(&["path"], &["text"]))])),
        ("patch", Tool::Patch(&["input"])),
        ("rm", Tool::Remove(&["paths", "path"])),
        ("view", Tool::Look(&["path"])),
        ("aws", Tool::Aws),
        ("task", SUBAGENT),
    ];

    fn read(name: &str, input: &Value) -> Wanted {
        wanted(TOOLS, name, input, "tool_input", "/w").unwrap()
    }

    fn told(name: &str, input: &Value) -> String {
        read(name, input).title().raw().to_owned()
    }

    #[test]
    fn every_kind_of_tool_is_read() {
        assert_eq!(told("bash", &json!({"command": "ls"})), "ls");
        let power = told("power", &json!({"command": "echo 'x'"}));
        assert_eq!(power, r"pwsh -NoProfile -Command 'echo '\''x'\'''");
        assert_eq!(told("edit", &json!({"command": "create", "path": "a"})), "write /w/a");
        assert_eq!(told("patch", &json!("*** Delete File: a")), "delete /w/a");
        assert_eq!(told("patch", &json!({"input": "*** Delete File: a"})), "delete /w/a");
        assert_eq!(told("rm", &json!({"paths": ["a", "b"]})), "delete /w/a, delete /w/b");
        assert_eq!(told("view", &json!({"path": "a"})), "read a");
        assert_eq!(told("view", &json!({})), "look at files");
        assert_eq!(told("mcp__x__y", &json!({"a": 1})), r#"x/y {"a":1}"#);
    }

    #[test]
    fn aws_is_told_as_its_own_program_would_be_called() {
        let input = json!({
            "service_name": "s3api", "operation_name": "delete_bucket", "region": "eu-west-1",
            "parameters": {"Bucket": "it's", "DryRun": ""}, "profile_name": "prod",
        });
        let line = r"aws s3api delete-bucket --bucket 'it'\''s' --dry-run --region eu-west-1 --profile prod";
        assert_eq!(told("aws", &input), line);
        assert_eq!(
            (kebab("DBInstanceIdentifier"), kebab("a_b")),
            ("db-instance-identifier".into(), "a-b".into())
        );
    }

    #[test]
    fn what_is_not_known_stays_unknown() {
        assert!(matches!(read("other", &json!({})), Wanted::Unknown { .. }));
        assert!(matches!(read("edit", &json!({"command": "undo"})), Wanted::Unknown { .. }));
        assert!(matches!(read("task", &json!({})), Wanted::Unseen { .. }));
        assert!(wanted(TOOLS, "bash", &json!({"command": ["rm"]}), "tool_input", "/w").is_err());
        assert!(wanted(TOOLS, "bash", &json!("ls"), "tool_input", "/w").is_err());
    }

    #[test]
    fn addresses_are_found_in_a_text() {
        assert_eq!(addresses("file:///etc/passwd"), ["file:///etc/passwd"]);
        assert_eq!(
            addresses("read (https://a.b/c?d and http://e"),
            ["https://a.b/c?d", "http://e"]
        );
        assert!(addresses("no address here").is_empty());
    }
}
