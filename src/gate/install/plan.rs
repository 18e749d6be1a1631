//! What a file has to hold, computed from what it holds.
//!
//! ```text
//!   text ─▶ with (Form, Filling) ─▶ text with the hook        twice changes nothing
//!   text ─▶ without (Form, before) ─▶ text as it was          byte for byte, if it can be told
//! ```

use super::{
    command::Installed,
    json::{self, Json, Kind, Node, TextFault},
    profile::{EventList, Filling, JsonForm},
};
use serde_json::Value;

/// A hook of ours, found in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The event it is for: the last name on the way to it.
    pub event: &'static str,
    /// What it runs, as it stands there.
    pub command: String,
    /// The same, read.
    pub runs: Installed,
    /// Whether it makes the host treat a failing hook as a refusal, as far as its form can.
    pub closed: bool,
    /// The element of the list it stands in.
    pub element: Value,
    pub(super) list: usize,
    at: usize,
    /// Its place in a group, and how many hooks the group has.
    inner: Option<(usize, usize)>,
}

/// Whether a command answers for this host, by any of its adapters.
fn is_for(runs: &Installed, form: &JsonForm, host: &str) -> bool {
    runs.host == host
        || form.lists.iter().any(|event| event.adapter.is_some_and(|own| own == runs.host))
}

/// The element of one event's list.
pub(super) fn entry(form: &JsonForm, event: &EventList, filling: &Filling) -> Json {
    let Some(adapter) = event.adapter else { return (form.entry)(filling) };
    let runs = Installed::read(&filling.command);
    let runs = runs.map(|runs| Installed { host: adapter.to_owned(), ..runs });
    let command = runs.and_then(|runs| runs.line().ok());
    let command = command.unwrap_or_else(|| filling.command.clone());
    (form.entry)(&Filling { command, seconds: filling.seconds })
}

/// Every hook for this host in a text.
pub fn found(text: &str, form: &JsonForm, host: &str) -> Result<Vec<Found>, TextFault> {
    Ok(if text.trim().is_empty() {
        Vec::new()
    } else {
        ours(text, &json::parse(text)?, form, host)
    })
}

fn ours(text: &str, root: &Node, form: &JsonForm, host: &str) -> Vec<Found> {
    let mut all = Vec::new();
    for (list, event) in form.lists.iter().enumerate() {
        let path = event.path;
        for (at, element) in root.find(path).map_or(&[][..], Node::elements).iter().enumerate() {
            let group = form.grouped.then(|| element.find(&["hooks"])).flatten();
            let hooks: Vec<(Option<(usize, usize)>, &Node)> = match group {
                Some(group) => {
                    let hooks = group.elements();
                    hooks.iter().enumerate().map(|(i, h)| (Some((i, hooks.len())), h)).collect()
                }
                None if form.grouped => Vec::new(),
                None => vec![(None, element)],
            };
            for (inner, hook) in hooks {
                let Some(command) = hook.find(form.command).and_then(Node::as_text) else {
                    continue;
                };
                let Some(runs) = Installed::read(command).filter(|runs| is_for(runs, form, host))
                else {
                    continue;
                };
                let closed = form.closed_by.is_none_or(|(key, value)| {
                    hook.find(&[key]).is_some_and(|node| match node.as_text() {
                        Some(text) => text == value,
                        None => text.get(node.span.clone()) == Some(value),
                    })
                });
                all.push(Found {
                    event: path.last().copied().unwrap_or_default(),
                    command: command.to_owned(),
                    runs,
                    closed,
                    element: element.value(text),
                    list,
                    at,
                    inner,
                });
            }
        }
    }
    all
}

/// The text with the hook in it, exactly once for every event. An empty text, or none, becomes a
/// whole file.
pub fn with(
    text: &str,
    form: &JsonForm,
    filling: &Filling,
    host: &str,
) -> Result<String, TextFault> {
    let blank = text.trim().is_empty();
    let mut text = if blank { "{}".to_owned() } else { text.to_owned() };
    let root = json::parse(&text)?;
    if let Some(version) = form.version {
        let written = version.json();
        match root.get("version") {
            None => text = json::member(&text, "version", &written)?,
            Some(there) if there.value.value(&text) == written.value() => {}
            Some(there) => {
                let what = "a version of this file that is not known here";
                return Err(TextFault::at(&text, there.value.span.start, what));
            }
        }
    }
    for (list, event) in form.lists.iter().enumerate() {
        let wanted = entry(form, event, filling);
        let there: Vec<Found> =
            found(&text, form, host)?.into_iter().filter(|found| found.list == list).collect();
        if let [one] = there.as_slice()
            && one.element == wanted.value()
        {
            continue;
        }
        text = taken(&text, form, host, Some(list))?;
        text = json::append(&text, event.path, &wanted)?;
    }
    if blank {
        text.push('\n');
    }
    Ok(text)
}

