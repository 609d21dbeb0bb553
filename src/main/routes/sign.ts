import { signAtDesk } from '../gateway/sign-desk.ts';
import { vendor } from '../vendors/registry.ts';
import type { RouteContext, Routes } from './context.ts';
import { operationNamed } from './refusals.ts';

/** The route of the sign desk. It sends nothing. */
export function signRoutes({ workspace }: RouteContext): Routes<'sign'> {
  return {
    'sign.make': async ({ accountId, operation, ...wish }) => {
      const { vault, gateway } = (await workspace()).services;
      const account = await vault.get(accountId);
      const desk = { gateway, secrets: (id: string) => vault.readSecrets(id), vendors: vendor };
      return signAtDesk(desk, account, operationNamed(account, operation), wish);
    },
  };
}
