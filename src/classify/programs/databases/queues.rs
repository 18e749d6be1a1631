//! Queues of jobs: Celery and RQ.
//!
//! From <https://docs.celeryq.dev/en/stable/reference/cli.html> and
//! <https://python-rq.org/docs/monitoring/>, 2026-11.

use super::super::{Cli, Does, Program, Rule};
use crate::domain::Verb;

/// The programs of this file.
pub(super) const QUEUES: &[Program] =
    &[Program::table(&["celery"], &CELERY), Program::table(&["rq"], &RQ)];

const JOBS: &str = "the jobs that wait are gone";

static CELERY: Cli = Cli {
    valued: &[
        "-A",
        "--app",
        "-b",
        "--broker",
        "--result-backend",
        "--loader",
        "--config",
        "--workdir",
        "-Q",
        "--queues",
        "-X",
        "--exclude-queues",
        "-d",
        "--destination",
        "-t",
        "--timeout",
        "-l",
        "--loglevel",
        "-f",
        "--logfile",
        "-c",
        "--concurrency",
        "-n",
        "--hostname",
        "-P",
        "--pool",
        "-s",
        "--schedule",
        "-S",
        "--scheduler",
        "--pidfile",
        "-a",
        "--args",
        "-k",
        "--kwargs",
    ],
    flags: &["--no-color", "-q", "--quiet", "-C", "-j", "--json", "--detach"],
    rules: &[
        Rule::deletes("purge", JOBS).flags(&["-f", "--force"]),
        Rule::deletes("amqp queue.purge|queue.delete|exchange.delete", JOBS),
        Rule::opaque("amqp", "what is typed into the shell is not known"),
        Rule::reads("inspect|status|report|result|list|graph|events|help|logtool"),
        Rule::updates("control", "give the opposite command"),
        Rule::new("worker|beat|multi|flower", Does::Changes(Verb::Run, "stop it")),
        Rule::opaque("call|shell|migrate", "what the task does is not known"),
        Rule::updates("upgrade", "put the settings back"),
    ],
    ..Cli::new("celery")
};

static RQ: Cli = Cli {
    valued: &["-u", "--url", "-c", "--config", "-i", "--interval", "-n", "--name", "-w"],
    rules: &[
        Rule::deletes("empty", JOBS),
        Rule::reads("info"),
        Rule::new("worker|worker-pool|cron", Does::Changes(Verb::Run, "stop it")),
        Rule::updates("requeue|suspend|resume", "give the opposite command"),
        Rule::opaque("enqueue", "what the function does is not known"),
    ],
    ..Cli::new("rq")
};
