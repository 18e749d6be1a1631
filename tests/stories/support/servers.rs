//! Addresses of the servers `make test` started.

/// Base URL of a server by its short name (`MOTO`, `MOTO_ENFORCED`, `EMULATE`, `PRISM`,
/// `GITHUB_FAKE`). A test that needs it fails without it.
#[allow(dead_code, reason = "used by the stories that need a server")]
pub fn server(name: &str) -> String {
    let variable = format!("COUNTERSIGN_TEST_{name}");
    std::env::var(&variable).unwrap_or_else(|_| {
        panic!("{variable} is not set: this test needs a server; run it through `make test`")
    })
}
