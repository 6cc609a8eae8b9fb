import { readFileSync } from 'node:fs';
import { createClients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { AuditService } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import { RpcLog } from './rpc-log.ts';
import type { auditVerification } from './task.ts';
import type { Trusted } from './trusted.ts';
import { verification } from './verification.ts';

// Progress goes to standard error; one line of JSON, which `meridian audit` reads, to standard output.
await runTask(async (runtime, signal) => {
  const { audit } = createClients<typeof auditVerification>(runtime, { audit: AuditService });
  const trusted = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Trusted;
  const told = await verification(trusted, (note) => new RpcLog(audit, note, signal));
  process.stdout.write(`${JSON.stringify(told)}\n`);
});
