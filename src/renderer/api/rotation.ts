import { call } from './client.ts';

/** The new secret crosses here, inward alone. */
export const stageSecrets = (id: string, secrets: Readonly<Record<string, string>>) =>
  call('rotation.stage', { id, secrets });
export const testOtherSecret = (id: string) => call('rotation.test', { id });
export const swapSecrets = (id: string, untested: boolean) => call('rotation.swap', { id, untested });
export const finishRotation = (id: string) => call('rotation.finish', { id });
