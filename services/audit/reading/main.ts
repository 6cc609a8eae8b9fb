import { createClients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { AuditService } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import { answer } from './answer.ts';
import { readQuestion } from './question.ts';
import type { auditReading } from './task.ts';

// One line of JSON, which `meridian audit` reads.
await runTask(async (runtime, signal) => {
  const { audit } = createClients<typeof auditReading>(runtime, { audit: AuditService });
  const told = await answer(audit, readQuestion(process.argv[2] ?? ''), { signal });
  process.stdout.write(`${JSON.stringify(told)}\n`);
});
