//! Notebooks, models and servers of applications: Jupyter, Ollama, Hugging Face, Uvicorn.
//!
//! From <https://docs.jupyter.org/en/latest/use/jupyter-command.html>,
//! <https://github.com/ollama/ollama>, <https://huggingface.co/docs/huggingface_hub/guides/cli>,
//! <https://docs.wandb.ai/ref/cli/> and <https://www.uvicorn.org/>, 2026-11.

use super::{
    super::{Cli, Does, Program, Rule},
    scripts::RUN,
};
use crate::domain::Verb;

pub(super) const PROGRAMS: &[Program] = &[
    Program::table(&["jupyter", "jupyter-nbconvert", "jupyter-lab"], &JUPYTER),
    Program::table(&["ollama"], &OLLAMA),
    Program::table(&["hf", "huggingface-cli"], &HUGGING),
    Program::table(&["uvicorn", "gunicorn", "hypercorn", "daphne", "streamlit", "puma"], &SERVERS),
    Program::table(&["sonar-scanner", "lizard"], &SCANS),
];

const BACK: &str = "remove what it has written";

static JUPYTER: Cli = Cli {
    valued: &["--to", "--output", "--output-dir", "--template", "--port", "--ip", "--config"],
    flags: &["--stdout", "--execute", "--inplace", "--json"],
    rules: &[
        Rule::creates("nbconvert", BACK)
            .when(&[
                ("--execute", Does::Opaque("what the notebook does is not read")),
                ("--inplace", Does::Changes(Verb::Update, "put the old file back")),
            ])
            .dry(&["--stdout"]),
        Rule::reads("notebook|server|lab|kernelspec|labextension|serverextension list"),
        Rule::updates("notebook|server stop", "start it again"),
        Rule::updates(
            "kernelspec|labextension|serverextension|nbextension install|enable|disable|\
             uninstall|remove|build",
            "give the opposite command",
        ),
        Rule::opaque("execute|run|console|qtconsole", "what the notebook does is not read"),
        Rule::new("notebook|lab|server|nbclassic|trust", RUN),
        Rule::reads("troubleshoot|help"),
        Rule::reads(""),
    ],
    ..Cli::new("jupyter")
};
static OLLAMA: Cli = Cli {
    rules: &[
        Rule::reads("list|ls|ps|show|help"),
        Rule::new("run|serve|stop", RUN),
        Rule::creates("pull|cp|create|signin|signout", BACK),
        Rule::new("push", Does::Destroys(Verb::Reveal, "others can fetch the model")),
        Rule::updates("rm", "pull the model again"),
    ],
    ..Cli::new("ollama")
};
static HUGGING: Cli = Cli {
    rules: &[
        Rule::deletes("repo|repos delete", "the repository and all its files are gone"),
        Rule::deletes("repo-files|repos delete|delete-files", "the files are gone"),
        Rule::new(
            "upload|upload-large-folder",
            Does::Destroys(Verb::Reveal, "others may have fetched what was uploaded"),
        )
        .when(&[("--private", Does::Changes(Verb::Create, BACK))]),
        Rule::reads("whoami|env|version|scan-cache|help"),
        Rule::reads("auth|cache|repo|repos|jobs|models|datasets whoami|list|ls|scan|ps|logs|info"),
        Rule::updates("cache delete|rm|prune", "download it again"),
        Rule::creates("download|repo|repos|login|logout|auth|tag|lfs-enable-largefiles", BACK),
    ],
    ..Cli::new("huggingface")
};
static SERVERS: Cli = Cli {
    valued: &["--host", "--port", "-b", "--bind", "-w", "--workers", "-k", "-c", "--config", "-p"],
    rules: &[Rule::new("**", RUN).dry(&["--check-config"])],
    ..Cli::new("build")
};
static SCANS: Cli = Cli { rules: &[Rule::new("**", RUN)], ..Cli::new("build") };
