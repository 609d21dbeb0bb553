import type { NewView, SavedView } from '../../contract/kept.ts';
import type { Databases } from '../store/serve.ts';

/** Saved views by name. They lie beside the orders, as what they look for may be a buyer's name. */

/** All saved views, by name. */
export function savedViews({ writer }: Databases): SavedView[] {
  return writer
    .prepare('SELECT id, name, json FROM view ORDER BY name')
    .all()
    .map((row) => ({
      id: Number(row['id']),
      name: String(row['name']),
      ...(JSON.parse(String(row['json'])) as Omit<NewView, 'name'>),
    }));
}

/** Saves a view in place of one that has its name; answers all. */
export function saveView(databases: Databases, { name, ...view }: NewView): SavedView[] {
  databases.writer
    .prepare('INSERT INTO view (name, json) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET json = excluded.json')
    .run(name, JSON.stringify(view));
  return savedViews(databases);
}

/** Forgets a view; answers those that are left. */
export function removeView(databases: Databases, { id }: { id: number }): SavedView[] {
  databases.writer.prepare('DELETE FROM view WHERE id = ?').run(id);
  return savedViews(databases);
}
