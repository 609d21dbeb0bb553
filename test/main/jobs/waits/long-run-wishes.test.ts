// What a person wishes while a run is under way, waits, or looks whether it may go on.
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { errorOf, Gate } from '../runner/support.ts';
import { FINISHED, later, paused, Scripted, textOf } from './scripted.ts';

const CANCELLED = { state: 'cancelled', reason: null, text: null };
const BY_PERSON = { state: 'paused', reason: 'person', text: null };

describe('a wish while a run is under way', () => {
  it('to pause asks the run for that, and is the reason', async () => {
    const it_ = new Scripted([(_tell, run) => (run.pause(), paused('network'))]);
    expect(await it_.run.run()).toEqual(BY_PERSON);
    expect([it_.log, it_.waits]).toEqual([['pauseRun', 'paused person -'], []]);
  });

  it('to pause is journalled by the run itself where it stops for that', async () => {
    const it_ = new Scripted([(_tell, run) => (run.pause(), paused('person'))]);
    expect(await it_.run.run()).toEqual(paused('person'));
    expect(it_.log).toEqual(['pauseRun']);
  });

  it('to leave keeps the reason', async () => {
    const it_ = new Scripted([(_tell, run) => (run.leave(), paused('network'))]);
    expect(await it_.run.run()).toEqual(paused('network'));
    expect([it_.log, it_.waits]).toEqual([['pauseRun'], []]);
  });

  it('is the first of pausing and leaving', async () => {
    const one = new Scripted([(_tell, run) => (run.pause(), run.leave(), paused('network'))]);
    expect(await one.run.run()).toEqual(BY_PERSON);
    const other = new Scripted([(_tell, run) => (run.leave(), run.pause(), paused('network'))]);
    expect(await other.run.run()).toEqual(paused('network'));
  });

  it('to cancel comes after the run, and before a pause that was wished', async () => {
    const wishes: Promise<void>[] = [];
    const it_ = new Scripted([
      (_tell, run) => {
        run.pause();
        wishes.push(run.cancel(), run.cancel());
        return paused('network');
      },
    ]);
    expect(await it_.run.run()).toEqual(CANCELLED);
    await Promise.all(wishes);
    expect(it_.log).toEqual(['pauseRun', 'cancel']);
  });

  it('to cancel ends with the run where nothing is left', async () => {
    const wishes: Promise<void>[] = [];
    const it_ = new Scripted([(_tell, run) => (wishes.push(run.cancel()), FINISHED)]);
    expect(await it_.run.run()).toEqual(FINISHED);
    await Promise.all(wishes);
    expect(it_.log).toEqual([]);
  });

  it('to cancel is refused where the journal cannot take it', async () => {
    const full = errorOf('DISK_FULL');
    const refused: unknown[] = [];
    const it_ = new Scripted(
      [(_tell, run) => (run.cancel().catch((error: unknown) => refused.push(error)), paused('network'))],
      {
        cancel: () => Promise.reject(full),
      },
    );
    expect(await it_.run.run()).toEqual(paused('network'));
    expect(refused).toEqual([full]);
  });
});

