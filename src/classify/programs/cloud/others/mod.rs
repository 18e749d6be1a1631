//! Smaller clouds, and what their tables share.

mod aliyun;
mod civo;
mod exo;
mod ibmcloud;
mod oci;
mod openstack;
mod scw;
mod yc;

pub(super) use aliyun::ALIYUN;
pub(super) use civo::{CIVO, IONOSCTL, UPCTL};
pub(super) use exo::EXO;
pub(super) use ibmcloud::IBMCLOUD;
pub(super) use oci::OCI;
pub(super) use openstack::OPENSTACK;
pub(super) use scw::SCW;
pub(super) use yc::YC;

use super::super::Does;
use crate::domain::Verb;

/// Deleted.
const GONE: Does = Does::Destroys(Verb::Delete, "what it names is gone for good");
/// Made anew.
const DISK: Does = Does::Destroys(Verb::Delete, "what was on its disk is gone");
const UNPROTECTED: Does = Does::Destroys(Verb::Grant, "it is no longer protected against deletion");
const BACK: Does = Does::Changes(Verb::Update, "set it back to what it was");
const STOPPED: Does = Does::Changes(Verb::Update, "start it again");
const REBOOTED: Does = Does::Changes(Verb::Update, "it comes back by itself");
const MADE: Does = Does::Changes(Verb::Create, "delete what it made");
const SHOWN: Does = Does::Changes(Verb::Reveal, "rotate what it showed");
const SESSION: &str = "what is typed in the session is not known";

/// Verbs of virtual machines that none of the large clouds uses.
const POWER: &[(&str, Does)] = &[
    ("boot", STOPPED),
    ("shutdown", STOPPED),
    ("halt", STOPPED),
    ("poweroff", STOPPED),
    ("power-off", STOPPED),
    ("poweron", REBOOTED),
    ("power-on", REBOOTED),
    ("reset", REBOOTED),
    ("enable-rescue", BACK),
    ("disable-protection", UNPROTECTED),
    ("enable-protection", BACK),
    ("change-*", BACK),
    ("rescue", BACK),
    ("switch", BACK),
    ("use", BACK),
    ("del", GONE),
    ("rb", GONE),
    ("detach-*", BACK),
    ("remove-*", BACK),
    ("reset-password", SHOWN),
    ("request-console", SHOWN),
];

const NAMES: &[&str] = &["--name", "--id", "--ids", "--instance-id", "--cluster", "-c"];
