import { OTHER_SECRET } from '../services.ts';
import { testCredentials } from './accounts.ts';
import type { RouteContext, Routes } from './context.ts';
import { changeable } from './refusals.ts';
import type { Workspace } from './workspace.ts';

/** The routes of a rotation: two secrets in overlap. */
export function rotationRoutes({ workspace }: RouteContext): Routes<'rotation'> {
  /** After each step what the gateway holds of either secret is void. */
  async function step<T>(id: string, work: (services: Workspace['services']) => Promise<T>): Promise<T> {
    const { services } = changeable(await workspace());
    try {
      return await work(services);
    } finally {
      services.gateway.forget(id);
      services.gateway.forget(`${id}${OTHER_SECRET}`);
    }
  }
  return {
    'rotation.stage': ({ id, secrets }) => step(id, ({ vault }) => vault.rotation.stage(id, secrets)),
    'rotation.test': ({ id }) =>
      step(id, async (services) => {
        const account = await services.vault.get(id);
        await services.vault.rotation.readOther(id);
        const result = await testCredentials(services, { ...account, id: `${id}${OTHER_SECRET}` });
        if (result.ok === true) await services.vault.rotation.noteTested(id);
        return result;
      }),
    'rotation.swap': ({ id, untested }) => step(id, ({ vault }) => vault.rotation.swap(id, untested)),
    'rotation.finish': ({ id }) => step(id, ({ vault }) => vault.rotation.finish(id)),
  };
}
