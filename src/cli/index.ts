import { readFileSync } from 'node:fs';
import { runCommandLine, surviveClosedPipes, type CommandBody } from './frame.ts';
import { exportAudit, listAudit, verifyAudit } from './run/audit.ts';
import { makeBackupFile, restoreBackupFile } from './run/backup.ts';
import { acceptSecrets, addAccount, listAccounts, removeAccount, testAccount, tryKeychain } from './run/accounts.ts';
import { demo } from './run/demo.ts';
import {
  cancelJob,
  exportJob,
  findOrder,
  listJobs,
  orNothingYet,
  pauseJob,
  resumeJob,
  retryJob,
  showJob,
  lookJob,
  verifyJob,
} from './run/jobs.ts';
import { lookup } from './run/lookup.ts';
import { decideJob, followUpJob, undoJob } from './run/mending.ts';
import { eraseOrders, listOrders } from './run/orders.ts';
import { command } from './run/session.ts';
import { rotateSecrets } from './run/rotate.ts';
import { signDesk } from './run/sign.ts';
import { update } from './run/update.ts';

/** What each command of `commands.ts` does. */
const BODIES: Readonly<Record<string, CommandBody>> = {
  demo: command(demo),
  lookup: command(lookup),
  update: command(update),
  'orders list': command(listOrders),
  'orders erase': command(eraseOrders),
  'accounts add': command(addAccount),
  'accounts list': command(listAccounts),
  'accounts test': command(testAccount),
  'accounts keychain': command(tryKeychain),
  'accounts accept': command(acceptSecrets),
  'backup make': command(makeBackupFile),
  'backup restore': command(restoreBackupFile),
  'audit list': command(listAudit),
  'audit verify': command(verifyAudit),
  'audit export': command(exportAudit),
  'accounts rotate': command(rotateSecrets),
  'accounts sign': command(signDesk),
  'accounts remove': command(removeAccount),
  'jobs list': command((session) => orNothingYet(session, listJobs)),
  'jobs show': command(showJob),
  'jobs pause': command(pauseJob),
  'jobs resume': command(resumeJob),
  'jobs cancel': command(cancelJob),
  'jobs retry': command(retryJob),
  'jobs look': command(lookJob),
  'jobs verify': command(verifyJob),
  'jobs undo': command(undoJob),
  'jobs decide': command(decideJob),
  'jobs follow-up': command(followUpJob),
  'jobs export': command(exportJob),
  'jobs find': command((session) => orNothingYet(session, findOrder)),
};

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

surviveClosedPipes(process.stdout, process.stderr);
const { stdin, stdout, stderr, env, argv } = process;
// No await here: the build is CommonJS, which knows none at the top level.
void runCommandLine(argv.slice(2), { stdin, stdout, stderr, env, version }, BODIES).then((code) => {
  // A keychain prompt that is still open would keep the process alive after its command has ended; what is printed goes out first.
  stdout.write('', () => process.exit(code));
});
