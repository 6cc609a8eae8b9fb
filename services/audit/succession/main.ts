import { createClients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
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
      despite: '',
    };
  };
  // What ended is said by what began: the database may know nothing of it.
  const begin = async (anyway: boolean) => {
    const begun = await audit.startSuccessor({ anyway }, { signal, timeoutMs: TIMEOUT_MS });
    return {
      origin: begun.predecessor,
      treeSize: Number(begun.predecessorTreeSize),
      stoppedBecause: '',
      began: begun.log,
      despite: begun.despite,
    };
  };
  const step = process.argv[2] ?? '';
  const told = await (step.startsWith('begin') ? begin(step === 'begin-anyway') : look()).catch(
    refused,
  );
  process.stdout.write(`${JSON.stringify(told)}\n`);
});

/** What each answer of audit means for whoever asked. */
const CODES: Partial<Record<RpcError['status'], string>> = {
  DATA_LOSS: 'AUDIT_ROWS_CHANGED',
  ABORTED: 'AUDIT_PUBLISHED_UNREADABLE',
  FAILED_PRECONDITION: 'AUDIT_LOG_INTACT',
  NOT_FOUND: 'AUDIT_HEAD_ABSENT',
};

function refused(error: unknown): never {
  const code = error instanceof RpcError ? CODES[error.status] : undefined;
  if (code === undefined) throw error;
  throw new CodedError(code, messageOf(error), { cause: error });
}
