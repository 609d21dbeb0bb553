// node:sqlite for an Electron whose Node.js has none (before 35): the part of it that the console uses, over SQLite in WebAssembly. It knows no
// WAL and reads all rows at once, so it serves to see the program start and work, not to judge durability or size.
const fs = require('node:fs');
const Module = require('node:module');
const workers = require('node:worker_threads');
const { Database } = require('./node-sqlite3-wasm/node-sqlite3-wasm.js');

const fix = (value) => (typeof value === 'boolean' ? Number(value) : value);

function bound(values) {
  const [first] = values;
  if (values.length === 0) return undefined;
  if (first === null || typeof first !== 'object' || ArrayBuffer.isView(first)) return values.map(fix);
  const named = Object.entries(first).map(([name, value]) => [/^[:@$]/.test(name) ? name : `:${name}`, fix(value)]);
  return Object.fromEntries(named);
}

const small = (value) => (typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value);

class StatementSync {
  constructor(database, sql) {
    this.database = database;
    this.sql = sql;
  }

  // One for each call: an open statement would hold its lock.
  use(values, body) {
    const statement = this.database.prepare(this.sql);
    try {
      return body(statement, bound(values));
    } finally {
      statement.finalize();
    }
  }

  row(row) {
    if (row === null || row === undefined) return undefined;
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, small(value)]));
  }

  setReadBigInts() {}

  run(...values) {
    const { changes, lastInsertRowId } = this.use(values, (statement, given) => statement.run(given));
    return { changes, lastInsertRowid: lastInsertRowId };
  }

  get(...values) {
    return this.row(this.use(values, (statement, given) => statement.get(given)));
  }

  all(...values) {
    return this.use(values, (statement, given) => statement.all(given)).map((row) => this.row(row));
  }

  *iterate(...values) {
    yield* this.all(...values);
  }
}

const opened = new Set();

class DatabaseSync {
  constructor(file) {
    const name = String(file);
    // A process that was killed leaves its lock behind.
    if (name !== ':memory:' && workers.isMainThread && !opened.has(name)) {
      fs.rmSync(`${name}.lock`, { recursive: true, force: true });
    }
    opened.add(name);
    this.database = new Database(name);
  }

  exec(sql) {
    this.database.exec(sql);
  }

  prepare(sql) {
    return new StatementSync(this.database, sql);
  }

  close() {
    this.database.close();
  }

  get isTransaction() {
    return this.database.inTransaction;
  }
}

const face = { DatabaseSync, StatementSync, constants: {} };
const load = Module._load;
Module._load = (request, ...rest) => (request === 'node:sqlite' ? face : load(request, ...rest));

// A thread begins without it.
workers.Worker = class extends workers.Worker {
  constructor(file, options = {}) {
    super(file, { ...options, execArgv: [...(options.execArgv ?? []), '--require', __filename] });
  }
};
Module.syncBuiltinESMExports();
