//! One Kubernetes object, and what about it is worse than that it changes.
//!
//! Built from the API reference (<https://kubernetes.io/docs/reference/kubernetes-api/>, 2026-11)
//! and those of Argo CD, Crossplane and Velero.

use super::{at, pod};
use crate::{
    classify::{Judge, Word, tree::Node},
    domain::{PlaceKind, Span, Verb},
};

/// How deep lists of objects may lie in each other.
const DEEPEST: usize = 4;

/// An object and how it is named in effects.
pub struct Object<'n, 'a> {
    /// The text that places are counted in.
    pub of: &'n Word,
    /// The object.
    pub node: &'n Node<'a>,
    /// Its kind.
    pub kind: &'n str,
    /// Its name in effects.
    pub name: String,
    /// Where its name stands.
    pub at: Span,
}

impl Object<'_, '_> {
    /// Gives power, reach or a hold on the host.
    pub fn grants(&self, node: &Node<'_>, back: &'static str, judge: &mut Judge<'_>) {
        judge.changes(Verb::Grant, "kubernetes", self.name.clone(), at(self.of, node), back);
    }

    /// Loses something.
    pub fn destroys(&self, verb: Verb, node: &Node<'_>, lost: &'static str, judge: &mut Judge<'_>) {
        judge.destroys(verb, "kubernetes", self.name.clone(), at(self.of, node), lost);
    }

    /// The key of a path, to point at; the value would show what it is.
    fn key<'s>(&'s self, path: &str) -> Option<&'s Node<'s>> {
        let (outer, name) = path.rsplit_once('.').unwrap_or(("", path));
        let outer = if outer.is_empty() { Some(self.node) } else { self.node.path(outer) };
        outer?.entry(name).map(|(key, _)| key)
    }
}

/// Judges an object, or those in a list.
pub fn object(of: &Word, node: &Node<'_>, judge: &mut Judge<'_>) {
    nested(of, node, 0, judge);
}

fn nested(of: &Word, node: &Node<'_>, depth: usize, judge: &mut Judge<'_>) {
    if !judge.step(1, at(of, node)) {
        return;
    }
    let Some(kind_node) = node.get("kind") else {
        judge.opaque(super::start(of, node.at.start), "an object that does not say its kind");
        return;
    };
    let Some(kind) = kind_node.text() else {
        judge.opaque(at(of, kind_node), "the kind of this object cannot be read");
        return;
    };
    if let Some(items) = node.get("items").filter(|_| kind.ends_with("List")) {
        if depth == DEEPEST {
            judge.opaque(at(of, kind_node), "lists of objects are nested deeper than is read");
            return;
        }
        for item in items.list() {
            nested(of, item, depth + 1, judge);
        }
        return;
    }
    let named = node.path("metadata.name").or_else(|| node.path("metadata.generateName"));
    let namespace = node.path("metadata.namespace");
    let name = named.and_then(Node::scalar).unwrap_or_default();
    let mut full = format!("{kind}/{name}");
    if let Some(namespace) = namespace.and_then(Node::scalar) {
        full = format!("{namespace}/{full}");
    }
    let place = named.filter(|named| named.scalar().is_some()).unwrap_or(kind_node);
    let object = Object { of, node, kind, name: full, at: at(of, place) };
    // Each is where its own namespace is, but no safer than the cluster it is in.
    let outer = judge.environment();
    judge.scoped(|judge| {
        if let Some(outer) = outer {
            judge.at(outer);
        }
        if let Some(namespace) = namespace {
            judge.place(PlaceKind::Name, &namespace.word(of));
        } else if let Some(named) = named.filter(|_| kind == "Namespace") {
            judge.place(PlaceKind::Name, &named.word(of));
        }
        applied(&object, judge);
    });
}

