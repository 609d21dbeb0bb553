import fs from 'node:fs';

/** Writes how a vitest run ended, as JSON, to the file that ORDER_CONSOLE_TALLY names; what is counted is in `tallyOf`. */
export default class TallyReporter {
  onTestRunEnd(testModules, unhandledErrors, reason) {
    const file = process.env.ORDER_CONSOLE_TALLY;
    if (file !== undefined) fs.writeFileSync(file, JSON.stringify(tallyOf(testModules, unhandledErrors, reason)));
  }
}

/**
 * Counts a run's tests. A file or a suite that failed outside its tests (a broken import, a failing hook) and every unhandled
 * error count as one failure each, so that nothing that went wrong can be called green.
 */
export function tallyOf(testModules, unhandledErrors, reason) {
  const tally = { passed: 0, failed: 0, skipped: 0, skippedNames: [], reason };
  for (const testModule of testModules) {
    tally.failed += testModule.errors().length;
    for (const suite of testModule.children.allSuites()) tally.failed += suite.errors().length;
    for (const test of testModule.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') tally.passed += 1;
      else if (state === 'failed') tally.failed += 1;
      else {
        tally.skipped += 1;
        tally.skippedNames.push(`${testModule.relativeModuleId ?? testModule.moduleId} > ${test.fullName}`);
      }
    }
  }
  tally.failed += unhandledErrors.length;
  return tally;
}
