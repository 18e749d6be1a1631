//! The programs of the system itself: files, texts, services, packages.
//!
//! ```text
//!   readers  texts, sed, transform, secrets      look, or print what they are given
//!   files    remove, find, copy, archive, modes, disks, transfer, sockets
//!   host     services, processes, firewall, users, keys, packages
//! ```

mod archive;
mod copy;
mod disks;
mod find;
mod keys;
mod modes;
mod network;
mod packages;
mod processes;
mod readers;
mod remove;
pub(in crate::classify) mod secrets;
mod sed;
mod services;
mod sockets;
mod texts;
mod transfer;
mod transform;
mod users;
mod workshop;

use super::{Cli, Program, count, join};

const PARTS: &[&[Program]] = &[
    archive::PROGRAMS,
    copy::PROGRAMS,
    disks::PROGRAMS,
    modes::PROGRAMS,
    find::PROGRAMS,
    keys::PROGRAMS,
    network::PROGRAMS,
    packages::PROGRAMS,
    processes::PROGRAMS,
    readers::PROGRAMS,
    remove::PROGRAMS,
    sed::PROGRAMS,
    services::PROGRAMS,
    sockets::PROGRAMS,
    texts::PROGRAMS,
    transfer::PROGRAMS,
    transform::PROGRAMS,
    users::PROGRAMS,
    workshop::PROGRAMS,
];

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &join::<{ count(PARTS) }>(PARTS);

/// A program as the GNU tools write theirs: no `-h` for help, options may be cut short.
const PLAIN: Cli = Cli {
    harmless: &["--help", "--version"],
    abbreviates: true,
    options_first: true,
    ..Cli::new("files")
};

/// A program with subcommands.
const COMMANDS: Cli = Cli::new("system");
