import { createClients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { AuditService } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import type { auditSuccession } from './task.ts';

/** All events are queued again. */
const TIMEOUT_MS = 60_000;

// One line of JSON, which `meridian audit successor` reads.
await runTask(async (runtime, signal) => {
  const { audit } = createClients<typeof auditSuccession>(runtime, { audit: AuditService });
  const { checkpoint } = await audit.getCheckpoint({}, { signal });
  const begun =
    process.argv[2] === 'begin'
      ? await audit
          .startSuccessor({}, { signal, timeoutMs: TIMEOUT_MS })
          .catch((error: unknown) => {
            if (!(error instanceof RpcError) || error.status !== 'FAILED_PRECONDITION') throw error;
            throw new CodedError('AUDIT_LOG_INTACT', error.message, { cause: error });
          })
      : undefined;
  const told = {
    origin: checkpoint?.origin ?? '',
    treeSize: Number(checkpoint?.treeSize ?? 0n),
    stoppedBecause: checkpoint?.stoppedBecause ?? '',
    began: begun?.log ?? null,
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
});
