import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createClients } from '@meridian/kit/clients.ts';
import type { Clients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { parseVerifierKey } from '@meridian/verifier/index.ts';
import { AuditService } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import { OpenedHeads } from '../verification/opened-heads.ts';
import { notesIn } from '../verification/published-notes.ts';
import { progressOn } from '../verification/progress.ts';
import { RpcLog } from '../verification/rpc-log.ts';
import { archiveRefused } from './open-archive.ts';
import type { Order, Told } from './order.ts';
import type { auditArchive } from './task.ts';
import { writtenArchive } from './write-archive.ts';

type Audit = Clients<typeof auditArchive>['audit'];

/** Of the log, to seal and publish an entry. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 250;

// Progress goes to standard error; one line of JSON, which `meridian audit` reads, to standard output.
await runTask(async (runtime, signal) => {
  const { audit } = createClients<typeof auditArchive>(runtime, { audit: AuditService });
  const order = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Order;
  const { folder, earlier, record } = order;
  const { keepDays, checkpoint } = await audit.planArchive({}, { signal });
  if (keepDays === 0) {
    throw archiveRefused(
      'Audit trail: must keep what entries carry for some days, got for ever; set meridian:auditKeepDays, such as 3650, and start again',
    );
  }
  const head = checkpoint && { note: checkpoint.note, size: Number(checkpoint.treeSize) };
  const { archive, written } = await writtenArchive({
    log: new RpcLog(audit, checkpoint?.note ?? '', signal),
    folder,
    publishedUpTo: async (size) =>
      new OpenedHeads(
        { kept: [], published: await notesIn(order.published.folder, size) },
        { keys: order.vkeys.map(parseVerifierKey) },
      ),
    head,
    ...(earlier === undefined ? {} : { earlier }),
    onProgress: progressOn(process.stderr, head?.size ?? 0),
  });
  const { size: treeSize } = archive;
  const recordedBy = record ? await recorded(audit, treeSize, signal) : null;
  const told: Told = { folder, treeSize, keepDays, written, recordedBy };
  process.stdout.write(`${JSON.stringify(told)}\n`);
});

/** Has the log say that there is the archive; the entry that says it, once a published head covers it. */
async function recorded(audit: Audit, size: number, signal: AbortSignal): Promise<number> {
  await audit.recordArchive({ treeSize: BigInt(size) }, { signal });
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const { checkpoint } = await audit.getCheckpoint({}, { signal });
    const { entries } = await audit.listEntries({ eventId: `archive/${size}` }, { signal });
    const covered = entries.find(
      ({ source, index }) =>
        source === `log:${checkpoint?.origin ?? ''}` && index < (checkpoint?.treeSize ?? 0n),
    );
    if (covered !== undefined) return Number(covered.index);
    await delay(PAUSE_MS, undefined, { signal });
  }
  throw archiveRefused(
    `Archive of ${size} entries: must be recorded under a published head, got none of it within ${PATIENCE_MS / 1e3} s; nothing was moved, see 'npm run status' and run it again`,
  );
}
