//! The account a gate runs as.

use super::small;
use std::path::Path;

/// More than this is no list of accounts that a person keeps; they are then named by number.
const LONGEST: u64 = 4 << 20;

/// The account this runs as. The number cannot be forged by the caller; `USER` could. Accounts that
/// only a directory service knows have no name here.
pub fn account() -> String {
    let uid = rustix::process::getuid().as_raw();
    let passwd = small::bytes(Path::new("/etc/passwd"), LONGEST).unwrap_or_default();
    let name = passwd.split(|byte| *byte == b'\n').find_map(|line| {
        // `passwd(5)`: name, password, number, …
        let mut fields = line.split(|byte| *byte == b':');
        let (name, id) = (fields.next()?, fields.nth(1)?);
        let id: u32 = std::str::from_utf8(id).ok()?.parse().ok()?;
        (id == uid).then(|| String::from_utf8_lossy(name).into_owned())
    });
    name.map_or_else(|| format!("uid {uid}"), |name| format!("{name} (uid {uid})"))
}

#[cfg(test)]
mod tests {
    use super::account;

    #[test]
    fn an_account_is_named_with_its_number() {
        let uid = rustix::process::getuid().as_raw();
        assert!(account().contains(&format!("uid {uid}")), "{}", account());
    }
}
