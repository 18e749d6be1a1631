//! What of `kubectl` a table cannot say: secrets that are shown, manifests, what pods run.

use crate::{
    classify::{
        Data, Judge, Word, manifest,
        programs::{Does, Matched, Named, containers::inner},
    },
    domain::Verb,
};

const SHOWN: Does = Does::Changes(Verb::Reveal, "rotate the secret");

/// `kubectl get`: looks, and shows secrets when it prints whole objects of that kind.
pub fn get(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let secrets = |word: &&Word| {
        let kinds = word.text().split('/').next().unwrap_or_default();
        let mut kinds = kinds.split(',').map(|kind| kind.split('.').next().unwrap_or_default());
        kinds.any(|kind| matches!(kind.to_ascii_lowercase().as_str(), "secret" | "secrets"))
    };
    let raw = matched.value("--raw").is_some_and(|path| path.text().contains("/secrets"));
    let output = matched.value("--template").or(matched.value("-o")).or(matched.value("--output"));
    let shown = output.is_some_and(|output| shows_values(output.text()));
    let does =
        if raw || (shown && matched.operands.iter().any(secrets)) { SHOWN } else { Does::Reads };
    matched.does(does, Named::Operands, judge);
}

/// Whether an output format prints more than names and other marks of an object.
fn shows_values(format: &str) -> bool {
    let (kind, template) = format.split_once('=').unwrap_or((format, ""));
    match kind {
        "name" | "wide" => false,
        "jsonpath" | "custom-columns" if template.contains("metadata") => {
            template.replace("metadata", "").contains("data")
        }
        _ => true,
    }
}

/// `kubectl diff`: looks, with whatever program a variable names.
pub fn diff(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    named_program(&["KUBECTL_EXTERNAL_DIFF"], matched, judge);
    matched.does(Does::Reads, Named::Operands, judge);
}

/// `kubectl edit`, with whatever editor a variable names.
pub fn edit(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    named_program(&["KUBE_EDITOR", "EDITOR"], matched, judge);
    let back = "apply the earlier manifest again";
    matched.does(Does::Changes(Verb::Update, back), Named::Operands, judge);
}

/// Judges the program that the first of these variables names, unless it is a usual one.
fn named_program(variables: &[&str], matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let call = matched.call;
    let program = variables.iter().find_map(|name| call.variables.get(name));
    let usual = |text: &str| {
        let name = text.split_whitespace().next().unwrap_or_default();
        matches!(
            name,
            "vi" | "vim" | "nvim" | "nano" | "emacs" | "code" | "diff" | "colordiff" | "dyff"
        )
    };
    if let Some(program) = program.filter(|program| !program.known().is_some_and(usual)) {
        judge.script(program, call.variables, &Data::Nothing);
    }
}

/// `kubectl delete`.
pub fn delete(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let named: Vec<&Word> = matched.values(&["-f", "--filename", "-k", "--kustomize"]).collect();
    let resource = if matched.operands.is_empty() {
        named.iter().map(|word| judge.name(word)).collect::<Vec<_>>().join(" ")
    } else {
        matched.names(judge)
    };
    let kind = matched.operands.first().map(|word| word.text().to_ascii_lowercase());
    let lost = match kind.as_deref().map(|kind| kind.split(['/', '.']).next().unwrap_or_default()) {
        Some("ns" | "namespace" | "namespaces") => "the namespace and every object in it are gone",
        Some(
            "pvc"
            | "persistentvolumeclaim"
            | "persistentvolumeclaims"
            | "pv"
            | "persistentvolume"
            | "persistentvolumes",
        ) => "the volume and its data are gone",
        Some("crd" | "crds" | "customresourcedefinition" | "customresourcedefinitions") => {
            "every object of that kind is gone with it"
        }
        Some("po" | "pod" | "pods") => "the pods, their local data and their logs are gone",
        _ => "the objects and what they hold are gone",
    };
    judge.destroys(Verb::Delete, "kubernetes", resource, matched.span(), lost);
}

/// `kubectl apply`.
pub fn apply(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    from_files(matched, Verb::Update, "apply the earlier manifest again", judge);
}

/// `kubectl create`, of files or of something named.
pub fn create(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.value("--raw").is_some_and(|path| path.text().contains("/eviction")) {
        let lost = "the pod is gone";
        return judge.destroys(Verb::Delete, "kubernetes", "", matched.span(), lost);
    }
    from_files(matched, Verb::Create, "delete what was made", judge);
}

/// `kubectl replace`.
pub fn replace(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.value("--raw").is_some_and(|path| path.text().contains("/finalize")) {
        let lost = "the namespace goes without waiting for what still holds it";
        return judge.destroys(Verb::Delete, "kubernetes", "", matched.span(), lost);
    }
    from_files(matched, Verb::Update, "apply the earlier manifest again", judge);
}

