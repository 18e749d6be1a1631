//! OpenCode's plugin: a file of ours that asks this program before every tool call.

use super::command::Installed;

/// The first words of the line that says what the plugin runs.
const RUNS: &str = "// countersign: ";

/// The plugin for this command line.
pub fn text(command: &str) -> String {
    let words = Installed::read(command).and_then(|runs| runs.words().ok()).unwrap_or_default();
    let words = serde_json::Value::from(words).to_string();
    format!("{RUNS}{command}\n{}", PLUGIN.replace("@COMMAND@", &words))
}

/// What a plugin of ours runs; none where it is not ours.
pub fn read(text: &str) -> Option<Installed> {
    Installed::read(text.lines().next()?.strip_prefix(RUNS)?)
}

/// The plugin without its first line; `@COMMAND@` stands for the words of the command.
const PLUGIN: &str = r#"import { spawnSync } from "node:child_process";

const [program, ...words] = @COMMAND@;

export const Countersign = async ({ directory }) => ({
  "tool.execute.before": async (input, output) => {
    const question = {
      tool: input.tool,
      sessionID: input.sessionID,
      callID: input.callID,
      cwd: directory,
      args: output.args,
    };
    const answer = spawnSync(program, words, {
      input: JSON.stringify(question),
      encoding: "utf8",
      timeout: 600000,
    });
    let said = {};
    try {
      said = JSON.parse(answer.stdout);
    } catch {}
    if (answer.error || answer.status !== 0 || said.decision !== "allow") {
      throw new Error(said.reason || answer.stderr || "refused by countersign: it gave no answer");
    }
  },
});
"#;
