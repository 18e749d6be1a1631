//! Links the program at a fixed address.
//!
//! A position-independent program of this size has some 700 pages of addresses that the loader
//! rewrites at every start, each of them a page fault: longer than the whole process of a hook may
//! take (`gate hook`, which an agent starts before its every call). Libraries, heap and stack lie at
//! random addresses all the same.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |what: &str| std::env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    // Elsewhere there is no such choice, or nobody has measured it.
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
