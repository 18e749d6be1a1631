//! Links `countersign-hook` at a fixed address.
//!
//! A position-independent program has addresses that the loader rewrites at every start, each page
//! of them a page fault: longer than the whole process of a hook may take, which an agent starts
//! before its every call. Libraries, heap and stack lie at random addresses all the same, and
//! `countersign` itself is position-independent.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |what: &str| std::env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    // Elsewhere there is no such choice, or nobody has measured it.
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bin=countersign-hook=-no-pie");
    }
}
