//! Links `countersign-hook` at a fixed address, with everything it needs inside.
//!
//! ```text
//!   rustc … -lgcc_s -lm -lc ──▶ linker ──▶ libc.so here: "INPUT(…/libc.a)" ──▶ one file, no loader
//! ```
//!
//! An agent starts it before its every call. Finding three libraries and rewriting the addresses of
//! a position-independent program takes longer than everything the hook does: with them its whole
//! process takes three times as long as `/bin/true`, without them less than twice. Heap and stack
//! lie at random addresses all the same, and `countersign` itself is as programs usually are.
//!
//! Cargo knows no static linking for one program out of two, so the linker is given archives under
//! the names of the libraries. Where the archives are not installed, the program stays dynamic.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

const PROGRAM: &str = "countersign-hook";

/// What rustc links on this target, and the archives that hold it.
const LIBRARIES: [(&str, &[&str]); 7] = [
    ("gcc_s", &["gcc_eh", "gcc"]),
    ("c", &["c", "gcc_eh", "gcc"]),
    ("m", &["m"]),
    ("rt", &["rt"]),
    ("pthread", &["pthread"]),
    ("util", &["util"]),
    ("dl", &["dl"]),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |what: &str| env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    // Elsewhere there is no such choice, or nobody has measured it.
    if target("OS") != "linux" || target("ENV") != "gnu" {
        return;
    }
    tell_linker("-no-pie");
    let is_static = target("FEATURE").split(',').any(|feature| feature == "crt-static");
    if !is_static && let Some(folder) = archives() {
        tell_linker("-static");
        tell_linker(&format!("-L{}", folder.display()));
    }
}

fn tell_linker(argument: &str) {
    println!("cargo::rustc-link-arg-bin={PROGRAM}={argument}");
}

/// A folder in which the names of the libraries stand for archives. None: one is missing.
fn archives() -> Option<PathBuf> {
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    // Another machine's archives are not where this one's compiler looks.
    if env::var("HOST").ok()? != env::var("TARGET").ok()? {
        return None;
    }
    // Threads are in an archive of their own before glibc 2.34, and half of them would be left out.
    if fs::metadata(archive("pthread")?).ok()?.len() > 4096 {
        return None;
    }
    let folder = Path::new(&env::var_os("OUT_DIR")?).join("archives");
    fs::create_dir_all(&folder).ok()?;
    for (library, archives) in LIBRARIES {
        let found = archives.iter().map(|name| archive(name)).collect::<Option<Vec<_>>>()?;
        let quoted: Vec<_> = found.iter().map(|file| format!("\"{}\"", file.display())).collect();
        let script = format!("GROUP({})\n", quoted.join(" "));
        fs::write(folder.join(format!("lib{library}.so")), script).ok()?;
    }
    Some(folder)
}

/// Where the compiler that links has an archive.
fn archive(name: &str) -> Option<PathBuf> {
    let linker = env::var_os("RUSTC_LINKER").unwrap_or_else(|| "cc".into());
    let asked = Command::new(linker).arg(format!("-print-file-name=lib{name}.a")).output().ok()?;
    // One it does not have is answered with its bare name.
    let path = PathBuf::from(String::from_utf8(asked.stdout).ok()?.trim());
    (path.is_absolute() && path.exists()).then_some(path)
}
