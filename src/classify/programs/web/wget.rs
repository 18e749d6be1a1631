//! `wget`, after www.gnu.org/software/wget/manual (1.25, read 2026-11), and `aria2c`, after
//! aria2.github.io/manual.

use super::{
    http::{self, Part, Request},
    outputs,
};
use crate::{
    classify::{
        Judge, Word,
        programs::{Cli, Does, Matched, Rule},
    },
    domain::Verb,
};

/// The table of `wget`.
pub static WGET: Cli = Cli {
    valued: &[
        "-o",
        "-a",
        "-i",
        "-B",
        "-t",
        "-O",
        "-w",
        "-Q",
        "-P",
        "-U",
        "-l",
        "-A",
        "-R",
        "-D",
        "-I",
        "-X",
        "-e",
        "-T",
        "--output-file",
        "--append-output",
        "--input-file",
        "--base",
        "--config",
        "--tries",
        "--output-document",
        "--start-pos",
        "--progress",
        "--timeout",
        "--dns-timeout",
        "--connect-timeout",
        "--read-timeout",
        "--limit-rate",
        "--wait",
        "--waitretry",
        "--quota",
        "--bind-address",
        "--user",
        "--password",
        "--use-askpass",
        "--cut-dirs",
        "--default-page",
        "--directory-prefix",
        "--http-user",
        "--http-password",
        "--header",
        "--compression",
        "--max-redirect",
        "--proxy-user",
        "--proxy-password",
        "--referer",
        "--user-agent",
        "--post-data",
        "--post-file",
        "--method",
        "--body-data",
        "--body-file",
        "--load-cookies",
        "--save-cookies",
        "--ftp-user",
        "--ftp-password",
        "--secure-protocol",
        "--certificate",
        "--private-key",
        "--ca-certificate",
        "--ca-directory",
        "--level",
        "--accept",
        "--reject",
        "--accept-regex",
        "--reject-regex",
        "--domains",
        "--exclude-domains",
        "--include-directories",
        "--exclude-directories",
        "--follow-tags",
        "--ignore-tags",
        "--execute",
        "--rejected-log",
        "--use-server-timestamps",
        "--warc-file",
        "--restrict-file-names",
        "--local-encoding",
        "--remote-encoding",
        "--report-speed",
        "--retry-on-http-error",
        "--pinnedpubkey",
    ],
    flags: &[
        "-q",
        "--quiet",
        "-c",
        "--continue",
        "--spider",
        "-r",
        "--recursive",
        "-N",
        "-nc",
        "--no-check-certificate",
        "--show-progress",
        "--content-disposition",
        "-S",
        "--server-response",
        "--delete-after",
        "-b",
    ],
    harmless: &["--help", "-h", "--version", "-V"],
    rules: &[Rule::asks("*", wget), Rule::asks("", wget)],
    ..Cli::new("http")
};

fn wget(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let at = matched.call.words.first().map(Word::span).unwrap_or_default();
    for command in matched.values(&["-e", "--execute"]) {
        let harmless = ["robots", "http_proxy", "https_proxy", "use_proxy"];
        if !harmless.iter().any(|name| command.text().trim_start().starts_with(name)) {
            judge.opaque(command.span(), "what this setting does is not read");
        }
    }
    let spider = matched.has("--spider");
    let document = matched.values(&["-O", "--output-document"]).last();
    let logs = matched.values(&["-o", "--output-file", "-a", "--append-output"]);
    for file in logs.chain(document) {
        outputs::written(file, judge);
    }
    if document.is_none() && !spider && !matched.has("--delete-after") {
        judge.changes(Verb::Create, "files", "", at, "delete the file it writes");
    }
    let mut body = Vec::new();
    for text in matched.values(&["--post-data", "--body-data"]) {
        body.push(Part::Text(text.clone()));
    }
    for file in matched.values(&["--post-file", "--body-file"]) {
        body.push(Part::File(file.clone()));
    }
    let posts = matched.has("--post-data") || matched.has("--post-file");
    let usual = if spider {
        "HEAD"
    } else if posts {
        "POST"
    } else {
        "GET"
    };
    let method = matched.value("--method").cloned();
    for url in matched.path.iter().chain(&matched.operands) {
        http::request(
            &Request {
                method: method.clone(),
                usual,
                url: (*url).clone(),
                headers: matched.values(&["--header"]).cloned().collect(),
                body: body.clone(),
                at: method.as_ref().map_or(at.with(url.span()), |word| at.with(word.span())),
            },
            judge,
        );
    }
}

/// The table of `aria2c`.
pub static ARIA2: Cli = Cli {
    valued: &[
        "-d",
        "--dir",
        "-o",
        "--out",
        "-i",
        "--input-file",
        "-l",
        "--log",
        "-j",
        "-s",
        "--split",
        "-x",
        "--max-connection-per-server",
        "-k",
        "-U",
        "--user-agent",
        "--header",
        "-t",
        "-m",
        "--all-proxy",
        "--checksum",
        "-T",
        "--torrent-file",
        "-M",
        "--load-cookies",
        "--max-concurrent-downloads",
        "--on-download-complete",
        "--on-download-start",
        "--on-download-error",
        "--on-download-stop",
        "--on-bt-download-complete",
        "--seed-time",
    ],
    flags: &["-c", "--continue", "-q", "--quiet", "-Z", "-P", "--check-certificate"],
    harmless: &["--help", "-h", "--version", "-v", "--dry-run", "-S", "--show-files"],
    rules: &[Rule::asks("*", aria2), Rule::asks("", aria2)],
    ..Cli::new("http")
};

fn aria2(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let hook = matched.options.iter().find(|given| given.name.starts_with("--on-"));
    if let Some(hook) = hook {
        judge.opaque(hook.span, "what runs after the download is not known");
    }
    for file in matched.values(&["-o", "--out"]) {
        outputs::written(file, judge);
    }
    matched.does(
        Does::Changes(Verb::Create, "delete the file it writes"),
        super::super::Named::Operands,
        judge,
    );
}
