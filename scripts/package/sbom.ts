import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface Listed {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

interface Locked {
  readonly version?: string;
  readonly name?: string;
  readonly integrity?: string;
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** The packages that something of is in the program, from the lists that the builds leave beside what they made. */
function packagesOf(root: string): readonly Listed[] {
  const lists = ['main', 'preload', 'renderer'].map(
    (part) => readJson(path.join(root, 'out', part, 'licences.json')) as readonly Listed[],
  );
  const all = new Map(lists.flat().map((one) => [`${one.name}@${one.version}`, one]));
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** A licence as CycloneDX has it: an id of one, else an expression. */
const licenceOf = (licence: string): object =>
  /^[\w.+-]+$/u.test(licence) ? { license: { id: licence } } : { expression: licence };

/**
 * The bill of materials of what was built, as CycloneDX 1.6: npm's own would list the tools that build it, for what is bundled counts as
 * development there. Nothing in it depends on the time, so that the same build gives the same file.
 */
export function sbomOf(root: string): object {
  const manifest = readJson(path.join(root, 'package.json')) as { name: string; version: string; license: string };
  const { packages } = readJson(path.join(root, 'package-lock.json')) as { packages: Readonly<Record<string, Locked>> };
  const hashes = new Map(
    Object.entries(packages).map(([place, { name, version = '', integrity }]) => [
      `${name ?? place.replace(/^.*node_modules\//u, '')}@${version}`,
      integrity,
    ]),
  );
  const components = packagesOf(root).map(({ name, version, licence }) => {
    const integrity = hashes.get(`${name}@${version}`);
    const sha512 =
      integrity?.startsWith('sha512-') === true ? Buffer.from(integrity.slice(7), 'base64').toString('hex') : null;
    return {
      type: 'library',
      'bom-ref': `pkg:npm/${name.replace('@', '%40')}@${version}`,
      name,
      version,
      purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
      licenses: [licenceOf(licence)],
      ...(sha512 === null ? {} : { hashes: [{ alg: 'SHA-512', content: sha512 }] }),
    };
  });
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': manifest.name,
        name: manifest.name,
        version: manifest.version,
        licenses: [licenceOf(manifest.license)],
      },
    },
    components,
    dependencies: [{ ref: manifest.name, dependsOn: components.map((one) => one['bom-ref']) }],
  };
}

/** Writes the bill beside the packages: its path. */
export function writeSbom(root: string, output: string): string {
  const file = path.join(output, 'sbom.cdx.json');
  mkdirSync(output, { recursive: true });
  writeFileSync(file, `${JSON.stringify(sbomOf(root), null, 2)}\n`);
  return file;
}
