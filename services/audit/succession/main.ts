import { createClients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { AuditService } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import type { auditSuccession } from './task.ts';

/** The bucket is searched, and all events are queued again: a minute for two million. */
const TIMEOUT_MS = 600_000;

// One line of JSON, which `meridian audit successor` reads.
await runTask(async (runtime, signal) => {
  const { audit } = createClients<typeof auditSuccession>(runtime, { audit: AuditService });
  const look = async () => {
    const { checkpoint } = await audit.getCheckpoint({}, { signal });
    return {
      origin: checkpoint?.origin ?? '',
      treeSize: Number(checkpoint?.treeSize ?? 0n),
      stoppedBecause: checkpoint?.stoppedBecause ?? '',
      began: null,
    };
  };
  // What ended is said by what began: the database may know nothing of it.
  const begin = async () => {
    const begun = await audit.startSuccessor({}, { signal, timeoutMs: TIMEOUT_MS });
    return {
      origin: begun.predecessor,
      treeSize: Number(begun.predecessorTreeSize),
      stoppedBecause: '',
      began: begun.log,
    };
  };
  const told = await (process.argv[2] === 'begin' ? begin() : look()).catch(refused);
  process.stdout.write(`${JSON.stringify(told)}\n`);
});

function refused(error: unknown): never {
  if (!(error instanceof RpcError)) throw error;
  if (error.status === 'FAILED_PRECONDITION') {
    throw new CodedError('AUDIT_LOG_INTACT', error.message, { cause: error });
  }
  if (error.status !== 'NOT_FOUND') throw error;
  throw new CodedError('AUDIT_HEAD_ABSENT', error.message, { cause: error });
}
