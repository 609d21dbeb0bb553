// A process of its own that runs a job on a given data folder, to be killed. The kill points that need to see the journal's
// transactions are made here, around the journal that the runner is handed; nothing in the sources knows of them.
import { flushCompileCache } from 'node:module';
import { AppError } from '../../src/contract/errors.ts';
import type { JournalEntry } from '../../src/main/jobs/journal/calls.ts';
import { unpackEntries, type PackedEntries } from '../../src/main/jobs/journal/entries.ts';
import type { Journal } from '../../src/main/jobs/runner/types.ts';
import { JobService } from '../../src/main/jobs/service.ts';
import { runLookup } from '../../src/main/lookups/run.ts';
import { openServices, type Services } from '../../src/main/services.ts';
import { createMemoryKeychain } from '../../src/main/vault/index.ts';
import { operation } from '../../src/main/vendors/registry.ts';
import type { DriverMessage, DriverPlan, OwnKill } from './crash-plan.ts';
import { DATA_WORKER } from './twin-accounts.ts';

type RunPlan = Extract<DriverPlan, { kind: 'run' }>;

function tell(message: DriverMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}

function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}

/** Keeps this thread busy while the database thread works, so that the kill falls inside its transaction. */
function spin(microseconds: number): void {
  const until = performance.now() + microseconds / 1000;
  while (performance.now() < until);
}

function entriesOf(args: unknown): readonly JournalEntry[] {
  return unpackEntries((args as { readonly entries: PackedEntries }).entries);
}

/** The journal that kills this process at its nth transaction with a claim that was granted, or with a settle. */
function deadlyJournal(journal: Journal, kill: OwnKill): Journal {
  const wanted = kill.on === 'claim' ? 'claim' : 'settle';
  let seen = 0;
  const call: Journal['call'] = async (name, args) => {
    if (name !== 'apply' || !entriesOf(args).some((entry) => entry.kind === wanted)) return journal.call(name, args);
    seen += 1;
    if (seen !== kill.nth) return journal.call(name, args);
    if (kill.at === 'before') return die();
    const answer = journal.call(name, args);
    if (kill.at !== 'answered') {
      spin(kill.at.microseconds);
      return die();
    }
    await answer;
    return die();
  };
  return { ...journal, call };
}

async function lookUpForever(services: Services, plan: NonNullable<RunPlan['lookup']>): Promise<void> {
  const account = await services.vault.get(plan.accountId);
  const found = operation(account.vendor, 'order-status', 'lookup');
  for (;;) await runLookup({ gateway: services.gateway, account, operation: found, params: plan.params }, () => {});
}

async function run(plan: RunPlan): Promise<void> {
  const keychain = createMemoryKeychain();
  const services = await openServices({ folder: plan.folder, mode: 'write', worker: DATA_WORKER, keychain });
  for (const [id, secrets] of Object.entries(plan.secrets)) await services.vault.replaceSecrets(id, secrets);
  // What is killed keeps nothing of what it compiled, for the next one, unless it is told to.
  flushCompileCache();
  await tell({ kind: 'opened', recovered: services.recovered });
  const jobs = new JobService({
    journal: plan.kill === null ? services.journal : deadlyJournal(services.journal, plan.kill),
    gateway: services.gateway,
    account: (id) => services.vault.get(id),
    mailbox: services.mailbox,
  });
  if (plan.lookup !== null) void lookUpForever(services, plan.lookup);
  await tell({ kind: 'ended', end: await jobs.run(plan.jobId) });
  process.exit(0);
}

/** The code of what `attempt` rejects with; null when it does not. */
async function refusal(attempt: () => Promise<unknown>): Promise<string | null> {
  try {
    await attempt();
    return null;
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}

async function look(plan: Extract<DriverPlan, { kind: 'look' }>): Promise<void> {
  const { folder, jobId } = plan;
  const open = (mode: 'read' | 'write'): Promise<Services> =>
    openServices({ folder, mode, worker: DATA_WORKER, keychain: createMemoryKeychain() });
  const services = await open('read');
  const states: Record<string, number> = {};
  for (const row of await services.journal.call('getRows', { jobId, after: 0, limit: 5_000 })) {
    states[row.state] = (states[row.state] ?? 0) + 1;
  }
  const at = new Date().toISOString();
  const { journal } = services;
  const refused = {
    cancelPending: await refusal(() => journal.call('cancelPending', { jobId, atMs: Date.now() })),
    setJobState: await refusal(() => journal.call('setJobState', { id: jobId, state: 'cancelled', at })),
    recover: await refusal(() => journal.call('recover', { atMs: Date.now(), at })),
    secondWriter: await refusal(() => open('write')),
  };
  await tell({ kind: 'looked', states, refused });
  await services.close();
  process.disconnect();
}

process.once('message', (message) => {
  const plan = message as DriverPlan;
  void (plan.kind === 'run' ? run(plan) : look(plan));
});