/// What is lost with an object of that kind.
pub fn lost(kind: &str) -> &'static str {
    match kind {
        "Namespace" => "the namespace and everything in it are gone",
        "CustomResourceDefinition" => "the kind and every object of it are gone",
        "PersistentVolumeClaim" | "PersistentVolume" => "the volume and what is on it are gone",
        "StatefulSet" => "the set is gone, and its volumes if it says so",
        "Secret" => "the secret is gone",
        "ConfigMap" => "the configuration is gone",
        "Backup" | "Snapshot" | "VolumeSnapshot" | "VolumeSnapshotContent" => "the backup is gone",
        _ => "the object is gone, and with it what belongs to it",
    }
}

fn applied(object: &Object<'_, '_>, judge: &mut Judge<'_>) {
    let node = object.node;
    if object.kind == "DeleteBackupRequest" {
        object.destroys(
            Verb::Delete,
            node.get("kind").unwrap_or(node),
            "the backup is gone",
            judge,
        );
        return;
    }
    let back = if pod::moving_image(node) {
        "apply the manifest from before, or delete it if it is new; an image without a fixed tag may \
         be another one by then"
    } else {
        "apply the manifest from before, or delete it if it is new"
    };
    judge.changes(Verb::Update, "kubernetes", object.name.clone(), object.at, back);
    common(object, judge);
    match object.kind {
        "ClusterRoleBinding" | "RoleBinding" => binding(object, judge),
        "ClusterRole" | "Role" => role(object, judge),
        "Service" => service(object, judge),
        "Ingress" | "Gateway" | "HTTPRoute" => {
            if let Some(kind) = node.get("kind") {
                object.grants(kind, "take the way in from outside away again", judge);
            }
        }
        "NetworkPolicy" => policy(object, judge),
        "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => {
            if let Some(key) = object.key("webhooks") {
                object.grants(key, "delete the webhook: it sees or changes every request", judge);
            }
        }
        "Namespace" => {
            let label = node
                .path("metadata.labels")
                .and_then(|labels| labels.entry("pod-security.kubernetes.io/enforce"));
            if let Some((key, _)) = label.filter(|(_, value)| value.text() == Some("privileged")) {
                object.grants(key, "enforce the earlier security level again", judge);
            }
        }
        _ => {}
    }
    pod::pods(object, judge);
}

/// What may stand in objects of several kinds.
fn common(object: &Object<'_, '_>, judge: &mut Judge<'_>) {
    let node = object.node;
    if let Some(key) = object.key("metadata.finalizers")
        && node.path("metadata.finalizers").is_some_and(Node::is_empty)
    {
        let lost = "nothing holds it back or cleans up after it any more when it is deleted";
        object.destroys(Verb::Grant, key, lost, judge);
    }
    if let Some((key, _)) =
        node.entry("$patch").filter(|(_, value)| matches!(value.text(), Some("delete" | "replace")))
    {
        object.destroys(Verb::Delete, key, lost(object.kind), judge);
    }
    let is = |path: &str, text: &str| node.path(path).and_then(Node::scalar) == Some(text);
    if let Some(key) = object.key("spec.replicas").filter(|_| is("spec.replicas", "0")) {
        let name = object.name.clone();
        judge.changes(Verb::Update, "kubernetes", name, at(object.of, key), "scale it up again");
    }
    let deletes = "set Retain again before what uses it is deleted";
    for path in [
        "reclaimPolicy",
        "spec.persistentVolumeReclaimPolicy",
        "spec.deletionPolicy",
        "deletionPolicy",
        "spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
        "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
    ] {
        if let Some(key) = object.key(path).filter(|_| is(path, "Delete")) {
            object.grants(key, deletes, judge);
        }
    }
    for path in [
        "spec.syncPolicy.automated.prune",
        "spec.template.spec.syncPolicy.automated.prune",
        "spec.prune",
    ] {
        if let Some(key) = object.key(path).filter(|_| is(path, "true")) {
            let back = "turn pruning off: what is not in the repository is deleted without asking";
            object.grants(key, back, judge);
        }
    }
    if object.kind == "Secret"
        && let Some(key) = object.key("data").or_else(|| object.key("stringData"))
    {
        let back =
            "write the values from before again: they are not kept, and these stand in the file";
        judge.changes(Verb::Update, "kubernetes", object.name.clone(), at(object.of, key), back);
    }
}

