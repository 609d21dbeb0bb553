import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROUTES, type RouteOutput } from '../../contract/routes.ts';

export type Licences = RouteOutput<'app.licences'>;

const NAME = 'licences.json';

/** The packages that the program is made of, by name, from the lists that its builds have left in their folders. Rejects when one is missing. */
export async function readLicences(folders: readonly string[]): Promise<Licences> {
  const lists = await Promise.all(
    folders.map(async (folder) =>
      ROUTES['app.licences'].output.parse(JSON.parse(await readFile(join(folder, NAME), 'utf8'))),
    ),
  );
  const all = new Map(lists.flat().map((one) => [`${one.name} ${one.version}`, one]));
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
