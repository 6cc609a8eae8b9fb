import type { LogWorld } from './log-world.ts';

/** A database as it was, to go back to. */
export async function keepMoment(world: LogWorld): Promise<() => Promise<void>> {
  await world.stopAll();
  const tables = ['events', 'pending', 'entries', 'tiles', 'checkpoints', 'log_keys', 'log_head'];
  for (const table of tables) {
    await world.superuser.query(`DROP TABLE IF EXISTS kept_${table};
      CREATE TABLE kept_${table} AS SELECT * FROM ${table}`);
  }
  return async () => {
    await world.stopAll();
    await world.asTamperer(
      tables
        .map((table) => {
          const overriding = table === 'pending' ? 'OVERRIDING SYSTEM VALUE' : '';
          return `DELETE FROM ${table}; INSERT INTO ${table} ${overriding} SELECT * FROM kept_${table}`;
        })
        .join(';'),
    );
  };
}
