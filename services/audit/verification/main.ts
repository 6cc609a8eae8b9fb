import { readFileSync } from 'node:fs';
import { createClients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { openCheckpoint, parseVerifierKey } from '@meridian/verifier/index.ts';
import { AuditService } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import { exportLog } from './export-log.ts';
import { progressOn } from './progress.ts';
import { RpcLog } from './rpc-log.ts';
import type { auditVerification } from './task.ts';
import type { Trusted } from './trusted.ts';
import { verdictOn } from './verdict.ts';

// Progress goes to standard error; one line of JSON, which `meridian audit` reads, to standard output.
await runTask(async (runtime, signal) => {
  const { audit } = createClients<typeof auditVerification>(runtime, { audit: AuditService });
  const { vkeys, heads, exportTo } = JSON.parse(
    readFileSync(process.argv[2] ?? '', 'utf8'),
  ) as Trusted;
  const keys = vkeys.map(parseVerifierKey);
  const note = heads.at(-1);
  if (note === undefined) throw new Error('There must be a head to hold the log against');
  const source = new RpcLog(audit, note, signal);
  const { size } = openCheckpoint(note, { keys });
  const onProgress = progressOn(process.stderr, size);
  const told =
    exportTo === undefined
      ? await verdictOn(source, { keys, heads, onProgress })
      : await exportLog(source, exportTo, { size, onProgress });
  process.stdout.write(`${JSON.stringify(told)}\n`);
});
