import fc from 'fast-check';
import { firstImport, setups, stepsOf, type Step } from './steps.ts';
import type { Setup, ShopKind } from './shop.ts';
import { World } from './world.ts';

/** What fast-check knows of a sequence between its steps. */
interface Model {
  jobs: number;
}

class Command implements fc.AsyncCommand<Model, World> {
  readonly #step: Step;

  constructor(step: Step) {
    this.#step = step;
  }

  check(model: Readonly<Model>): boolean {
    return model.jobs > 0 || this.#step.do === 'import';
  }

  async run(model: Model, world: World): Promise<void> {
    await world.take(this.#step);
    model.jobs = world.jobs;
  }

  toString(): string {
    const { do: word, ...rest } = this.#step;
    return `${word} ${JSON.stringify(rest)}`;
  }
}

const MOST_STEPS = 14;

/** Any sequence at one kind of shop, from an import to its end; `replayPath` repeats one that failed. */
export function sequences(kind: ShopKind, replayPath?: string): fc.IAsyncProperty<[Setup, Step, Iterable<Command>]> {
  const commands = fc.commands([stepsOf(kind).map((step) => new Command(step))], {
    maxCommands: MOST_STEPS,
    size: 'medium',
    ...(replayPath === undefined ? {} : { replayPath }),
  });
  return fc.asyncProperty(setups(kind), firstImport, commands, async (setup, first, steps) => {
    const world = await World.open(setup);
    try {
      await world.take(first);
      await fc.asyncModelRun(() => ({ model: { jobs: world.jobs }, real: world }), steps);
      await world.finish();
    } finally {
      await world.close();
    }
  }) as fc.IAsyncProperty<[Setup, Step, Iterable<Command>]>;
}
