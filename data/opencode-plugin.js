// Asks Countersign before OpenCode runs a tool. Written by `countersign gate install opencode`;
// `countersign gate uninstall opencode` takes it away again.
//
//   tool.execute.before ─▶ COMMAND, the call on its standard input ─▶ one JSON document
//                            └ anything but a plain yes to this very call throws, and a throw
//                              keeps the tool from running: an error, a signal, too late, too
//                              much, nothing said, words for another call
import { spawn } from "node:child_process"

const COMMAND = @COMMAND@

// Longer than the gate waits: it answers before ten minutes are over.
const PATIENCE = 610_000
// No answer is longer.
const LONGEST = 65_536

function ask(call) {
  return new Promise((resolve, reject) => {
    const [program, ...words] = COMMAND
    if (typeof program !== "string" || program === "") {
      reject(new Error("the plugin names no program to ask"))
      return
    }
    const child = spawn(program, words, { stdio: ["pipe", "pipe", "pipe"] })
    const heard = { out: "", err: "" }
    const give_up = (why) => {
      clearTimeout(late)
      child.kill("SIGKILL")
      reject(new Error(why))
    }
    const late = setTimeout(() => give_up("there was no answer in time"), PATIENCE)
    for (const [stream, name] of [[child.stdout, "out"], [child.stderr, "err"]]) {
      stream.setEncoding("utf8")
      stream.on("error", (error) => give_up(String(error)))
      stream.on("data", (text) => {
        heard[name] += text
        if (heard[name].length > LONGEST) give_up("the answer is too long")
      })
    }
    child.on("error", (error) => give_up(`it cannot be started: ${error.message}`))
    // Whoever answers before all was read has still answered.
    child.stdin.on("error", () => {})
    child.on("close", (status, signal) => {
      clearTimeout(late)
      resolve({ status, signal, ...heard })
    })
    child.stdin.end(JSON.stringify(call))
  })
}

function refusal(call, answer) {
  const words = answer.err.trim().slice(0, 2000)
  let said
  try {
    said = JSON.parse(answer.out)
  } catch {
    return words || "it gave no answer"
  }
  const plain = said !== null && typeof said === "object" && !Array.isArray(said)
  if (!plain) return words || "it gave no answer"
  const allowed =
    answer.status === 0 &&
    answer.signal === null &&
    said.decision === "allow" &&
    said.callID === call.callID
  if (allowed) return undefined
  const reason = typeof said.reason === "string" ? said.reason.trim() : ""
  return reason || words || "it gave no yes to this call"
}

export const Countersign = async (context) => ({
  "tool.execute.before": async (input, output) => {
    let why
    try {
      const call = {
        tool: input.tool,
        sessionID: input.sessionID,
        callID: input.callID,
        cwd: context?.directory ?? process.cwd(),
        args: output.args ?? {},
      }
      why = refusal(call, await ask(call))
    } catch (error) {
      why = error instanceof Error && error.message ? error.message : String(error)
    }
    if (why !== undefined) throw new Error(`countersign: ${why || "refused"}`)
  },
})
