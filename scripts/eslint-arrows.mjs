import path from 'node:path';

const BUILT_IN_IO =
  /^(node:)?(fs|http|https|http2|net|tls|dns|dgram|child_process|cluster|worker_threads|sqlite|os|process|inspector|readline|repl|vm|wasi)(\/|$)/;
const pure = (name) => !BUILT_IN_IO.test(name) && !/^(undici|keytar)(\/|$)/.test(name);
const builtIn = (name) => name.startsWith('node:');
const mainRooms = [
  'main',
  'routes',
  'vendors',
  'gateway',
  'vault',
  'audit',
  'backup',
  'lock',
  'store',
  'jobs',
  'lookups',
  'orders',
  'twins',
];
const windowRooms = ['shell', 'ipc', ...mainRooms];

/**
 * The design's arrows: for each room of src/ the rooms it may import beside itself, and which packages where not all are
 * fit for it. A folder that is not listed may not exist.
 */
export const ROOMS = {
  contract: {
    folder: 'contract',
    rooms: [],
    packages: (name) => name === 'zod',
    why: 'the contract crosses every boundary, so it imports no one',
  },
  renderer: {
    folder: 'renderer',
    rooms: ['contract'],
    packages: (name) => !builtIn(name) && pure(name),
    why: 'the renderer knows main by the contract alone',
  },
  preload: { folder: 'preload', rooms: ['contract'], why: 'the bridge is built from the contract alone' },
  cli: { folder: 'cli', rooms: ['contract', ...mainRooms], why: 'the terminal uses the services of main' },
  shell: {
    folder: 'main/shell',
    rooms: ['contract'],
    why: 'the shell is Electron alone; the composition root hands it the rest',
  },
  ipc: { folder: 'main/ipc', rooms: ['contract'], why: 'the gate gets its handlers from the composition root' },
  routes: {
    folder: 'main/routes',
    rooms: ['ipc', 'contract', ...mainRooms],
    why: 'what each route does stands on the services, and knows no window',
  },
  vendors: {
    folder: 'main/vendors',
    rooms: ['contract'],
    packages: pure,
    why: 'a vendor is data and pure functions: no I/O, contract only',
  },
  gateway: {
    folder: 'main/gateway',
    rooms: ['vendors', 'contract'],
    why: 'the gateway stands on vendors and contract',
  },
  vault: {
    folder: 'main/vault',
    rooms: ['vendors', 'contract'],
    why: 'the vault stands on contract and the vendors’ fields',
  },
  audit: {
    folder: 'main/audit',
    rooms: ['vault', 'contract'],
    why: 'the trail is told of what was done, and writes files as the vault does',
  },
  backup: {
    folder: 'main/backup',
    rooms: ['vault', 'vendors', 'contract'],
    why: 'a backup is made of the vault and put back into it',
  },
  lock: {
    folder: 'main/lock',
    rooms: ['vault', 'contract'],
    why: 'the lock keeps a verifier, and writes its file as the vault does',
  },
  store: { folder: 'main/store', rooms: ['contract'], why: 'the store is a leaf' },
  jobs: {
    folder: 'main/jobs',
    rooms: ['gateway', 'vendors', 'store', 'contract'],
    why: 'jobs stand on gateway, vendors, store and contract',
  },
  lookups: {
    folder: 'main/lookups',
    rooms: ['gateway', 'vendors', 'store', 'contract'],
    why: 'lookups stand on gateway, vendors, store and contract',
  },
  orders: {
    folder: 'main/orders',
    rooms: ['store', 'contract'],
    why: 'orders stand on store and contract: they are read by lookups and sent by jobs',
  },
  twins: {
    folder: 'main/twins',
    rooms: [],
    packages: builtIn,
    why: 'the twins are judges: they share nothing with us',
  },
  main: { folder: 'main', rooms: ['contract', ...windowRooms], why: 'the composition root may import all of main' },
};

const ELECTRON_HOMES = ['main/index.ts', 'main/shell/', 'preload/'];

