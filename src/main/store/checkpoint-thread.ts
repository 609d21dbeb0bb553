import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

// The entry of the thread that writes a database's log back each time it is asked, and holds nobody up: it loads no more than that takes.
if (parentPort === null) throw new Error('checkpoint-thread.ts runs as a worker thread');
const port = parentPort;
const db = new DatabaseSync(workerData as string);
db.exec('PRAGMA busy_timeout = 0; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;');
if (process.platform === 'darwin') db.exec('PRAGMA checkpoint_fullfsync = ON;');
const checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');
port.on('message', (message: 'close' | null) => {
  if (message === 'close') {
    db.close();
    port.close();
    return;
  }
  checkpoint.get();
  port.postMessage(null);
});
