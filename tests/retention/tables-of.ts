import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Tables that the migrations of a database make, by their own words. */
export function tablesOf(migrations: string): readonly string[] {
  const files = globSync('*.sql', { cwd: migrations });
  return files.flatMap((file) => {
    const sql = readFileSync(path.join(migrations, file), 'utf8');
    return [...sql.matchAll(/^CREATE TABLE (\w+)/gm)].map(([, name = '']) => name);
  });
}