fn binding(object: &Object<'_, '_>, judge: &mut Judge<'_>) {
    let role = object.node.path("roleRef.name");
    if let Some(name) = role {
        match name.text() {
            Some("cluster-admin" | "system:masters") => {
                object.grants(
                    name,
                    "delete the binding: it gives everything in the cluster",
                    judge,
                );
            }
            Some("admin" | "edit") => object.grants(name, "delete the binding", judge),
            Some(_) => {}
            None => judge.opaque(at(object.of, name), "which role is given cannot be read"),
        }
    }
    for subject in object.node.get("subjects").map(Node::list).unwrap_or_default() {
        let Some(name) = subject.get("name") else { continue };
        match name.text() {
            Some("system:anonymous" | "system:unauthenticated") => {
                let lost = "whoever reaches the cluster gets in without a name";
                object.destroys(Verb::Reveal, name, lost, judge);
            }
            Some("system:authenticated" | "system:serviceaccounts") => {
                object.grants(
                    name,
                    "delete the binding: it counts for everybody in the cluster",
                    judge,
                );
            }
            _ => {}
        }
    }
}

fn role(object: &Object<'_, '_>, judge: &mut Judge<'_>) {
    for rule in object.node.get("rules").map(Node::list).unwrap_or_default() {
        let has = |list: &str, names: &[&str]| {
            let items = rule.get(list).map(Node::list).unwrap_or_default();
            items.iter().filter_map(Node::text).any(|item| names.contains(&item))
        };
        let Some((key, _)) = rule.entry("verbs") else { continue };
        if has("verbs", &["*"]) {
            object.grants(key, "name the verbs it needs", judge);
        } else if has("verbs", &["escalate", "bind", "impersonate"]) {
            object.grants(key, "take away the verbs that give more power than it has", judge);
        } else if has("resources", &["*"]) {
            object.grants(key, "name the resources it needs", judge);
        } else if has("resources", &["secrets"]) && has("verbs", &["get", "list", "watch"]) {
            object.grants(key, "take reading secrets away again", judge);
        } else if has("resources", &["pods/exec", "nodes/proxy", "serviceaccounts/token"]) {
            object.grants(key, "take the way into running pods away again", judge);
        }
    }
}

fn service(object: &Object<'_, '_>, judge: &mut Judge<'_>) {
    let Some(kind) =
        object.node.path("spec.type").filter(|kind| kind.text() == Some("LoadBalancer"))
    else {
        return;
    };
    let annotations =
        object.node.path("metadata.annotations").map(Node::entries).unwrap_or_default();
    let internal = annotations.iter().any(|(key, value)| {
        let key = key.text().unwrap_or_default();
        (key.contains("internal") && !value.is_false())
            || (key.contains("scheme") && value.text() == Some("internal"))
            || (key.contains("load-balancer-type") && value.text() == Some("Internal"))
    });
    let ranges =
        object.node.path("spec.loadBalancerSourceRanges").map(Node::list).unwrap_or_default();
    let open = ranges.is_empty() || ranges.iter().any(|range| range.text() == Some("0.0.0.0/0"));
    if !internal && open {
        object.grants(kind, "make the service internal again", judge);
    }
}

fn policy(object: &Object<'_, '_>, judge: &mut Judge<'_>) {
    for direction in ["ingress", "egress"] {
        let Some((key, rules)) = object.node.get("spec").and_then(|spec| spec.entry(direction))
        else {
            continue;
        };
        let all = rules.list().iter().any(|rule| rule.is_empty() && !rule.is_null());
        if all {
            object.grants(key, "allow only what must get through again", judge);
        }
    }
}
