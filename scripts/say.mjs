/** One line for a person on stderr, so that stdout stays the task's own. */
export function say(line) {
  process.stderr.write(`order-console: ${line}\n`);
}

/** A failure with words for a person (what, why, what to do) and the exit code to end with. */
export class SetupError extends Error {
  /**
   * @param {string} message what happened, why, what to do
   * @param {number} exitCode
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
