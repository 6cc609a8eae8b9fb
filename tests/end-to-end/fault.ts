import type { ProcessStatus } from '@meridian/provider-local/agent-client.ts';
import { withAdmin } from '@meridian/provider-local/postgres/admin-connection.ts';
import { processMetrics } from '../../tools/meridian/process-metrics.ts';
import { eventually, expectSuccess } from './platform-under-test.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';
import { publishedEvents } from './published.ts';

/** A process of the platform. */
export interface Victim {
  readonly zone: string;
  readonly name: string;
}

/** What goes on while things break. */
export interface Work {
  /** What was acknowledged so far. */
  readonly count: number;
  /** Every answer. */
  readonly heard: readonly unknown[];
}

/** How much is acknowledged before the next thing happens. */
const PROGRESS = 20;

/** Kills a process at once, and waits until its agent has brought it back; gives what it is then. */
export async function killAndHeal(
  platform: PlatformUnderTest,
  victim: Victim,
): Promise<ProcessStatus> {
  const before = await statusOf(platform, victim);
  process.kill(pidOf(before), 'SIGKILL');
  return await eventually(
    () => statusOf(platform, victim),
    ({ state, pid }) => state === 'ready' && pid !== before.pid,
    2 * 60_000,
  );
}

/** Kills processes at once, and waits until they are back and writes go on. */
export async function killed(
  platform: PlatformUnderTest,
  work: Work,
  ...victims: readonly Victim[]
): Promise<void> {
  await progress(work);
  await Promise.all(victims.map((victim) => killAndHeal(platform, victim)));
  await progress(work);
}

/**
 * Stops a process from running, as a machine that hangs, until writes have gone on without it and their
 * events have been published; then lets it go on where it was.
 */
export async function stopped(
  platform: PlatformUnderTest,
  work: Work,
  victim: Victim,
): Promise<void> {
  await progress(work);
  await whileStopped(platform, victim, async () => {
    await progress(work);
    await published(platform);
  });
  await eventually(
    () => statusOf(platform, victim),
    ({ state }) => state === 'ready',
  );
  await progress(work);
}

/**
 * Stops a process from running that no write can do without, until merchants have been told so; then
 * lets it go on where it was.
 */
export async function paused(
  platform: PlatformUnderTest,
  work: Work,
  victim: Victim,
): Promise<void> {
  await progress(work);
  await whileStopped(platform, victim, async () => {
    const before = work.heard.length;
    await eventually(
      () => work.heard.length,
      (heard) => heard >= before + PROGRESS,
      2 * 60_000,
    );
  });
  await progress(work);
}

async function whileStopped(
  platform: PlatformUnderTest,
  victim: Victim,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const pid = pidOf(await statusOf(platform, victim));
  process.kill(pid, 'SIGSTOP');
  try {
    await meanwhile();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

/** Kills the agent of a zone, and all of the zone with it; `npm start` brings it back. */
export async function zoneLost(
  platform: PlatformUnderTest,
  work: Work,
  zone: string,
): Promise<void> {
  await progress(work);
  process.kill((await platform.agent(zone).status()).pid, 'SIGKILL');
  await progress(work);
  expectSuccess(await platform.run(['up']));
  await progress(work);
}

/** Ends every session of PostgreSQL, as its administrator can. */
export async function sessionsEnded(platform: PlatformUnderTest, work: Work): Promise<void> {
  await progress(work);
  const { listens } = await statusOf(platform, { zone: 'a', name: 'postgres' });
  const server = { zone: 'a', process: 'postgres', port: listens[0]?.port ?? 0 };
  await withAdmin({ folders: platform.folders, server }, (client) =>
    client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    ),
  );
  await progress(work);
}

/** Gives every process new keys and certificates. */
export async function rotated(platform: PlatformUnderTest, work: Work): Promise<void> {
  await progress(work);
  expectSuccess(await platform.run(['rotate']));
  await progress(work);
}

/** The replica of catalog whose relay works, or one whose relay waits. */
export async function catalogReplica(
  platform: PlatformUnderTest,
  relay: 'active' | 'waiting',
): Promise<Victim> {
  const wanted = relay === 'active' ? '1' : '0';
  return (await eventually(
    async () => {
      for (const zone of ['a', 'b', 'c']) {
        const victim = { zone, name: `catalog-${zone}-0` };
        // A replica that was killed a moment ago does not answer yet.
        const metrics = await processMetrics(platform.folders, victim).catch(() => '');
        if (metrics.includes(`\noutbox_relay_active ${wanted}\n`)) return victim;
      }
      return undefined;
    },
    (victim) => victim !== undefined,
  )) as Victim;
}

/** Waits until an event that happens after this moment is published. */
async function published(platform: PlatformUnderTest): Promise<void> {
  const now = new Date().toISOString();
  await eventually(
    () => publishedEvents(platform),
    (events) => events.some(({ time }) => time !== undefined && time > now),
    2 * 60_000,
  );
}

async function progress(work: Work): Promise<void> {
  const before = work.count;
  await eventually(
    () => ({ count: work.count, heard: work.heard.at(-1) }),
    ({ count }) => count >= before + PROGRESS,
    2 * 60_000,
  );
}

async function statusOf(
  platform: PlatformUnderTest,
  { zone, name }: Victim,
): Promise<ProcessStatus> {
  const status = await platform.agent(zone).getProcess(name);
  if (status === undefined) throw new Error(`zone ${zone} has no '${name}'`);
  return status;
}

function pidOf({ name, pid }: ProcessStatus): number {
  if (pid === undefined) throw new Error(`'${name}' does not run`);
  return pid;
}
