import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Packages that builds leave outside and the program runs with. */
const OUTSIDE = ['electron', 'keytar'];

/** The folder of the package that a bundled module belongs to; null for our own and the bundler's. */
export function packageFolder(id) {
  const file = id.replace(/^\0/, '').split('?')[0].replaceAll('\\', '/');
  const found = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
  return found !== null && existsSync(path.join(found[1], 'package.json')) ? found[1] : null;
}

function licenceOf({ license, licenses }) {
  const all = [license, ...(Array.isArray(licenses) ? licenses : [])].map((one) => one?.type ?? one);
  return all.filter((one) => typeof one === 'string').join(' OR ') || 'UNKNOWN';
}

/** The packages in these folders, by name: each with version and licence as its own package.json says them. */
export function licencesOf(folders) {
  const found = [...new Set(folders)].map((folder) => {
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return { name: manifest.name, version: manifest.version, licence: licenceOf(manifest) };
  });
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/**
 * The licences' own words, which most of them ask to be handed on: a text of each package in these folders that has one, under its name. A
 * package without a file of its own is named with its licence alone.
 */
export function licenceTexts(folders) {
  const texts = [...new Set(folders)].sort().map((folder) => {
    const [{ name, version, licence }] = licencesOf([folder]);
    const file = readdirSync(folder).find((one) => /^(?:licen[cs]e|copying)(?:\.(?:md|txt))?$/i.test(one));
    const text = file === undefined ? '' : `\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
    return `${name} ${version} (${licence})\n${text}`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/**
 * A plugin that writes `licences.json` and their words, `licences.txt`, beside each build: the packages that something of is in it. With `outside`, the project's `node_modules`,
 * those that stay packages, too.
 * @param {{ outside?: string | null }} [options]
 */
export function licencesPlugin({ outside = null } = {}) {
  return {
    name: 'licences',
    apply: 'build',
    generateBundle(_options, bundle) {
      const ids = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
      const folders = ids.map(packageFolder).filter((folder) => folder !== null);
      if (outside !== null) folders.push(...OUTSIDE.map((name) => path.join(outside, name)));
      this.emitFile({
        type: 'asset',
        fileName: 'licences.json',
        source: `${JSON.stringify(licencesOf(folders), null, 2)}\n`,
      });
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: licenceTexts(folders) });
    },
  };
}
