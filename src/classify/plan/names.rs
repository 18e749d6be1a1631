//! Names from the input among words of ours, and one way to write the names of settings.

use crate::{
    classify::tree::{Node, Value},
    domain::Words,
};

/// A service such as `terraform:aws_db_instance`. The type comes from the input, and words of
/// ours must not be somebody else's: what does not look like a type is left out.
pub fn service(program: &'static str, kind: &str) -> Words {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':' | '/' | '.');
    if kind.is_empty() || kind.len() > 100 || !kind.chars().all(plain) {
        return program.into();
    }
    format!("{program}:{kind}").into()
}

/// A name from the input that may stand among words of ours, or what to say instead.
pub fn plain_name(name: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if !name.is_empty() && name.len() <= 60 && name.chars().all(plain) {
        name
    } else {
        "an attribute"
    }
}

/// Names put together as a person would: `a, b and 3 more`.
pub fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const MOST: usize = 5;
    let mut all: Vec<&str> = Vec::new();
    let mut more = 0;
    for name in names {
        let name = plain_name(name);
        if all.contains(&name) {
            continue;
        }
        if all.len() < MOST {
            all.push(name);
        } else {
            more += 1;
        }
    }
    match more {
        0 => all.join(", "),
        more => format!("{} and {more} more", all.join(", ")),
    }
}

/// A name such as `DeletionProtection` as Terraform writes it.
pub fn snaked(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// The same tree with names as Terraform writes them.
pub fn snake<'a>(node: &Node<'a>) -> Node<'a> {
    let is = match &node.is {
        Value::List(items) => Value::List(items.iter().map(snake).collect()),
        Value::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|(key, value)| {
                    let name = key.text().map(snaked);
                    let is = name.map_or_else(|| key.is.clone(), |name| Value::Text(name.into()));
                    (Node { at: key.at, is, tag: None }, snake(value))
                })
                .collect(),
        ),
        other => other.clone(),
    };
    Node { at: node.at, is, tag: node.tag.clone() }
}
