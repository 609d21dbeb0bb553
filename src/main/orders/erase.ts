import type { OrderFacts } from '../../contract/order.ts';
import type { Connection } from '../store/database.ts';
import type { Databases } from '../store/serve.ts';
import { chosenCondition, type Chosen } from './chosen.ts';
import { gramsOf } from './grams.ts';
import type { Condition } from './query.ts';

/** Which orders are erased: chosen ones, or those that were last read before a moment (ms). */
export type Erased = Chosen | { readonly kind: 'readBefore'; readonly atMs: number };

function conditionOf(reader: Connection, which: Erased): Condition {
  return which.kind === 'readBefore' ? { sql: 'read_at < ?', values: [which.atMs] } : chosenCondition(reader, which);
}

/** Erases at most `limit` of these orders in one transaction; answers how many. What is deleted is overwritten. */
export function eraseSome({ writer }: Databases, args: { which: Erased; limit: number }): number {
  return writer.transaction(() => {
    const { sql, values } = conditionOf(writer, args.which);
    const gone = writer
      .prepare(`SELECT o.id, f.json FROM (SELECT id FROM orders WHERE ${sql} LIMIT ?) o JOIN facts f ON f.id = o.id`)
      .all(...values, args.limit);
    for (const row of gone) {
      const id = Number(row['id']);
      for (const gram of gramsOf((JSON.parse(String(row['json'])) as OrderFacts).buyer))
        writer.prepare('DELETE FROM gram WHERE gram = ? AND id = ?').run(gram, id);
      writer.prepare('DELETE FROM facts WHERE id = ?').run(id);
      writer.prepare('DELETE FROM orders WHERE id = ?').run(id);
    }
    return gone.length;
  });
}

/** Erases every order, and what saved views look for, which may be a name. Answers how many orders. */
export function eraseAll({ writer }: Databases): number {
  return writer.transaction(() => {
    const count = Number(writer.prepare('SELECT count(*) AS n FROM orders').get()?.['n']);
    writer.db.exec(`DELETE FROM gram; DELETE FROM facts; DELETE FROM orders;`);
    writer.db.exec(
      `UPDATE view SET json = json_set(json, '$.view.filter.find', '') WHERE json ->> '$.view.filter.find' <> ''`,
    );
    return count;
  });
}