/// The text without any hook of ours, from one list or all; lists that become empty stay.
fn taken(
    text: &str,
    form: &JsonForm,
    host: &str,
    only: Option<usize>,
) -> Result<String, TextFault> {
    let mut text = text.to_owned();
    loop {
        let root = json::parse(&text)?;
        let all = ours(&text, &root, form, host);
        let Some(last) = all.iter().rfind(|f| only.is_none_or(|only| f.list == only)) else {
            return Ok(text);
        };
        let path = form.lists.get(last.list).map(|event| event.path).unwrap_or_default();
        let Some(hooks) = root.find(path) else { return Ok(text) };
        text = match last.inner {
            Some((inner, count)) if count > 1 => {
                match hooks.elements().get(last.at).and_then(|group| group.find(&["hooks"])) {
                    Some(group) => json::remove_element(&text, group, inner),
                    None => return Ok(text),
                }
            }
            _ => json::remove_element(&text, hooks, last.at),
        };
    }
}

/// The text as it was before the hook came: none where there was no file. `before` is what was
/// kept of it.
///
/// What was there is known for certain where installing again gives the very text there is now.
/// Where somebody has changed the file since, the hooks go and everything else stays, but lists and
/// objects that are empty then go too, unless `before` has them.
pub fn without(
    text: &str,
    form: &JsonForm,
    host: &str,
    seconds: u64,
    before: Option<&str>,
) -> Result<Option<String>, TextFault> {
    let there = found(text, form, host)?;
    let Some(first) = there.first() else { return Ok(Some(text.to_owned())) };
    let runs = Installed { host: host.to_owned(), ..first.runs.clone() };
    let filling = Filling { command: runs.line().unwrap_or_default(), seconds };
    let came_from = |old: &str| with(old, form, &filling, host).is_ok_and(|new| new == text);
    if let Some(before) = before.filter(|before| came_from(before)) {
        return Ok(Some(before.to_owned()));
    }
    if before.is_none() && came_from("") {
        return Ok(None);
    }
    let bare = taken(text, form, host, None)?;
    let mut ways = vec![bare];
    for depth in 1..=3 {
        let Some(last) = ways.last() else { break };
        let next = pruned(last, form, depth)?;
        ways.push(next);
    }
    if before.is_none()
        && let Some(way) = ways.iter().rev().find(|way| came_from(way))
    {
        return Ok(Some(way.clone()));
    }
    let kept = before.and_then(|before| json::parse(before).ok());
    let mut text = ways.swap_remove(0);
    for path in emptied(form) {
        let stays = kept.as_ref().is_some_and(|before| before.find(&path).is_some());
        if !stays {
            text = without_empty(&text, &path)?;
        }
    }
    Ok(Some(text))
}

/// The lists of a form and the objects around them, innermost first.
fn emptied(form: &JsonForm) -> Vec<Vec<&'static str>> {
    let lists = form.lists.iter().map(|event| event.path.to_vec());
    let around = form.lists.iter().map(|event| event.path).filter(|path| path.len() > 1);
    let mut around: Vec<Vec<&'static str>> =
        around.map(|path| path.split_last().map_or(&[][..], |(_, rest)| rest).to_vec()).collect();
    around.dedup();
    lists.chain(around).collect()
}

/// One step towards what may have been before: 1 takes empty lists away, 2 the empty object around
/// them, 3 the version.
fn pruned(text: &str, form: &JsonForm, depth: usize) -> Result<String, TextFault> {
    let mut text = text.to_owned();
    match depth {
        1 => {
            for event in form.lists {
                text = without_empty(&text, event.path)?;
            }
        }
        2 => {
            for path in form.lists.iter().map(|event| event.path).filter(|path| path.len() > 1) {
                text = without_empty(&text, path.get(..1).unwrap_or_default())?;
            }
        }
        _ => {
            if form.version.is_some() {
                text = json::remove_member(&text, &json::parse(&text)?, "version");
            }
        }
    }
    Ok(text)
}

fn without_empty(text: &str, path: &[&str]) -> Result<String, TextFault> {
    let root = json::parse(text)?;
    let Some((name, around)) = path.split_last() else { return Ok(text.to_owned()) };
    let empty = root.find(path).is_some_and(|node| match &node.kind {
        Kind::Object(members) => members.is_empty(),
        Kind::List(elements) => elements.is_empty(),
        _ => false,
    });
    Ok(match root.find(around) {
        Some(around) if empty => json::remove_member(text, around, name),
        _ => text.to_owned(),
    })
}