describe('a wish while it waits', () => {
  it.each<[string, (it_: Scripted) => unknown, object, string[]]>([
    ['to pause', ({ run }) => run.pause(), BY_PERSON, ['paused person -']],
    ['to leave', ({ run }) => run.leave(), paused('network'), []],
    ['to cancel', ({ run }) => run.cancel(), CANCELLED, ['cancel']],
  ])('%s ends the wait at once, and looks no more', async (_, wish, end, log) => {
    for (const asleep of [true, false]) {
      const it_ = new Scripted([paused('network')]);
      it_.onWait = () => {
        if (asleep) void later(() => wish(it_));
        else wish(it_);
      };
      expect(await it_.run.run()).toEqual(end);
      expect([it_.log, it_.waits.length, it_.waits.at(-1), it_.run.waiting]).toEqual([log, 2, null, null]);
      // Told before the wait begins, it does not begin at all.
      expect(it_.seconds).toEqual(asleep ? [1] : []);
      expect(it_.time.ms).toBe(new Scripted([]).time.ms);
    }
  });

  it('keeps what was last seen', async () => {
    const why = errorOf('INTERNAL');
    const it_ = new Scripted([paused('network')]);
    it_.reach = [why];
    it_.onWait = (_, nth) => nth === 2 && void later(() => it_.run.leave());
    expect(await it_.run.run()).toEqual(paused('network', { text: textOf(why) }));
  });

  it('to go on runs again without a look, and waits anew where the cause lasts', async () => {
    const it_ = new Scripted([paused('network'), paused('network')]);
    it_.onWait = (_, nth) => nth === 1 && void later(() => it_.run.goOn());
    expect(await it_.run.run()).toEqual(FINISHED);
    expect([it_.log, it_.seconds]).toEqual([
      ['reach', 'reconnect'],
      [1, 1],
    ]);
  });

  it('shows what it waits for, until it waits no more', async () => {
    const it_ = new Scripted([paused('network')]);
    const seen: unknown[] = [];
    it_.onWait = (waiting) => seen.push(it_.run.waiting === waiting);
    await it_.run.run();
    expect([seen, it_.run.waiting]).toEqual([[true], null]);
  });

  it('ends with a clock that fails, and waits no more', async () => {
    const it_ = new Scripted([paused('network')], { sleep: () => Promise.reject(new Error('no clock')) });
    await expect(it_.run.run()).rejects.toThrow('no clock');
    expect(it_.waits.at(-1)).toBeNull();
  });

  it('is heard of no more once it has ended', async () => {
    const it_ = new Scripted([paused('network')]);
    await it_.run.run();
    it_.around.changed();
    it_.run.goOn();
    expect([it_.log, it_.waits.length]).toEqual([['reach', 'reconnect'], 2]);
  });
});

describe('a wish while it looks', () => {
  /** A look that lasts until the gate is opened, in which the wish comes. */
  function looking(reason: 'network' | 'disk_full', wish: (it_: Scripted) => unknown): { it_: Scripted; gate: Gate } {
    const gate = new Gate();
    const it_ = new Scripted([paused(reason)]);
    it_.reach = [gate.opened.then(() => null)];
    it_.write = [gate.opened];
    it_.onLook = (name) => {
      if (name !== 'reconnect') void later(() => later(() => wish(it_)));
    };
    return { it_, gate };
  }

  it.each<[string, (it_: Scripted) => unknown, object]>([
    ['to pause', ({ run }) => run.pause(), BY_PERSON],
    ['to leave', ({ run }) => run.leave(), paused('network')],
    ['to cancel', ({ run }) => run.cancel(), CANCELLED],
    ['to go on', ({ run }) => run.goOn(), FINISHED],
  ])('%s does not wait for the network', async (_, wish, end) => {
    const { it_ } = looking('network', wish);
    expect(await it_.run.run()).toEqual(end);
    expect(it_.waits.at(-1)).toBeNull();
  });

  it('does not hear of a change as of a wish', async () => {
    const { it_, gate } = looking('network', ({ around }) => {
      around.changed();
      setTimeout(gate.open, 5);
    });
    expect(await it_.run.run()).toEqual(FINISHED);
    expect(it_.log).toEqual(['reach', 'reconnect']);
  });

  it('to pause lets what is being written end first', async () => {
    const ended: string[] = [];
    const { it_, gate } = looking('disk_full', ({ run }) => {
      run.pause();
      setTimeout(() => {
        ended.push('written');
        gate.open();
      }, 5);
    });
    expect(await it_.run.run()).toEqual(BY_PERSON);
    expect(ended).toEqual(['written']);
  });

  it('leaves a look to itself whose failure is logged', async () => {
    const gate = new Gate();
    const it_ = new Scripted([paused('network')], {
      account: async () => {
        void later(() => it_.run.pause());
        await gate.opened;
        throw new Error('no account');
      },
    });
    expect(await it_.run.run()).toEqual(BY_PERSON);
    gate.open();
    await setImmediate();
    expect(it_.logged).toEqual([new Error('no account')]);
  });
});
