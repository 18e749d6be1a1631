//! Signatures, with the real `ssh-keygen` and the real `ssh-agent` on the other side.
//!
//! ```text
//!   our armour ──▶ ssh-keygen -Y verify          both ways, every kind of key   (both_ways)
//!   ssh-keygen -Y sign ──▶ trust::verify
//!   a table of allowed_signers ──▶ both of us    who may sign, and when         (table)
//!   ssh-keygen -k ──▶ trust::Revoked             what no longer counts          (revoked)
//!   ssh-agent, locked, bound, killed ──▶ words   why there is no signature      (agents)
//! ```
//!
//! Both programs come with git and OpenSSH's client; where one is missing the stories fail and say
//! so. Hardware is nowhere: security keys are played by an agent of our own (`fake_agent`).

mod agents;
mod both_ways;
pub mod fake_agent;
mod openssh;
mod revoked;
pub mod soft;
mod table;

use crate::support::program::Program;
use soft::SoftKey;

#[test]
fn times_that_mean_another_moment_elsewhere_are_told_with_their_lines() {
    let program = Program::configured("[trust]\nsigners = \"keys\"\n");
    let key = || SoftKey::new("ssh-ed25519").line();
    let text = format!(
        "# who may\nana valid-before=\"20991231Z\" {}\nines valid-before=\"20991231\" {}\n\n\
         rowan valid-after=\"202001010000\" {}\n",
        key(),
        key(),
        key()
    );
    program.write("config/countersign/keys", text);
    let ran = program.run(&["doctor"]);
    let told = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("without Z in line 3, 5 of the allowed signers"), "{ran:?}");
}
