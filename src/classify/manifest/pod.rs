//! Pods in an object of any kind: what they may do to their host, and the commands they run.
//!
//! A container that serves runs code that is in its image, which nobody sees here; of its command
//! only what can be read counts. What runs to an end (a job, a first container, a hook) was written
//! to do something once, so that a command that cannot be read is opaque.

use super::object::Object;
use crate::classify::{
    Call, Data, HOLE, Judge, Variables, Word,
    tree::{Node, Value},
};
use std::collections::BTreeSet;

/// Bytes up to which values are written into a command.
const LONGEST: usize = 100_000;

const CONTAINERS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// Every pod in an object: whatever holds a list of containers.
fn each<'n, 'a>(node: &'n Node<'a>, found: &mut Vec<&'n Node<'a>>) {
    if CONTAINERS.iter().any(|name| node.get(name).is_some_and(|list| !list.list().is_empty())) {
        found.push(node);
        return;
    }
    match &node.is {
        Value::Map(entries) => entries.iter().for_each(|(_, value)| each(value, found)),
        Value::List(items) => items.iter().for_each(|item| each(item, found)),
        _ => {}
    }
}

/// Whether an image in it may change without the manifest changing.
pub fn moving_image(node: &Node<'_>) -> bool {
    let mut pods = Vec::new();
    each(node, &mut pods);
    pods.iter().flat_map(|pod| CONTAINERS.map(|name| pod.get(name))).flatten().any(|containers| {
        containers.list().iter().filter_map(|container| container.text_of("image")).any(|image| {
            let name = image.rsplit('/').next().unwrap_or(image);
            !name.contains('@') && (!name.contains(':') || name.ends_with(":latest"))
        })
    })
}

/// Judges every pod in an object.
pub fn pods(object: &Object<'_, '_>, judge: &mut Judge<'_>) {
    let mut pods = Vec::new();
    each(object.node, &mut pods);
    for pod in pods {
        host(object, pod, judge);
        let ends = matches!(object.kind, "Job" | "CronJob")
            || matches!(pod.text_of("restartPolicy"), Some("Never" | "OnFailure"));
        for list in CONTAINERS {
            let once = ends || list == "initContainers";
            for container in pod.get(list).map(Node::list).unwrap_or_default() {
                self::container(object, container, once, judge);
            }
        }
    }
}

fn host(object: &Object<'_, '_>, pod: &Node<'_>, judge: &mut Judge<'_>) {
    for name in ["hostNetwork", "hostPID", "hostIPC"] {
        if let Some((key, _)) = pod.entry(name).filter(|(_, value)| value.is_true()) {
            object.grants(key, "keep the pod out of its host again", judge);
        }
    }
    for volume in pod.get("volumes").map(Node::list).unwrap_or_default() {
        if let Some((key, _)) = volume.entry("hostPath") {
            object.grants(key, "take the files of the host away from the pod again", judge);
        }
    }
}

fn container(object: &Object<'_, '_>, container: &Node<'_>, once: bool, judge: &mut Judge<'_>) {
    const STRONG: [&str; 7] = [
        "ALL",
        "SYS_ADMIN",
        "SYS_PTRACE",
        "SYS_MODULE",
        "NET_ADMIN",
        "SYS_RAWIO",
        "DAC_READ_SEARCH",
    ];
    if let Some(context) = container.get("securityContext") {
        if let Some((key, _)) = context.entry("privileged").filter(|(_, value)| value.is_true()) {
            object.grants(
                key,
                "run it without privileges: it is as good as root on its host",
                judge,
            );
        }
        let added = context.path("capabilities.add").map(Node::list).unwrap_or_default();
        for capability in added {
            let name = capability.text().unwrap_or_default();
            if STRONG.contains(&name.strip_prefix("CAP_").unwrap_or(name)) {
                object.grants(capability, "take the capability away again", judge);
            }
        }
    }
    let variables = variables(object.of, container);
    let command = container.get("command").map(Node::list).unwrap_or_default();
    let arguments = container.get("args").map(Node::list).unwrap_or_default();
    // Arguments alone go to the program of the image. Most such programs are shells or tools that
    // are called by the same name, so that they are read as a command if they look like one.
    if !command.is_empty() {
        let words: Vec<&Node<'_>> = command.iter().chain(arguments).collect();
        run(object, &words, &variables, once, judge);
    } else if !arguments.is_empty() {
        run(object, &arguments.iter().collect::<Vec<_>>(), &variables, false, judge);
    }
    for hook in ["lifecycle.postStart.exec.command", "lifecycle.preStop.exec.command"] {
        let words = container.path(hook).map(Node::list).unwrap_or_default();
        run(object, &words.iter().collect::<Vec<_>>(), &variables, once, judge);
    }
}

fn run(
    object: &Object<'_, '_>,
    words: &[&Node<'_>],
    variables: &Known,
    once: bool,
    judge: &mut Judge<'_>,
) {
    let words: Vec<Word> =
        words.iter().map(|word| variables.expanded(word.word(object.of))).collect();
    let Some(first) = words.first() else { return };
    if !judge.step(1, first.span()) {
        return;
    }
    let call = Call { words: &words, variables: &variables.values, stdin: &Data::Nothing };
    if once {
        judge.call(&call);
    } else {
        judge.overlooking(|judge| {
            judge.call(&call);
        });
    }
}

/// The variables of a container.
struct Known {
    values: Variables,
    names: BTreeSet<String>,
}

fn variables(of: &Word, container: &Node<'_>) -> Known {
    let mut known = Known { values: Variables::default(), names: BTreeSet::new() };
    for variable in container.get("env").map(Node::list).unwrap_or_default() {
        let Some(name) = variable.text_of("name") else { continue };
        known.names.insert(name.to_owned());
        if let Some(value) = variable.get("value").filter(|value| value.scalar().is_some()) {
            // A value may be put together from others, which is not followed.
            if !value.scalar().unwrap_or_default().contains("$(") {
                known.values.set(name, value.word(of));
            }
        }
    }
    known
}

impl Known {
    /// Kubernetes itself writes values in for `$(NAME)`, before any shell sees it.
    fn expanded(&self, word: Word) -> Word {
        let mut text = String::new();
        let mut rest = word.text();
        let mut changed = false;
        while let Some((before, behind)) = rest.split_once("$(") {
            text.push_str(before);
            let name = behind.split_once(')').map(|(name, _)| name).unwrap_or_default();
            if self.names.contains(name) && text.len() < LONGEST {
                match self.values.get(name) {
                    Some(value) => text.push_str(value.text()),
                    None => text.push(HOLE),
                }
                rest = behind.get(name.len() + 1..).unwrap_or_default();
                changed = true;
            } else {
                text.push_str("$(");
                rest = behind;
            }
        }
        if !changed {
            return word;
        }
        text.push_str(rest);
        Word::made(text, word.span())
    }
}
