//! Where the server is, and how its identity is checked on the way.
//!
//! ```text
//!   postgres://user@host:5432/database?sslmode=verify-full&sslrootcert=FILE
//!              password: ~/.pgpass, PGPASSWORD or `password_file`, never in the URL
//!   another host, nothing said ─▶ sslmode=require; another host, `prefer` ─▶ the same
//! ```

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::{fmt, net::IpAddr, str::FromStr as _};

/// What a URL may say, <https://www.postgresql.org/docs/current/libpq-connect.html>.
const KNOWN: [&str; 9] =
    ["host", "port", "dbname", "user", "sslmode", "sslrootcert", "sslcert", "sslkey", "hostaddr"];

/// A server and a database on it, and how to get there.
#[derive(Clone)]
pub struct Address {
    options: PgConnectOptions,
    shown: String,
    local: bool,
    says_mode: bool,
}

/// Why a URL is none.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum AddressError {
    /// It begins otherwise.
    #[error("a store's URL begins with postgres://, as in postgres://user@host/database")]
    Scheme,
    /// It says a password, which would be seen in lists of processes and in logs.
    #[error(
        "the URL holds a password. Take it out, and put it into ~/.pgpass, into PGPASSWORD or into a file named by `[store] password_file`"
    )]
    Password,
    /// It says something nobody knows.
    #[error(
        "the URL says `{0}`, which is not one of host, port, dbname, user, sslmode, sslrootcert, sslcert, sslkey"
    )]
    Unknown(String),
    /// It cannot be read.
    #[error("the URL cannot be read: {0}")]
    Unreadable(String),
}

impl Address {
    /// Whether a text is a URL of a server rather than the path of a file.
    pub fn is_url(text: &str) -> bool {
        text.starts_with("postgres://") || text.starts_with("postgresql://")
    }

    /// Reads a URL.
    pub fn parse(url: &str) -> Result<Self, AddressError> {
        if !Self::is_url(url) {
            return Err(AddressError::Scheme);
        }
        let (_, rest) = url.split_once("://").ok_or(AddressError::Scheme)?;
        let (place, asked) = rest.split_once('?').unwrap_or((rest, ""));
        let authority = place.split('/').next().unwrap_or_default();
        if authority.rsplit_once('@').is_some_and(|(login, _)| login.contains(':')) {
            return Err(AddressError::Password);
        }
        let keys = asked.split('&').filter(|pair| !pair.is_empty());
        let keys: Vec<&str> =
            keys.map(|pair| pair.split_once('=').map_or(pair, |(key, _)| key)).collect();
        for key in &keys {
            if *key == "password" {
                return Err(AddressError::Password);
            }
            if !KNOWN.contains(key) {
                return Err(AddressError::Unknown((*key).to_owned()));
            }
        }
        let unreadable = |error: sqlx::Error| AddressError::Unreadable(error.to_string());
        // `user@/database`: a login and no host, which the reader of URLs does not take.
        let named = url.replacen("@/", "@localhost/", usize::from(authority.ends_with('@')));
        let options = PgConnectOptions::from_str(&named).map_err(unreadable)?;
        let options = options.application_name("countersign");
        let local = options.get_socket().is_some()
            || options.get_host().starts_with('/')
            || is_this_host(options.get_host());
        let says_mode = keys.contains(&"sslmode") || std::env::var_os("PGSSLMODE").is_some();
        let encrypted = !matches!(options.get_ssl_mode(), PgSslMode::Allow | PgSslMode::Prefer);
        let options =
            if local || encrypted { options } else { options.ssl_mode(PgSslMode::Require) };
        Ok(Self { shown: shown(&options), options, local, says_mode })
    }

    /// The same, with this password.
    #[must_use]
    pub fn with_password(mut self, password: &str) -> Self {
        self.options = self.options.password(password);
        self
    }

    /// What is to be known of the way there; none where the server's identity is checked, or where
    /// nothing leaves this host.
    pub fn warning(&self) -> Option<&'static str> {
        if self.local {
            return None;
        }
        match self.options.get_ssl_mode() {
            PgSslMode::VerifyFull => None,
            PgSslMode::VerifyCa => Some(
                "the server's certificate is checked, but not that it is this host's: say sslmode=verify-full",
            ),
            PgSslMode::Disable => Some(
                "nothing is encrypted on the way to the server: say sslmode=verify-full and sslrootcert",
            ),
            PgSslMode::Require | PgSslMode::Prefer | PgSslMode::Allow => Some(
                "the way to the server is encrypted, but nobody checks that it is the server: say sslmode=verify-full and sslrootcert",
            ),
        }
    }

    /// Whether how to encrypt was said, in the URL or in `PGSSLMODE`.
    pub fn says_how(&self) -> bool {
        self.says_mode
    }

    pub(super) fn options(&self) -> &PgConnectOptions {
        &self.options
    }
}

fn is_this_host(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn shown(options: &PgConnectOptions) -> String {
    let database = options.get_database().unwrap_or(options.get_username());
    let user = options.get_username();
    match options.get_socket() {
        Some(socket) => format!("postgres://{user}@/{database}?host={}", socket.display()),
        None => {
            format!("postgres://{user}@{}:{}/{database}", options.get_host(), options.get_port())
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// Without the password, which the options hold.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Address").field(&self.shown).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_no_place_in_a_url() {
        for url in ["postgres://ana:pw@db/store", "postgres://db/store?password=pw"] {
            assert_eq!(Address::parse(url).unwrap_err(), AddressError::Password, "{url}");
        }
        let address = Address::parse("postgres://ana@db.example/store").unwrap();
        let address = address.with_password("hunter2");
        assert!(!format!("{address} {address:?}").contains("hunter2"));
    }

    #[test]
    fn another_host_is_never_spoken_to_in_the_clear_unasked() {
        for url in ["postgres://db.example/s", "postgres://db.example/s?sslmode=prefer"] {
            let address = Address::parse(url).unwrap();
            assert!(matches!(address.options.get_ssl_mode(), PgSslMode::Require), "{url}");
            assert!(address.warning().is_some_and(|warning| warning.contains("nobody checks")));
        }
        let plain = Address::parse("postgres://db.example/s?sslmode=disable").unwrap();
        assert!(plain.warning().is_some_and(|warning| warning.contains("nothing is encrypted")));
        let checked = Address::parse("postgres://db.example/s?sslmode=verify-full").unwrap();
        assert_eq!(checked.warning(), None);
        let local =
            ["postgres:///s?host=/run/postgresql", "postgres://127.0.0.1/s", "postgres://ana@/s"];
        for url in local {
            assert_eq!(Address::parse(url).unwrap().warning(), None, "{url}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_passed_over() {
        let told = Address::parse("postgres://db/s?sslmod=verify-full").unwrap_err();
        assert_eq!(told, AddressError::Unknown("sslmod".into()));
        assert_eq!(Address::parse("mysql://db/s").unwrap_err(), AddressError::Scheme);
    }
}