/** The room of a path below src/ (with forward slashes): the longest folder that holds it; files alone count for `main`. */
function roomOf(inner) {
  const found = Object.entries(ROOMS)
    .filter(([name, { folder }]) => (name === 'main' ? /^main\/[^/]+$/.test(inner) : inner.startsWith(`${folder}/`)))
    .map(([name]) => name);
  return found.find((name) => name !== 'main') ?? found[0] ?? null;
}

const below = (folder, file) => path.relative(folder, file).split(path.sep).join('/');

/** Why the file at `inner` (below src/) may not import `specifier`; null when it may. */
function refusal(source, inner, specifier) {
  const room = roomOf(inner);
  if (room === null)
    return `src/${inner} is in no room of the design; add its folder to ROOMS in scripts/eslint-arrows.mjs.`;
  const { rooms, packages, why } = ROOMS[room];
  if (specifier.startsWith('.') || path.isAbsolute(specifier)) {
    const target = below(source, path.resolve(source, path.dirname(inner), specifier));
    const targetRoom = roomOf(target);
    // The program's version stands there.
    if (target === '../package.json' && ['cli', 'main'].includes(room)) return null;
    if (target.startsWith('../')) return `src/${room} may not import "${specifier}", which lies outside src/: ${why}.`;
    if (targetRoom === room || (targetRoom !== null && rooms.includes(targetRoom))) return null;
    return `${room} may not import ${targetRoom ?? `src/${target}`}: ${why}.`;
  }
  if (
    /^electron(\/|$)/.test(specifier) &&
    !ELECTRON_HOMES.some((home) => inner === home || (home.endsWith('/') && inner.startsWith(home)))
  ) {
    return 'electron is imported in main/index.ts, main/shell/ and preload/ and nowhere else.';
  }
  if (packages !== undefined && !/^electron(\/|$)/.test(specifier) && !packages(specifier))
    return `${room} may not import the package "${specifier}": ${why}.`;
  return null;
}

const textOf = (node) => {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  return node?.type === 'TemplateLiteral' && node.expressions.length === 0
    ? (node.quasis[0]?.value.cooked ?? null)
    : null;
};

const isImportMetaUrl = (node) =>
  node?.type === 'MemberExpression' &&
  node.object.type === 'MetaProperty' &&
  node.property.type === 'Identifier' &&
  node.property.name === 'url';

/** Imports follow the arrows of the design; also re-exports, `import()`, `require`, types by `import('…')`, and `new URL('./x', import.meta.url)`. */
const arrows = {
  meta: { type: 'problem', schema: [], docs: { description: 'imports follow the arrows of the design' } },
  create(context) {
    const source = path.join(context.cwd, 'src');
    const inner = below(source, context.filename);
    if (inner.startsWith('../') || path.isAbsolute(inner)) return {};
    const check = (node) => {
      const specifier = textOf(node);
      const message = specifier === null ? null : refusal(source, inner, specifier);
      if (message !== null) context.report({ node, message });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
      'CallExpression[callee.name="require"]': (node) => check(node.arguments[0]),
      'NewExpression[callee.name="URL"]': (node) => {
        if (isImportMetaUrl(node.arguments[1]) && textOf(node.arguments[0])?.startsWith('.')) check(node.arguments[0]);
      },
    };
  },
};

/** Who switches a rule off says why: `eslint-disable-next-line rule -- reason`. */
const reasonedDisable = {
  meta: { type: 'suggestion', schema: [], docs: { description: 'a rule is switched off by name and with a reason' } },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const directive = /^\s*eslint-disable(?:-next-line|-line)?(.*)$/s.exec(comment.value);
          if (directive === null || /^\s+\S.*\s--\s+\S/s.test(directive[1])) continue;
          context.report({
            loc: comment.loc,
            message: 'Name the rule and say why: eslint-disable-next-line some-rule -- the reason.',
          });
        }
      },
    };
  },
};

export default { meta: { name: 'order-console' }, rules: { arrows, 'reasoned-disable': reasonedDisable } };
