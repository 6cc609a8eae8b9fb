import { readFileSync } from 'node:fs';
import { createClients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { parseVerifierKey } from '@meridian/verifier/index.ts';
import { AuditService } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import { exportLog } from './export-log.ts';
import { openHeads } from './opened-heads.ts';
import { progressOn } from './progress.ts';
import { RpcLog } from './rpc-log.ts';
import { ofLogShown } from './shown-log.ts';
import type { auditVerification } from './task.ts';
import type { Trusted } from './trusted.ts';
import { verdictOn } from './verdict.ts';

// Progress goes to standard error; one line of JSON, which `meridian audit` reads, to standard output.
await runTask(async (runtime, signal) => {
  const { audit } = createClients<typeof auditVerification>(runtime, { audit: AuditService });
  const { vkeys, heads, exportTo } = JSON.parse(
    readFileSync(process.argv[2] ?? '', 'utf8'),
  ) as Trusted;
  const opened = openHeads(heads, vkeys.map(parseVerifierKey));
  const newest = opened.heads.at(-1);
  const size = newest?.head.size ?? 0;
  const source = new RpcLog(audit, newest?.note ?? '', signal);
  const onProgress = progressOn(process.stderr, size);
  if (exportTo !== undefined && newest === undefined) {
    throw new Error("A published head must be signed by a trusted key; see 'audit verify'");
  }
  const told =
    exportTo === undefined
      ? await verdictOn(source, await ofLogShown(source, opened), onProgress)
      : await exportLog(source, exportTo, { size, onProgress });
  process.stdout.write(`${JSON.stringify(told)}\n`);
});