/// Manifests that are given, read where they can be. One that lies in a file that is not given
/// was written before and can be applied again; one fetched at run time is nobody's yet.
fn from_files(matched: &Matched<'_, '_>, verb: Verb, back: &'static str, judge: &mut Judge<'_>) {
    let mut named = Vec::new();
    for file in matched.values(&["-f", "--filename", "-k", "--kustomize"]) {
        let Some(name) = file.known() else {
            named.push(judge.name(file));
            continue;
        };
        if name.contains("://") || name.starts_with("github.com/") {
            judge.opaque(file.span(), "the manifest is fetched when it runs");
        } else if name == "-" {
            match matched.call.stdin {
                Data::Text(text) => return manifest::manifest(text, judge),
                Data::Unknown(producer) if !is_local(&judge.name(&Word::unknown(*producer))) => {
                    judge.opaque(*producer, "the manifest that comes out of it is not known");
                }
                _ => {}
            }
        } else if let Some(text) = judge.file(name) {
            manifest::manifest(&Word::made(text, file.span()), judge);
            continue;
        }
        named.push(name.to_owned());
    }
    let resource = if matched.operands.is_empty() { named.join(" ") } else { matched.names(judge) };
    if !resource.is_empty() || named.is_empty() {
        judge.changes(verb, "kubernetes", resource, matched.span(), back);
    }
}

/// Whether a manifest is made of files at hand.
fn is_local(producer: &str) -> bool {
    let program = producer.split_whitespace().next().unwrap_or_default();
    matches!(
        program.rsplit('/').next().unwrap_or_default(),
        "kubectl"
            | "k"
            | "oc"
            | "kustomize"
            | "helm"
            | "cat"
            | "envsubst"
            | "sed"
            | "yq"
            | "jq"
            | "jsonnet"
            | "ytt"
            | "cue"
            | "kompose"
            | "printf"
            | "echo"
            | "linkerd"
            | "istioctl"
            | "sops"
            | "awk"
            | "tanka"
            | "kubeseal"
            | "perl"
            | "cdk8s"
            | "timoni"
            | "grep"
    )
}

/// Power that is given; to everybody, it lets out what cannot be called back.
pub fn grant(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let everybody = |word: &Word| {
        ["system:anonymous", "system:unauthenticated"].iter().any(|who| word.text().contains(who))
    };
    let names = matched.names(judge);
    if matched.call.arguments().iter().any(everybody) {
        let lost = "whoever reaches the cluster has that power without logging in";
        judge.destroys(Verb::Grant, "kubernetes", names, matched.span(), lost);
    } else {
        let back = "take the role or binding away again";
        judge.changes(Verb::Grant, "kubernetes", names, matched.span(), back);
    }
}

/// `kubectl create job` and `cronjob`, with what they run.
pub fn create_job(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let names = matched.own().iter().map(|word| judge.name(word)).collect::<Vec<_>>().join(" ");
    judge.changes(Verb::Create, "kubernetes", names, matched.span(), "delete the job");
    container(matched, judge);
}

/// `kubectl run`: a pod, and what it runs.
pub fn run(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let names = matched.own().first().map(|word| judge.name(word)).unwrap_or_default();
    judge.changes(Verb::Create, "kubernetes", names, matched.span(), "delete the pod");
    container(matched, judge);
}

/// `kubectl debug`: a container beside another, or on a node.
pub fn debug(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let names = matched.own().first().map(|word| judge.name(word)).unwrap_or_default();
    judge.changes(Verb::Create, "kubernetes", names, matched.span(), "delete the debug container");
    container(matched, judge);
}

fn container(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    match matched.value("--image") {
        Some(image) if !matched.has("--command") => {
            inner::in_image(image, matched.rest, matched, judge);
        }
        _ => inner::run(matched.rest, matched, judge),
    }
}

/// `kubectl exec`: what it runs in the pod.
pub fn exec(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if !matched.rest.is_empty() {
        return inner::run(matched.rest, matched, judge);
    }
    // The old form, without `--`.
    let words = matched.call.arguments();
    let second = matched.operands.get(1).map(|word| word.span());
    let start = second.and_then(|span| words.iter().position(|word| word.span() == span));
    match start {
        Some(start) => inner::run(&words[start..], matched, judge),
        None => judge.opaque(matched.span(), "what it runs in the pod is not said"),
    }
}

/// `oc rsh`: a shell in a pod, or what is given to it.
pub fn rsh(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.rest.is_empty() {
        judge.opaque(matched.span(), "what is typed into the shell is not known");
    } else {
        inner::run(matched.rest, matched, judge);
    }
}

/// `kubectl attach`: looks at what a container prints, unless it is given something to read.
pub fn attach(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.has("-i") || matched.has("--stdin") {
        judge.opaque(matched.span(), "what is typed into the container is not known");
    } else {
        matched.does(Does::Reads, Named::Operands, judge);
    }
}
